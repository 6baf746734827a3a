/* SPDX-License-Identifier: GPL-3.0-or-later
 * lanes: lifelines and arrows. */
#include "ui/lanes.h"

#include "query/flowline.h"
#include "util/text.h"

/* What one lane needs at least and at most; of the room, one takes 5/9, several take 2/3. */
enum { MARKER = 2, LANE_LEAST = 22, LANE_MOST = 56, INFO_LEAST = 14 };

struct lanes lanes_lay_out(struct area a, int time_w, unsigned lifelines)
{
	struct lanes c = { .time_x = a.x + MARKER, .time_w = time_w, .count = lifelines };
	int lanes = lifelines > 1 ? (int)lifelines - 1 : 1, left = c.time_x + time_w + 1, room = a.x + a.w - left;
	int width = lanes == 1 ? room * 5 / 9 : room * 2 / 3;

	width = width > LANE_MOST * lanes ? LANE_MOST * lanes : width;
	if (width < LANE_LEAST * lanes || room - width - 1 < INFO_LEAST)
		width = room;
	for (int i = 0; i <= lanes; i++)
		c.x[i] = left + (width - 1) * i / lanes;
	c.info_x = c.x[lanes] + 2;
	c.info_w = a.x + a.w - c.info_x;
	c.info_w = c.info_w < 0 ? 0 : c.info_w;
	return c;
}

/* "10.0.0.5:40000", "NAT 203.0.113.1:61000", "router"; the ends say by their place and colour which they are. */
static void add_name(struct buf *out, const struct lifeline *line, bool between, bool port)
{
	if (between)
		buf_puts(out, line->what);
	if (line->port == 0)
		return;
	buf_puts(out, between ? " " : "");
	if (port)
		cell_endpoint(out, line->address, line->port);
	else
		text_add_address(out, line->address);
}

/* First column of the name above a lifeline: the ends' begin and end there, the others' stand in the middle. */
static int name_x(const struct lanes *c, unsigned at, int width)
{
	if (at == 0)
		return c->x[0];
	return at + 1 == c->count ? c->x[at] + 1 - width : c->x[at] - width / 2;
}

/* Lays the names out. False: they do not fit beside each other. */
static bool lay_out_names(const struct lanes *c, const struct lifelines *l, bool port, struct buf *names, int *x)
{
	bool fits = true;

	for (unsigned i = 0; i < c->count; i++) {
		buf_clear(&names[i]);
		add_name(&names[i], &l->line[i], l->places || (i > 0 && i + 1 < c->count), port);
		x[i] = name_x(c, i, (int)text_width(buf_text(&names[i]), names[i].len));
		fits = fits && (i == 0 || x[i] > x[i - 1] + (int)text_width(buf_text(&names[i - 1]), names[i - 1].len));
	}
	return fits;
}

void lanes_draw_header(const struct screen *s, const struct lanes *c, const struct lifelines *l, int y)
{
	struct buf names[LIFELINES_MOST] = { 0 };
	int x[LIFELINES_MOST + 1];

	if (!lay_out_names(c, l, true, names, x) && (c->count == 2 || !lay_out_names(c, l, false, names, x)))
		for (unsigned i = 1; i < c->count; i++) /* each begins in the middle of the lane before it */
			x[i] = (c->x[i - 1] + c->x[i]) / 2 + 1;
	x[c->count] = c->x[c->count - 1] + 2;
	for (unsigned i = 0; i < c->count; i++)
		draw_end(s, y, x[i], x[i + 1] - 1 - x[i], i == 0 ? PAINT_CLIENT : i + 1 < c->count ? PAINT_WARN : PAINT_SERVER, buf_text(&names[i]),
		         names[i].len);
	for (unsigned i = 0; i < c->count; i++)
		buf_free(&names[i]);
}

void lanes_draw_lifelines(const struct screen *s, const struct lanes *c, int y)
{
	for (unsigned i = 0; i < c->count; i++)
		draw_string(s, y, c->x[i], 1, PAINT_NORMAL, s->glyphs->vertical);
}

