/* SPDX-License-Identifier: GPL-3.0-or-later
 * settingsview: the screen of settings. What is changed holds at once and is kept in the configuration file when the screen is left. */
#include <stdlib.h>

#include "ui/rc.h"
#include "ui/rows.h"
#include "ui/views.h"

enum { VALUE_AT = 16, HELP_AT = 30 };

struct settings_view {
	struct view view;
	bool changed[CHOICE_COUNT];
	struct area rows;
};

static void draw_choice(const struct view *v, size_t index, int y, struct area a)
{
	const struct screen *s = &v->ui->screen;
	enum choice_id id = (enum choice_id)index;
	struct buf value = { 0 };

	settings_add_choice(v->ui->settings, id, &value);
	draw_string(s, y, a.x + 2, VALUE_AT - 3, PAINT_NORMAL, choice_row(id)->name);
	draw_text(s, y, a.x + VALUE_AT, HELP_AT - VALUE_AT - 1, PAINT_STRONG, buf_text(&value), value.len);
	draw_string(s, y, a.x + HELP_AT, a.w - HELP_AT, PAINT_DIM, choice_row(id)->help);
	buf_free(&value);
}

static void draw(struct view *v, struct area a)
{
	((struct settings_view *)v)->rows = rows_draw_headed(v, a, "Settings; keys and colours: tcpwhy --dump-config", CHOICE_COUNT, draw_choice);
}

/* The next value, after the last the first. */
static void change(struct settings_view *w)
{
	struct ui *ui = w->view.ui;
	size_t row = w->view.list.cursor;
	struct buf scratch = { 0 };
	int *value = &ui->settings->choice[row];

	*value = choice_value((enum choice_id)row, *value + 1, &scratch) != NULL ? *value + 1 : 0;
	w->changed[row] = true;
	buf_free(&scratch);
	ui_apply_settings(ui);
}

static bool action(struct view *v, enum action action, const char *key)
{
	(void)key;
	if (action != ACTION_CHANGE && action != ACTION_OPEN /* by the mouse */)
		return false;
	change((struct settings_view *)v);
	return true;
}

static bool click(struct view *v, int y, int x)
{
	(void)x;
	return rows_click(&v->list, ((struct settings_view *)v)->rows, y);
}

static void close_settings(struct view *v)
{
	struct settings_view *w = (struct settings_view *)v;
	struct rc_line lines[CHOICE_COUNT];
	struct buf values[CHOICE_COUNT] = { 0 };
	size_t n = 0;

	for (unsigned i = 0; i < CHOICE_COUNT; i++)
		if (w->changed[i]) {
			settings_add_choice(v->ui->settings, (enum choice_id)i, &values[n]);
			lines[n] = (struct rc_line){ choice_row((enum choice_id)i)->name, buf_text(&values[n]) };
			n++;
		}
	ui_keep(v->ui, lines, n);
	for (size_t i = 0; i < n; i++)
		buf_free(&values[i]);
	free(w);
}

static const struct view_ops ops = {
	.name = "Settings", .scope = SCOPE_SETTINGS, .draw = draw, .action = action, .click = click, .close = close_settings,
};

struct view *settings_open(struct ui *ui)
{
	struct settings_view *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->view = (struct view){ .ops = &ops, .ui = ui, .list.count = CHOICE_COUNT /* keys may come before the first frame */ };
	return &w->view;
}
