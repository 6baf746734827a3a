/* SPDX-License-Identifier: GPL-3.0-or-later
 * flows: the home screen: the flows of a capture as a list of columns. */
#include <stdlib.h>
#include <inttypes.h>
#include <string.h>

#include "ui/filterline.h"
#include "ui/flowsdraw.h"
#include "ui/rows.h"
#include "ui/views.h"
#include "util/text.h"

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
	uint32_t flow = flows_selected(f);

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
	if (flows == 0 && flows_selected(f) != FLOW_NONE) {
		preview_text(ui, flows_selected(f), &text);
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

/* The column may be one that is not shown: the order is said in words too. */
static void sort_by(struct ui *ui, int column, bool descending)
{
	ui->sort = (enum flow_column_id)((column + COLUMN_COUNT) % COLUMN_COUNT);
	ui->descending = descending;
	ui_sort(ui);
	ui_message(ui, PAINT_STATUS, "sorted by %s%s", flow_column(ui->sort)->id, descending ? ", descending" : "");
}

/* The column of times may be one that is not shown, too. */
static void turn_time(struct flows *f)
{
	struct ui *ui = f->view.ui;
	struct buf name = { 0 };

	ui->time = (enum flow_time)((ui->time + 1) % FLOW_TIME_COUNT);
	f->widths[COLUMN_START] = 0;
	ui_message(ui, PAINT_STATUS, "times: %s", choice_value(CHOICE_TIME, (int)ui->time, &name));
	buf_free(&name);
}

static void show_capture(struct ui *ui, size_t index)
{
	if (index < ui->capture_count)
		ui->capture = index;
	else
		ui_message(ui, PAINT_DIM, "there %s %zu capture%s", ui->capture_count == 1 ? "is" : "are", ui->capture_count,
		           ui->capture_count == 1 ? "" : "s");
}

/* The flow under the cursor is the selected one from now on, also where it only stood nearest to one that the filter leaves out. */
static uint32_t take_selected(struct flows *f)
{
	ui_capture(f->view.ui)->selected = flows_selected(f);
	return flows_selected(f);
}

/* No key is silent: also where there is nothing for it to work on. */
static void tell_empty(struct flows *f)
{
	ui_message(f->view.ui, PAINT_DIM, "there is no flow in this list");
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
		take_selected(f);
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

/* Of what could be read to its end; a live capture is watched until one leaves. */
static void stop_loading(struct flows *f)
{
	struct capture *c = ui_capture(f->view.ui);

	if (c->status == SESSION_END)
		ui_message(f->view.ui, PAINT_DIM, "all of it is loaded");
	else if (session_live(c->session))
		ui_message(f->view.ui, PAINT_DIM, "a live capture goes on until you quit; p lets the list stand still");
	else
		session_stop_early(c->session);
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

	for (size_t i = 0; i < sizeof of_all / sizeof of_all[0]; i++)
		if (of_all[i].action == action) {
			ui_push(ui, of_all[i].open(ui));
			return true;
		}
	for (size_t i = 0; i < sizeof of_flow / sizeof of_flow[0]; i++)
		if (of_flow[i].action == action) {
			if (take_selected(f) != FLOW_NONE)
				ui_push(ui, of_flow[i].open(ui, flows_selected(f)));
			else
				tell_empty(f);
			return true;
		}
	return false;
}

static bool acts(struct flows *f, enum action action)
{
	static const struct { enum action action; void (*act)(struct flows *f); } table[] = {
		{ ACTION_SAVE, save }, { ACTION_FOLLOW, follow }, { ACTION_CLEAR, leave_out }, { ACTION_COPY, copy },
		{ ACTION_STOP, stop_loading },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].action == action) {
			table[i].act(f);
			return true;
		}
	return false;
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct flows *f = (struct flows *)v;
	struct ui *ui = v->ui;

	if (moves(f, action) || opens(f, action) || acts(f, action))
		return true;
	switch (action) {
	case ACTION_BACK:
		/* Esc takes away what narrows the list before it leaves; q leaves. */
		if (strcmp(key, "Esc") != 0)
			return false;
		if (ui->filter.len > 0)
			ui_show(ui, "");
		else
			ui_message(ui, PAINT_DIM, "q quits");
		return true;
	case ACTION_FILTER:
		filterline_open(ui);
		return true;
	case ACTION_READY_FILTER:
		ui_push(ui, ready_filters_open(ui, take_selected(f)));
		return true;
	case ACTION_PANEL:
		ui->panel = !ui->panel;
		return true;
	case ACTION_TIME:
		turn_time(f);
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		sort_by(ui, (int)ui->sort + (action == ACTION_SORT_RIGHT ? 1 : -1), ui->descending);
		return true;
	case ACTION_INVERT:
		sort_by(ui, (int)ui->sort, !ui->descending);
		return true;
	case ACTION_UNMARK_ALL:
		capture_unmark_all(ui_capture(ui));
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
		int column = COLUMN_HIDDEN;
		for (int i = 0; i < COLUMN_COUNT; i++)
			if (f->columns_x[i] != COLUMN_HIDDEN && x >= f->columns_x[i] && (column == COLUMN_HIDDEN || f->columns_x[i] > f->columns_x[column]))
				column = i;
		if (column == (int)v->ui->sort)
			action(v, ACTION_INVERT, "");
		else if (column != COLUMN_HIDDEN)
			sort_by(v->ui, column, v->ui->descending);
		return false;
	}
	if (x >= f->rows.x + f->rows.w)
		return false;
	bool again = rows_click(&v->list, f->rows, y);
	take_selected(f);
	return again;
}

static void status(struct view *v, struct buf *left, struct buf *right)
{
	struct ui *ui = v->ui;
	struct capture *c = ui_capture(ui);
	uint64_t all = flow_table_seen(session_flows(c->session));
	unsigned percent = flowset_percent(c->set);

	if (flowset_failed(c->set))
		buf_puts(left, "memory ran out: flows are missing here  ");
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
		buf_printf(right, " (of %" PRIu64 ")", all);
}

static void close_flows(struct view *v)
{
	struct flows *f = (struct flows *)v;

	preview_free(&f->preview);
	free(f);
}

static const struct view_ops ops = {
	.name = "Flows", .scope = SCOPE_FLOWS, .draw = flows_draw, .action = action, .click = click, .status = status, .close = close_flows,
};

struct view *flows_open(struct ui *ui)
{
	struct flows *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->view = (struct view){ .ops = &ops, .ui = ui };
	return &f->view;
}