void lanes_draw_gap(const struct screen *s, const struct lanes *c, int64_t broken, int y)
{
	struct buf text = { 0 };
	int left = c->x[0] + 1, room = c->x[1] - left;

	lanes_draw_lifelines(s, c, y);
	if (broken == 0)
		return;
	buf_puts(&text, s->glyphs->cut);
	buf_putc(&text, ' ');
	text_add_duration(&text, broken);
	buf_printf(&text, " %s", s->glyphs->cut);
	int width = (int)text_width(buf_text(&text), text.len);
	draw_text(s, y, left + (width < room ? (room - width) / 2 : 0), room, PAINT_DIM, buf_text(&text), text.len);
	buf_free(&text);
}

void lanes_add_flags(struct buf *out, uint16_t flags)
{
	static const struct { uint16_t bit; const char *name; } names[] = {
		{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" }, { TCP_PSH, "PSH" }, { TCP_ACK, "ACK" }, { TCP_URG, "URG" },
		{ TCP_ECE, "ECE" }, { TCP_CWR, "CWR" }, { TCP_AE, "AE" },
	};
	bool first = true;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if ((flags & names[i].bit) != 0) {
			buf_printf(out, "%s%s", first ? "" : " ", names[i].name);
			first = false;
		}
	if (first)
		buf_puts(out, "no flags");
}

static void add_label(const struct ladder_row *row, struct buf *out)
{
	if (row->kind == LADDER_FOLD) {
		buf_printf(out, " %u segments ", row->count);
		return;
	}
	buf_putc(out, ' ');
	lanes_add_flags(out, row->flags);
	if (row->len > 0)
		buf_printf(out, " %u", row->len);
	buf_putc(out, ' ');
}

static enum paint row_paint(const struct ladder_row *row)
{
	if (row->kind == LADDER_FOLD)
		return PAINT_DIM;
	if ((row->flags & TCP_RST) != 0)
		return PAINT_BAD;
	return row->from == SIDE_CLIENT ? PAINT_CLIENT : PAINT_SERVER;
}

/* Column of an end of an arrow: on a lifeline, or between two. */
static int column_of(const struct lanes *c, unsigned half)
{
	return half % 2 == 0 ? c->x[half / 2] : (c->x[half / 2] + c->x[half / 2 + 1]) / 2;
}

/* The label stands in the first lane that the arrow goes through; a fold's in the middle of all. */
static void draw_label(const struct screen *s, const struct lanes *c, const struct ladder_row *row, int y)
{
	int from = column_of(c, row->begin), to = column_of(c, row->end);
	struct buf label = { 0 };

	if (row->kind == LADDER_SEGMENT && row->end > row->begin + 2)
		to = column_of(c, row->begin + 2u - row->begin % 2);
	else if (row->kind == LADDER_SEGMENT && row->begin > row->end + 2)
		to = column_of(c, row->begin - 2u + row->begin % 2);
	int left = from < to ? from : to, room = (from < to ? to - from : from - to) - 5;
	add_label(row, &label);
	int width = (int)text_width(buf_text(&label), label.len);
	if (room > 0)
		draw_text(s, y, left + 3 + (width < room ? (room - width) / 2 : 0), room, row_paint(row), buf_text(&label), label.len);
	buf_free(&label);
}

void lanes_draw_arrow(const struct screen *s, const struct lanes *c, const struct ladder_row *row, int y)
{
	const struct glyphs *g = s->glyphs;
	enum paint paint = row_paint(row);
	int from = column_of(c, row->begin), to = column_of(c, row->end), step = from < to ? 1 : -1;
	int left = from < to ? from : to, right = from < to ? to : from;

	lanes_draw_lifelines(s, c, y);
	draw_rule(s, y, left + 1, right - left - 1, paint, row->kind == LADDER_FOLD ? g->dotted : g->horizontal);
	for (unsigned i = 0; i < c->count; i++)
		if (c->x[i] > left && c->x[i] < right)
			draw_string(s, y, c->x[i], 1, paint, g->cross);
	draw_label(s, c, row, y);
	if (row->begin % 2 != 0)
		draw_string(s, y, from, 1, paint, "*");
	if (row->end % 2 != 0)
		draw_string(s, y, to, 1, paint, "x");
	else if (row->kind == LADDER_SEGMENT)
		draw_string(s, y, to - step, 1, paint, step > 0 ? g->arrow_right : g->arrow_left);
}
