/* SPDX-License-Identifier: GPL-3.0-or-later
 * export: rows as lines of text. */
#include "ladder/export.h"

#include <inttypes.h>

#include "util/text.h"

enum { ARROW_COLUMNS = 34 };

static const struct {
	uint16_t bit;
	const char *name;
} flag_names[] = {
	{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" }, { TCP_PSH, "PSH" }, { TCP_ACK, "ACK" }, { TCP_URG, "URG" },
};

static void add_flags(const struct ladder_row *r, struct buf *out)
{
	bool any = false;
	for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++) {
		if ((r->flags & flag_names[i].bit) == 0)
			continue;
		buf_printf(out, "%s%s", any ? ", " : "", flag_names[i].name);
		any = true;
	}
	if (!any)
		buf_puts(out, "no flags");
}

void ladder_row_label(const struct ladder_row *r, struct buf *out)
{
	if (r->kind == LADDER_FOLD) {
		buf_printf(out, "%" PRIu32 " segments", r->count);
		return;
	}
	add_flags(r, out);
	if (r->len > 0)
		buf_printf(out, " %" PRIu32 " B", r->len);
}

static void add_times(struct buf *out, const char *what, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_puts(out, what);
}

static void add_arrow(const struct ladder_row *r, bool utf8, struct buf *out)
{
	struct buf label = { 0 };
	const char *line = r->kind == LADDER_FOLD ? (utf8 ? "┄" : ".") : (utf8 ? "─" : "-");
	ladder_row_label(r, &label);
	unsigned width = (unsigned)label.len + 2;
	unsigned rest = width < ARROW_COLUMNS - 2 ? ARROW_COLUMNS - width : 2;
	bool segment = r->kind == LADDER_SEGMENT;
	bool left = segment && r->from == SIDE_SERVER, right = segment && r->from == SIDE_CLIENT;
	buf_puts(out, utf8 ? "│" : "|");
	buf_puts(out, left ? (utf8 ? "◀" : "<") : line);
	add_times(out, line, rest / 2 - 1);
	buf_printf(out, " %s ", buf_text(&label));
	add_times(out, line, rest - rest / 2 - 1);
	buf_puts(out, right ? (utf8 ? "▶" : ">") : line);
	buf_puts(out, utf8 ? "│" : "|");
	buf_free(&label);
}

static void add_states(const struct ladder_row *r, bool utf8, struct buf *out)
{
	for (unsigned side = 0; side < 2; side++)
		if (r->state_before[side] != r->state_after[side])
			buf_printf(out, "  %s %s%s%s", side == SIDE_CLIENT ? "client" : "server", tcp_state_name((enum tcp_state)r->state_before[side]),
			           utf8 ? "→" : "->", tcp_state_name((enum tcp_state)r->state_after[side]));
}

static void add_marks(const struct ladder_row *r, struct buf *out)
{
	bool any = false;
	for (unsigned bit = 0; bit < MARK_COUNT; bit++) {
		if ((r->marks & 1u << bit) == 0)
			continue;
		buf_printf(out, "%s%s", any ? ", " : "  [", mark_name(bit));
		any = true;
	}
	if (any)
		buf_putc(out, ']');
}

static void add_line(const struct ladder_row *r, int64_t first, bool utf8, struct buf *out)
{
	int64_t us = (r->time - first) / 1000;
	struct buf time = { 0 };
	buf_printf(&time, "%s%" PRId64 ".%06" PRId64, us < 0 ? "-" : "", (us < 0 ? -us : us) / 1000000, (us < 0 ? -us : us) % 1000000);
	buf_printf(out, "%12s %8" PRIu64 "  ", buf_text(&time), r->frame);
	buf_free(&time);
	add_arrow(r, utf8, out);
	if (r->kind == LADDER_FOLD) {
		buf_puts(out, "  client ");
		text_add_bytes(out, r->fold_bytes[SIDE_CLIENT]);
		buf_puts(out, ", server ");
		text_add_bytes(out, r->fold_bytes[SIDE_SERVER]);
	} else {
		buf_printf(out, "  seq %" PRIu32, r->seq);
		if ((r->flags & TCP_ACK) != 0)
			buf_printf(out, " ack %" PRIu32, r->ack);
		buf_printf(out, " win %" PRIu32, r->window);
	}
	add_states(r, utf8, out);
	add_marks(r, out);
	buf_putc(out, '\n');
}

