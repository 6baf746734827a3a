/* SPDX-License-Identifier: GPL-3.0-or-later
 * axis: rows as far apart as their times. */
#ifndef TCPWHY_LADDER_AXIS_H
#define TCPWHY_LADDER_AXIS_H

#include "ladder/row.h"

/* Puts empty rows (LADDER_GAP) between *rows, *count of them, as many as the time between them takes at *unit ns a line. *unit: chosen so
 * that three quarters of the gaps are to scale; zoom: so many steps of 1, 2, 5, 10 closer than that, or farther when negative. What would be
 * longer than a few lines is broken, and says how long it is. False: out of memory, and all is as it was. */
bool axis_space_out(struct ladder_row **rows, size_t *count, int zoom, int64_t *unit);

#endif
