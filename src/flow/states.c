/* SPDX-License-Identifier: GPL-3.0-or-later
 * states: RFC 9293 3.3.2 for both ends, as far as the wire shows it. */
#include "flow/step.h"

/* Sending a FIN, getting one, getting one's own acknowledged (RFC 9293 figure 5). States not named stay. */
static const uint8_t fin_sent[TCP_STATE_COUNT] = {
	[TCP_SYN_SENT] = TCP_FIN_WAIT_1, [TCP_SYN_RECEIVED] = TCP_FIN_WAIT_1, [TCP_ESTABLISHED] = TCP_FIN_WAIT_1,
	[TCP_UNKNOWN] = TCP_FIN_WAIT_1, [TCP_CLOSE_WAIT] = TCP_LAST_ACK,
};
static const uint8_t fin_got[TCP_STATE_COUNT] = {
	[TCP_LISTEN] = TCP_CLOSE_WAIT, [TCP_SYN_SENT] = TCP_CLOSE_WAIT, [TCP_SYN_RECEIVED] = TCP_CLOSE_WAIT,
	[TCP_ESTABLISHED] = TCP_CLOSE_WAIT, [TCP_UNKNOWN] = TCP_CLOSE_WAIT, [TCP_FIN_WAIT_1] = TCP_CLOSING,
	[TCP_FIN_WAIT_2] = TCP_TIME_WAIT,
};
static const uint8_t fin_acked[TCP_STATE_COUNT] = {
	[TCP_FIN_WAIT_1] = TCP_FIN_WAIT_2, [TCP_CLOSING] = TCP_TIME_WAIT,
};

static uint8_t move(const uint8_t table[TCP_STATE_COUNT], uint8_t state)
{
	return table[state] != TCP_CLOSED ? table[state] : state;
}

/* A segment of a connection whose beginning was not captured: who sends with ACK is in a synchronized state. */
void state_begin(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	if (x->over || e->have_isn || p->have_isn)
		return;
	if (p->state == TCP_CLOSED)
		p->state = TCP_UNKNOWN;
	if (e->state == TCP_CLOSED)
		e->state = TCP_UNKNOWN;
	if (e->state == TCP_UNKNOWN && (x->s->flags & TCP_ACK) != 0)
		e->state = TCP_ESTABLISHED;
}

static void take_isn(struct step *x)
{
	const struct segment *s = x->s;
	struct tracker_end *e = x->e;
	uint16_t has = s->options.present;
	e->isn = s->seq;
	e->have_isn = true;
	e->have_contiguous = e->have_contiguous && seq_gt(e->contiguous, s->seq);
	e->have_seq = e->have_seq && seq_gt(e->snd_nxt, s->seq);
	e->wscale = (has & OPT_WSCALE) != 0 ? s->options.wscale : 255;
	e->options_cut = (has & OPT_WSCALE) == 0 && (has & OPT_CUT) != 0;
	e->sack_ok = (has & OPT_SACK_OK) != 0;
	e->ts_ok = (has & OPT_TS) != 0;
	if (s->len > 0)
		x->marks |= MARK_TFO_DATA;
}

static void syn_other(struct step *x)
{
	x->marks |= MARK_SYN_OTHER_ISN;
	if (x->over)
		x->marks |= MARK_AFTER_CLOSE;
	if (state_synchronized(x->p->state))
		x->e->challenge_due = true; /* RFC 5961 4.2 */
}

static void syn_again(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	x->marks |= MARK_SYN_RETRANSMISSION | MARK_RETRANSMISSION;
	e->advanced_us = time_us(x->s);
	if (state_synchronized(p->state)) {
		e->challenge_due = true;
	} else if (e->state == TCP_CLOSED && !x->t->handshake_seen) {
		/* tries again what was refused, or what it had refused itself */
		e->state = TCP_SYN_SENT;
		p->state = p->state == TCP_CLOSED ? TCP_LISTEN : p->state;
		x->t->reset = false;
	}
}

