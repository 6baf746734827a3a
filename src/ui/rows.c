/* SPDX-License-Identifier: GPL-3.0-or-later
 * rows: drawing and clicking lists of lines. */
#include "ui/rows.h"

enum { MARKER = 2 };

void rows_draw(struct view *v, struct area a, size_t count, row_draw *draw)
{
	list_place(&v->list, count, a.h);
	for (int i = 0; i < a.h && v->list.top + (size_t)i < count; i++) {
		size_t index = v->list.top + (size_t)i;
		if (index == v->list.cursor)
			draw_string(&v->ui->screen, a.y + i, a.x, 1, PAINT_MARKER, ">");
		draw(v, index, a.y + i, a);
	}
}

struct area rows_draw_headed(struct view *v, struct area a, const char *heading, size_t count, row_draw *draw)
{
	struct area rows = { a.y + 1, a.x, a.h - 1, a.w };

	draw_string(&v->ui->screen, a.y, a.x + MARKER, a.w - MARKER, PAINT_HEADER, heading);
	rows_draw(v, rows, count, draw);
	return rows;
}

bool rows_click(struct list *l, struct area a, int y)
{
	if (y < a.y || y >= a.y + a.h)
		return false;
	size_t row = l->top + (size_t)(y - a.y);
	bool again = row == l->cursor && row < l->count;
	list_go(l, row);
	return again;
}
