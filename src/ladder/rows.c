/* SPDX-License-Identifier: GPL-3.0-or-later
 * rows: an array of them. */
#include "ladder/rows.h"

#include "util/array.h"

bool rows_append(struct rows *r, const struct ladder_row *row)
{
	struct ladder_row *items = array_grow(r->items, r->count, &r->room, sizeof *items, 64);

	r->failed = items == NULL;
	if (r->failed)
		return false;
	r->items = items;
	r->items[r->count++] = *row;
	return true;
}

bool rows_collect(void *context, const struct ladder_row *row)
{
	struct rows *r = context;

	r->too_many = r->count == LADDER_ROWS;
	return !r->too_many && rows_append(r, row);
}
