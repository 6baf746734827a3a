/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowsdraw: flows as a list of columns, and the panel below it or beside it. */
#include "ui/flowsdraw.h"

#include <string.h>

#include "util/text.h"

enum { LIST_LEAST = 6 };

uint32_t flows_selected(const struct flows *f)
{
	const struct capture *c = ui_capture(f->view.ui);

	return f->view.list.cursor < flowset_count(c->set) ? flowset_at(c->set, f->view.list.cursor) : FLOW_NONE;
}

/* The selection sticks to the flow, not to the row: after a sort, a filter, or more flows it is looked up again. Where a filter leaves it
 * out, the cursor goes to the nearest flow that is shown, and comes back when the filter goes. */
static void follow_selected(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);
	struct list *l = &f->view.list;

	l->count = flowset_count(c->set);
	if (c->selected < flow_table_first(session_flows(c->session)))
		c->selected = flows_selected(f);
	if (c->follow) {
		l->cursor = l->count > 0 ? l->count - 1 : 0;
		c->selected = flows_selected(f);
		return;
	}
	if (c->selected == FLOW_NONE) {
		l->cursor = 0;
		return;
	}
	if (l->cursor < l->count && flowset_at(c->set, l->cursor) == c->selected)
		return;
	l->cursor = flowset_nearest(c->set, c->selected);
}

static void make_cell(struct flow_view *fv, enum flow_column_id id, struct buf *cell)
{
	buf_clear(cell);
	flow_cell(fv, id, cell);
}

static void start_view(const struct flows *f, struct flow_view *fv)
{
	struct ui *ui = f->view.ui;

	*fv = (struct flow_view){ .utf8 = ui->screen.utf8, .time = ui->time };
	flowset_view(ui_capture(ui)->set, fv);
}

/* Header text with an arrow on the column sorted by. */
static void add_header(const struct ui *ui, enum flow_column_id id, struct buf *out)
{
	buf_puts(out, flow_column(id)->header);
	if (ui->sort == id)
		buf_puts(out, ui->descending ? ui->screen.glyphs->down : ui->screen.glyphs->up);
}

/* Only the rows on the screen are ever formatted. */
static void measure(struct flows *f, int rows)
{
	struct ui *ui = f->view.ui;
	struct capture *c = ui_capture(ui);
	struct buf cell = { 0 };
	struct flow_view fv;

	start_view(f, &fv);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		buf_clear(&cell);
		add_header(ui, (enum flow_column_id)i, &cell);
		size_t width = text_width(buf_text(&cell), cell.len);
		f->widths[i] = width > f->widths[i] ? (uint8_t)width : f->widths[i];
	}
	for (size_t r = f->view.list.top; r < f->view.list.top + (size_t)rows && r < flowset_count(c->set); r++) {
		flow_view_set(&fv, flowset_at(c->set, r));
		session_want_names(c->session, fv.flow);
		for (unsigned i = 0; i < COLUMN_COUNT; i++) {
			make_cell(&fv, (enum flow_column_id)i, &cell);
			size_t width = text_width(buf_text(&cell), cell.len);
			width = width < 60 ? width : 60;
			f->widths[i] = width > f->widths[i] ? (uint8_t)width : f->widths[i];
		}
	}
	buf_free(&cell);
}

static void lay_out(struct flows *f, int room, int *widths)
{
	columns_lay_out(f->view.ui->settings, f->widths, room, &f->view.list.offset, widths, f->columns_x);
}

static void draw_header(struct flows *f, struct area a, const int *widths)
{
	struct ui *ui = f->view.ui;
	struct buf cell = { 0 };

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (widths[i] == 0)
			continue;
		buf_clear(&cell);
		add_header(ui, (enum flow_column_id)i, &cell);
		(flow_column((enum flow_column_id)i)->right ? draw_right : draw_text)(&ui->screen, a.y, a.x + f->columns_x[i], widths[i], PAINT_HEADER,
			buf_text(&cell), cell.len);
	}
	buf_free(&cell);
}

