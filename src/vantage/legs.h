/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs: the two connections of a proxy: the client's, which ends at it, and the one that it makes to the server. Their numbers have nothing
 * to do with each other; what ties them is payload that goes on unchanged, or time, where no other fits. */
#ifndef TCPWHY_VANTAGE_LEGS_H
#define TCPWHY_VANTAGE_LEGS_H

#include "explain/verdict.h"
#include "vantage/clocks.h"
#include "vantage/groups.h"
#include "session/session.h"

/* The captures that may have the other leg. */
struct legs_scope {
	struct session *const *sessions;
	size_t count;
	const struct clock_fit *clocks;  /* of each by that of the first; NULL: there is but one capture */
	const struct groups *groups;     /* likewise; flows of one group are one connection, not two */
};

enum { LEGS_PASSED = 64 };

/* A payload that went on: the ordinals of its segments, in the client's leg and the server's. */
struct leg_pass {
	uint32_t ordinal[2];
	uint64_t frame[2];
};

struct legs {
	size_t point[2];                 /* index in sessions: of the client's leg, of the server's */
	uint32_t flow[2];
	unsigned own;                    /* which of the two was asked for */
	enum confidence sure;            /* certain: payload both ways, through one address. likely: payload. possible: time alone */
	struct leg_pass passed[LEGS_PASSED];
	size_t passed_count;
	struct clock_fit clock;          /* of the other leg's capture, by the own one's */
};

/* False: none was found, several could be it, or memory is out. Looks at a bounded number of flows around. */
bool legs_find(const struct legs_scope *scope, size_t point, uint32_t flow, struct legs *out);

#endif
