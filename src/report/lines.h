/* SPDX-License-Identifier: GPL-3.0-or-later
 * lines: text laid out in lines of a ticket's width. */
#ifndef TCPWHY_REPORT_LINES_H
#define TCPWHY_REPORT_LINES_H

#include "util/buf.h"

enum { LINES_WIDTH = 100 };

/* Appends text in lines of at most LINES_WIDTH columns, broken at spaces: the first line begins with lead, the others are indented as
 * far. A word longer than a line stands alone on one. Text with line ends of its own keeps them. Ends the last line. */
void lines_add(struct buf *out, const char *lead, const char *text);

/* The same of a text that was made; its failure is carried on. */
void lines_join(struct buf *out, const char *lead, const struct buf *text);

#endif
