/* SPDX-License-Identifier: GPL-3.0-or-later
 * export: rows as lines of text. */
#include "ladder/export.h"

#include <inttypes.h>
#include <string.h>

#include "ladder/legs.h"
#include "util/text.h"

/* Columns between two lifelines: where there are two of them, and where there are more. */
enum { LANE_COLUMNS = 34, LANE_NARROW = 26 };

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

/* A line of the picture: a glyph a column, each one character. */
struct picture {
	const char *cell[LIFELINES_MOST * (LANE_COLUMNS + 1)];
	char letters[LANE_COLUMNS][2];
	int lane;                 /* columns between two lifelines */
};

struct signs {
	const char *vertical, *cross, *line, *fold, *left, *right;
};
static const struct signs utf8_signs = { "│", "┼", "─", "┄", "◀", "▶" }, ascii_signs = { "|", "+", "-", ".", "<", ">" };

/* An end of an arrow between two lifelines stands in the middle of the lane. */
static int column_of(const struct picture *p, unsigned half)
{
	return (int)(half / 2) * (p->lane + 1) + (half % 2 != 0 ? p->lane / 2 + 1 : 0);
}

/* In the first lane that the arrow goes through; a fold's in the middle of all. False: out of memory. */
static bool put_label(struct picture *p, const struct ladder_row *r)
{
	struct buf label = { 0 };
	int from = column_of(p, r->begin), to = column_of(p, r->end), one = p->lane + 1;

	if (r->kind == LADDER_SEGMENT)
		to = to > from + one ? from + one : to < from - one ? from - one : to;
	int left = from < to ? from : to, room = (from < to ? to - from : from - to) - 1;
	buf_putc(&label, ' ');
	ladder_row_label(r, &label);
	buf_putc(&label, ' ');
	int width = (int)label.len < LANE_COLUMNS ? (int)label.len : LANE_COLUMNS;
	width = width < room - 2 ? width : room - 2;
	for (int i = 0; i < width; i++) {
		p->letters[i][0] = label.data[i];
		p->cell[left + 1 + (room - width) / 2 + i] = p->letters[i];
	}
	bool made = !label.failed;
	buf_free(&label);
	return made;
}

static void add_arrow(const struct ladder_row *r, const struct lifelines *lines, bool utf8, struct buf *out)
{
	const struct signs *g = utf8 ? &utf8_signs : &ascii_signs;
	struct picture p = { .lane = lines->count > 2 ? LANE_NARROW : LANE_COLUMNS };
	int from = column_of(&p, r->begin), to = column_of(&p, r->end), columns = (int)lifelines_lanes(lines) * (p.lane + 1) + 1;
	int left = from < to ? from : to, right = from < to ? to : from;

	for (int x = 0; x < columns; x++) {
		bool line = x > left && x < right, life = x % (p.lane + 1) == 0;
		p.cell[x] = line ? (life ? g->cross : r->kind == LADDER_FOLD ? g->fold : g->line) : life ? g->vertical : " ";
	}
	out->failed |= !put_label(&p, r);
	if (r->begin % 2 != 0)
		p.cell[from] = "*";
	if (r->end % 2 != 0)
		p.cell[to] = "x";
	else if (r->kind == LADDER_SEGMENT)
		p.cell[from < to ? to - 1 : to + 1] = from < to ? g->right : g->left;
	for (int x = 0; x < columns; x++)
		buf_puts(out, p.cell[x]);
}

