/* SPDX-License-Identifier: GPL-3.0-or-later
 * graph: a flow's sequence numbers over time, both directions one above the other, in braille or ASCII. */
#include <stdlib.h>

#include "ladder/plot.h"
#include "ui/views.h"
#include "util/text.h"

enum { AXIS = 8 /* columns for numbers */, ZOOM_MOST = 30 };

struct graph {
	struct view view;
	struct session *session;
	uint32_t flow;
	struct timeseq points;
	unsigned zoom;            /* the time shown is 2^-zoom of the whole */
};

static const struct { char letter; enum paint paint; } letters[] = {
	{ 'X', PAINT_BAD }, { 'S', PAINT_GOOD }, { 'F', PAINT_GOOD }, { 'Z', PAINT_WARN }, { 'R', PAINT_WARN },
};

static enum paint letter_paint(char letter)
{
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (letters[i].letter == letter)
			return letters[i].paint;
	return PAINT_NORMAL;
}

static void draw_cells(const struct screen *s, const struct plot *p, int top, int left, enum paint paint)
{
	for (int i = 0; i < p->w * p->h; i++) {
		char text[4];
		plot_cell(p, (size_t)i, s->utf8, text);
		if (text[0] != ' ')
			draw_string(s, top + i / p->w, left + i % p->w, 1, p->letters[i] != 0 ? letter_paint(text[0]) : paint, text);
	}
}

static void draw_plot(struct graph *g, enum side side, struct area a, int64_t from, int64_t to)
{
	const struct screen *s = &g->view.ui->screen;
	struct plot p;
	struct buf text = { 0 };
	bool good = plot_build(&g->points, side, from, to, a.w - AXIS - 2, a.h, &p);

	cell_bytes(&text, p.most);
	draw_right(s, a.y, a.x, AXIS, PAINT_DIM, buf_text(&text), text.len);
	buf_clear(&text);
	cell_bytes(&text, p.least);
	draw_right(s, a.y + a.h - 1, a.x, AXIS, PAINT_DIM, buf_text(&text), text.len);
	buf_free(&text);
	draw_string(s, a.y + 1, a.x + 1, AXIS - 1, PAINT_LABEL, side == SIDE_CLIENT ? "client" : "server");
	draw_column(s, a.y, a.x + AXIS, a.h, PAINT_DIM, s->glyphs->vertical);
	if (good)
		draw_cells(s, &p, a.y, a.x + AXIS + 1, side == SIDE_CLIENT ? PAINT_CLIENT : PAINT_SERVER);
	plot_free(&p);
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
	int64_t begin = t->points[0].time, whole = timeseq_duration(t);
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

	buf_puts(left, "bytes over time  " PLOT_LEGEND);
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
