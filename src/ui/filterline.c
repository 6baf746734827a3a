/* SPDX-License-Identifier: GPL-3.0-or-later
 * filterline: typing a filter. */
#include "ui/filterline.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { HISTORY_MOST = 100 };

void filterline_open(struct ui *ui)
{
	struct filterline *l = &ui->line;

	l->active = true;
	lineedit_set(&l->edit, buf_text(&ui->filter));
	buf_clear(&l->before);
	buf_puts(&l->before, buf_text(&ui->filter));
	buf_clear(&l->error);
	l->history_at = l->history_count;
}

static void apply(struct ui *ui)
{
	struct filterline *l = &ui->line;

	buf_clear(&l->error);
	ui_set_filter(ui, buf_text(&l->edit.text), &l->error, &l->error_at);
}

static void remember(struct filterline *l)
{
	const char *text = buf_text(&l->edit.text);

	if (*text == '\0' || (l->history_count > 0 && strcmp(l->history[l->history_count - 1], text) == 0))
		return;
	if (l->history == NULL)
		l->history = calloc(HISTORY_MOST, sizeof *l->history);
	if (l->history == NULL)
		return;
	if (l->history_count == HISTORY_MOST) {
		free(l->history[0]);
		memmove(l->history, l->history + 1, (HISTORY_MOST - 1) * sizeof *l->history);
		l->history_count--;
	}
	l->history[l->history_count] = strdup(text);
	if (l->history[l->history_count] != NULL)
		l->history_count++;
}

static void move_history(struct filterline *l, bool up)
{
	if (up && l->history_at > 0)
		l->history_at--;
	else if (!up && l->history_at < l->history_count)
		l->history_at++;
	else
		return;
	lineedit_set(&l->edit, l->history_at < l->history_count ? l->history[l->history_at] : buf_text(&l->before));
}

void filterline_key(struct ui *ui, const char *key)
{
	struct filterline *l = &ui->line;

	if (strcmp(key, "Enter") == 0) {
		/* A filter in error is not kept: the line stays until it is mended or left. */
		if (l->error.len == 0) {
			remember(l);
			l->active = false;
		}
	} else if (strcmp(key, "Esc") == 0) {
		lineedit_set(&l->edit, buf_text(&l->before));
		apply(ui);
		l->active = false;
	} else if (strcmp(key, "Up") == 0 || strcmp(key, "Down") == 0) {
		move_history(l, key[0] == 'U');
		apply(ui);
	} else if (lineedit_key(&l->edit, key) == LINEEDIT_CHANGED)
		apply(ui);
}

static void draw_hint(const struct ui *ui, int y)
{
	static const char hint[] = "Enter keep  Esc undo  Up history   word  field:word  bytes>1M";
	const struct capture *c = &ui->captures[ui->capture];
	struct buf count = { 0 };

	cell_number(&count, flowset_count(c->set));
	buf_puts(&count, " of ");
	cell_number(&count, flow_table_seen(session_flows(c->session)));
	draw_text(&ui->screen, y, 0, COLS, PAINT_STRONG, buf_text(&count), count.len);
	draw_string(&ui->screen, y, (int)count.len + 2, COLS - (int)count.len - 2, PAINT_DIM, hint);
	buf_free(&count);
}

void filterline_draw(struct ui *ui, int y)
{
	const struct filterline *l = &ui->line;
	int cursor;

	draw_rule(&ui->screen, y, 0, COLS, PAINT_NORMAL, " ");
	draw_string(&ui->screen, y, 0, 1, PAINT_KEY, "/");
	int skip = lineedit_draw(&l->edit, &ui->screen, y, 1, COLS - 1, l->error.len > 0 ? PAINT_ERROR : PAINT_NORMAL, &cursor);
	draw_rule(&ui->screen, y + 1, 0, COLS, PAINT_NORMAL, " ");
	if (l->error.len == 0)
		draw_hint(ui, y + 1);
	else {
		size_t at = l->error_at < l->edit.text.len ? l->error_at : l->edit.text.len;
		int caret = 1 + (int)text_width(buf_text(&l->edit.text), at) - skip;
		int width = (int)text_width(buf_text(&l->error), l->error.len);
		caret = caret < 0 ? 0 : caret >= COLS ? COLS - 1 : caret;
		draw_string(&ui->screen, y + 1, caret, 1, PAINT_ERROR, "^");
		/* The message stands after the caret where there is room, else before it, else it may hide it. */
		int x = caret + 2 + width <= COLS ? caret + 2 : caret > width ? caret - 1 - width : 0;
		if (x == 0)
			draw_rule(&ui->screen, y + 1, 0, COLS, PAINT_ERROR, " ");
		draw_string(&ui->screen, y + 1, x, COLS - x, PAINT_ERROR, buf_text(&l->error));
	}
	move(y, cursor);
}

void filterline_free(struct filterline *l)
{
	for (size_t i = 0; i < l->history_count; i++)
		free(l->history[i]);
	free(l->history);
	lineedit_free(&l->edit);
	buf_free(&l->before);
	buf_free(&l->error);
}