static void add_states(const struct ladder_row *r, bool utf8, struct buf *out)
{
	for (unsigned side = 0; side < 2; side++)
		if (r->state_before[side] != r->state_after[side])
			buf_printf(out, "  %s %s%s%s", ladder_row_end(r, (enum side)side), tcp_state_name((enum tcp_state)r->state_before[side]),
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

static void add_line(const struct ladder_row *r, const struct lifelines *lines, int64_t first, bool utf8, struct buf *out)
{
	int64_t us = (r->time - first) / 1000;
	struct buf time = { 0 };
	buf_printf(&time, "%s%" PRId64 ".%06" PRId64, us < 0 ? "-" : "", (us < 0 ? -us : us) / 1000000, (us < 0 ? -us : us) % 1000000);
	if (r->frame != 0)
		buf_printf(out, "%12s %8" PRIu64 "  ", buf_text(&time), r->frame);
	else
		buf_printf(out, "%12s %8s  ", buf_text(&time), "-");
	out->failed |= time.failed;
	buf_free(&time);
	add_arrow(r, lines, utf8, out);
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
	if ((lines->places || lifelines_lanes(lines) > 1) && r->kind == LADDER_SEGMENT && (!lines->legs || r->passed_frame != 0))
		buf_putc(out, ' ');
	way_explain(lines, r, out);
	buf_putc(out, '\n');
}

/* Time that passes; one that is not to scale says how much. */
static void add_gap(const struct ladder_row *r, const struct lifelines *lines, bool utf8, struct buf *out)
{
	int lane = lines->count > 2 ? LANE_NARROW : LANE_COLUMNS;

	buf_printf(out, "%23s", "");
	for (unsigned i = 0; i <= lifelines_lanes(lines); i++)
		buf_printf(out, "%*s%s", i > 0 ? lane : 0, "", (utf8 ? &utf8_signs : &ascii_signs)->vertical);
	if (r->broken != 0) {
		buf_puts(out, "  ");
		text_add_duration(out, r->broken);
		buf_puts(out, ", not to scale");
	}
	buf_putc(out, '\n');
}

/* What stands between the ends, a line each; or the places. */
static void add_sources(const struct lifelines *l, struct buf *out)
{
	for (unsigned i = 0; l->places && i < l->count; i++)
		buf_printf(out, "  captured at %s: flow %" PRIu32 "\n", l->line[i].what, l->flow[i]);
	if (l->more > 0)
		buf_printf(out, "  captured at %u more place%s, not drawn\n", l->more, l->more == 1 ? "" : "s");
	if (l->legs) {
		buf_printf(out, "  flows %" PRIu32 " and %" PRIu32 ": ", l->flow[0], l->flow[1]);
		legs_describe(l, out);
		buf_putc(out, '\n');
	}
	for (unsigned i = 1; !l->legs && !l->places && i < lifelines_lanes(l); i++) {
		buf_printf(out, "  %s between stretch %u (flow %" PRIu32 ") and %u (flow %" PRIu32 ")", l->line[i].what, i, l->flow[i - 1], i + 1,
		           l->flow[i]);
		if (l->line[i].port != 0) {
			buf_puts(out, ": ");
			text_add_endpoint(out, l->line[i].address, l->line[i].port);
		}
		buf_putc(out, '\n');
	}
}

/* The names above the lifelines: the first begins there, the last ends there, the others stand in the middle. */
static void add_head(const struct lifelines *l, struct buf *out)
{
	int lane = l->count > 2 ? LANE_NARROW : LANE_COLUMNS, column = 0;

	add_sources(l, out);
	buf_printf(out, "%12s %8s  ", "seconds", "frame");
	for (int i = 0; i < (int)l->count; i++) {
		int width = (int)text_width(l->line[i].what, strlen(l->line[i].what)), x = i * (lane + 1);
		int at = i == 0 ? 0 : i + 1 < (int)l->count ? x - width / 2 : x + 1 - width;
		at = i == 0 || at > column ? at : column + 1;
		buf_printf(out, "%*s%s", at - column, "", l->line[i].what);
		column = at + width;
	}
	buf_putc(out, '\n');
}

void ladder_add_title(uint32_t flow, const struct flow *f, const struct lifeline *client, const struct lifeline *server, struct buf *out)
{
	buf_printf(out, "Flow %" PRIu32 "   client ", flow);
	text_add_endpoint(out, client->address, client->port);
	buf_puts(out, "   server ");
	text_add_endpoint(out, server->address, server->port);
	buf_puts(out, f->roles_seen ? "\n" : "   (who is client is guessed)\n");
}

bool ladder_export_text(struct session *s, uint32_t flow, const struct ladder_options *options, bool utf8, struct buf *out)
{
	struct ladder l;
	bool whole = ladder_build(s, flow, options, &l);
	const struct flow *f = flow_table_get(session_flows(s), flow);
	if (f == NULL)
		return false;
	const struct lifeline *client = &l.lines.line[0], *server = &l.lines.line[lifelines_lanes(&l.lines)];
	ladder_add_title(flow, f, client, server, out);
	if (l.unit > 0) {
		buf_puts(out, "  to scale: a line is ");
		text_add_duration(out, l.unit);
		buf_putc(out, '\n');
	}
	add_head(&l.lines, out);
	uint32_t next = l.count > 0 ? l.rows[0].ordinal : 0;
	for (size_t i = 0; i < l.count; i++) {
		const struct ladder_row *r = &l.rows[i];
		if (r->kind == LADDER_GAP) {
			add_gap(r, &l.lines, utf8, out);
			continue;
		}
		if (r->ordinal > next)
			buf_printf(out, "%23s(%" PRIu32 " segments left out)\n", "", r->ordinal - next);
		next = r->ordinal + r->count;
		add_line(r, &l.lines, l.rows[0].time, utf8, out);
	}
	ladder_free(&l);
	return whole;
}