/* How the flow came out: the colour of its state, flags and cause, which say the same in letters. */
static enum paint outcome(struct flow_view *fv)
{
	static const enum paint of_state[FLOW_STATE_COUNT] = {
		[FLOW_CLOSED] = PAINT_GOOD, [FLOW_REFUSED] = PAINT_WARN, [FLOW_RESET] = PAINT_BAD, [FLOW_UNANSWERED] = PAINT_WARN,
	};
	const struct verdict_brief *brief = flow_view_brief(fv);

	if (brief != NULL)
		return brief->severity == SEVERITY_PROBLEM ? PAINT_BAD : brief->severity == SEVERITY_WARN ? PAINT_WARN : PAINT_GOOD;
	return of_state[flow_state(fv->flow)];
}

static void draw_row(struct flows *f, struct flow_view *fv, int y, int x, const int *widths, bool selected, struct buf *cell)
{
	struct ui *ui = f->view.ui;
	enum paint paint = outcome(fv);

	if (selected)
		draw_string(&ui->screen, y, x, 1, PAINT_MARKER, ">");
	if (capture_is_marked(ui_capture(ui), fv->number))
		draw_string(&ui->screen, y, x + 1, 1, PAINT_STRONG, "*");
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (widths[i] == 0)
			continue;
		bool told = i == COLUMN_STATE || i == COLUMN_CAUSE || i == COLUMN_FLAGS, end = i == COLUMN_CLIENT || i == COLUMN_SERVER;
		make_cell(fv, (enum flow_column_id)i, cell);
		(flow_column((enum flow_column_id)i)->right ? draw_right : end ? draw_end : draw_text)(&ui->screen, y, x + f->columns_x[i], widths[i],
			told ? paint : PAINT_NORMAL, buf_text(cell), cell->len);
	}
}

static const char *why_empty(const struct capture *c)
{
	if (flow_table_count(session_flows(c->session)) == 0)
		return c->status == SESSION_END ? "There is no TCP flow in this capture." : "No TCP flow yet.";
	return flowset_first(c->set) > 0 ? "No flow since c was pressed." : "No flow passes this filter.";
}

static void draw_list(struct flows *f, struct area a)
{
	struct ui *ui = f->view.ui;
	struct capture *c = ui_capture(ui);
	struct list *l = &f->view.list;
	int widths[COLUMN_COUNT];
	struct buf cell = { 0 };
	struct flow_view fv;

	follow_selected(f);
	list_place(l, flowset_count(c->set), a.h - 1);
	measure(f, a.h - 1);
	lay_out(f, a.w, widths);
	draw_header(f, a, widths);
	f->rows = (struct area){ a.y + 1, a.x, a.h - 1, a.w };
	start_view(f, &fv);
	for (int i = 0; i < a.h - 1 && l->top + (size_t)i < l->count; i++) {
		flow_view_set(&fv, flowset_at(c->set, l->top + (size_t)i));
		draw_row(f, &fv, a.y + 1 + i, a.x, widths, l->top + (size_t)i == l->cursor, &cell);
	}
	if (l->count == 0 && a.h > 2)
		draw_string(&ui->screen, a.y + 2, a.x + 2, a.w - 2, PAINT_DIM, why_empty(c));
	buf_free(&cell);
}

/* The panel stands below the list, on wide screens beside it, and not at all where the list would have too little room. */
void flows_draw(struct view *v, struct area a)
{
	struct flows *f = (struct flows *)v;
	struct ui *ui = v->ui;
	struct area list = a, panel = { 0 };

	if (f->width != a.w || f->capture != ui->capture) {
		memset(f->widths, 0, sizeof f->widths);
		f->width = a.w;
		f->capture = ui->capture;
	}
	if (ui->panel && a.w >= UI_WIDE) {
		panel = (struct area){ a.y, a.w - a.w * 2 / 5, a.h, a.w * 2 / 5 };
		list.w = panel.x - 2;
		draw_column(&ui->screen, a.y, panel.x - 1, a.h, PAINT_DIM, ui->screen.glyphs->vertical);
	} else if (ui->panel && a.h >= LIST_LEAST + 5) {
		int h = a.h * 2 / 5;
		panel = (struct area){ a.y + a.h - h, a.x, h, a.w };
		list.h = a.h - h;
	}
	draw_list(f, list);
	if (panel.h > 0)
		preview_draw(&f->preview, ui, flows_selected(f), panel);
}
