/* SPDX-License-Identifier: GPL-3.0-or-later
 * list: the engine of everything that scrolls. */
#include "ui/list.h"

static size_t clamp(size_t value, size_t most)
{
	return value < most ? value : most;
}

static size_t last_row(const struct list *l)
{
	return l->count > 0 ? l->count - 1 : 0;
}

static size_t last_top(const struct list *l)
{
	return l->count > l->height ? l->count - l->height : 0;
}

void list_go(struct list *l, size_t index)
{
	l->cursor = clamp(index, last_row(l));
	if (l->pager)
		l->top = l->cursor = clamp(index, last_top(l));
}

/* Rows to move by: a page keeps one row of what was seen. */
static size_t distance(const struct list *l, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		return 1;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		return l->height > 3 ? l->height / 2 : 1;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		return l->height > 2 ? l->height - 1 : 1;
	default:
		return 0;
	}
}

/* A page scrolls the view with the cursor, as pagers do, so that the cursor keeps its place on the screen. */
static void move_by(struct list *l, size_t n, bool down, bool page)
{
	if (down) {
		list_go(l, l->cursor + n);
		if (page && !l->pager)
			l->top = clamp(l->top + n, last_top(l));
	} else {
		list_go(l, l->cursor > n ? l->cursor - n : 0);
		if (page && !l->pager)
			l->top = l->top > n ? l->top - n : 0;
	}
}

bool list_action(struct list *l, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_HALF_UP:
	case ACTION_PAGE_UP:
		move_by(l, distance(l, action), false, action != ACTION_UP);
		return true;
	case ACTION_DOWN:
	case ACTION_HALF_DOWN:
	case ACTION_PAGE_DOWN:
		move_by(l, distance(l, action), true, action != ACTION_DOWN);
		return true;
	case ACTION_HOME:
		list_go(l, 0);
		return true;
	case ACTION_END:
		list_go(l, last_row(l));
		return true;
	case ACTION_LEFT:
		l->offset = l->offset > 0 ? l->offset - 1 : 0;
		return true;
	case ACTION_RIGHT:
		l->offset++;
		return true;
	default:
		return false;
	}
}

void list_place(struct list *l, size_t count, int height)
{
	l->count = count;
	l->height = height > 0 ? (size_t)height : 1;
	l->cursor = clamp(l->cursor, last_row(l));
	l->top = clamp(l->top, last_top(l));
	if (l->pager) {
		l->cursor = l->top;
		return;
	}
	if (l->cursor < l->top)
		l->top = l->cursor;
	if (l->cursor >= l->top + l->height)
		l->top = l->cursor - l->height + 1;
}
