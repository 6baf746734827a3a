/* SPDX-License-Identifier: GPL-3.0-or-later
 * marks: what kind of segment it is, judged by the numbers of both ends before it is taken over. */
#include "flow/step.h"

/* What fills a hole sooner than this after the highest segment was overtaken on the way; later it was lost and sent again. */
#define REORDER_US 3000u
/* So far may the order of a file be off that of its times (several queues, several interfaces). */
#define DISORDER_US 50000u

static bool plain_ack(const struct segment *s)
{
	return s->len == 0 && (s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK;
}

/* Probes of an idle or closed window: they repeat a byte that was acknowledged, or none. True when it was one. */
static bool mark_probe(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	if ((s->flags & (TCP_FIN | TCP_ACK)) != TCP_ACK || s->len > 1 || !e->have_seq || e->have_fin)
		return false;
	bool below = s->seq == e->snd_nxt - 1 || (e->have_acked && s->seq == e->snd_una - 1);
	if (p->zero_window && ((s->len == 0 && below) || (s->len == 1 && (s->seq == e->snd_nxt || below)))) {
		x->marks |= MARK_WINDOW_PROBE;
		e->probe_pending = true;
		return true;
	}
	if (s->seq != e->snd_nxt - 1 || (s->len == 1 && e->have_acked && seq_lt(e->snd_una, e->snd_nxt)))
		return false;
	if (e->have_isn && s->seq == e->isn)
		return false;
	x->marks |= MARK_KEEPALIVE;
	e->keepalive_pending = true;
	return true;
}

static void mark_repeated(struct step *x)
{
	struct tracker_end *e = x->e;
	const struct segment *s = x->s;
	if (e->have_acked && seq_le(x->end, e->snd_una)) {
		x->marks |= MARK_RETRANSMISSION | MARK_SPURIOUS;
		return;
	}
	bool fills = e->hole && seq_ge(s->seq, e->contiguous) && seq_lt(s->seq, e->hole_end);
	uint32_t limit = x->t->rtt_us > REORDER_US ? x->t->rtt_us : REORDER_US, since = time_us(s) - e->advanced_us;
	bool soon = since <= limit || since > UINT32_MAX - DISORDER_US;
	bool asked_for = x->p->dup_acks >= 2 && s->seq == e->snd_una;
	if (fills && !asked_for && soon)
		x->marks |= MARK_OUT_OF_ORDER;
	else
		x->marks |= MARK_RETRANSMISSION;
}

void mark_window_full(struct step *x)
{
	bool known;
	uint32_t window = tracker_window(x->t, side_other(x->from), &known);
	if (known && window > 0 && x->p->have_ack && !x->p->window_of_syn && x->end == x->p->rcv_nxt + window)
		x->marks |= MARK_WINDOW_FULL;
}

void marks_sequence(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	if (x->over)
		x->marks |= MARK_AFTER_CLOSE;
	if (s->len > 0 && p->have_fin)
		x->marks |= MARK_LATE_DATA;
	if (s->window == 0 && (s->flags & TCP_FIN) == 0)
		x->marks |= MARK_ZERO_WINDOW;
	if (!e->have_seq) {
		if (e->have_acked && seq_gt(s->seq, e->snd_una))
			x->marks |= MARK_HOLE_BEFORE;
		return;
	}
	if (mark_probe(x))
		return;
	int32_t ahead = seq_diff(s->seq, e->snd_nxt);
	if (ahead > 0)
		x->marks |= MARK_HOLE_BEFORE;
	else if (ahead < 0 && segment_seglen(s) > 0)
		mark_repeated(x);
	if (s->len > 0 && (s->flags & TCP_FIN) == 0)
		mark_window_full(x);
}

/* A pure ACK that tells nothing new: what was it for? */
static void mark_same_ack(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	if (p->challenge_due) {
		x->marks |= MARK_CHALLENGE_ACK;
		p->challenge_due = p->keepalive_pending = false;
	} else if (p->keepalive_pending) {
		x->marks |= MARK_KEEPALIVE_ACK;
		p->keepalive_pending = false;
	} else if (p->probe_pending && s->window == 0) {
		x->marks |= MARK_WINDOW_PROBE_ACK;
		p->probe_pending = false;
	} else if (s->window != e->window && s->window != 0 && !e->window_of_syn) {
		x->marks |= MARK_WINDOW_UPDATE;
		p->probe_pending = false;
	} else if (s->window == e->window && s->window != 0 && p->have_seq && seq_gt(p->snd_nxt, s->ack)) {
		x->marks |= MARK_DUP_ACK;
		e->dup_acks = (uint8_t)(e->dup_acks + (e->dup_acks < UINT8_MAX));
	}
}

void marks_ack(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	if (p->have_seq && seq_gt(s->ack, p->snd_nxt))
		x->marks |= MARK_ACKS_UNSEEN;
	bool same = e->have_ack && s->ack == e->rcv_nxt;
	bool probe = (x->marks & (MARK_KEEPALIVE | MARK_WINDOW_PROBE)) != 0;
	if (same && plain_ack(s) && !probe && e->have_seq && s->seq == e->snd_nxt) {
		mark_same_ack(x);
		return;
	}
	if (e->have_ack && seq_gt(s->ack, e->rcv_nxt))
		e->dup_acks = 0;
	if (!probe && (plain_ack(s) || s->len > 0)) {
		p->keepalive_pending = false;
		p->probe_pending = p->probe_pending && s->window == 0;
		if (seq_gt(s->ack, e->rcv_nxt) || s->len > 0)
			p->challenge_due = false;
	}
}
