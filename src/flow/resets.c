/* SPDX-License-Identifier: GPL-3.0-or-later
 * resets: would the receiver of a RST accept it, by RFC 9293 3.5.3 and RFC 5961 3.2, and what an accepted one does. */
#include "flow/step.h"

enum { TIME_SHIFT = 20, DISORDER = 48 }; /* units of about a millisecond: how far the order of a file may be off that of its times */

static uint16_t time_units(const struct segment *s)
{
	return (uint16_t)((uint64_t)s->time >> TIME_SHIFT);
}

/* In SYN-SENT only the acknowledgment counts (RFC 9293 3.10.7.3): it must cover the SYN. */
static uint32_t judge_syn_sent(const struct tracker_end *p, const struct tracker_end *e, const struct segment *s)
{
	bool ack = (s->flags & TCP_ACK) != 0;
	if (p->have_isn && ack && seq_gt(s->ack, p->isn) && seq_le(s->ack, p->snd_nxt))
		return MARK_RST_EXACT;
	if (e->have_isn && s->seq == e->contiguous)
		return MARK_RST_EXACT; /* it has the SYN/ACK: it may have gone on to ESTABLISHED */
	if (!p->have_isn && !(p->have_acked && ack && s->ack == p->snd_una))
		return MARK_RST_UNKNOWN;
	return p->have_isn ? MARK_RST_OUTSIDE : MARK_RST_EXACT;
}

static uint32_t judge_window(const struct tracker *t, const struct segment *s, enum side to, uint32_t nxt)
{
	const struct tracker_end *p = &t->end[to];
	bool scaled;
	uint32_t window = tracker_window(t, to, &scaled);
	uint32_t base = p->have_ack ? p->rcv_nxt : nxt;
	int32_t beyond = seq_diff(s->seq, base);
	if (seq_lt(s->seq, nxt))
		return MARK_RST_OUTSIDE;
	if (!p->spoke)
		return MARK_RST_UNKNOWN;
	if ((uint32_t)beyond < window)
		return MARK_RST_IN_WINDOW;
	if (!scaled && (uint64_t)(uint32_t)beyond < (uint64_t)p->window << 14)
		return MARK_RST_UNKNOWN;
	return MARK_RST_OUTSIDE;
}

uint32_t reset_judge(const struct tracker *t, const struct segment *s, enum side from)
{
	enum side to = side_other(from);
	const struct tracker_end *e = &t->end[from], *p = &t->end[to];
	bool syn_only = p->have_isn && !e->spoke;
	if (p->state == TCP_SYN_SENT || (p->state == TCP_CLOSED && syn_only))
		return judge_syn_sent(p, e, s);
	bool known;
	uint32_t nxt = tracker_rcv_nxt(t, to, &known);
	if (!known)
		return MARK_RST_UNKNOWN;
	if (s->seq == nxt)
		return MARK_RST_EXACT;
	if (p->state == TCP_SYN_RECEIVED && p->have_ack && s->seq == p->rcv_nxt)
		return MARK_RST_EXACT;
	/* Linux, tcp_reset_check(): at the FIN once that has arrived; and at the end of what was received out of order. */
	if (e->have_fin && nxt == e->fin_seq + 1 && s->seq == e->fin_seq)
		return MARK_RST_EXACT;
	if (e->sacked_end && s->seq == e->snd_nxt)
		return MARK_RST_EXACT;
	return judge_window(t, s, to, nxt);
}

void reset_apply(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	bool known;
	tracker_rcv_nxt(x->t, side_other(x->from), &known);
	if ((x->marks & MARK_RST_IN_WINDOW) != 0) {
		e->challenge_due = true;
		e->rst_ahead = !e->have_fin;
		e->fin_seq = e->have_fin ? e->fin_seq : x->s->seq;
		x->t->rst_time = time_units(x->s);
	}
	if ((x->marks & MARK_RST_EXACT) == 0 && ((x->marks & MARK_RST_UNKNOWN) == 0 || known))
		return;
	/* An attempt in SYN-SENT that refuses a stray answer goes on; its own number would be ISN + 1 (RFC 9293 3.10.7.3). */
	bool attempt_goes_on = e->state == TCP_SYN_SENT && e->have_isn && x->s->seq != e->isn + 1;
	if (!attempt_goes_on)
		e->state = TCP_CLOSED;
	if (p->state != TCP_SYN_SENT && known) {
		/* from here on an acknowledgment beyond the RST proves that the receiver lives on */
		p->rcv_nxt = p->have_ack ? seq_max(p->rcv_nxt, x->s->seq) : x->s->seq;
		p->have_ack = true;
	}
	/* An earlier ACK of the same sender may come after its RST (two processors, one capture): it proves nothing new. */
	if ((x->s->flags & TCP_ACK) != 0 && e->have_ack && p->have_seq && seq_le(x->s->ack, p->snd_nxt))
		e->rcv_nxt = seq_max(e->rcv_nxt, x->s->ack);
	p->state = TCP_CLOSED;
	if (!x->over && !attempt_goes_on)
		x->t->reset = true;
}

/* Its receiver had this segment before the RST, as their times say: the RST was the number that it expected. */
void reset_overtaken(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	uint16_t earlier = (uint16_t)(x->t->rst_time - time_units(x->s));
	if (e->have_fin || e->contiguous != e->fin_seq || earlier == 0 || earlier > DISORDER)
		return;
	e->rst_ahead = e->challenge_due = false;
	p->rcv_nxt = e->fin_seq;
	p->have_ack = true;
	e->state = p->state = TCP_CLOSED;
	x->t->reset = true;
}
