/* SPDX-License-Identifier: GPL-3.0-or-later
 * hops: the lifelines and the rows of all flows that are one connection seen on several stretches of its way. */
#ifndef TCPWHY_LADDER_HOPS_H
#define TCPWHY_LADDER_HOPS_H

#include "ladder/lifelines.h"

/* Fills in *lines, and hands the rows on in the order of capture: a segment that was seen on several stretches is one row. A flow of more
 * than LADDER_ROWS segments stands alone. False as ladder_stream(), or there is no such flow. */
bool hops_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context);

/* On which stretches a segment was seen, and how long it took between them. Nothing where there is only one. Appends. */
void hops_explain(const struct lifelines *lines, const struct ladder_row *row, struct buf *out);

#endif
