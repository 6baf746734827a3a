/* SPDX-License-Identifier: GPL-3.0-or-later
 * flows: the home screen: the flows of a capture as a list of columns. */
#include <stdlib.h>
#include <string.h>

#include "ui/columns.h"
#include "ui/filterline.h"
#include "ui/preview.h"
#include "ui/view.h"
#include "util/text.h"

enum { LIST_LEAST = 6, NONE = COLUMN_HIDDEN };

struct flows {
	struct view view;
	struct preview preview;
	uint8_t widths[COLUMN_COUNT];  /* widest cell seen since the screen changed: columns grow, they do not jump */
	int width;                     /* of the screen that they are for */
	size_t capture;                /* the list stands for */
	int columns_x[COLUMN_COUNT];   /* where columns are, for clicks; NONE = not shown */
	struct area rows;
};

static uint32_t selected_flow(const struct flows *f)
{
	const struct capture *c = ui_capture(f->view.ui);

	return f->view.list.cursor < flowset_count(c->set) ? flowset_at(c->set, f->view.list.cursor) : FLOW_NONE;
}

/* The selection sticks to the flow, not to the row: after a sort, a filter, or more flows it is looked up again. */
static void follow_selected(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);
	struct list *l = &f->view.list;

	l->count = flowset_count(c->set);
	if (c->follow) {
		l->cursor = l->count > 0 ? l->count - 1 : 0;
		c->selected = selected_flow(f);
		return;
	}
	if (c->selected == FLOW_NONE) {
		l->cursor = 0;
		return;
	}
	if (l->cursor < l->count && flowset_at(c->set, l->cursor) == c->selected)
		return;
	size_t at = flowset_find(c->set, c->selected);
	if (at < l->count)
		l->cursor = at;
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
		bool told = i == COLUMN_STATE || i == COLUMN_CAUSE || i == COLUMN_FLAGS;
		make_cell(fv, (enum flow_column_id)i, cell);
		(flow_column((enum flow_column_id)i)->right ? draw_right : draw_text)(&ui->screen, y, x + f->columns_x[i], widths[i],
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
	if (l->count > 0)
		c->selected = c->selected == FLOW_NONE && l->cursor == 0 ? FLOW_NONE : selected_flow(f);
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
static void draw(struct view *v, struct area a)
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
		preview_draw(&f->preview, ui, selected_flow(f), panel);
}

static void set_filter(struct ui *ui, const char *text)
{
	struct buf error = { 0 };
	size_t offset;

	if (!ui_set_filter(ui, text, &error, &offset))
		ui_message(ui, PAINT_ERROR, "%s", buf_text(&error));
	buf_free(&error);
}

static void next_reset(struct flows *f, bool forward)
{
	struct capture *c = ui_capture(f->view.ui);
	size_t n = flowset_count(c->set), at = f->view.list.cursor;

	for (size_t i = 0; i < n; i++) {
		at = forward ? (at + 1 < n ? at + 1 : 0) : (at > 0 ? at - 1 : n - 1);
		if (flow_table_get(session_flows(c->session), flowset_at(c->set, at))->rst > 0) {
			list_go(&f->view.list, at);
			return;
		}
	}
	ui_message(f->view.ui, PAINT_DIM, "no flow in this list has a reset");
}

static void mark(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);
	uint32_t flow = selected_flow(f);

	if (flow == FLOW_NONE)
		return;
	capture_mark(c, flow, !capture_is_marked(c, flow));
	list_action(&f->view.list, ACTION_DOWN);
}

/* One verdict for each flow that is marked, or for the selected one. */
static void copy(struct flows *f)
{
	struct ui *ui = f->view.ui;
	struct capture *c = ui_capture(ui);
	struct buf text = { 0 };
	size_t flows = 0;

	for (size_t i = 0; c->marked > 0 && i < flowset_count(c->set); i++)
		if (capture_is_marked(c, flowset_at(c->set, i))) {
			preview_text(ui, flowset_at(c->set, i), &text);
			flows++;
		}
	if (flows == 0 && selected_flow(f) != FLOW_NONE) {
		preview_text(ui, selected_flow(f), &text);
		flows = 1;
	}
	if (flows > 0)
		ui_copy(ui, flows == 1 ? "the verdict" : "the verdicts of the marked flows", &text);
	buf_free(&text);
}

