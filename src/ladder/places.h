/* SPDX-License-Identifier: GPL-3.0-or-later
 * places: the lifelines and rows of a connection that was captured at several places (vantage/). */
#ifndef TCPWHY_LADDER_PLACES_H
#define TCPWHY_LADDER_PLACES_H

#include "ladder/lifelines.h"

/* A lifeline for each place; a segment that several have is one row, and what only others have is a row with frame 0. Times are by the
 * clock of s. False, and nothing done: no other place has the flow, or it is too long, which *lines then says. *whole as hops_stream()
 * returns it. */
bool places_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context, bool *whole);

/* Appends. */
void places_explain(const struct lifelines *lines, const struct ladder_row *row, struct buf *out);

#endif
