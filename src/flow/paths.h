/* SPDX-License-Identifier: GPL-3.0-or-later
 * paths: the two directions of a connection that run over different paths; internal to src/flow. */
#ifndef TCPWHY_FLOW_PATHS_H
#define TCPWHY_FLOW_PATHS_H

#include "flow/pool.h"

/* Lets the endpoints over any path lead to this flow; slots_reserve() was called. */
void path_remember(struct flow_table *t, const struct key *k, uint32_t flow);

/* Whether a segment over a path of its own is the other direction of a flow over another: then that flow, else `found`, which the key
 * itself led to (or FLOW_NONE). */
uint32_t path_join(struct flow_table *t, const struct key *k, uint32_t found, const struct segment *s);

#endif
