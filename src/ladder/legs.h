/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs: the lifelines and rows of a connection that ends at a proxy, and of the one that the proxy makes in its stead (vantage/legs.h). */
#ifndef TCPWHY_LADDER_LEGS_H
#define TCPWHY_LADDER_LEGS_H

#include "ladder/lifelines.h"

/* Client, proxy, server: each segment is a row on its own leg, in order of time, by the clock of s. False, and nothing done: the flow has no
 * other leg that could be told, or one is too long. *whole as hops_stream() returns it. */
bool legs_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context, bool *whole);

/* Which segment of the other leg carries what this one brought. Appends. */
void legs_explain(const struct lifelines *lines, const struct ladder_row *row, struct buf *out);

/* "two connections of one proxy (likely)". Appends. */
void legs_name(const struct lifelines *lines, struct buf *out);

/* That, what ties them, and how far the clocks may be apart. Appends. */
void legs_describe(const struct lifelines *lines, struct buf *out);

#endif
