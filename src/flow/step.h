/* SPDX-License-Identifier: GPL-3.0-or-later
 * step: one segment on its way through tracker_step(), and the parts that look at it. Internal to src/flow. */
#ifndef TCPWHY_FLOW_STEP_H
#define TCPWHY_FLOW_STEP_H

#include "decode/segment.h"
#include "flow/seq.h"
#include "flow/tcb.h"

/* Two numbers further apart than the largest possible window (RFC 7323 2.3) do not belong to one connection. */
#define SEQ_PLAUSIBLE (1 << 30)

struct step {
	struct tracker *t;
	const struct segment *s;
	struct tracker_end *e;   /* who sent it */
	struct tracker_end *p;   /* who gets it */
	enum side from;
	uint32_t end;            /* sequence number after it */
	uint32_t marks;
	bool over;               /* the connection was over before it */
};

/* duplicate.c: is this a second capture of a packet already stepped? Remembers it if not. */
bool duplicate_check(struct tracker *t, const struct segment *s, enum side from);
/* The same for a packet that is known to be none. */
void duplicate_remember(struct tracker *t, const struct segment *s, enum side from);

/* predict.c: takes the segment over when it is of the plainest kind, which most are. False: nothing was done. */
bool predicted_step(struct tracker *t, const struct segment *s, enum side from, uint32_t *marks);
/* What it asks of both ends, noted after each segment that it did not take: those that it takes change nothing of that. */
void predict_next(struct tracker *t);

/* tracker.c: every other segment, and whatever predict.c takes, to compare. */
void general_step(struct step *x);

/* resets.c: MARK_RST_ bits by the numbers; and what an accepted RST does to both ends. */
uint32_t reset_judge(const struct tracker *t, const struct segment *s, enum side from);
void reset_apply(struct step *x);
void reset_overtaken(struct step *x); /* a segment that the file has behind the RST that followed it */

/* states.c: in the order in which tracker_step() calls them. */
void state_begin(struct step *x);       /* a capture that begins in the middle */
void state_syn(struct step *x);         /* SYN and SYN/ACK */
void state_handshake_ack(struct step *x); /* what completes a handshake */
void state_acked(struct step *x);       /* a FIN acknowledged; a reset that was none */
void state_fin(struct step *x);         /* FIN sent and FIN arrived */

/* marks.c: what the numbers say of the segment, before they are taken over. */
void marks_sequence(struct step *x);
void marks_ack(struct step *x);
void mark_window_full(struct step *x);

/* When it was captured, in microseconds modulo 2^32. */
static inline uint32_t time_us(const struct segment *s)
{
	return (uint32_t)((uint64_t)s->time / 1000u);
}

static inline bool state_synchronized(uint8_t state)
{
	return state >= TCP_ESTABLISHED && state <= TCP_TIME_WAIT;
}

#endif
