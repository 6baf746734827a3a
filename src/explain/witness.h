/* SPDX-License-Identifier: GPL-3.0-or-later
 * witness: what captures taken at other places tell of a flow's segments, as far as a verdict asks. Filled by vantage/. */
#ifndef TCPWHY_EXPLAIN_WITNESS_H
#define TCPWHY_EXPLAIN_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SEEN: it passed there. ABSENT: it did not, that capture being taken at the time. SILENT: it is not in that capture, which may have ended
 * or lost it. COPIED: it passed there fewer times than here. */
enum testimony { TESTIMONY_NONE, TESTIMONY_SEEN, TESTIMONY_ABSENT, TESTIMONY_SILENT, TESTIMONY_COPIED };

/* One direction of one segment's way, seen from here. */
struct testimony_side {
	uint8_t says;            /* enum testimony: of the nearest point that lacks it, else of the furthest that has it */
	uint8_t point;           /* that point, index in names */
	bool own;                /* it is the end's own machine, or on its link */
	uint64_t frame;          /* there; 0 = none */
};

/* Ordered by frame. */
struct witness_segment {
	uint64_t frame;          /* here */
	struct testimony_side back, ahead; /* towards its sender, towards its receiver */
};

/* A reset, or a segment that takes sequence numbers, that another point has and this one has not. */
struct witness_event {
	uint8_t from;            /* enum side: whose address it bears */
	uint8_t point;
	bool ahead;              /* the point is nearer to its receiver: it was made between here and there; else it was lost on its way here */
	bool reset;
	uint64_t frame;          /* there */
	int64_t time;            /* by the clock here, ns since 1970 */
};

/* The other connection of a proxy that is an end of this one: payload went on from one to the other. */
struct witness_leg {
	bool known;
	uint8_t proxy;           /* enum side here */
	uint8_t point;           /* that has it */
	bool reset;              /* its far end reset it first */
	int64_t first_rst;       /* then, by the clock here, ns since 1970 */
};

/* Of events the latest so many are kept. */
enum { WITNESS_EVENTS = 4096 };

struct witness {
	const char *const *names; /* of the points, printable */
	const struct witness_segment *segments;
	size_t segment_count;
	const struct witness_event *events; /* of each point in order of time */
	size_t event_count;
	bool translated;         /* the connection bears other addresses or ports at another point: a NAT is between */
	uint8_t translated_point;
	uint32_t translated_flow;
	struct witness_leg leg;
};

/* NULL: nothing is told of it. */
const struct witness_segment *witness_find(const struct witness *w, uint64_t frame);

#endif
