/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladderview: the ladder screen: stepping through a flow, and its whys. */
#include "ui/ladderdraw.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "ladder/legs.h"
#include "ladder/segment.h"
#include "session/sockets.h"
#include "ui/views.h"
#include "util/array.h"
#include "util/clock.h"
#include "vantage/vantage.h"

enum { REBUILD_PAUSE_NS = 1000000000, KERNEL_PAUSE_NS = 1000000000, HEX_WIDE = 16, HEX_NARROW = 8, HEX_WIDE_COLUMNS = 76, ZOOM_MOST = 20 };

static void drop(struct ladder_view *l)
{
	ladder_free(&l->ladder);
	l->ladder = (struct ladder){ 0 };
}

static void build_rows(struct ladder_view *l)
{
	struct ladder_options options = { l->unfold_all, l->unfolded, l->unfolded_count, l->to_scale, l->zoom };

	drop(l);
	l->readable = ladder_build(l->session, l->flow, &options, &l->ladder);
	l->view.list.count = l->ladder.count;
}

static void drop_findings(struct ladder_view *l)
{
	for (unsigned i = 0; i < LADDER_SIGHTS; i++) {
		findings_free(&l->findings[i]);
		l->findings[i] = (struct findings){ 0 };
	}
}

static void explain(struct ladder_view *l)
{
	const struct lifelines *lines = &l->ladder.lines;

	drop_findings(l);
	l->why.count = 0;
	free(l->wrapped);
	l->wrapped = NULL;
	l->verdict = NULL;
	for (unsigned i = 0; i < lines->sources; i++)
		if (flow_table_get(session_flows(lines->session[i]), lines->flow[i])->rst > 0 &&
		    !session_explain(lines->session[i], lines->flow[i], 0, &l->findings[i]))
			ui_message(l->view.ui, PAINT_ERROR, "this flow cannot be explained: its packets cannot be read again");
}

static void build(struct ladder_view *l)
{
	const struct flow *f = flow_table_get(session_flows(l->session), l->flow);

	l->segments = f->log.count;
	l->built_at = clock_ns();
	l->ended = l->capture->status == SESSION_END;
	l->vantage = vantage_of(l->session);
	l->settled = session_settled(l->session, l->flow);
	build_rows(l);
	explain(l);
}

/* The row that a segment is in or under. */
static size_t row_of(const struct ladder_view *l, uint32_t ordinal)
{
	size_t low = 0, high = l->ladder.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ladder_row *row = &l->ladder.rows[middle];
		if (row->ordinal + row->count <= ordinal)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct ladder_row *current(const struct ladder_view *l)
{
	return l->view.list.cursor < l->ladder.count ? &l->ladder.rows[l->view.list.cursor] : NULL;
}

/* The cursor stands on segments, not on the time between them. */
static void leave_gap(struct ladder_view *l, bool down)
{
	struct list *list = &l->view.list;

	while (list->cursor < l->ladder.count && l->ladder.rows[list->cursor].kind == LADDER_GAP)
		list_go(list, down ? list->cursor + 1 : list->cursor - 1);
}

static void rebuild_at(struct ladder_view *l, uint32_t ordinal)
{
	build_rows(l);
	list_go(&l->view.list, row_of(l, ordinal));
}

static void change_scale(struct ladder_view *l, bool to_scale, int zoom)
{
	l->to_scale = to_scale;
	l->zoom = zoom > ZOOM_MOST ? ZOOM_MOST : zoom < -ZOOM_MOST ? -ZOOM_MOST : zoom;
	rebuild_at(l, current(l) != NULL ? current(l)->ordinal : 0);
}

static void ask_kernel(struct ladder_view *l)
{
	struct session_socket socket;

	if (l->kernel_at != 0 && clock_ns() - l->kernel_at < KERNEL_PAUSE_NS)
		return;
	l->kernel_at = clock_ns();
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		buf_clear(&l->kernel[side]);
		if (session_socket(l->session, l->flow, side, &socket))
			session_socket_describe(&socket, &l->kernel[side]);
	}
}

