/* SPDX-License-Identifier: GPL-3.0-or-later
 * plot: one direction of a flow's time-sequence graph as cells: dots of braille, and letters over them. */
#ifndef TCPWHY_LADDER_PLOT_H
#define TCPWHY_LADDER_PLOT_H

#include "ladder/timeseq.h"

#define PLOT_LEGEND "S F X: SYN FIN RST  R: again  Z: window 0"

struct plot {
	int w, h;                 /* cells */
	int64_t from, to;         /* time at its left and right end, ns since 1970 */
	uint64_t least, most;     /* numbers at its bottom and at its top */
	uint8_t *dots;            /* a byte a cell, row by row from the top: the low byte of a braille character */
	char *letters;            /* likewise; 0 = none */
};

/* What `side` sent and what the other end acknowledged of it, in w by h cells (none when one is below 1). False: out of memory. The caller
 * frees *out in any case. */
bool plot_build(const struct timeseq *t, enum side side, int64_t from, int64_t to, int w, int h, struct plot *out);
void plot_free(struct plot *p);

/* What stands in a cell, NUL-terminated: a letter, dots in braille (utf8) or "*", or a space. */
void plot_cell(const struct plot *p, size_t cell, bool utf8, char text[4]);

#endif
