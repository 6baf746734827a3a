/* SPDX-License-Identifier: GPL-3.0-or-later
 * mermaid: a flow's ladder as a Mermaid sequence diagram. */
#include <inttypes.h>

#include "ladder/export.h"
#include "util/text.h"

static char lifeline_letter(const struct lifelines *l, unsigned at)
{
	return at == 0 ? 'C' : at + 1 == l->count ? 'S' : (char)('L' + at); /* M, N, O */
}

/* ; and # would end or change a Mermaid text. */
static void add_plain(const struct buf *text, struct buf *out)
{
	for (const char *at = buf_text(text); *at != '\0'; at++)
		buf_putc(out, *at == ';' || *at == '#' ? ',' : *at);
}

/* A message cannot run through a participant: it is one message for each stretch. */
static void add_messages(const struct ladder_row *r, const struct lifelines *l, struct buf *out)
{
	unsigned from = (r->begin + 1u) / 2, to = r->end / 2u; /* an end between two lifelines is drawn at the nearer one */
	int step = r->from == SIDE_CLIENT ? 1 : -1;
	bool reset = (r->flags & TCP_RST) != 0;

	if (r->from == SIDE_SERVER) {
		from = r->begin / 2u;
		to = (r->end + 1u) / 2;
	}
	for (unsigned at = from; at != to; at = (unsigned)((int)at + step)) {
		unsigned next = (unsigned)((int)at + step);
		buf_printf(out, "    %c%s%c: ", lifeline_letter(l, at), reset ? "-x" : "->>", lifeline_letter(l, next));
		if (at != from)
			buf_puts(out, "passed on: ");
		ladder_row_label(r, out);
		buf_printf(out, " seq=%" PRIu32, r->seq);
		if ((r->flags & TCP_ACK) != 0)
			buf_printf(out, " ack=%" PRIu32, r->ack);
		buf_putc(out, '\n');
	}
}

static void add_row(const struct ladder_row *r, const struct lifelines *l, struct buf *out)
{
	bool client = r->from == SIDE_CLIENT;
	struct buf sentence = { 0 };

	if (r->kind == LADDER_FOLD) {
		buf_printf(out, "    Note over C,S: %" PRIu32 " segments, client ", r->count);
		text_add_bytes(out, r->fold_bytes[SIDE_CLIENT]);
		buf_puts(out, ", server ");
		text_add_bytes(out, r->fold_bytes[SIDE_SERVER]);
		buf_putc(out, '\n');
		return;
	}
	add_messages(r, l, out);
	if ((r->flags & TCP_RST) != 0 || (r->marks & (MARK_CHALLENGE_ACK | MARK_KEEPALIVE | MARK_LATE_DATA)) != 0) {
		ladder_explain_row(r, &sentence);
		way_explain(l, r, &sentence);
		buf_printf(out, "    Note %s %c: ", client ? "left of" : "right of", client ? 'C' : 'S');
		add_plain(&sentence, out);
		out->failed |= sentence.failed;
		buf_putc(out, '\n');
		buf_free(&sentence);
	}
}

bool ladder_export_mermaid(struct session *s, uint32_t flow, const struct ladder_options *options, struct buf *out)
{
	struct ladder l;
	bool whole = ladder_build(s, flow, options, &l);

	if (flow_table_get(session_flows(s), flow) == NULL)
		return false;
	buf_puts(out, "sequenceDiagram\n");
	for (unsigned i = 0; i < l.lines.count; i++) {
		buf_printf(out, "    participant %c as %s", lifeline_letter(&l.lines, i), l.lines.line[i].what);
		if (l.lines.line[i].port != 0) {
			buf_putc(out, ' ');
			text_add_endpoint(out, l.lines.line[i].address, l.lines.line[i].port);
		}
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < l.count; i++)
		add_row(&l.rows[i], &l.lines, out);
	ladder_free(&l);
	return whole;
}
