/* SPDX-License-Identifier: GPL-3.0-or-later
 * list: the engine of everything that scrolls: cursor, page, sideways offset. It knows no screen; rows are drawn by who owns the list. */
#ifndef TCPWHY_UI_LIST_H
#define TCPWHY_UI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/keys.h"

struct list {
	size_t count;
	size_t cursor;
	size_t top;       /* first row on the screen */
	size_t height;    /* rows on the screen at the last list_place() */
	int offset;       /* columns, or steps, scrolled to the right */
	bool pager;       /* no cursor of its own: Up and Down scroll */
};

/* Takes a moving action. False when the action is not one. */
bool list_action(struct list *l, enum action action);

/* Sets how many rows there are and how many fit, and keeps the cursor on the screen. Call before drawing. */
void list_place(struct list *l, size_t count, int height);

/* Puts the cursor on a row (clamped). */
void list_go(struct list *l, size_t index);

#endif
