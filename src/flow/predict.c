/* SPDX-License-Identifier: GPL-3.0-or-later
 * predict: header prediction (V. Jacobson; RFC 1323 appendix; 4.4BSD tcp_input()): on a connection where nothing is out of the ordinary the
 * next segment is new data in order or acknowledges new data, and moves four numbers. Three of four segments of common captures are so;
 * each saves some 200 of the 400 instructions that general_step() takes. Whatever is taken here leaves the tracker as general_step() would
 * (tests/unit/test_predict.c runs both). */
#include "flow/step.h"

/* Nothing is under way at this end that another segment could settle. */
static inline bool at_rest(const struct tracker_end *e)
{
	return e->spoke && e->state == TCP_ESTABLISHED && e->have_seq && e->have_ack && e->have_acked && e->have_contiguous && !e->have_fin && !e->hole &&
	       !e->keepalive_pending && !e->probe_pending && !e->challenge_due && !e->zero_window && e->contiguous == e->snd_nxt;
}

/* In order, and it acknowledges what was captured; what brings nothing new may be a copy, a probe or tell of loss. */
static bool expected(const struct step *x)
{
	const struct segment *s = x->s;
	if ((s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_ACK || s->window == 0 || (s->options.present & OPT_SACK) != 0)
		return false;
	if (s->seq != x->e->snd_nxt || seq_gt(s->ack, x->p->snd_nxt) || seq_lt(s->ack, x->e->rcv_nxt))
		return false;
	return s->len > 1 ? s->len < SEQ_PLAUSIBLE : s->len == 0 && s->ack != x->e->rcv_nxt;
}

bool predicted_step(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	if (x->t->reset || !expected(x) || !at_rest(e) || !at_rest(p) || e->rcv_nxt != p->snd_una)
		return false;
	duplicate_remember(x->t, s, x->from);
	x->end = s->seq + s->len;
	if (s->len > 0) {
		mark_window_full(x);
		e->snd_nxt = e->contiguous = x->end;
		e->advanced_us = time_us(s);
		e->sacked_end = false;
		e->sent_data = true;
	}
	if (s->ack != e->rcv_nxt) {
		e->dup_acks = 0;
		e->rcv_nxt = p->snd_una = s->ack;
	}
	e->window = s->window;
	e->window_of_syn = false;
	return true;
}
