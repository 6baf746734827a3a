/* SPDX-License-Identifier: GPL-3.0-or-later
 * predict: header prediction (V. Jacobson; RFC 1323 appendix; 4.4BSD tcp_input()): on a connection where nothing is out of the ordinary the
 * next segment is new data in order or acknowledges new data, and moves four numbers. Three of four segments of common captures are so;
 * each saves some 200 of the 400 instructions that general_step() takes. Whatever is taken here leaves the tracker as general_step() would
 * (tests/unit/test_predict.c runs both). */
#include "flow/step.h"

/* Is nothing under way at this end that another segment could settle? */
static bool at_rest(const struct tracker_end *e)
{
	return e->spoke && e->state == TCP_ESTABLISHED && e->have_seq && e->have_ack && e->have_acked && e->have_contiguous && !e->have_fin &&
	       !e->hole && !e->keepalive_pending && !e->probe_pending && !e->challenge_due && !e->zero_window && e->contiguous == e->snd_nxt;
}

void predict_next(struct tracker *t)
{
	t->end[0].at_rest = at_rest(&t->end[0]);
	t->end[1].at_rest = at_rest(&t->end[1]);
}

/* In order, and it acknowledges what was captured; what brings nothing new may be a copy, a probe or tell of loss. */
static inline bool expected(const struct segment *s, const struct tracker_end *e, const struct tracker_end *p)
{
	if ((s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_ACK || s->window == 0 || (s->options.present & OPT_SACK) != 0)
		return false;
	if (s->seq != e->snd_nxt || seq_gt(s->ack, p->snd_nxt) || seq_lt(s->ack, e->rcv_nxt))
		return false;
	return s->len > 1 ? s->len < SEQ_PLAUSIBLE : s->len == 0 && s->ack != e->rcv_nxt;
}

/* Does the segment end where the window of its receiver does, scaled or not? What mark_window_full() marks does. */
static inline bool window_may_be_full(const struct tracker_end *p, uint32_t end)
{
	uint32_t ahead = end - p->rcv_nxt, window = p->window;
	return ahead == window || ahead == window << (p->wscale > 14 ? 14 : p->wscale);
}

bool predicted_step(struct tracker *t, const struct segment *s, enum side from, uint32_t *marks)
{
	struct tracker_end *e = &t->end[from], *p = &t->end[side_other(from)];
	if (!e->at_rest || !p->at_rest || t->reset || e->rcv_nxt != p->snd_una || !expected(s, e, p))
		return false;
	duplicate_remember(t, s, from);
	*marks = 0;
	if (s->len > 0) {
		uint32_t end = s->seq + s->len;
		if (window_may_be_full(p, end)) {
			struct step x = { .t = t, .s = s, .e = e, .p = p, .from = from, .end = end };
			mark_window_full(&x);
			*marks = x.marks;
		}
		e->snd_nxt = e->contiguous = end;
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
