/* SPDX-License-Identifier: GPL-3.0-or-later
 * summary: resets by cause, service and client as a tree, and over time. */
#include <stdlib.h>

#include "query/tally.h"
#include "ui/view.h"
#include "util/text.h"

enum { HISTOGRAM_HIGH = 3, BINS_MOST = 400, COUNTS_WIDTH = 27 };

struct summary {
	struct view view;
	struct session *session;
	struct tally *tally;
	uint32_t *rows;        /* nodes that are shown */
	size_t count, room;
	enum session_status status;
	struct area area;
};

static bool add_row(struct summary *m, uint32_t node)
{
	if (m->count == m->room) {
		size_t room = m->room > 0 ? m->room * 2 : 64;
		uint32_t *rows = reallocarray(m->rows, room, sizeof *rows);
		if (rows == NULL)
			return false;
		m->rows = rows;
		m->room = room;
	}
	m->rows[m->count++] = node;
	return true;
}

/* Three levels, so three nested walks rather than recursion. */
static void list_rows(struct summary *m)
{
	m->count = 0;
	for (uint32_t a = tally_first(m->tally); a != TALLY_NONE; a = tally_node(m->tally, a)->next) {
		const struct tally_node *cause = tally_node(m->tally, a);
		add_row(m, a);
		for (uint32_t b = cause->open ? cause->child : TALLY_NONE; b != TALLY_NONE; b = tally_node(m->tally, b)->next) {
			const struct tally_node *service = tally_node(m->tally, b);
			add_row(m, b);
			for (uint32_t c = service->open ? service->child : TALLY_NONE; c != TALLY_NONE; c = tally_node(m->tally, c)->next)
				add_row(m, c);
		}
	}
	m->view.list.count = m->count;
}

static void add_label(const struct summary *m, const struct tally_node *node, struct buf *out)
{
	const struct flow *f = flow_table_get(session_flows(m->session), node->flow);

	if (node->level == TALLY_CAUSE)
		buf_puts(out, node->cause != NULL ? cause_id(node->cause) : "(cannot be read again)");
	else if (node->level == TALLY_SERVICE)
		cell_endpoint(out, flow_address(f, SIDE_SERVER), flow_port(f, SIDE_SERVER));
	else
		text_add_address(out, flow_address(f, SIDE_CLIENT));
}

static void draw_node(const struct summary *m, const struct tally_node *node, int y, struct area a)
{
	const struct screen *s = &m->view.ui->screen;
	struct buf label = { 0 }, text = { 0 };
	int indent = 2 + 2 * (int)node->level, counts = a.w >= 70 ? COUNTS_WIDTH : 16;
	const char *sign = node->level == TALLY_CLIENT ? " " : node->open ? "-" : "+";

	draw_string(s, y, a.x + indent, 1, PAINT_DIM, sign);
	add_label(m, node, &label);
	if (node->level == TALLY_CAUSE && node->cause != NULL && a.w >= 100) {
		buf_puts(&label, "  ");
		cause_summary(node->cause, &label);
	}
	draw_text(s, y, a.x + indent + 2, a.w - indent - 3 - counts, node->level == TALLY_CAUSE ? PAINT_STRONG : PAINT_NORMAL, buf_text(&label),
	          label.len);
	unsigned share = tally_resets(m->tally) > 0 ? (unsigned)(node->resets * 100 / tally_resets(m->tally)) : 0;
	if (a.w >= 70)
		buf_printf(&text, "%7u %9llu  %5u %%", node->flows, (unsigned long long)node->resets, share);
	else
		buf_printf(&text, "%8llu  %3u %%", (unsigned long long)node->resets, share);
	draw_right(s, y, a.x + a.w - counts, counts - 1, PAINT_NORMAL, buf_text(&text), text.len);
	buf_free(&label);
	buf_free(&text);
}

/* Bars of eighths over three rows, and the time below their ends. */
static void draw_histogram(const struct summary *m, struct area a)
{
	const struct screen *s = &m->view.ui->screen;
	uint32_t bins[BINS_MOST], most = 0;
	size_t n = (size_t)(a.w - 4 < BINS_MOST ? a.w - 4 : BINS_MOST);
	struct buf text = { 0 };
	int64_t from, to;

	tally_histogram(m->tally, bins, n, &from, &to);
	for (size_t i = 0; i < n; i++)
		most = bins[i] > most ? bins[i] : most;
	for (size_t i = 0; most > 0 && i < n; i++) {
		int high = (int)(((uint64_t)bins[i] * (HISTOGRAM_HIGH * 8) + most - 1) / most);
		for (int row = 0; row < HISTOGRAM_HIGH; row++) {
			int part = high - (HISTOGRAM_HIGH - 1 - row) * 8;
			if (part > 0)
				draw_string(s, a.y + row, a.x + 2 + (int)i, 1, PAINT_WARN, s->glyphs->bars[part < 8 ? part : 8]);
		}
	}
	int64_t origin = flow_table_count(session_flows(m->session)) > 0 ? flow_table_get(session_flows(m->session), 0)->first : 0;
	cell_seconds(&text, from - origin);
	buf_puts(&text, " s");
	int used = draw_text(s, a.y + HISTOGRAM_HIGH, a.x + 2, a.w - 4, PAINT_DIM, buf_text(&text), text.len);
	buf_clear(&text);
	buf_puts(&text, "first resets of flows over time, to ");
	cell_seconds(&text, to - origin);
	buf_puts(&text, " s");
	draw_right(s, a.y + HISTOGRAM_HIGH, a.x + 4 + used, a.w - 6 - used, PAINT_DIM, buf_text(&text), text.len);
	buf_free(&text);
}

