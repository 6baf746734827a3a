/* SPDX-License-Identifier: GPL-3.0-or-later
 * account: what a flow counts of its segments; internal to src/flow. */
#ifndef TCPWHY_FLOW_ACCOUNT_H
#define TCPWHY_FLOW_ACCOUNT_H

#include "flow/pool.h"

/* Says by a new flow's first segment which of its endpoints is the client. */
void account_roles(struct flow_table *t, struct flow *f, const struct segment *s);

/* Steps the flow's tracker and keeps its counts and its log. False: out of memory. */
bool account_segment(struct flow_table *t, struct flow *f, const struct segment *s, enum side from);

#endif
