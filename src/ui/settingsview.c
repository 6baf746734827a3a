/* SPDX-License-Identifier: GPL-3.0-or-later
 * settingsview: the screens of settings and of columns. What is changed holds at once and is kept in the configuration file when the screen
 * is left. */
#include <stdlib.h>

#include "ui/config.h"
#include "ui/views.h"

enum { VALUE_AT = 16, HELP_AT = 30 };

struct settings_view {
	struct view view;
	bool of_columns;
	bool changed[CHOICE_COUNT];
	bool columns_changed;
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

static void draw_choice(const struct settings_view *w, enum choice_id id, int y, struct area a)
{
	const struct screen *s = &w->view.ui->screen;
	struct buf value = { 0 };

	settings_add_choice(w->view.ui->settings, id, &value);
	draw_string(s, y, a.x + 2, VALUE_AT - 3, PAINT_NORMAL, choice_row(id)->name);
	draw_text(s, y, a.x + VALUE_AT, HELP_AT - VALUE_AT - 1, PAINT_STRONG, buf_text(&value), value.len);
	draw_string(s, y, a.x + HELP_AT, a.w - HELP_AT, PAINT_DIM, choice_row(id)->help);
	buf_free(&value);
}

static void draw_column_row(const struct settings_view *w, enum flow_column_id id, int y, struct area a)
{
	const struct screen *s = &w->view.ui->screen;

	draw_string(s, y, a.x + 2, 4, PAINT_STRONG, is_shown(w->view.ui->settings, id) ? "[x]" : "[ ]");
	draw_string(s, y, a.x + 6, a.w - 6, PAINT_NORMAL, flow_column(id)->id);
	draw_string(s, y, a.x + HELP_AT, a.w - HELP_AT, PAINT_DIM, flow_column(id)->header);
}

static void draw(struct view *v, struct area a)
{
	struct settings_view *w = (struct settings_view *)v;
	const struct screen *s = &v->ui->screen;

	w->rows = (struct area){ a.y + 1, a.x, a.h - 1, a.w };
	draw_string(s, a.y, a.x + 2, a.w - 2, PAINT_HEADER, w->of_columns ? "Columns of the flow list; those without room are left out" :
	            "Settings; keys and colours: tcpwhy --dump-config");
	list_place(&v->list, w->of_columns ? COLUMN_COUNT : CHOICE_COUNT, a.h - 1);
	for (int i = 0; i + 1 < a.h && v->list.top + (size_t)i < v->list.count; i++) {
		size_t index = v->list.top + (size_t)i;
		if (index == v->list.cursor)
			draw_string(s, a.y + 1 + i, a.x, 1, PAINT_MARKER, ">");
		if (w->of_columns)
			draw_column_row(w, w->order[index], a.y + 1 + i, a);
		else
			draw_choice(w, (enum choice_id)index, a.y + 1 + i, a);
	}
}

/* Takes the columns over that are shown, in the order of the list. One always stays. */
static void take_columns(struct settings_view *w, const bool *shown)
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
	w->columns_changed = true;
}

static void change(struct settings_view *w)
{
	struct ui *ui = w->view.ui;
	size_t row = w->view.list.cursor;
	struct buf scratch = { 0 };
	bool shown[COLUMN_COUNT];

	if (w->of_columns) {
		for (unsigned i = 0; i < COLUMN_COUNT; i++)
			shown[i] = is_shown(ui->settings, (enum flow_column_id)i) != (w->order[row] == (enum flow_column_id)i);
		take_columns(w, shown);
		return;
	}
	int *value = &ui->settings->choice[row];
	*value = choice_value((enum choice_id)row, *value + 1, &scratch) != NULL ? *value + 1 : 0;
	w->changed[row] = true;
	buf_free(&scratch);
	ui_apply_settings(ui);
}

static void move_column(struct settings_view *w, bool down)
{
	size_t row = w->view.list.cursor, to = down ? row + 1 : row - 1;
	bool shown[COLUMN_COUNT];

	if (!w->of_columns || to >= COLUMN_COUNT)
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
	struct settings_view *w = (struct settings_view *)v;

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
	struct settings_view *w = (struct settings_view *)v;

	(void)x;
	if (y < w->rows.y || y >= w->rows.y + w->rows.h)
		return false;
	size_t row = v->list.top + (size_t)(y - w->rows.y);
	bool again = row == v->list.cursor;
	list_go(&v->list, row);
	return again && row < v->list.count;
}

static void keep(struct settings_view *w)
{
	struct ui *ui = w->view.ui;
	struct config_line lines[CHOICE_COUNT + 1];
	struct buf values[CHOICE_COUNT + 1] = { 0 }, name = { 0 }, error = { 0 };
	size_t n = 0;

	for (unsigned i = 0; i < CHOICE_COUNT; i++)
		if (w->changed[i]) {
			settings_add_choice(ui->settings, (enum choice_id)i, &values[n]);
			lines[n].name = choice_row((enum choice_id)i)->name;
			lines[n].value = buf_text(&values[n]);
			n++;
		}
	if (w->columns_changed) {
		settings_add_columns(ui->settings, &values[n]);
		lines[n] = (struct config_line){ "columns", buf_text(&values[n]) };
		n++;
	}
	if (n > 0 && !config_name(&name))
		buf_puts(&error, "neither XDG_CONFIG_HOME nor HOME is set");
	if (n > 0 && error.len == 0)
		config_write(buf_text(&name), lines, n, &error);
	if (n > 0)
		ui_message(ui, error.len > 0 ? PAINT_ERROR : PAINT_GOOD, error.len > 0 ? "not kept: %s" : "kept in %s",
		           error.len > 0 ? buf_text(&error) : buf_text(&name));
	for (size_t i = 0; i < n; i++)
		buf_free(&values[i]);
	buf_free(&name);
	buf_free(&error);
}

static void close_settings(struct view *v)
{
	keep((struct settings_view *)v);
	free(v);
}

static const struct view_ops settings_ops = {
	.name = "Settings", .scope = SCOPE_SETTINGS, .draw = draw, .action = action, .click = click, .close = close_settings,
};
static const struct view_ops columns_ops = {
	.name = "Columns", .scope = SCOPE_SETTINGS, .draw = draw, .action = action, .click = click, .close = close_settings,
};

static struct view *open_view(struct ui *ui, bool of_columns)
{
	struct settings_view *w = calloc(1, sizeof *w);
	size_t n = 0;

	if (w == NULL)
		return NULL;
	w->view = (struct view){ .ops = of_columns ? &columns_ops : &settings_ops, .ui = ui };
	w->view.list.count = of_columns ? COLUMN_COUNT : CHOICE_COUNT; /* keys may come before the first frame */
	w->of_columns = of_columns;
	for (; n < ui->settings->column_count; n++)
		w->order[n] = ui->settings->columns[n];
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (!is_shown(ui->settings, (enum flow_column_id)i))
			w->order[n++] = (enum flow_column_id)i;
	return &w->view;
}

struct view *settings_open(struct ui *ui)
{
	return open_view(ui, false);
}

struct view *columns_open(struct ui *ui)
{
	return open_view(ui, true);
}