static void syn_plain(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	uint32_t seq = x->s->seq;
	if (e->have_isn) {
		if (seq == e->isn)
			syn_again(x);
		else
			syn_other(x);
		return;
	}
	bool answered = x->t->synack_seen && p->have_ack && p->rcv_nxt == seq + 1; /* captured in the wrong order */
	if (!answered && (e->have_seq || state_synchronized(p->state))) {
		syn_other(x);
		return;
	}
	x->t->syn_seen = true;
	take_isn(x);
	if (answered)
		return;
	if (p->have_isn && (p->state == TCP_SYN_SENT || p->state == TCP_SYN_RECEIVED)) {
		x->marks |= MARK_SIMULTANEOUS_OPEN;
		e->state = p->state = TCP_SYN_RECEIVED; /* RFC 9293 figure 7 */
		return;
	}
	e->state = TCP_SYN_SENT;
	if (p->state == TCP_CLOSED)
		p->state = TCP_LISTEN;
}

static void synack_again(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	if (!x->t->synack_seen) {
		/* first SYN/ACK of an end that had sent a SYN: simultaneous open, split handshake */
		x->t->synack_seen = true;
		if (p->state == TCP_SYN_RECEIVED && x->s->ack == p->snd_nxt)
			p->state = TCP_ESTABLISHED;
		return;
	}
	if (p->state == TCP_SYN_RECEIVED && x->s->ack == p->isn + 1 && p->have_isn && !p->have_acked) {
		p->state = TCP_ESTABLISHED;
		return;
	}
	x->marks |= MARK_SYN_RETRANSMISSION | MARK_RETRANSMISSION;
	if (x->over)
		x->marks |= MARK_AFTER_CLOSE;
	/* it did not get, or did not take, the third segment */
	if (e->state == TCP_ESTABLISHED && e->snd_nxt == e->isn + 1)
		e->state = TCP_SYN_RECEIVED;
}

static void synack(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	bool fits = !p->have_isn || (seq_gt(s->ack, p->isn) && seq_le(s->ack, p->snd_nxt));
	if (e->have_isn && s->seq == e->isn) {
		synack_again(x);
		return;
	}
	/* What an end that is still asking had from an older connection (a challenge ACK, RFC 5961 4.2), or from a forger whose reset it may
	 * not have taken, does not count. */
	bool asking = p->have_isn && fits && (p->state == TCP_SYN_SENT || (p->state == TCP_CLOSED && p->snd_nxt == p->isn + 1));
	bool opened = e->have_seq && !asking;
	if ((e->have_isn && (x->t->handshake_seen || !fits)) || (!e->have_isn && opened)) {
		syn_other(x);
		return;
	}
	if (!fits) {
		/* an answer to another SYN: SYN-SENT refuses it with a RST at its ACK and goes on (RFC 9293 3.10.7.3) */
		e->rcv_nxt = s->ack;
		e->have_ack = true;
		e->state = TCP_SYN_RECEIVED;
		x->marks |= MARK_SYN_OTHER_ISN;
		return;
	}
	x->t->synack_seen = true;
	e->have_seq = e->have_contiguous = false;
	take_isn(x);
	e->rcv_nxt = s->ack;
	e->have_ack = true;
	p->snd_una = s->ack;
	p->have_acked = true;
	e->state = TCP_SYN_RECEIVED;
	if (!p->have_isn && (p->state == TCP_CLOSED || p->state == TCP_LISTEN || p->state == TCP_UNKNOWN))
		p->state = TCP_SYN_SENT;
}

void state_syn(struct step *x)
{
	if ((x->s->flags & TCP_ACK) != 0)
		synack(x);
	else
		syn_plain(x);
}

static void handshake_done(struct step *x)
{
	struct tracker *t = x->t;
	if (t->handshake_seen || !t->syn_seen || !t->synack_seen)
		return;
	t->handshake_seen = true;
	int32_t rtt = (int32_t)(time_us(x->s) - x->e->advanced_us);
	t->rtt_us = rtt > 0 ? (uint32_t)rtt : 0; /* below: the clock was set back */
}

