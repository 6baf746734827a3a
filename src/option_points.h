/* SPDX-License-Identifier: GPL-3.0-or-later
 * option_points: --vantage NAME=FILE: places of capture on the command line. */
#ifndef TCPWHY_OPTION_POINTS_H
#define TCPWHY_OPTION_POINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

/* A place of capture and its files. */
struct option_point {
	char *name;             /* owned */
	const char **files;     /* owned; the strings are argv's */
	size_t file_count, room;
};

/* In the order of their first files. Zero-initialised is none. */
struct option_points {
	struct option_point *of;
	size_t count;
};

/* Takes "NAME=FILE", NAME being n bytes long: a file of the place of that name. False: there are too many places, or memory is out, as is
 * told in error. */
bool option_points_add(struct option_points *p, const char *argument, size_t n, struct buf *error);
void option_points_free(struct option_points *p);

#endif