/* The marked flows of the whole capture, without marks those that are shown. */
static void save(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);
	size_t shown = flowset_count(c->set), n = 0, room = c->marked > 0 ? c->marked : shown;
	uint32_t *flows = reallocarray(NULL, room + 1, sizeof *flows), all = flow_table_count(session_flows(c->session));

	if (flows == NULL) {
		ui_message(f->view.ui, PAINT_ERROR, "out of memory");
		return;
	}
	for (uint32_t i = 0; c->marked > 0 && i < all && n < room; i++)
		if (capture_is_marked(c, i))
			flows[n++] = i;
	for (size_t i = 0; c->marked == 0 && i < shown; i++)
		flows[n++] = flowset_at(c->set, i);
	if (n > 0)
		ui_save(f->view.ui, flows, n);
	else
		ui_message(f->view.ui, PAINT_DIM, "there is no flow to save");
	free(flows);
}

static void sort_by(struct ui *ui, int column)
{
	ui->sort = (enum flow_column_id)((column + COLUMN_COUNT) % COLUMN_COUNT);
	ui_sort(ui);
	ui_message(ui, PAINT_STATUS, "sorted by %s", flow_column(ui->sort)->id);
}

static void show_capture(struct ui *ui, size_t index)
{
	if (index < ui->capture_count)
		ui->capture = index;
	else
		ui_message(ui, PAINT_DIM, "there %s %zu capture%s", ui->capture_count == 1 ? "is" : "are", ui->capture_count,
		           ui->capture_count == 1 ? "" : "s");
}

static bool moves(struct flows *f, enum action action)
{
	struct capture *c = ui_capture(f->view.ui);

	if (action == ACTION_NEXT_RESET || action == ACTION_PREVIOUS_RESET)
		next_reset(f, action == ACTION_NEXT_RESET);
	else if (action == ACTION_MARK)
		mark(f);
	else if (!list_action(&f->view.list, action))
		return false;
	if (action != ACTION_LEFT && action != ACTION_RIGHT) {
		c->selected = selected_flow(f);
		/* Who is at the end and comes back to it goes on following; who goes elsewhere does not. */
		c->follow = c->follow && f->view.list.cursor + 1 >= f->view.list.count;
	}
	return true;
}

static void follow(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);

	c->follow = !c->follow;
	ui_message(f->view.ui, PAINT_STATUS, c->follow ? "following the newest flow" : "no longer following");
}

/* Nothing is lost by it: the same key brings all of them back. */
static void leave_out(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);
	bool left_out = flowset_first(c->set) > 0;

	flowset_from(c->set, left_out ? 0 : flow_table_count(session_flows(c->session)));
	ui_message(f->view.ui, PAINT_STATUS, left_out ? "all flows are shown" : "flows from now on are shown; c brings the others back");
}

