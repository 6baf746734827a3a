/* SPDX-License-Identifier: GPL-3.0-or-later
 * option_points: places in the order of their first file. */
#include "option_points.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "vantage/vantage.h"

/* The place of this name, made when it is the first time. NULL: there are too many, or memory is out, as was told. */
static struct option_point *find(struct option_points *p, const char *name, size_t n, struct buf *error)
{
	for (size_t i = 0; i < p->count; i++)
		if (strlen(p->of[i].name) == n && memcmp(p->of[i].name, name, n) == 0)
			return &p->of[i];
	if (p->count == VANTAGE_MOST) {
		buf_printf(error, "--vantage takes at most %d places of capture.", VANTAGE_MOST);
		return NULL;
	}
	if (p->of == NULL)
		p->of = calloc(VANTAGE_MOST, sizeof *p->of);
	struct option_point *point = p->of != NULL ? &p->of[p->count] : NULL;
	if (point == NULL || (point->name = strndup(name, n)) == NULL) {
		buf_puts(error, "out of memory");
		return NULL;
	}
	p->count++;
	return point;
}

bool option_points_add(struct option_points *p, const char *argument, size_t n, struct buf *error)
{
	struct option_point *point = find(p, argument, n, error);
	if (point == NULL)
		return false;
	const char **files = array_grow(point->files, point->file_count, &point->room, sizeof *files, 4);
	if (files == NULL) {
		buf_puts(error, "out of memory");
		return false;
	}
	point->files = files;
	point->files[point->file_count++] = argument + n + 1;
	return true;
}

void option_points_free(struct option_points *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->of[i].name);
		free(p->of[i].files);
	}
	free(p->of);
}