void state_handshake_ack(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	bool fits = p->have_isn && seq_gt(s->ack, p->isn) && seq_le(s->ack, p->snd_nxt);
	bool follows = e->have_isn && seq_gt(s->seq, e->isn) && seq_diff(s->seq, e->isn) < SEQ_PLAUSIBLE;
	if (p->state == TCP_SYN_RECEIVED && fits && (follows || !e->have_isn)) {
		p->state = TCP_ESTABLISHED;
		if (e->state == TCP_SYN_SENT || e->state == TCP_CLOSED) {
			e->state = TCP_ESTABLISHED;
			x->t->reset = false; /* it takes the connection: what reset it before did not reach it */
			x->over = false;
		}
		handshake_done(x);
		return;
	}
	if (e->state == TCP_SYN_SENT && follows && !p->have_isn && !x->over) {
		/* only this direction is captured: it would not go on without an answer */
		e->state = TCP_ESTABLISHED;
		if (p->state == TCP_LISTEN || p->state == TCP_CLOSED)
			p->state = TCP_ESTABLISHED;
	}
	/* The third segment was not captured, yet this end has had it: it acknowledges or sends data (but TFO may before, RFC 7413 4.2). */
	bool tfo = p->have_isn && p->have_acked && p->snd_una != p->isn + 1;
	if (e->state == TCP_SYN_RECEIVED && p->have_isn && !tfo && (s->len > 0 || seq_gt(s->ack, p->isn + 1))) {
		e->state = TCP_ESTABLISHED;
		if (p->state == TCP_SYN_SENT)
			p->state = TCP_ESTABLISHED;
	}
}

static void fin_arrives(struct tracker_end *from, struct tracker_end *to)
{
	if (from->fin_arrived)
		return;
	from->fin_arrived = true;
	if (to->state == TCP_FIN_WAIT_1 && to->fin_acked)
		to->state = TCP_TIME_WAIT;
	else
		to->state = move(fin_got, to->state);
}

static uint8_t state_of_fins(const struct tracker_end *e, const struct tracker_end *p)
{
	static const uint8_t by_fin[2][3] = { /* [peer's FIN arrived][own: none, sent, acknowledged] */
		{ TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2 },
		{ TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_TIME_WAIT },
	};
	return by_fin[p->fin_arrived][e->have_fin ? 1 + e->fin_acked : 0];
}

void state_acked(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	uint32_t ack = x->s->ack;
	if (p->have_seq && seq_gt(ack, p->snd_nxt) && seq_diff(ack, p->snd_nxt) > SEQ_PLAUSIBLE)
		return;
	if (x->t->reset && e->state == TCP_CLOSED && e->have_ack && p->have_seq && seq_gt(ack, e->rcv_nxt) && seq_le(ack, p->snd_nxt)) {
		/* it acknowledges what came after the RST: it never accepted that */
		x->t->reset = false;
		x->over = false;
		e->state = state_of_fins(e, p);
		p->state = state_of_fins(p, e);
	}
	if (e->have_fin && e->have_contiguous && seq_gt(x->s->seq, e->fin_seq) && !x->over)
		fin_arrives(e, p); /* what follows a FIN in order tells that the FIN is there */
	if (!p->have_fin || seq_le(ack, p->fin_seq) || x->over)
		return;
	if (!p->fin_acked) {
		p->fin_acked = true;
		p->state = p->state == TCP_LAST_ACK ? TCP_CLOSED : move(fin_acked, p->state);
	}
	fin_arrives(p, e);
}

void state_fin(struct step *x)
{
	struct tracker_end *e = x->e, *p = x->p;
	const struct segment *s = x->s;
	if (x->over)
		return;
	if ((s->flags & TCP_FIN) != 0 && !e->have_fin) {
		e->have_fin = true;
		e->fin_seq = x->end - 1;
		/* it did not have the other's FIN yet when it sent its own: they crossed */
		bool crossed = e->state == TCP_CLOSE_WAIT && p->have_fin && seq_le(s->ack, p->fin_seq);
		p->fin_arrived = p->fin_arrived && !crossed;
		e->state = crossed ? TCP_FIN_WAIT_1 : move(fin_sent, e->state);
	}
	if (e->have_fin && e->have_contiguous && seq_gt(e->contiguous, e->fin_seq))
		fin_arrives(e, p);
}