static void draw(struct view *v, struct area a)
{
	struct ladder_view *l = (struct ladder_view *)v;
	const struct flow *f = flow_table_get(session_flows(l->session), l->flow);

	/* While a capture comes in the flow may grow: look again now and then; at its end, when what is absent will not come; and when it has
	 * been put together with others. */
	bool grown = f->log.count != l->segments && clock_ns() - l->built_at > REBUILD_PAUSE_NS;
	bool other = l->ended != (l->capture->status == SESSION_END) || l->vantage != vantage_of(l->session);
	if (grown || other || (!l->settled && session_settled(l->session, l->flow))) {
		uint32_t ordinal = current(l) != NULL ? current(l)->ordinal : 0;
		build(l);
		list_go(&v->list, row_of(l, ordinal));
	}
	ask_kernel(l);
	ladder_draw(l, a);
}

static bool unfold(struct ladder_view *l, uint32_t ordinal)
{
	uint32_t *unfolded = array_grow(l->unfolded, l->unfolded_count, &l->unfolded_room, sizeof *unfolded, 16);
	if (unfolded == NULL)
		return false;
	l->unfolded = unfolded;
	l->unfolded[l->unfolded_count++] = ordinal;
	return true;
}

/* Folds the unfolded run that the row is part of: the one that begins last before it. */
static void fold(struct ladder_view *l, uint32_t ordinal)
{
	size_t best = l->unfolded_count;

	for (size_t i = 0; i < l->unfolded_count; i++)
		if (l->unfolded[i] <= ordinal && (best == l->unfolded_count || l->unfolded[i] > l->unfolded[best]))
			best = i;
	if (best == l->unfolded_count)
		return;
	uint32_t begin = l->unfolded[best];
	l->unfolded[best] = l->unfolded[--l->unfolded_count];
	rebuild_at(l, begin);
}

static void toggle_fold(struct ladder_view *l)
{
	const struct ladder_row *row = current(l);

	if (row == NULL)
		return;
	uint32_t ordinal = row->ordinal;
	if (row->kind == LADDER_FOLD) {
		if (unfold(l, ordinal))
			rebuild_at(l, ordinal);
	} else if (row->foldable && !l->unfold_all)
		fold(l, ordinal);
	else
		ui_message(l->view.ui, PAINT_DIM, l->unfold_all ? "all runs are unfolded: X folds them" : "this row is never folded");
}

static void toggle_all(struct ladder_view *l)
{
	uint32_t ordinal = current(l) != NULL ? current(l)->ordinal : 0;

	l->unfold_all = !l->unfold_all;
	l->unfolded_count = 0;
	rebuild_at(l, ordinal);
}

static bool is_event(const struct ladder_row *row, uint16_t flags)
{
	return row->kind == LADDER_SEGMENT && (row->flags & flags) != 0;
}

static void next_event(struct ladder_view *l, bool forward, uint16_t flags, const char *what)
{
	size_t n = l->ladder.count, at = l->view.list.cursor;

	for (size_t i = 1; i < n; i++) {
		at = forward ? (at + 1) % n : (at + n - 1) % n;
		if (!is_event(&l->ladder.rows[at], flags))
			continue;
		if (forward ? at < l->view.list.cursor : at > l->view.list.cursor)
			ui_message(l->view.ui, PAINT_DIM, "went on from the other end");
		list_go(&l->view.list, at);
		return;
	}
	bool here = n > 0 && is_event(&l->ladder.rows[l->view.list.cursor], flags);
	ui_message(l->view.ui, PAINT_DIM, "there is no %s%s", here ? "other " : "", what);
}

/* The last row that begins with this frame of a source or one before it. */
static size_t row_before(const struct ladder_view *l, unsigned source, uint64_t frame)
{
	size_t best = l->ladder.count;

	for (size_t i = 0; i < l->ladder.count; i++) {
		if (ladder_row_has(&l->ladder, &l->ladder.rows[i], source, frame))
			return i;
		if (l->ladder.rows[i].kind != LADDER_GAP && l->ladder.rows[i].frame < frame)
			best = i;
	}
	return best;
}

