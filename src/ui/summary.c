/* SPDX-License-Identifier: GPL-3.0-or-later
 * summary: resets by cause, service and client as a tree, and over time. */
#include <stdlib.h>

#include "query/tally.h"
#include "ui/rows.h"
#include "ui/views.h"
#include "util/array.h"
#include "util/text.h"

/* Rows that are no nodes of the tree. */
#define ROW_INCIDENTS UINT32_C(0x80000000) /* their heading */
#define ROW_INCIDENT (ROW_INCIDENTS + 1)    /* the first of them */
enum { HISTOGRAM_HIGH = 3, BINS_MOST = 400, HEADLINE_LEAST = 120, COUNTS_WIDTH = 27, COUNTS_NARROW = 16,
       INCIDENTS_FEW = 8 /* so many do not hide the causes below them */,
       COUNTS_FULL = 70 /* columns from which all are shown */ };

struct summary {
	struct view view;
	struct session *session;
	struct tally *tally;
	uint32_t *rows;        /* nodes that are shown */
	size_t count, room;
	bool incidents_chosen, incidents_shown; /* the user opened or closed them; which */
	enum session_status status;
	struct area area;
};

static bool add_row(struct summary *m, uint32_t node)
{
	uint32_t *rows = array_grow(m->rows, m->count, &m->room, sizeof *rows, 64);
	if (rows == NULL)
		return false;
	m->rows = rows;
	m->rows[m->count++] = node;
	return true;
}

static bool incidents_open(const struct summary *m)
{
	size_t incidents;

	tally_incidents(m->tally, &incidents);
	return m->incidents_chosen ? m->incidents_shown : incidents <= INCIDENTS_FEW;
}