bool ladder_export_text(struct session *s, uint32_t flow, bool utf8, struct buf *out)
{
	struct ladder l;
	bool whole = ladder_build(s, flow, NULL, &l);
	const struct flow *f = flow_table_get(session_flows(s), flow);
	if (f == NULL)
		return false;
	buf_printf(out, "Flow %" PRIu32 "   client ", flow);
	text_add_endpoint(out, flow_address(f, SIDE_CLIENT), flow_port(f, SIDE_CLIENT));
	buf_puts(out, "   server ");
	text_add_endpoint(out, flow_address(f, SIDE_SERVER), flow_port(f, SIDE_SERVER));
	buf_puts(out, f->roles_seen ? "\n" : "   (who is client is guessed)\n");
	buf_printf(out, "%12s %8s  %-*s%s\n", "seconds", "frame", ARROW_COLUMNS - 4, "client", "server");
	for (size_t i = 0; i < l.count; i++) {
		if (i > 0 && l.rows[i].ordinal > l.rows[i - 1].ordinal + l.rows[i - 1].count)
			buf_printf(out, "%23s(%" PRIu32 " segments left out)\n", "", l.rows[i].ordinal - l.rows[i - 1].ordinal - l.rows[i - 1].count);
		add_line(&l.rows[i], l.rows[0].time, utf8, out);
	}
	ladder_free(&l);
	return whole;
}

static void add_mermaid_row(const struct ladder_row *r, struct buf *out)
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
	buf_printf(out, "    %s%s%s: ", client ? "C" : "S", (r->flags & TCP_RST) != 0 ? "-x" : "->>", client ? "S" : "C");
	ladder_row_label(r, out);
	buf_printf(out, " seq=%" PRIu32, r->seq);
	if ((r->flags & TCP_ACK) != 0)
		buf_printf(out, " ack=%" PRIu32, r->ack);
	buf_putc(out, '\n');
	if ((r->flags & TCP_RST) != 0 || (r->marks & (MARK_CHALLENGE_ACK | MARK_KEEPALIVE | MARK_LATE_DATA)) != 0) {
		ladder_explain_row(r, &sentence);
		buf_printf(out, "    Note %s %s: ", client ? "left of" : "right of", client ? "C" : "S");
		for (const char *at = buf_text(&sentence); *at != '\0'; at++) /* ; and # would end or change a Mermaid text */
			buf_putc(out, *at == ';' || *at == '#' ? ',' : *at);
		buf_putc(out, '\n');
		buf_free(&sentence);
	}
}

bool ladder_export_mermaid(struct session *s, uint32_t flow, struct buf *out)
{
	struct ladder l;
	bool whole = ladder_build(s, flow, NULL, &l);
	const struct flow *f = flow_table_get(session_flows(s), flow);
	if (f == NULL)
		return false;
	buf_puts(out, "sequenceDiagram\n    participant C as client ");
	text_add_endpoint(out, flow_address(f, SIDE_CLIENT), flow_port(f, SIDE_CLIENT));
	buf_puts(out, "\n    participant S as server ");
	text_add_endpoint(out, flow_address(f, SIDE_SERVER), flow_port(f, SIDE_SERVER));
	buf_putc(out, '\n');
	for (size_t i = 0; i < l.count; i++)
		add_mermaid_row(&l.rows[i], out);
	ladder_free(&l);
	return whole;
}