/* A frame of the source that the verdict in the panel is of. */
static void go_to_frame(struct ladder_view *l, uint64_t frame)
{
	unsigned source = ladder_verdict_source(l);
	size_t row = row_before(l, source, frame);

	if (row < l->ladder.count && l->ladder.rows[row].kind == LADDER_FOLD && unfold(l, l->ladder.rows[row].ordinal)) {
		build_rows(l);
		row = row_before(l, source, frame);
	}
	if (row < l->ladder.count && ladder_row_has(&l->ladder, &l->ladder.rows[row], source, frame)) {
		list_go(&l->view.list, row);
		l->focus_why = false;
	} else
		ui_message(l->view.ui, PAINT_DIM, "frame %llu is not of this flow", (unsigned long long)frame);
}

/* The segment as it was on each stretch where it was seen. False: it cannot be read again. */
static bool add_segments(const struct ladder_view *l, const struct ladder_row *row, struct buf *out)
{
	const struct lifelines *lines = &l->ladder.lines;
	bool read = false;

	for (unsigned i = 0; i < lines->sources; i++) {
		if (row->seen[i].frame == 0)
			continue;
		buf_puts(out, out->len > 0 ? "\n" : "");
		read = segment_text(lines->session[i], lines->flow[i], row->seen[i].ordinal, COLS >= HEX_WIDE_COLUMNS ? HEX_WIDE : HEX_NARROW, out) ||
		       read;
	}
	return read;
}

static void open_row(struct ladder_view *l)
{
	const struct ladder_row *row = current(l);
	struct buf text = { 0 };

	if (l->focus_why) {
		uint64_t frame = l->wrapped != NULL ? l->why.lines[l->wrapped[l->why_list.cursor].line].frame : 0;
		if (frame != 0)
			go_to_frame(l, frame);
		else
			ui_message(l->view.ui, PAINT_DIM, "this line stands on no single frame");
		return;
	}
	if (row == NULL)
		return;
	if (row->kind == LADDER_FOLD) {
		toggle_fold(l);
		return;
	}
	if (add_segments(l, row, &text))
		ui_push(l->view.ui, pager_open(l->view.ui, "Segment", &text));
	else
		ui_message(l->view.ui, PAINT_ERROR, "frame %llu cannot be read again", (unsigned long long)row->frame);
	buf_free(&text);
}

static void copy(struct ladder_view *l)
{
	struct buf text = { 0 };

	if (l->verdict == NULL) {
		ui_message(l->view.ui, PAINT_DIM, "this flow has no reset to copy a verdict of");
		return;
	}
	why_text(l->verdict, &text);
	ui_copy(l->view.ui, "the verdict", &text);
	buf_free(&text);
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct ladder_view *l = (struct ladder_view *)v;

	if (list_action(l->focus_why ? &l->why_list : &v->list, action)) {
		leave_gap(l, action == ACTION_DOWN || action == ACTION_HALF_DOWN || action == ACTION_PAGE_DOWN);
		return true;
	}
	switch (action) {
	case ACTION_OPEN:
		open_row(l);
		return true;
	case ACTION_BACK:
		if (!l->focus_why || strcmp(key, "Esc") != 0)
			return false;
		l->focus_why = false;
		return true;
	case ACTION_FOCUS:
		l->focus_why = !l->focus_why;
		v->ui->panel = v->ui->panel || l->focus_why;
		return true;
	case ACTION_PANEL:
		v->ui->panel = !v->ui->panel;
		l->focus_why = false;
		return true;
	case ACTION_UNFOLD:
		toggle_fold(l);
		return true;
	case ACTION_UNFOLD_ALL:
		toggle_all(l);
		return true;
	case ACTION_NEXT_EVENT:
	case ACTION_PREVIOUS_EVENT:
		next_event(l, action == ACTION_NEXT_EVENT, TCP_SYN | TCP_FIN | TCP_RST, "segment of a handshake, teardown or reset");
		return true;
	case ACTION_NEXT_RESET:
	case ACTION_PREVIOUS_RESET:
		l->focus_why = false;
		next_event(l, action == ACTION_NEXT_RESET, TCP_RST, "reset in this flow");
		return true;
	case ACTION_TIME:
		v->ui->time = (enum flow_time)((v->ui->time + 1) % FLOW_TIME_COUNT);
		return true;
	case ACTION_SCALE:
		change_scale(l, !l->to_scale, 0);
		return true;
	case ACTION_ZOOM_IN:
	case ACTION_ZOOM_OUT:
		change_scale(l, true, action == ACTION_ZOOM_IN ? l->zoom + 1 : l->zoom - 1);
		return true;
	case ACTION_COPY:
		copy(l);
		return true;
	case ACTION_GRAPH:
		ui_push(v->ui, graph_open(v->ui, l->flow));
		return true;
	case ACTION_SAVE:
		ui_save(v->ui, &l->flow, 1);
		return true;
	case ACTION_EXPORT:
		ui_push(v->ui, exports_open(v->ui, l->flow));
		return true;
	case ACTION_PLAIN:
		ui_push(v->ui, plain_open(v->ui, l->flow));
		return true;
	default:
		return false;
	}
}