static void draw_header(const struct summary *m, struct area a)
{
	const struct screen *s = &m->view.ui->screen;
	const char *counts = a.w >= 70 ? "  flows    resets    share " : "  resets  share ";

	draw_string(s, a.y, a.x + 4, a.w - 20, PAINT_HEADER, "Cause / service / client");
	draw_right(s, a.y, a.x + a.w - COUNTS_WIDTH, COUNTS_WIDTH, PAINT_HEADER, counts, (size_t)(a.w >= 70 ? COUNTS_WIDTH : 16));
}

static void draw(struct view *v, struct area a)
{
	struct summary *m = (struct summary *)v;
	const struct screen *s = &v->ui->screen;
	struct area tree = a;

	list_rows(m);
	if (a.h >= 14 && tally_flows(m->tally) > 0) {
		draw_histogram(m, (struct area){ a.y, a.x, HISTOGRAM_HIGH + 1, a.w });
		tree.y += HISTOGRAM_HIGH + 2;
		tree.h -= HISTOGRAM_HIGH + 2;
	}
	draw_header(m, tree);
	m->area = (struct area){ tree.y + 1, tree.x, tree.h - 1, tree.w };
	list_place(&v->list, m->count, tree.h - 1);
	if (m->count == 0)
		draw_string(s, tree.y + 2, 4, a.w - 5, PAINT_DIM, tally_percent(m->tally) < 100 ? "Counting." : "There is no reset in this capture.");
	for (int i = 0; i + 1 < tree.h && v->list.top + (size_t)i < m->count; i++) {
		size_t index = v->list.top + (size_t)i;
		if (index == v->list.cursor)
			draw_string(s, tree.y + 1 + i, tree.x, 1, PAINT_MARKER, ">");
		draw_node(m, tally_node(m->tally, m->rows[index]), tree.y + 1 + i, tree);
	}
}

static void narrow(struct summary *m, const struct tally_node *node)
{
	struct ui *ui = m->view.ui;
	struct buf filter = { 0 }, error = { 0 };
	size_t offset;

	tally_filter(m->tally, node, &filter);
	if (!ui_set_filter(ui, buf_text(&filter), &error, &offset))
		ui_message(ui, PAINT_ERROR, "%s", buf_text(&error));
	buf_free(&filter);
	buf_free(&error);
	ui_pop(ui);
}

/* Left on a branch that is closed goes to the branch it is part of. */
static void close_branch(struct summary *m, struct tally_node *node)
{
	if (node->open) {
		node->open = false;
		return;
	}
	for (size_t i = m->view.list.cursor; i-- > 0;)
		if (tally_node(m->tally, m->rows[i])->level < node->level) {
			list_go(&m->view.list, i);
			return;
		}
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct summary *m = (struct summary *)v;

	(void)key;
	if (v->list.cursor >= m->count)
		return false;
	struct tally_node *node = tally_node(m->tally, m->rows[v->list.cursor]);
	switch (action) {
	case ACTION_OPEN:
		narrow(m, node);
		return true;
	case ACTION_RIGHT:
		node->open = node->level != TALLY_CLIENT;
		list_rows(m);
		return true;
	case ACTION_LEFT:
		close_branch(m, node);
		list_rows(m);
		return true;
	default:
		return false;
	}
}

static bool click(struct view *v, int y, int x)
{
	struct summary *m = (struct summary *)v;

	(void)x;
	if (y < m->area.y || y >= m->area.y + m->area.h)
		return false;
	size_t row = v->list.top + (size_t)(y - m->area.y);
	bool again = row == v->list.cursor && row < m->count;
	list_go(&v->list, row);
	if (again)
		action(v, tally_node(m->tally, m->rows[row])->open ? ACTION_LEFT : ACTION_RIGHT, "");
	return false;
}

static void status(struct view *v, struct buf *left, struct buf *right)
{
	struct summary *m = (struct summary *)v;

	buf_printf(left, "%llu resets in %u flows   Right opens a branch, Enter shows its flows", (unsigned long long)tally_resets(m->tally),
	           tally_flows(m->tally));
	if (tally_percent(m->tally) < 100)
		buf_printf(right, "counting %u %%  ", tally_percent(m->tally));
	buf_printf(right, "%zu of %zu", m->count > 0 ? v->list.cursor + 1 : 0, m->count);
}

static bool step(struct view *v, int64_t budget_ns)
{
	struct summary *m = (struct summary *)v;
	const struct capture *c = ui_capture(v->ui);

	if (tally_percent(m->tally) == 100 && c->session == m->session && c->status != m->status) {
		m->status = c->status;
		tally_restart(m->tally);
	}
	bool working = tally_percent(m->tally) < 100;
	bool more = tally_step(m->tally, budget_ns);
	if (working && !more)
		v->ui->dirty = true;
	else if (working)
		v->ui->dirty_tick = true;
	return more;
}

static void close_summary(struct view *v)
{
	struct summary *m = (struct summary *)v;

	tally_free(m->tally);
	free(m->rows);
	free(m);
}

static const struct view_ops ops = {
	.name = "Summary", .scope = SCOPE_SUMMARY, .draw = draw, .action = action, .click = click, .status = status, .step = step,
	.close = close_summary,
};

struct view *summary_open(struct ui *ui)
{
	struct summary *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	m->view = (struct view){ .ops = &ops, .ui = ui };
	m->session = ui_capture(ui)->session;
	m->status = ui_capture(ui)->status;
	m->tally = tally_new(m->session);
	if (m->tally == NULL) {
		free(m);
		return NULL;
	}
	return &m->view;
}
