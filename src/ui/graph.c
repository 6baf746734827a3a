/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph: a flow's sequence numbers over time, both directions one above the other, in braille or ASCII. */
#include <stdlib.h>
#include <string.h>

#include "ladder/timeseq.h"
#include "ui/views.h"
#include "util/text.h"

enum { AXIS = 8 /* columns for numbers */, ZOOM_MOST = 30, DOTS_X = 2, DOTS_Y = 4, BRAILLE = 0x2800 };

struct graph {
	struct view view;
	struct session *session;
	uint32_t flow;
	struct timeseq points;
	unsigned zoom;            /* the time shown is 2^-zoom of the whole */
};

/* One direction's drawing: dots of braille, and letters over them. */
struct plot {
	struct area a;
	int64_t from, to;         /* time at its left and right end */
	uint64_t least, most;     /* at its bottom and at its top */
	uint8_t *dots;            /* a byte a cell */
	char *letters;            /* 0 = none */
};

static const struct { uint16_t flags; uint32_t marks; char letter; enum paint paint; } signs[] = {
	{ TCP_RST, 0, 'X', PAINT_BAD }, { TCP_SYN, 0, 'S', PAINT_GOOD }, { TCP_FIN, 0, 'F', PAINT_GOOD }, { 0, MARK_ZERO_WINDOW, 'Z', PAINT_WARN },
	{ 0, MARK_RETRANSMISSION, 'R', PAINT_WARN },
};

/* Column and row of a dot; false: outside the time shown. */
static bool place(const struct plot *p, int64_t time, uint64_t number, int *x, int *y)
{
	int w = p->a.w * DOTS_X, h = p->a.h * DOTS_Y;
	double span = (double)(p->to - p->from), at = (double)(time - p->from);

	if (time < p->from || time > p->to)
		return false;
	*x = span > 0 ? (int)(at / span * (double)(w - 1)) : 0;
	double range = (double)(p->most - p->least), above = number > p->least ? (double)(number - p->least) : 0;
	*y = range > 0 ? h - 1 - (int)(above / range * (double)(h - 1)) : h - 1;
	*y = *y < 0 ? 0 : *y;
	return true;
}

static void set_dot(struct plot *p, int x, int y)
{
	static const uint8_t bits[DOTS_Y][DOTS_X] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

	p->dots[y / DOTS_Y * p->a.w + x / DOTS_X] |= bits[y % DOTS_Y][x % DOTS_X];
}

static void put_point(struct plot *p, const struct timeseq_point *point, enum side side)
{
	int x, top, bottom;

	/* What the other end acknowledges stands in this direction's numbers. */
	if (point->from != (uint8_t)side) {
		if (point->acks && place(p, point->time, point->ack, &x, &top))
			set_dot(p, x, top);
		return;
	}
	if (!place(p, point->time, point->end, &x, &top) || !place(p, point->time, point->seq, &x, &bottom))
		return;
	for (int y = top; point->end > point->seq && y <= bottom; y++)
		set_dot(p, x, y);
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if ((point->flags & signs[i].flags) != 0 || (point->marks & signs[i].marks) != 0) {
			char *letter = &p->letters[top / DOTS_Y * p->a.w + x / DOTS_X];
			/* The more telling sign stays. */
			if (*letter == 0 || strchr("XSFZR", *letter) > strchr("XSFZR", signs[i].letter))
				*letter = signs[i].letter;
			return;
		}
}

static enum paint letter_paint(char letter)
{
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (signs[i].letter == letter)
			return signs[i].paint;
	return PAINT_NORMAL;
}

static void draw_cells(const struct screen *s, const struct plot *p, enum paint paint)
{
	for (int i = 0; i < p->a.w * p->a.h; i++) {
		int y = p->a.y + i / p->a.w, x = p->a.x + i % p->a.w;
		char letter[2] = { p->letters[i], 0 };
		uint32_t c = BRAILLE + p->dots[i];
		const char braille[] = { (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)), 0 };
		if (letter[0] != 0)
			draw_string(s, y, x, 1, letter_paint(letter[0]), letter);
		else if (p->dots[i] != 0)
			draw_string(s, y, x, 1, paint, s->utf8 ? braille : "*");
	}
}

/* The numbers of the time shown: a part of the flow fills the screen as the whole does. */
static void set_range(struct plot *p, const struct timeseq *t, enum side side)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		const struct timeseq_point *at = &t->points[i];
		bool own = at->from == (uint8_t)side;
		if (at->time < p->from || at->time > p->to || (!own && !at->acks))
			continue;
		uint64_t low = own ? at->seq : at->ack, high = own ? at->end : at->ack;
		p->least = !any || low < p->least ? low : p->least;
		p->most = !any || high > p->most ? high : p->most;
		any = true;
	}
}

