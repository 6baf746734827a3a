/* SPDX-License-Identifier: GPL-3.0-or-later
 * way: the rows of a ladder with all that is known of its connection's way: places of capture where there are several, else a proxy's two
 * connections, else the stretches that one capture shows. */
#ifndef TCPWHY_LADDER_WAY_H
#define TCPWHY_LADDER_WAY_H

#include "ladder/lifelines.h"

/* Fills in *lines, which is zero, and hands the rows on in order of time. False as ladder_stream(), or there is no such flow. */
bool way_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context);

/* Where else a segment was seen, how long it took between, what changed, where it was lost or made. Nothing where there is only one source.
 * Appends. */
void way_explain(const struct lifelines *lines, const struct ladder_row *row, struct buf *out);

#endif
