/* SPDX-License-Identifier: GPL-3.0-or-later
 * lineedit: one line of text being typed: cursor, words, characters of several bytes. It knows keys by name and draws itself. */
#ifndef TCPWHY_UI_LINEEDIT_H
#define TCPWHY_UI_LINEEDIT_H

#include "ui/draw.h"
#include "util/buf.h"

struct lineedit {
	struct buf text;
	size_t cursor;   /* byte */
};

enum lineedit_result { LINEEDIT_OTHER /* not one of its keys */, LINEEDIT_MOVED, LINEEDIT_CHANGED };

void lineedit_set(struct lineedit *l, const char *text); /* cursor at its end */
enum lineedit_result lineedit_key(struct lineedit *l, const char *key);

/* Draws the line into w columns, scrolled so that the cursor is there; *cursor is its column. Returns the columns scrolled off. */
int lineedit_draw(const struct lineedit *l, const struct screen *s, int y, int x, int w, enum paint paint, int *cursor);
void lineedit_free(struct lineedit *l);

#endif
