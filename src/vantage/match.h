/* SPDX-License-Identifier: GPL-3.0-or-later
 * match: which flows of several captures are one connection. By addresses, ports and initial sequence numbers; behind a NAT by the initial
 * sequence numbers alone; of flows without a captured beginning by their numbers, or by what their packets carry. Internal to vantage/. */
#ifndef TCPWHY_VANTAGE_MATCH_H
#define TCPWHY_VANTAGE_MATCH_H

#include "session/session.h"

enum { VANTAGE_MOST = 8 }; /* points */

/* One connection: its flow at each point, FLOW_NONE where it was not found. */
struct group {
	uint32_t flow[VANTAGE_MOST];
};

struct groups {
	struct group *of;
	size_t count, room;
	uint32_t *index[VANTAGE_MOST]; /* by point and flow: group + 1, 0 = not found elsewhere */
	size_t points;
};

/* sessions: read to their end; n of them, at most VANTAGE_MOST. False: out of memory; free in any case. */
bool match_flows(struct session *const *sessions, size_t n, struct groups *out);
void groups_free(struct groups *g);

/* NULL: the flow was found at no other point. */
const struct group *groups_find(const struct groups *g, size_t point, uint32_t flow);

/* match_print.c: those of flows still alone whose packets carry the same. */
bool match_prints(struct session *const *sessions, struct groups *g);

/* Makes two flows of different points one connection; false, and nothing done, when out of memory. Of two flows at one point (both sides of
 * a NAT in one capture) the first stays the connection's there. */
bool groups_join(struct groups *g, size_t point, uint32_t flow, size_t other, uint32_t flow_there);

#endif
