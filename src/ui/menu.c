/* SPDX-License-Identifier: GPL-3.0-or-later
 * menu: a list of choices. */
#include "ui/menu.h"

#include <stdlib.h>

#include "ui/rows.h"
#include "util/array.h"

enum { TEXT_AT = 38 /* column */ };

struct choice {
	const char *label;
	struct buf text;
};

struct menu {
	struct view view;
	struct view_ops ops;      /* own copy, for the name */
	const struct menu_kind *kind;
	uint32_t flow;
	struct choice *choices;
	size_t count, room;
	struct area rows;
};

static void draw_choice(const struct view *v, size_t index, int y, struct area a)
{
	const struct choice *choice = &((const struct menu *)v)->choices[index];

	draw_string(&v->ui->screen, y, a.x + 2, a.w - 2, PAINT_NORMAL, choice->label);
	if (a.w > 60)
		draw_string(&v->ui->screen, y, a.x + TEXT_AT, a.w - TEXT_AT - 1, PAINT_DIM, buf_text(&choice->text));
}

static void draw(struct view *v, struct area a)
{
	struct menu *m = (struct menu *)v;

	m->rows = rows_draw_headed(v, a, m->kind->heading, m->count, draw_choice);
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct menu *m = (struct menu *)v;

	(void)key;
	if (action != ACTION_OPEN || m->count == 0)
		return false;
	m->kind->choose(v->ui, v->list.cursor, buf_text(&m->choices[v->list.cursor].text), m->flow);
	ui_pop(v->ui);
	return true;
}

static bool click(struct view *v, int y, int x)
{
	(void)x;
	return rows_click(&v->list, ((struct menu *)v)->rows, y);
}

static void close_menu(struct view *v)
{
	struct menu *m = (struct menu *)v;

	for (size_t i = 0; i < m->count; i++)
		buf_free(&m->choices[i].text);
	free(m->choices);
	free(m);
}

struct buf *menu_add(struct view *v, const char *label)
{
	struct menu *m = (struct menu *)v;

	struct choice *choices = array_grow(m->choices, m->count, &m->room, sizeof *choices, 16);
	if (choices == NULL)
		return NULL;
	m->choices = choices;
	m->choices[m->count] = (struct choice){ .label = label };
	m->view.list.count = m->count + 1;
	return &m->choices[m->count++].text;
}

void menu_add_text(struct view *menu, const char *label, const char *text)
{
	struct buf *added = menu_add(menu, label);

	if (added != NULL)
		buf_puts(added, text);
}

struct view *menu_open(struct ui *ui, const struct menu_kind *kind, uint32_t flow)
{
	struct menu *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	m->ops = (struct view_ops){ .name = kind->name, .scope = SCOPE_MENU, .draw = draw, .action = action, .click = click, .close = close_menu };
	m->kind = kind;
	m->flow = flow;
	m->view = (struct view){ .ops = &m->ops, .ui = ui };
	return &m->view;
}
