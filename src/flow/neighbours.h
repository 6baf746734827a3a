/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours: which flows share a host, a service or an initial sequence number with a given one. Built when first asked for and
 * extended as flows come in, so that a capture without resets pays nothing. */
#ifndef TCPWHY_FLOW_NEIGHBOURS_H
#define TCPWHY_FLOW_NEIGHBOURS_H

#include "flow/table.h"

struct neighbours;

struct neighbours *neighbours_new(const struct flow_table *table);
void neighbours_free(struct neighbours *n);

/* Takes in flows that came since the last call. False: out of memory. */
bool neighbours_update(struct neighbours *n);

/* The flow before / after `flow` (in order of first segment) in which the address at `side` of `flow` takes part, on either side;
 * FLOW_NONE at the end. */
uint32_t neighbours_host_before(const struct neighbours *n, uint32_t flow, enum side side);
uint32_t neighbours_host_after(const struct neighbours *n, uint32_t flow, enum side side);

/* The same for flows to the same server address and port. */
uint32_t neighbours_service_before(const struct neighbours *n, uint32_t flow);
uint32_t neighbours_service_after(const struct neighbours *n, uint32_t flow);

/* The same for walks along a host, without a look at the flows on the way: *index is the host's place in flow.addr, of `flow` when called,
 * of the flow returned afterwards. In a flow of a host with itself it is 0. */
uint32_t neighbours_host_next(const struct neighbours *n, uint32_t flow, unsigned *index, bool back);

/* The next flow in a ring of flows with the same client ISN, or FLOW_NONE when it is alone (NAT twins, both sides of a router). */
uint32_t neighbours_same_isn(const struct neighbours *n, uint32_t flow);

#endif
