/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a reset did to its receiver P (RFC 9293 3.10.7, RFC 5961 3.2; catalogue 3.6). What P does afterwards is the proof, numbers come
 * second. */
#include "explain/evidence.h"

/* Was P's socket gone already: reset before, or did P itself abort? */
static bool p_already_dead(const struct evidence *e, const struct earlier *earlier)
{
	for (size_t k = 0; k < earlier->count; k++) {
		const struct earlier_rst *x = &earlier->rst[k];
		if (x->from == e->r && x->effect == EFFECT_KILLED)
			return true;
		if (x->from == e->p && !x->third_party && !x->two_answers && x->effect != EFFECT_IGNORED && x->role != ROLE_DUPLICATE)
			return true;
	}
	return false;
}

/* Has P survived a reset with this very number, and expects the same since? Then this one does not end it either. */
static bool survived_before(const struct evidence *e, const struct earlier *earlier)
{
	const struct tracker_end *p = &e->rst->before.end[e->p];
	for (size_t k = 0; k < earlier->count; k++) {
		const struct earlier_rst *x = &earlier->rst[k];
		const struct trace_item *item = item_at(e, x->index);
		const struct tracker_end *then = &item->before.end[e->p];
		if (x->from == e->r && x->effect == EFFECT_IGNORED && item->segment.seq == e->rst->segment.seq && then->state == p->state &&
		    then->have_ack == p->have_ack && then->rcv_nxt == p->rcv_nxt)
			return true;
	}
	return false;
}

/* Do both ends, after the reset, complete the handshake that it was to end? */
static bool handshake_completed(const struct evidence *e)
{
	const struct trace_item *synack = NULL;
	for (size_t k = e->index + 1; k < e->scene->trace->count && k < e->index + 64; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item))
			continue;
		if (item_is(item, TCP_SYN) && !item_is(item, TCP_ACK))
			return false;
		if (item_is(item, TCP_SYN))
			synack = item;
		else if (synack != NULL && item->from != synack->from && !item_is(item, TCP_RST) && item->segment.ack == synack->segment.seq + 1)
			return true;
	}
	return false;
}

/* The SYNs of R before the reset that P had not answered by then: their SYN/ACKs may be under way. */
static unsigned unanswered_syns(const struct evidence *e)
{
	unsigned asked = 0, answered = 0;
	for (size_t k = 0; k < e->index && k < 64; k++) {
		const struct trace_item *item = item_at(e, k);
		if (!item_is(item, TCP_SYN) || item_duplicate(item))
			continue;
		asked += item->from == e->r;
		answered += item->from == e->p;
	}
	return asked > answered ? asked - answered : 0;
}

/* A SYN/ACK of P that is repeated after the reset: its half-open connection is still there. */
static bool synack_goes_on(const struct evidence *e)
{
	unsigned due = unanswered_syns(e);
	int64_t soon = NS_PER_S / 5 + e->scene->side[e->p].rtt; /* what it sent before the reset can have arrived */
	for (size_t k = e->index + 1; k < e->scene->trace->count && k < e->index + 64; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item_is(item, TCP_SYN) && !item_is(item, TCP_ACK))
			return false;
		if (item->from != e->p || !item_is(item, TCP_SYN) || item_duplicate(item))
			continue;
		if (due > 0)
			due--;
		else if (item->segment.time - e->rst->segment.time > soon)
			return true;
	}
	return false;
}

/* Has R sent data? Then P had completed the handshake, though nothing of that was captured. */
static bool spoke_since_synack(const struct evidence *e)
{
	const struct tracker_end *r = &e->rst->before.end[e->r];
	return e->r == SIDE_SERVER && !e->scene->side[e->p].seen && r->have_isn && seq_gt(r->snd_nxt, r->isn + 1);
}

/* SYN-SENT accepts a reset that acknowledges its SYN, whatever the sequence number (RFC 9293 3.10.7.3). */
static enum effect effect_in_syn_sent(const struct evidence *e)
{
	const struct tracker_end *p = &e->rst->before.end[e->p];
	const struct trace_segment *s = &e->rst->segment;
	if (!(s->flags & TCP_ACK) || (p->have_isn && (seq_le(s->ack, p->isn) || seq_gt(s->ack, p->snd_nxt))))
		return EFFECT_IGNORED;
	return EFFECT_KILLED;
}

/* Does P, later than the reset can take to reach it, send anything that a dead socket cannot? */
static bool p_lives(const struct evidence *e)
{
	int64_t rtt = e->scene->side[e->p].rtt, margin = rtt != 0 ? 2 * rtt + 20 * NS_PER_MS : NS_PER_S / 5;
	for (size_t k = e->index + 1; k < e->scene->trace->count && k < e->index + 256; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->p && !item_is(item, TCP_RST | TCP_SYN) && !item_duplicate(item) && item->segment.time - e->rst->segment.time > margin)
			return true;
	}
	return false;
}