/* What opens another view, of the selected flow or of all. */
static bool opens(struct flows *f, enum action action)
{
	static const struct { enum action action; struct view *(*open)(struct ui *ui, uint32_t flow); } of_flow[] = {
		{ ACTION_OPEN, ladder_open }, { ACTION_EXPORT, exports_open }, { ACTION_PLAIN, plain_open },
	};
	static const struct { enum action action; struct view *(*open)(struct ui *ui); } of_all[] = {
		{ ACTION_SUMMARY, summary_open }, { ACTION_COLUMNS, columns_open }, { ACTION_SETTINGS, settings_open },
	};
	struct ui *ui = f->view.ui;
	uint32_t flow = selected_flow(f);

	for (size_t i = 0; i < sizeof of_all / sizeof of_all[0]; i++)
		if (of_all[i].action == action) {
			ui_push(ui, of_all[i].open(ui));
			return true;
		}
	for (size_t i = 0; i < sizeof of_flow / sizeof of_flow[0]; i++)
		if (of_flow[i].action == action) {
			if (flow != FLOW_NONE)
				ui_push(ui, of_flow[i].open(ui, flow));
			return true;
		}
	return false;
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct flows *f = (struct flows *)v;
	struct ui *ui = v->ui;

	if (moves(f, action) || opens(f, action))
		return true;
	switch (action) {
	case ACTION_SAVE:
		save(f);
		return true;
	case ACTION_BACK:
		/* Esc takes away what narrows the list before it leaves; q leaves. */
		if (strcmp(key, "Esc") != 0)
			return false;
		if (ui->filter.len > 0)
			set_filter(ui, "");
		return true;
	case ACTION_FILTER:
		filterline_open(ui);
		return true;
	case ACTION_READY_FILTER:
		ui_push(ui, ready_filters_open(ui, selected_flow(f)));
		return true;
	case ACTION_FOLLOW:
		follow(f);
		return true;
	case ACTION_CLEAR:
		leave_out(f);
		return true;
	case ACTION_PANEL:
		ui->panel = !ui->panel;
		return true;
	case ACTION_TIME:
		ui->time = (enum flow_time)((ui->time + 1) % FLOW_TIME_COUNT);
		f->widths[COLUMN_START] = 0;
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		sort_by(ui, (int)ui->sort + (action == ACTION_SORT_RIGHT ? 1 : -1));
		return true;
	case ACTION_INVERT:
		ui->descending = !ui->descending;
		ui_sort(ui);
		return true;
	case ACTION_UNMARK_ALL:
		capture_unmark_all(ui_capture(ui));
		return true;
	case ACTION_COPY:
		copy(f);
		return true;
	case ACTION_NEXT_CAPTURE:
		show_capture(ui, ui->capture_count > 1 ? (ui->capture + 1) % ui->capture_count : 1);
		return true;
	case ACTION_CAPTURE:
		show_capture(ui, (size_t)(key[0] - '1'));
		return true;
	default:
		return false;
	}
}

static bool click(struct view *v, int y, int x)
{
	struct flows *f = (struct flows *)v;

	if (y == f->rows.y - 1) {
		int column = NONE;
		for (int i = 0; i < COLUMN_COUNT; i++)
			if (f->columns_x[i] != NONE && x >= f->columns_x[i] && (column == NONE || f->columns_x[i] > f->columns_x[column]))
				column = i;
		if (column == (int)v->ui->sort)
			action(v, ACTION_INVERT, "");
		else if (column != NONE)
			sort_by(v->ui, column);
		return false;
	}
	if (y < f->rows.y || y >= f->rows.y + f->rows.h || x >= f->rows.x + f->rows.w)
		return false;
	size_t row = v->list.top + (size_t)(y - f->rows.y);
	bool again = row == v->list.cursor;
	list_go(&v->list, row);
	ui_capture(v->ui)->selected = selected_flow(f);
	return again && row < v->list.count;
}

static void status(struct view *v, struct buf *left, struct buf *right)
{
	struct ui *ui = v->ui;
	struct capture *c = ui_capture(ui);
	uint32_t all = flow_table_count(session_flows(c->session));
	unsigned percent = flowset_percent(c->set);

	if (flowset_gave_up(c->set))
		buf_puts(left, "the pattern needs too many steps: the list is as before  ");
	if (ui->filter.len > 0) {
		buf_puts(left, "filter: ");
		text_add_printable(left, buf_text(&ui->filter), ui->filter.len);
	}
	if (c->follow)
		buf_printf(left, "%sfollowing", left->len > 0 ? "  " : "");
	if (flowset_first(c->set) > 0)
		buf_printf(left, "%sfrom flow %u on", left->len > 0 ? "  " : "", flowset_first(c->set));
	if (c->marked > 0)
		buf_printf(left, "%s%zu marked", left->len > 0 ? "  " : "", c->marked);
	if (percent < 100 && c->status == SESSION_END)
		buf_printf(right, "filtering %u %%  ", percent);
	buf_printf(right, "%zu of %zu", v->list.count > 0 ? v->list.cursor + 1 : 0, v->list.count);
	if (v->list.count < all)
		buf_printf(right, " (of %u)", all);
}

static void close_flows(struct view *v)
{
	struct flows *f = (struct flows *)v;

	preview_free(&f->preview);
	free(f);
}

static const struct view_ops ops = {
	.name = "Flows", .scope = SCOPE_FLOWS, .draw = draw, .action = action, .click = click, .status = status, .close = close_flows,
};

struct view *flows_open(struct ui *ui)
{
	struct flows *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->view = (struct view){ .ops = &ops, .ui = ui };
	return &f->view;
}
