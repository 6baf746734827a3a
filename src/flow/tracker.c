/* SPDX-License-Identifier: GPL-3.0-or-later
 * tracker: the reducer's entry, and the numbers it keeps for both ends. */
#include "flow/tracker.h"

#include "flow/step.h"

/* Takes over the acknowledgment. What is acknowledged has arrived, captured or not. */
static void take_ack(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	uint32_t ack = x->s->ack;
	if (p->have_seq && seq_diff(ack, p->snd_nxt) > SEQ_PLAUSIBLE)
		return;
	if (p->have_acked && seq_le(ack, p->snd_una) && e->have_ack)
		return;
	e->rcv_nxt = ack;
	e->have_ack = true;
	p->snd_una = ack;
	p->have_acked = true;
	if (p->have_contiguous && seq_gt(ack, p->contiguous)) {
		p->contiguous = ack;
		if (p->hole && seq_ge(ack, p->hole_end)) {
			p->hole = p->holes && seq_lt(ack, p->snd_nxt);
			if (!p->hole) {
				p->contiguous = seq_max(ack, p->snd_nxt);
				p->holes = false;
			} else {
				p->hole_end = p->snd_nxt;
			}
		}
	}
}

/* In-order data: what the other end can hand on. Holes are remembered as one; what closes the last is known by its acknowledgment. */
static void take_contiguous(struct tracker_end *e, uint32_t seq, uint32_t end)
{
	if (!e->have_contiguous) {
		e->contiguous = end;
		e->have_contiguous = true;
	} else if (seq_gt(seq, e->contiguous)) {
		if (!e->hole) {
			e->hole = true;
			e->hole_end = seq;
		} else if (seq_gt(seq, e->snd_nxt)) {
			e->holes = true;
		} else if (seq_lt(seq, e->hole_end)) {
			e->holes = e->holes || seq_lt(end, e->hole_end);
			e->hole_end = seq;
		}
	} else if (seq_gt(end, e->contiguous)) {
		e->contiguous = end;
		if (e->hole && seq_ge(end, e->hole_end)) {
			e->hole = e->holes;
			e->contiguous = e->holes ? e->contiguous : seq_max(end, e->snd_nxt);
			e->hole_end = e->snd_nxt;
			e->holes = false;
		}
	}
}

static void take_sequence(struct step *x)
{
	struct tracker_end *e = x->e;
	uint32_t seq = x->s->seq;
	if (e->have_seq && seq_diff(seq, e->snd_nxt) > SEQ_PLAUSIBLE)
		return;
	bool advances = !e->have_seq || seq_gt(x->end, e->snd_nxt);
	if (segment_seglen(x->s) > 0 || !e->have_contiguous)
		take_contiguous(e, seq, x->end);
	if (advances) {
		e->snd_nxt = x->end;
		e->have_seq = true;
		e->advanced_us = time_us(x->s);
		e->sacked_end = false;
	}
	if (e->rst_ahead)
		reset_overtaken(x);
	e->sent_data = e->sent_data || (x->s->len > 0 && (x->s->flags & TCP_SYN) == 0);
}

/* The peer's data that this end holds beyond a hole: only whether it reaches the end matters (Linux takes a RST there, 3.6). */
static void take_sack(struct step *x)
{
	const struct tcp_options *o = &x->s->options;
	if (!x->p->have_seq)
		return;
	x->p->sacked_end = false;
	for (unsigned i = 0; i < o->sack_count && i < 4; i++)
		if (o->sack[i].right == x->p->snd_nxt && seq_ge(o->sack[i].left, x->s->ack))
			x->p->sacked_end = true;
}

static void take_window(struct step *x)
{
	struct tracker_end *e = x->e;
	bool syn = (x->s->flags & TCP_SYN) != 0;
	e->window = x->s->window;
	e->window_of_syn = syn;
	e->zero_window = x->s->window == 0 && !syn;
	e->spoke = true;
}

static void step_reset(struct step *x)
{
	x->marks |= reset_judge(x->t, x->s, x->from);
	if (x->over)
		x->marks |= MARK_AFTER_CLOSE;
	if (x->s->checksum != CHECKSUM_BAD)
		reset_apply(x);
}

static void step_ordinary(struct step *x)
{
	const struct segment *s = x->s;
	bool ack = (s->flags & TCP_ACK) != 0;
	if ((s->flags & TCP_SYN) == 0) {
		/* all but the beginning and the end of a connection pass by the states */
		if (x->e->state == TCP_CLOSED || x->e->state == TCP_UNKNOWN)
			state_begin(x);
		if (ack && !(state_synchronized(x->e->state) && state_synchronized(x->p->state)))
			state_handshake_ack(x);
		marks_sequence(x);
	} else {
		state_syn(x);
		if ((x->marks & MARK_SYN_OTHER_ISN) != 0)
			return; /* belongs to another connection: its numbers say nothing of this one */
	}
	if (ack) {
		if ((s->flags & TCP_SYN) == 0)
			marks_ack(x);
		if ((s->options.present & OPT_SACK) != 0)
			take_sack(x);
		if (x->t->reset || x->p->have_fin || x->e->have_fin)
			state_acked(x);
		take_ack(x);
	}
	/* RFC 9293 3.10.7.4: without ACK a segment is dropped once the connection stands */
	if (ack || (s->flags & TCP_SYN) != 0 || !x->e->have_isn) {
		take_sequence(x);
		if (ack && ((s->flags & TCP_FIN) != 0 || x->e->have_fin))
			state_fin(x);
	}
	take_window(x);
}

void general_step(struct step *x)
{
	x->end = x->s->seq + segment_seglen(x->s);
	if (duplicate_check(x->t, x->s, x->from)) {
		x->marks = MARK_DUPLICATE | ((x->s->flags & TCP_RST) != 0 ? reset_judge(x->t, x->s, x->from) : 0);
		return;
	}
	x->over = tracker_over(x->t);
	if ((x->s->flags & TCP_RST) != 0)
		step_reset(x);
	else
		step_ordinary(x);
	predict_next(x->t);
}

uint32_t tracker_step(struct tracker *t, const struct segment *segment, enum side from)
{
	uint32_t marks = 0;
	if (segment->malformed || predicted_step(t, segment, from, &marks))
		return marks;
	struct step x = { .t = t, .s = segment, .e = &t->end[from], .p = &t->end[side_other(from)], .from = from };
	general_step(&x);
	return x.marks;
}