/* After a challenge and its exact answer a dead P is silent; another challenge shows that even that did not fit. */
static bool challenged_again(const struct evidence *e)
{
	for (size_t k = e->index + 1; k < e->scene->trace->count && k < e->index + 4; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->p && !item_duplicate(item))
			return item->segment.len == 0 && !item_is(item, TCP_RST);
	}
	return false;
}

static enum effect effect_by_numbers(const struct evidence *e)
{
	const struct tracker_end *p = &e->rst->before.end[e->p];
	const struct trace_segment *s = &e->rst->segment;
	if (holds(e, FACT_CHALLENGED))
		return EFFECT_CHALLENGED;
	if (!e->scene->side[e->p].seen && holds(e, FACT_R_ALIVE_AFTER))
		return EFFECT_UNKNOWN; /* R goes on, and what P does is not captured */
	if (e->role == ROLE_CONFIRMATION)
		return challenged_again(e) ? EFFECT_CHALLENGED : EFFECT_KILLED;
	if (e->role == ROLE_ECHO && p_lives(e))
		return EFFECT_IGNORED;
	if (e->trigger_forward)
		return EFFECT_KILLED;
	if (holds(e, FACT_TRIGGER_UNSEEN) && holds(e, FACT_R_FIN) && holds(e, FACT_P_FIN))
		return EFFECT_UNKNOWN; /* both may have closed by then */
	/* What P last acknowledged is what it expects, whatever more was captured on the way to it. */
	if ((e->rst->marks & MARK_RST_EXACT) || (p->have_ack && s->seq == p->rcv_nxt && e->form == FORM_ACTIVE))
		return EFFECT_KILLED;
	if (holds(e, FACT_ANSWERS) && !e->trigger_forward) {
		const struct trace_segment *t = &item_at(e, e->trigger)->segment;
		if (!p->have_ack || t->ack == p->rcv_nxt || seq_gt(t->ack, p->rcv_nxt) || s->seq == p->rcv_nxt - 1)
			return EFFECT_KILLED;
	}
	if ((e->rst->marks & MARK_RST_OUTSIDE) && e->scene->side[e->p].seen && !e->scene->flags_only)
		return EFFECT_IGNORED;
	if (e->form == FORM_ACTIVE && !holds(e, FACT_NOTHING_ELSE))
		return EFFECT_KILLED;
	if (e->form == FORM_REFUSAL && !holds(e, FACT_NOTHING_ELSE))
		return EFFECT_KILLED;
	if (holds(e, FACT_SEQ_BELOW_SENT))
		return EFFECT_UNKNOWN;
	if ((e->form == FORM_BARE || e->form == FORM_MIDDLEBOX) && holds(e, FACT_TRIGGER_UNSEEN) && !holds(e, FACT_NOTHING_ELSE))
		return EFFECT_KILLED;
	return EFFECT_UNKNOWN;
}

void decide_effect(struct evidence *e, const struct earlier *earlier)
{
	enum tcp_state p = (enum tcp_state)e->rst->before.end[e->p].state;
	if (e->role == ROLE_DUPLICATE || (e->role != ROLE_RETRY && p_already_dead(e, earlier)))
		e->effect = EFFECT_ALREADY_CLOSED;
	else if (holds(e, FACT_KERNEL_TOOK))
		e->effect = EFFECT_KILLED;
	else if (holds(e, FACT_RST_BAD_CHECKSUM) || holds(e, FACT_RST_PAYLOAD_TAKEN) || holds(e, FACT_NEVER_ARRIVED))
		e->effect = EFFECT_IGNORED;
	else if (holds(e, FACT_BOTH_CLOSED) || holds(e, FACT_OLD_FLOW_CLOSED))
		e->effect = EFFECT_ALREADY_CLOSED;
	else if (holds(e, FACT_ANSWERS_ODD_PROBE) || (holds(e, FACT_ANSWERS_STRAY) && holds(e, FACT_SAME_SOURCE_MANY_TARGETS)))
		e->effect = EFFECT_IGNORED;
	else if (handshake_completed(e))
		e->effect = EFFECT_IGNORED;
	else if (p == TCP_SYN_SENT && !spoke_since_synack(e) && !e->scene->flags_only)
		e->effect = effect_in_syn_sent(e);
	else if (p == TCP_SYN_RECEIVED && (synack_goes_on(e) || survived_before(e, earlier)))
		e->effect = EFFECT_IGNORED;
	else if (holds(e, FACT_FLOW_GOES_ON))
		e->effect = holds(e, FACT_CHALLENGED) ? EFFECT_CHALLENGED : EFFECT_IGNORED;
	else
		e->effect = effect_by_numbers(e);
}
