/* SPDX-License-Identifier: GPL-3.0-or-later
 * rows: a flow's rows kept, where several flows make one picture. Internal to ladder/. */
#ifndef TCPWHY_LADDER_ROWS_H
#define TCPWHY_LADDER_ROWS_H

#include "ladder/lifelines.h"

/* Zero-initialised is empty; free items. */
struct rows {
	struct ladder_row *items;
	size_t count, room;
	bool too_many, failed;         /* more than LADDER_ROWS; out of memory */
};

/* False: out of memory. */
bool rows_append(struct rows *r, const struct ladder_row *row);

/* A ladder_take: context is a struct rows. */
bool rows_collect(void *context, const struct ladder_row *row);

#endif