static void draw_plot(struct graph *g, enum side side, struct area a, int64_t from, int64_t to)
{
	const struct screen *s = &g->view.ui->screen;
	struct plot p = { .a = { a.y, a.x + AXIS + 1, a.h, a.w - AXIS - 2 }, .from = from, .to = to };
	size_t cells = (size_t)p.a.w * (size_t)p.a.h;
	struct buf text = { 0 };

	set_range(&p, &g->points, side);
	cell_bytes(&text, p.most);
	draw_right(s, a.y, a.x, AXIS, PAINT_DIM, buf_text(&text), text.len);
	buf_clear(&text);
	cell_bytes(&text, p.least);
	draw_right(s, a.y + a.h - 1, a.x, AXIS, PAINT_DIM, buf_text(&text), text.len);
	buf_free(&text);
	draw_string(s, a.y + 1, a.x + 1, AXIS - 1, PAINT_LABEL, side == SIDE_CLIENT ? "client" : "server");
	draw_column(s, a.y, a.x + AXIS, a.h, PAINT_DIM, s->glyphs->vertical);
	p.dots = calloc(cells, 1);
	p.letters = calloc(cells, 1);
	for (size_t i = 0; p.dots != NULL && p.letters != NULL && i < g->points.count; i++)
		put_point(&p, &g->points.points[i], side);
	if (p.dots != NULL && p.letters != NULL)
		draw_cells(s, &p, side == SIDE_CLIENT ? PAINT_CLIENT : PAINT_SERVER);
	free(p.dots);
	free(p.letters);
}

static void draw_times(const struct graph *g, struct area a, int64_t from, int64_t to)
{
	const struct screen *s = &g->view.ui->screen;
	int64_t origin = g->points.points[0].time;
	struct buf text = { 0 };

	cell_seconds(&text, from - origin);
	draw_text(s, a.y, a.x + AXIS, a.w / 2, PAINT_DIM, buf_text(&text), text.len);
	buf_clear(&text);
	cell_seconds(&text, to - origin);
	buf_puts(&text, " s");
	draw_right(s, a.y, a.x + a.w / 2, a.w - a.w / 2 - 1, PAINT_DIM, buf_text(&text), text.len);
	buf_free(&text);
}

/* The part of the flow's time that is shown: it moves by half of itself. */
static void time_window(struct graph *g, int64_t *from, int64_t *to)
{
	const struct timeseq *t = &g->points;
	int64_t begin = t->points[0].time, whole = 0;

	for (size_t i = 0; i < t->count; i++)
		whole = t->points[i].time - begin > whole ? t->points[i].time - begin : whole;
	int64_t span = whole >> g->zoom, half = span / 2 > 0 ? span / 2 : 1;
	int64_t most = g->zoom > 0 ? (whole - span) / half + 1 : 0;
	if (g->view.list.offset > most)
		g->view.list.offset = (int)most;
	*from = begin + half * g->view.list.offset;
	*from = *from > begin + whole - span ? begin + whole - span : *from;
	*to = *from + span;
}

static void draw(struct view *v, struct area a)
{
	struct graph *g = (struct graph *)v;
	int64_t from, to;
	int h = (a.h - 1) / 2;

	if (g->points.count == 0) {
		draw_string(&v->ui->screen, a.y + 1, a.x + 2, a.w - 2, PAINT_DIM, "The packets of this flow cannot be read again.");
		return;
	}
	time_window(g, &from, &to);
	draw_plot(g, SIDE_CLIENT, (struct area){ a.y, a.x, h, a.w }, from, to);
	draw_plot(g, SIDE_SERVER, (struct area){ a.y + h, a.x, a.h - 1 - h, a.w }, from, to);
	draw_times(g, (struct area){ a.y + a.h - 1, a.x, 1, a.w }, from, to);
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct graph *g = (struct graph *)v;

	(void)key;
	if (action == ACTION_ZOOM_IN && g->zoom < ZOOM_MOST) {
		g->zoom++;
		v->list.offset = v->list.offset < 1 << 24 ? v->list.offset * 2 : v->list.offset;
	} else if (action == ACTION_ZOOM_OUT && g->zoom > 0) {
		g->zoom--;
		v->list.offset /= 2;
	}
	return action == ACTION_ZOOM_IN || action == ACTION_ZOOM_OUT;
}

static void status(struct view *v, struct buf *left, struct buf *right)
{
	struct graph *g = (struct graph *)v;

	buf_puts(left, "bytes over time, with their ACKs  S F X: SYN FIN RST  R: again  Z: window 0");
	if (g->points.step > 1)
		buf_printf(right, "1 of %u segments  ", g->points.step);
	buf_printf(right, "%ux", 1u << g->zoom);
}

static void close_graph(struct view *v)
{
	struct graph *g = (struct graph *)v;

	timeseq_free(&g->points);
	free(g);
}

static const struct view_ops ops = {
	.name = "Graph", .scope = SCOPE_GRAPH, .draw = draw, .action = action, .status = status, .close = close_graph,
};

struct view *graph_open(struct ui *ui, uint32_t flow)
{
	struct graph *g = calloc(1, sizeof *g);

	if (g == NULL)
		return NULL;
	g->view = (struct view){ .ops = &ops, .ui = ui };
	g->session = ui_capture(ui)->session;
	g->flow = flow;
	/* What could be read is drawn. */
	(void)timeseq_build(g->session, flow, &g->points);
	return &g->view;
}
