/* SPDX-License-Identifier: GPL-3.0-or-later
 * lineedit: one line of text being typed. */
#include "ui/lineedit.h"

#include <string.h>

#include "util/text.h"

enum { LINE_MOST = 2000 };

void lineedit_set(struct lineedit *l, const char *text)
{
	buf_clear(&l->text);
	buf_puts(&l->text, text);
	l->cursor = l->text.len;
}

void lineedit_free(struct lineedit *l)
{
	buf_free(&l->text);
}

static size_t before(const struct lineedit *l, size_t at)
{
	const char *text = buf_text(&l->text);

	while (at > 0 && ((unsigned char)text[--at] & 0xc0) == 0x80)
		continue;
	return at;
}

static size_t after(const struct lineedit *l, size_t at)
{
	const char *text = buf_text(&l->text);

	if (at < l->text.len)
		at++;
	while (at < l->text.len && ((unsigned char)text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t word_before(const struct lineedit *l, size_t at)
{
	const char *text = buf_text(&l->text);

	while (at > 0 && text[at - 1] == ' ')
		at--;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	return at;
}

/* Replaces the bytes from `from` to `to` by text. */
static void splice(struct lineedit *l, size_t from, size_t to, const char *text)
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

static bool edit(struct lineedit *l, const char *key)
{
	size_t at = l->cursor;

	if (strcmp(key, "Backspace") == 0)
		splice(l, before(l, at), at, "");
	else if (strcmp(key, "Delete") == 0 || strcmp(key, "^D") == 0) {
		splice(l, at, after(l, at), "");
		l->cursor = at;
	} else if (strcmp(key, "^U") == 0)
		splice(l, 0, at, "");
	else if (strcmp(key, "^K") == 0)
		splice(l, at, l->text.len, "");
	else if (strcmp(key, "^W") == 0)
		splice(l, word_before(l, at), at, "");
	else if (strcmp(key, "Space") == 0)
		splice(l, at, at, " ");
	else {
		int columns;
		size_t n = strlen(key);
		if (draw_character(key, n, &columns) != n)
			return false; /* a named key, not a character */
		splice(l, at, at, key);
	}
	return true;
}

static bool move_cursor(struct lineedit *l, const char *key)
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

enum lineedit_result lineedit_key(struct lineedit *l, const char *key)
{
	if (move_cursor(l, key))
		return LINEEDIT_MOVED;
	return edit(l, key) ? LINEEDIT_CHANGED : LINEEDIT_OTHER;
}

int lineedit_draw(const struct lineedit *l, const struct screen *s, int y, int x, int w, enum paint paint, int *cursor)
{
	int at = (int)text_width(buf_text(&l->text), l->cursor);
	int skip = at > w - 2 ? at - (w - 2) : 0;

	draw_skipped(s, y, x, w, paint, buf_text(&l->text), l->text.len, skip);
	*cursor = x + at - skip < x + w ? x + at - skip : x + w - 1;
	return skip;
}
