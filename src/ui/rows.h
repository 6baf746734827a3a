/* SPDX-License-Identifier: GPL-3.0-or-later
 * rows: drawing and clicking a view's list where a row is a line with a marker in front of it. */
#ifndef TCPWHY_UI_ROWS_H
#define TCPWHY_UI_ROWS_H

#include "ui/view.h"

/* Draws what stands in a row, at y, in the columns of a; the first two are the marker's. */
typedef void row_draw(const struct view *v, size_t index, int y, struct area a);

/* Draws the rows of v->list (count of them) that fit into a, and marks the one under the cursor. */
void rows_draw(struct view *v, struct area a, size_t count, row_draw *draw);

/* The same below a line that says what the list is. Returns where the rows are. */
struct area rows_draw_headed(struct view *v, struct area a, const char *heading, size_t count, row_draw *draw);

/* A click at y: puts the cursor on the row there. True: it stood there already, so that row is opened. */
bool rows_click(struct list *l, struct area a, int y);

#endif
