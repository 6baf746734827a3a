/* SPDX-License-Identifier: GPL-3.0-or-later
 * filterline: typing a filter. */
#include "ui/filterline.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { HISTORY_MOST = 100, LINE_MOST = 2000 };

static void set_text(struct filterline *l, const char *text)
{
	buf_clear(&l->text);
	buf_puts(&l->text, text);
	l->cursor = l->text.len;
}

void filterline_open(struct ui *ui)
{
	struct filterline *l = &ui->line;

	l->active = true;
	set_text(l, buf_text(&ui->filter));
	buf_clear(&l->before);
	buf_puts(&l->before, buf_text(&ui->filter));
	buf_clear(&l->error);
	l->history_at = l->history_count;
}

static void apply(struct ui *ui)
{
	struct filterline *l = &ui->line;

	buf_clear(&l->error);
	ui_set_filter(ui, buf_text(&l->text), &l->error, &l->error_at);
}

static void remember(struct filterline *l)
{
	const char *text = buf_text(&l->text);

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

static size_t before(const struct filterline *l, size_t at)
{
	const char *text = buf_text(&l->text);

	while (at > 0 && ((unsigned char)text[--at] & 0xc0) == 0x80)
		continue;
	return at;
}

static size_t after(const struct filterline *l, size_t at)
{
	const char *text = buf_text(&l->text);

	if (at < l->text.len)
		at++;
	while (at < l->text.len && ((unsigned char)text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t word_before(const struct filterline *l, size_t at)
{
	const char *text = buf_text(&l->text);

	while (at > 0 && text[at - 1] == ' ')
		at--;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	return at;
}

/* Replaces the bytes from `from` to `to` by text. */
static void splice(struct filterline *l, size_t from, size_t to, const char *text)
{
	struct buf tail = { 0 };

	if (l->text.len - (to - from) + strlen(text) > LINE_MOST)
		return;
	buf_puts(&tail, buf_text(&l->text) + to);
	if (l->text.data != NULL) {
		l->text.len = from;
		l->text.data[from] = '\0';
	}
	buf_puts(&l->text, text);
	l->cursor = l->text.len;
	buf_puts(&l->text, buf_text(&tail));
	buf_free(&tail);
}

static void move_history(struct filterline *l, bool up)
{
	if (up && l->history_at > 0)
		l->history_at--;
	else if (!up && l->history_at < l->history_count)
		l->history_at++;
	else
		return;
	set_text(l, l->history_at < l->history_count ? l->history[l->history_at] : buf_text(&l->before));
}

/* Keys that change the text; false when the key is not one of them. */
static bool edit(struct filterline *l, const char *key)
{
	if (strcmp(key, "Backspace") == 0)
		splice(l, before(l, l->cursor), l->cursor, "");
	else if (strcmp(key, "Delete") == 0 || strcmp(key, "^D") == 0) {
		size_t at = l->cursor;
		splice(l, at, after(l, at), "");
		l->cursor = at;
	} else if (strcmp(key, "^U") == 0)
		splice(l, 0, l->cursor, "");
	else if (strcmp(key, "^K") == 0)
		splice(l, l->cursor, l->text.len, "");
	else if (strcmp(key, "^W") == 0)
		splice(l, word_before(l, l->cursor), l->cursor, "");
	else if (strcmp(key, "Up") == 0 || strcmp(key, "Down") == 0)
		move_history(l, key[0] == 'U');
	else if (strcmp(key, "Space") == 0)
		splice(l, l->cursor, l->cursor, " ");
	else {
		int columns;
		size_t n = strlen(key);
		if (draw_character(key, n, &columns) != n)
			return false; /* a named key, not a character */
		splice(l, l->cursor, l->cursor, key);
	}
	return true;
}

static bool move_cursor(struct filterline *l, const char *key)
{
	if (strcmp(key, "Left") == 0 || strcmp(key, "^B") == 0)
		l->cursor = before(l, l->cursor);
	else if (strcmp(key, "Right") == 0 || strcmp(key, "^F") == 0)
		l->cursor = after(l, l->cursor);
	else if (strcmp(key, "Home") == 0 || strcmp(key, "^A") == 0)
		l->cursor = 0;
	else if (strcmp(key, "End") == 0 || strcmp(key, "^E") == 0)
		l->cursor = l->text.len;
	else
		return false;
	return true;
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
		set_text(l, buf_text(&l->before));
		apply(ui);
		l->active = false;
	} else if (!move_cursor(l, key) && edit(l, key))
		apply(ui);
}

static void draw_hint(const struct ui *ui, int y)
{
	static const char hint[] = "Enter keep  Esc as before  Up history   word  field:word  bytes>1M  !term";
	const struct capture *c = &ui->captures[ui->capture];
	struct buf count = { 0 };

	cell_number(&count, flowset_count(c->set));
	buf_puts(&count, " of ");
	cell_number(&count, flow_table_count(session_flows(c->session)));
	draw_text(&ui->screen, y, 0, COLS, PAINT_STRONG, buf_text(&count), count.len);
	draw_string(&ui->screen, y, (int)count.len + 2, COLS - (int)count.len - 2, PAINT_DIM, hint);
	buf_free(&count);
}

void filterline_draw(struct ui *ui, int y)
{
	const struct filterline *l = &ui->line;
	const char *text = buf_text(&l->text);
	int cursor = (int)text_width(text, l->cursor);
	int skip = cursor > COLS - 3 ? cursor - (COLS - 3) : 0;

	draw_rule(&ui->screen, y, 0, COLS, PAINT_NORMAL, " ");
	draw_string(&ui->screen, y, 0, 1, PAINT_KEY, "/");
	draw_skipped(&ui->screen, y, 1, COLS - 1, l->error.len > 0 ? PAINT_ERROR : PAINT_NORMAL, text, l->text.len, skip);
	draw_rule(&ui->screen, y + 1, 0, COLS, PAINT_NORMAL, " ");
	if (l->error.len == 0)
		draw_hint(ui, y + 1);
	else {
		size_t at = l->error_at < l->text.len ? l->error_at : l->text.len;
		int caret = 1 + (int)text_width(text, at) - skip;
		int width = (int)text_width(buf_text(&l->error), l->error.len);
		caret = caret < 0 ? 0 : caret >= COLS ? COLS - 1 : caret;
		draw_string(&ui->screen, y + 1, caret, 1, PAINT_ERROR, "^");
		/* The message stands after the caret where there is room, else before it, else it may hide it. */
		int x = caret + 2 + width <= COLS ? caret + 2 : caret > width ? caret - 1 - width : 0;
		if (x == 0)
			draw_rule(&ui->screen, y + 1, 0, COLS, PAINT_ERROR, " ");
		draw_string(&ui->screen, y + 1, x, COLS - x, PAINT_ERROR, buf_text(&l->error));
	}
	move(y, 1 + cursor - skip < COLS ? 1 + cursor - skip : COLS - 1);
}

void filterline_free(struct filterline *l)
{
	for (size_t i = 0; i < l->history_count; i++)
		free(l->history[i]);
	free(l->history);
	buf_free(&l->text);
	buf_free(&l->before);
	buf_free(&l->error);
}