static bool inside(struct area a, int y, int x)
{
	return y >= a.y && y < a.y + a.h && x >= a.x && x < a.x + a.w;
}

static bool click(struct view *v, int y, int x)
{
	struct ladder_view *l = (struct ladder_view *)v;
	bool why = inside(l->why_rows, y, x);
	struct list *list = why ? &l->why_list : &v->list;
	const struct area *a = why ? &l->why_rows : &l->rows;

	if (!why && !inside(l->rows, y, x))
		return false;
	size_t row = list->top + (size_t)(y - a->y);
	bool again = row == list->cursor && l->focus_why == why;
	l->focus_why = why;
	list_go(list, row);
	leave_gap(l, true);
	return again && row == list->cursor;
}

static void status(struct view *v, struct buf *left, struct buf *right)
{
	struct ladder_view *l = (struct ladder_view *)v;
	const struct flow *f = flow_table_get(session_flows(l->session), l->flow);
	const char *host = flow_table_host(session_flows(l->session), f);

	buf_printf(left, "flow %u  %s", l->flow, flow_state_name(flow_state(f)));
	if (host != NULL)
		buf_printf(left, "  %s", host);
	if (l->ladder.lines.legs) {
		buf_puts(left, "  ");
		legs_name(&l->ladder.lines, left);
	} else if (lifelines_lanes(&l->ladder.lines) > 1)
		buf_printf(left, "  seen on %u stretches", lifelines_lanes(&l->ladder.lines));
	if (l->ladder.lines.more > 0)
		buf_printf(left, "  at %u more place%s, not drawn", l->ladder.lines.more, l->ladder.lines.more == 1 ? "" : "s");
	if (l->ladder.lines.alone)
		buf_puts(left, "  seen elsewhere too, but too long to be shown beside");
	if (l->ladder.cut)
		buf_puts(left, "  too long: beginning, resets and end only");
	buf_printf(right, "%zu of %zu", ladder_steps(l, v->list.cursor + 1), ladder_steps(l, v->list.count));
}

static void close_ladder(struct view *v)
{
	struct ladder_view *l = (struct ladder_view *)v;

	drop(l);
	drop_findings(l);
	why_free(&l->why);
	buf_free(&l->kernel[SIDE_CLIENT]);
	buf_free(&l->kernel[SIDE_SERVER]);
	free(l->wrapped);
	free(l->unfolded);
	free(l);
}

static const struct view_ops ops = {
	.name = "Ladder", .scope = SCOPE_LADDER, .draw = draw, .action = action, .click = click, .status = status, .close = close_ladder,
};

struct view *ladder_open(struct ui *ui, uint32_t flow)
{
	struct ladder_view *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->view = (struct view){ .ops = &ops, .ui = ui };
	l->capture = ui_capture(ui);
	l->session = l->capture->session;
	l->flow = flow;
	build(l);
	return &l->view;
}
