/* SPDX-License-Identifier: GPL-3.0-or-later
 * groups: which flows of several captures are one connection, once that is known. Internal to vantage/. */
#ifndef TCPWHY_VANTAGE_GROUPS_H
#define TCPWHY_VANTAGE_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

void groups_free(struct groups *g);

/* NULL: the flow was found at no other point. */
const struct group *groups_find(const struct groups *g, size_t point, uint32_t flow);

/* Makes two flows of different points one connection; false, and nothing done, when out of memory. Of two flows at one point (both sides of
 * a NAT in one capture) the first stays the connection's there. */
bool groups_join(struct groups *g, size_t point, uint32_t flow, size_t other, uint32_t flow_there);

#endif
