/* SPDX-License-Identifier: GPL-3.0-or-later
 * menu: ready filters to choose from, made of the selected flow where that is asked for. */
#include <stdlib.h>

#include "ui/view.h"

enum { CHOICES_MOST = 16 };

struct menu {
	struct view view;
	struct { const char *label; struct buf filter; } choices[CHOICES_MOST];
	size_t count;
	struct area rows;
};

static const struct { const char *label, *filter; } fixed[] = {
	{ "all flows", "" },
	{ "with resets", "resets>0" },
	{ "refused", "state=refused" },
	{ "reset by the client", "resets>0 sender=client" },
	{ "reset by the server", "resets>0 sender=server" },
	{ "reset by a middlebox", "resets>0 sender=middlebox" },
	{ "resets that are a problem", "resets>0 severity=problem" },
	{ "never answered", "state=unanswered" },
	{ "with retransmissions", "retransmissions>0" },
};

static struct buf *add_choice(struct menu *m, const char *label)
{
	m->choices[m->count].label = label;
	return &m->choices[m->count++].filter;
}

static void add_endpoint_choice(struct menu *m, const char *label, const char *field, const struct flow *f, enum side side, bool port)
{
	struct buf text = { 0 }, *filter = add_choice(m, label);

	cell_endpoint(&text, flow_address(f, side), flow_port(f, side));
	buf_printf(filter, "%s:^", field);
	if (!port)
		while (text.len > 0 && text.data[text.len - 1] != ':')
			text.data[--text.len] = '\0';
	filter_quote(filter, buf_text(&text));
	buf_puts(filter, port ? "$" : "");
	buf_free(&text);
}

static void add_choices_of_flow(struct menu *m, uint32_t flow)
{
	struct session *s = ui_capture(m->view.ui)->session;
	const struct flow *f = flow_table_get(session_flows(s), flow);
	const struct verdict_brief *brief = f->rst > 0 ? session_brief(s, flow) : NULL;

	if (brief != NULL && brief->cause != NULL)
		buf_printf(add_choice(m, "same cause as the selected flow"), "cause=%s", cause_id(brief->cause));
	add_endpoint_choice(m, "same service as the selected flow", "server", f, SIDE_SERVER, true);
	add_endpoint_choice(m, "same client as the selected flow", "client", f, SIDE_CLIENT, false);
}

static void draw(struct view *v, struct area a)
{
	struct menu *m = (struct menu *)v;
	const struct screen *s = &v->ui->screen;

	m->rows = (struct area){ a.y + 1, a.x, a.h - 1, a.w };
	draw_string(s, a.y, a.x + 2, a.w - 2, PAINT_HEADER, "Show flows");
	list_place(&v->list, m->count, a.h - 1);
	for (int i = 0; i + 1 < a.h && v->list.top + (size_t)i < m->count; i++) {
		size_t index = v->list.top + (size_t)i;
		if (index == v->list.cursor)
			draw_string(s, a.y + 1 + i, a.x, 1, PAINT_MARKER, ">");
		draw_string(s, a.y + 1 + i, a.x + 2, a.w - 2, PAINT_NORMAL, m->choices[index].label);
		if (a.w > 60)
			draw_string(s, a.y + 1 + i, a.x + 38, a.w - 39, PAINT_DIM, buf_text(&m->choices[index].filter));
	}
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct menu *m = (struct menu *)v;
	struct ui *ui = v->ui;
	struct buf error = { 0 };
	size_t offset;

	(void)key;
	if (action != ACTION_OPEN)
		return false;
	if (!ui_set_filter(ui, buf_text(&m->choices[v->list.cursor].filter), &error, &offset))
		ui_message(ui, PAINT_ERROR, "%s", buf_text(&error));
	buf_free(&error);
	ui_pop(ui);
	return true;
}

static bool click(struct view *v, int y, int x)
{
	struct menu *m = (struct menu *)v;

	(void)x;
	if (y < m->rows.y || y >= m->rows.y + m->rows.h)
		return false;
	size_t row = v->list.top + (size_t)(y - m->rows.y);
	bool again = row == v->list.cursor;
	list_go(&v->list, row);
	return again;
}

static void close_menu(struct view *v)
{
	struct menu *m = (struct menu *)v;

	for (size_t i = 0; i < m->count; i++)
		buf_free(&m->choices[i].filter);
	free(m);
}

static const struct view_ops ops = {
	.name = "Ready filters", .scope = SCOPE_MENU, .draw = draw, .action = action, .click = click, .close = close_menu,
};

struct view *ready_filters_open(struct ui *ui, uint32_t flow)
{
	struct menu *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	m->view = (struct view){ .ops = &ops, .ui = ui };
	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		buf_puts(add_choice(m, fixed[i].label), fixed[i].filter);
	if (flow != FLOW_NONE)
		add_choices_of_flow(m, flow);
	return &m->view;
}
