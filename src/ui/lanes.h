/* SPDX-License-Identifier: GPL-3.0-or-later
 * lanes: the picture in a ladder's row: lifelines, and the arrow between them. */
#ifndef TCPWHY_UI_LANES_H
#define TCPWHY_UI_LANES_H

#include "ladder/lifelines.h"
#include "ui/draw.h"

/* Columns of a row: time, lifelines, what is said of the segment (info_w 0: no room for it). */
struct lanes {
	int time_x, time_w, info_x, info_w;
	int x[LIFELINES_MOST];
	unsigned count;
};

/* Lays out a row of area a, whose time takes time_w columns, with so many lifelines. */
struct lanes lanes_lay_out(struct area a, int time_w, unsigned lifelines);

/* Draws the names above the lifelines; the lifelines alone; an arrow with its label, from lifeline to lifeline. */
void lanes_draw_header(const struct screen *s, const struct lanes *c, const struct lifelines *l, int y);
void lanes_draw_lifelines(const struct screen *s, const struct lanes *c, int y);
/* Time that passes: lifelines, and its length (ns) where it is not to scale. */
void lanes_draw_gap(const struct screen *s, const struct lanes *c, int64_t broken, int y);
void lanes_draw_arrow(const struct screen *s, const struct lanes *c, const struct ladder_row *row, int y);

/* "SYN ACK", "PSH ACK", "no flags". Appends. */
void lanes_add_flags(struct buf *out, uint16_t flags);

#endif
