/* SPDX-License-Identifier: GPL-3.0-or-later
 * timeseq: a flow as points of time and sequence number, for a time-sequence graph. */
#ifndef TCPWHY_LADDER_TIMESEQ_H
#define TCPWHY_LADDER_TIMESEQ_H

#include "session/session.h"

enum { TIMESEQ_POINTS = 400000 };

/* One segment. Sequence numbers count payload bytes of the direction from 0 and do not wrap. */
struct timeseq_point {
	int64_t time;
	uint64_t seq, end;       /* what it carries: [seq, end) of its sender's numbers */
	uint64_t ack;            /* of the other end's numbers; valid when acks */
	uint32_t marks;          /* MARK_ bits */
	uint16_t flags;
	uint8_t from;            /* enum side */
	bool acks;
};

struct timeseq {
	struct timeseq_point *points; /* in capture order */
	size_t count;
	uint32_t step;           /* 1: all segments; n: of the ordinary ones every n-th, the flow being very long */
};

/* False: out of memory, or a packet could not be read again; what could be is in *out, which the caller frees in any case. */
bool timeseq_build(struct session *s, uint32_t flow, struct timeseq *out);
void timeseq_free(struct timeseq *t);

/* From the first segment's time to the latest, ns. t has at least one point. */
int64_t timeseq_duration(const struct timeseq *t);

#endif
