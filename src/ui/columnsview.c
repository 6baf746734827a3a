/* SPDX-License-Identifier: GPL-3.0-or-later
 * columnsview: the screen of the flow list's columns: which are shown, and in what order. */
#include <stdlib.h>

#include "ui/rc.h"
#include "ui/rows.h"
#include "ui/views.h"

enum { HEADER_AT = 30 };

struct columns_view {
	struct view view;
	bool changed;
	enum flow_column_id order[COLUMN_COUNT]; /* all columns: the shown ones first, in their order */
	struct area rows;
};

static bool is_shown(const struct settings *s, enum flow_column_id id)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (s->columns[i] == id)
			return true;
	return false;
}

static void draw_column_row(const struct view *v, size_t index, int y, struct area a)
{
	const struct screen *s = &v->ui->screen;
	enum flow_column_id id = ((const struct columns_view *)v)->order[index];

	draw_string(s, y, a.x + 2, 4, PAINT_STRONG, is_shown(v->ui->settings, id) ? "[x]" : "[ ]");
	draw_string(s, y, a.x + 6, a.w - 6, PAINT_NORMAL, flow_column(id)->id);
	draw_string(s, y, a.x + HEADER_AT, a.w - HEADER_AT, PAINT_DIM, flow_column(id)->header);
}

static void draw(struct view *v, struct area a)
{
	((struct columns_view *)v)->rows = rows_draw_headed(v, a, "Columns of the flow list; those without room are left out", COLUMN_COUNT,
	                                                    draw_column_row);
}

/* Takes the columns over that are shown, in the order of the list. One always stays. */
static void take_columns(struct columns_view *w, const bool *shown)
{
	struct settings *s = w->view.ui->settings;
	size_t n = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (shown[w->order[i]])
			s->columns[n++] = w->order[i];
	if (n == 0) {
		ui_message(w->view.ui, PAINT_DIM, "one column must stay");
		s->columns[n++] = w->order[w->view.list.cursor];
	}
	s->column_count = n;
	w->changed = true;
}

static void change(struct columns_view *w)
{
	enum flow_column_id id = w->order[w->view.list.cursor];
	bool shown[COLUMN_COUNT];

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		shown[i] = is_shown(w->view.ui->settings, (enum flow_column_id)i) != (id == (enum flow_column_id)i);
	take_columns(w, shown);
}

static void move_column(struct columns_view *w, bool down)
{
	size_t row = w->view.list.cursor, to = down ? row + 1 : row - 1;
	bool shown[COLUMN_COUNT];

	if (to >= COLUMN_COUNT)
		return;
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		shown[i] = is_shown(w->view.ui->settings, (enum flow_column_id)i);
	enum flow_column_id id = w->order[row];
	w->order[row] = w->order[to];
	w->order[to] = id;
	list_go(&w->view.list, to);
	take_columns(w, shown);
}

static bool action(struct view *v, enum action action, const char *key)
{
	struct columns_view *w = (struct columns_view *)v;

	(void)key;
	switch (action) {
	case ACTION_CHANGE:
	case ACTION_OPEN: /* by the mouse */
		change(w);
		return true;
	case ACTION_MOVE_UP:
	case ACTION_MOVE_DOWN:
		move_column(w, action == ACTION_MOVE_DOWN);
		return true;
	default:
		return false;
	}
}

static bool click(struct view *v, int y, int x)
{
	(void)x;
	return rows_click(&v->list, ((struct columns_view *)v)->rows, y);
}

static void close_columns(struct view *v)
{
	struct columns_view *w = (struct columns_view *)v;
	struct buf value = { 0 };

	settings_add_columns(v->ui->settings, &value);
	ui_keep(v->ui, &(struct rc_line){ "columns", buf_text(&value) }, w->changed ? 1 : 0);
	buf_free(&value);
	free(w);
}

static const struct view_ops ops = {
	.name = "Columns", .scope = SCOPE_COLUMNS, .draw = draw, .action = action, .click = click, .close = close_columns,
};

struct view *columns_open(struct ui *ui)
{
	struct columns_view *w = calloc(1, sizeof *w);
	size_t n = 0;

	if (w == NULL)
		return NULL;
	w->view = (struct view){ .ops = &ops, .ui = ui, .list.count = COLUMN_COUNT /* keys may come before the first frame */ };
	for (; n < ui->settings->column_count; n++)
		w->order[n] = ui->settings->columns[n];
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (!is_shown(ui->settings, (enum flow_column_id)i))
			w->order[n++] = (enum flow_column_id)i;
	return &w->view;
}