/* Three levels, so three nested walks rather than recursion. */
static void list_rows(struct summary *m)
{
	size_t incidents;

	m->count = 0;
	tally_incidents(m->tally, &incidents);
	if (incidents > 0)
		add_row(m, ROW_INCIDENTS);
	for (size_t i = 0; incidents_open(m) && i < incidents; i++)
		add_row(m, ROW_INCIDENT + (uint32_t)i);
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

/* The counts at the end of a row. */
static void draw_counts(const struct summary *m, uint32_t flows, uint64_t resets, int y, struct area a)
{
	struct buf text = { 0 };
	int counts = a.w >= COUNTS_FULL ? COUNTS_WIDTH : COUNTS_NARROW;
	unsigned share = tally_resets(m->tally) > 0 ? (unsigned)(resets * 100 / tally_resets(m->tally)) : 0;

	if (a.w >= COUNTS_FULL)
		buf_printf(&text, "%7u %9llu  %5u %%", flows, (unsigned long long)resets, share);
	else
		buf_printf(&text, "%8llu  %3u %%", (unsigned long long)resets, share);
	draw_right(&m->view.ui->screen, y, a.x + a.w - counts, counts - 1, PAINT_NORMAL, buf_text(&text), text.len);
	buf_free(&text);
}

/* When it began, and what the report says of it; where there is no room for that, who and what. */
static void add_incident(const struct flow_table *table, const struct incident *incident, bool wide, struct buf *out)
{
	const struct flow *f = flow_table_get(table, incident->example);
	enum side side = incident->by_service ? SIDE_SERVER : SIDE_CLIENT;

	cell_duration(out, incident->first - flow_table_get(table, 0)->first);
	buf_puts(out, wide ? ": " : " ");
	if (wide) {
		incident_headline(table, incident, out);
		return;
	}
	if (incident->by_service)
		cell_endpoint(out, flow_address(f, side), flow_port(f, side));
	else
		text_add_address(out, flow_address(f, side));
	buf_printf(out, " %s", cause_id(incident->cause));
}

static void draw_incident(const struct summary *m, uint32_t row, int y, struct area a)
{
	const struct screen *s = &m->view.ui->screen;
	const struct flow_table *table = session_flows(m->session);
	int counts = a.w >= COUNTS_FULL ? COUNTS_WIDTH : COUNTS_NARROW;
	struct buf text = { 0 };
	size_t n;
	const struct incident *incidents = tally_incidents(m->tally, &n);

	if (row == ROW_INCIDENTS) {
		draw_string(s, y, a.x + 2, 1, PAINT_DIM, incidents_open(m) ? "-" : "+");
		buf_printf(&text, "%zu incident%s: resets of one cause, close in time", n, n == 1 ? "" : "s");
		draw_text(s, y, a.x + 4, a.w - 4, PAINT_STRONG, buf_text(&text), text.len);
	} else {
		const struct incident *incident = &incidents[row - ROW_INCIDENT];
		add_incident(table, incident, a.w >= HEADLINE_LEAST, &text);
		draw_text(s, y, a.x + 6, a.w - 7 - counts, PAINT_NORMAL, buf_text(&text), text.len);
		draw_counts(m, incident->flows, incident->resets, y, a);
	}
	buf_free(&text);
}

static void draw_node(const struct summary *m, const struct tally_node *node, int y, struct area a)
{
	const struct screen *s = &m->view.ui->screen;
	struct buf label = { 0 };
	int indent = 2 + 2 * (int)node->level, counts = a.w >= COUNTS_FULL ? COUNTS_WIDTH : COUNTS_NARROW;
	const char *sign = node->level == TALLY_CLIENT ? " " : node->open ? "-" : "+";

	draw_string(s, y, a.x + indent, 1, PAINT_DIM, sign);
	add_label(m, node, &label);
	if (node->level == TALLY_CAUSE && node->cause != NULL && a.w >= 100) {
		buf_puts(&label, "  ");
		cause_summary(node->cause, &label);
	}
	draw_text(s, y, a.x + indent + 2, a.w - indent - 3 - counts, node->level == TALLY_CAUSE ? PAINT_STRONG : PAINT_NORMAL, buf_text(&label),
	          label.len);
	draw_counts(m, node->flows, node->resets, y, a);
	buf_free(&label);
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
		int high = (int)(((uint64_t)bins[i] * HISTOGRAM_HIGH * 8 + most - 1) / most);
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
	const char *counts = a.w >= COUNTS_FULL ? "  flows    resets    share " : "  resets  share ";

	draw_string(s, a.y, a.x + 4, a.w - 20, PAINT_HEADER, "Cause / service / client");
	size_t shown = a.w >= COUNTS_FULL ? COUNTS_WIDTH : COUNTS_NARROW;
	draw_right(s, a.y, a.x + a.w - COUNTS_WIDTH, COUNTS_WIDTH, PAINT_HEADER, counts, shown);
}

static void draw_row(const struct view *v, size_t index, int y, struct area a)
{
	const struct summary *m = (const struct summary *)v;

	if (m->rows[index] >= ROW_INCIDENTS)
		draw_incident(m, m->rows[index], y, a);
	else
		draw_node(m, tally_node(m->tally, m->rows[index]), y, a);
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
	if (m->count == 0)
		draw_string(s, tree.y + 2, 4, a.w - 5, PAINT_DIM, tally_percent(m->tally) < 100 ? "Counting." : "There is no reset in this capture.");
	rows_draw(v, m->area, m->count, draw_row);
}

/* Shows the flows of a row. */
static void narrow(struct summary *m, uint32_t row)
{
	struct ui *ui = m->view.ui;
	struct buf filter = { 0 };
	size_t n;

	if (row >= ROW_INCIDENT)
		tally_incident_filter(m->tally, &tally_incidents(m->tally, &n)[row - ROW_INCIDENT], &filter);
	else
		tally_filter(m->tally, tally_node(m->tally, row), &filter);
	ui_show(ui, buf_text(&filter));
	buf_free(&filter);
	ui_pop(ui);
}

/* How deep a row stands. */
static unsigned depth_of(const struct summary *m, uint32_t row)
{
	if (row >= ROW_INCIDENTS)
		return row > ROW_INCIDENTS;
	return (unsigned)tally_node(m->tally, row)->level;
}

static bool is_open(const struct summary *m, uint32_t row)
{
	return row == ROW_INCIDENTS ? incidents_open(m) : row < ROW_INCIDENTS && tally_node(m->tally, row)->open;
}

static void set_open(struct summary *m, uint32_t row, bool open)
{
	if (row == ROW_INCIDENTS) {
		m->incidents_chosen = true;
		m->incidents_shown = open;
	} else if (row < ROW_INCIDENTS)
		tally_node(m->tally, row)->open = open && tally_node(m->tally, row)->level != TALLY_CLIENT;
	list_rows(m);
}

/* Left on a branch that is closed goes to the branch it is part of. */
static void close_branch(struct summary *m, uint32_t row)
{
	if (is_open(m, row)) {
		set_open(m, row, false);
		return;
	}
	for (size_t i = m->view.list.cursor; i-- > 0;)
		if (depth_of(m, m->rows[i]) < depth_of(m, row)) {
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
	uint32_t row = m->rows[v->list.cursor];
	switch (action) {
	case ACTION_OPEN:
		if (row == ROW_INCIDENTS)
			set_open(m, row, !is_open(m, row));
		else
			narrow(m, row);
		return true;
	case ACTION_RIGHT:
		set_open(m, row, true);
		return true;
	case ACTION_LEFT:
		close_branch(m, row);
		return true;
	default:
		return false;
	}
}

static bool click(struct view *v, int y, int x)
{
	struct summary *m = (struct summary *)v;

	(void)x;
	if (rows_click(&v->list, m->area, y))
		action(v, is_open(m, m->rows[v->list.cursor]) ? ACTION_LEFT : ACTION_RIGHT, "");
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
