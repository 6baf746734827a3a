/* SPDX-License-Identifier: GPL-3.0-or-later
 * split: one pair of endpoints, several connections: where a new flow begins. A SYN with another initial sequence number begins one
 * when the old connection is over or was never more than an attempt; into a living connection only when it is accepted, for until then
 * it may draw a mere challenge ACK (RFC 5961 4.2) and the old connection may live on or die by a RST to that. */
#include "flow/split.h"

#include <stdlib.h>
#include <string.h>

#include "flow/account.h"
#include "flow/paths.h"
#include "flow/seq.h"
#include "flow/slots.h"

#define FAR (1 << 20) /* numbers further apart than any window that is in use */
#define SIMULTANEOUS_NS 60000000000 /* SYNs that cross do so while the first is still being repeated */

/* Takes over its endpoints' slot. FLOW_NONE: out of memory. */
static uint32_t new_flow(struct flow_table *t, const struct segment *s)
{
	uint32_t number = slots_reserve(t) ? pool_add(t) : FLOW_NONE;
	if (number == FLOW_NONE)
		return FLOW_NONE;
	struct key k;
	segment_key(&k, s);
	struct flow *f = pool_flow(t, number);
	memcpy(f->addr, k.addr, sizeof f->addr);
	memcpy(f->port, k.port, sizeof f->port);
	f->path = k.path;
	f->previous = slot_set(t, &k, key_tag(t, &k), number);
	if (f->previous != FLOW_NONE)
		pool_flow(t, f->previous)->next = number;
	if (k.path != 0)
		path_remember(t, &k, number);
	tracker_init(&f->tracker);
	account_roles(t, f, s);
	return number;
}

static bool lived(const struct flow *f)
{
	const struct tracker_end *e = f->tracker.end;
	return f->midstream || f->tracker.handshake_seen || e[0].have_fin || e[1].have_fin || e[0].sent_data || e[1].sent_data;
}

/* Remembers a SYN that is about to be taken into the flow. Without memory it simply stays there. */
static void pending_keep(struct flow_table *t, uint32_t number, const struct flow *f, const struct segment *s, enum side side)
{
	if (t->pending == NULL) {
		t->pending = malloc(PENDING * sizeof *t->pending);
		if (t->pending == NULL)
			return;
		for (size_t i = 0; i < PENDING; i++)
			t->pending[i].flow = FLOW_NONE;
	}
	struct pending *p = &t->pending[number % PENDING];
	p->flow = number;
	p->side = (uint8_t)side;
	p->syn = *s;
	p->before = *f;
}

/* The flow of a SYN that was accepted: made now; the SYN itself moves there when nothing else came to the old flow since. */
static uint32_t accept_pending(struct flow_table *t, struct pending *p, struct flow *old, const struct segment *s)
{
	struct segment syn = p->syn;
	bool moves = old->log.count == p->before.log.count + 1 || !t->keep_log;
	moves = moves && old->segments[0] + old->segments[1] == p->before.segments[0] + p->before.segments[1] + 1;
	p->flow = FLOW_NONE;
	if (!moves)
		return new_flow(t, s);
	log_undo(&t->arena, &old->log, &p->before.log);
	p->before.extra = old->extra;
	p->before.host = old->host;
	*old = p->before;
	t->segments--;
	uint32_t number = new_flow(t, &syn);
	struct flow *f = number == FLOW_NONE ? NULL : pool_flow(t, number);
	return f != NULL && account_segment(t, f, &syn, flow_side(f, &syn)) ? number : FLOW_NONE;
}

static bool syn_begins(const struct flow *f, const struct segment *s, enum side side, bool *keep)
{
	const struct tracker_end *e = &f->tracker.end[side], *p = &f->tracker.end[side_other(side)];
	bool over = tracker_over(&f->tracker);
	bool same = e->have_isn ? s->seq == e->isn : f->tracker.synack_seen && p->have_ack && p->rcv_nxt == s->seq + 1;
	if (same) /* earlier than what was seen already: another interface's sight of the SYN */
		return over && lived(f) && s->time >= f->last;
	if (over)
		return true;
	if (!e->spoke && p->state == TCP_SYN_SENT && s->time - f->last < SIMULTANEOUS_NS)
		return false; /* the other's SYN crossed it: simultaneous open */
	if (!lived(f))
		return true;
	*keep = true;
	return false;
}

static bool synack_begins(const struct flow *f, const struct segment *s, enum side side)
{
	const struct tracker_end *e = &f->tracker.end[side], *p = &f->tracker.end[side_other(side)];
	if (e->have_isn && s->seq == e->isn)
		return false;
	if (tracker_over(&f->tracker))
		return !(p->have_isn && s->ack == p->isn + 1);
	return e->have_isn && f->segments[side_other(side)] == 0; /* only this direction is captured */
}

static bool far(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) > FAR || seq_diff(b, a) > FAR;
}

/* The connection is over, and both numbers of its sender have nothing to do with those it had: another connection whose SYN was not
 * captured. */
static bool other_life(const struct flow *f, const struct segment *s, enum side side)
{
	const struct tracker_end *e = &f->tracker.end[side];
	return (s->flags & TCP_ACK) != 0 && e->have_seq && e->have_ack && far(s->seq, e->snd_nxt) && far(s->ack, e->rcv_nxt);
}

uint32_t split_choose(struct flow_table *t, uint32_t newest, const struct segment *s)
{
	unsigned kind = s->flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);
	if (newest == FLOW_NONE)
		return new_flow(t, s);
	struct pending *p = pool_pending(t, newest);
	struct flow *f = pool_flow(t, newest);
	if ((kind & TCP_RST) != 0 || s->malformed || split_stays(t, newest, f, s))
		return newest;
	enum side side = flow_side(f, s);
	if ((kind & TCP_SYN) == 0 && tracker_over(&f->tracker) && other_life(f, s, side))
		return new_flow(t, s);
	if (p != NULL && (kind & TCP_ACK) != 0) {
		uint32_t isn = p->syn.seq;
		bool answered = (kind & TCP_SYN) != 0 && side != (enum side)p->side && seq_gt(s->ack, isn) && seq_le(s->ack, isn + 1 + p->syn.len);
		bool goes_on = (kind & TCP_SYN) == 0 && side == (enum side)p->side && s->seq == isn + 1;
		if (answered || goes_on)
			return accept_pending(t, p, f, s);
	}
	if ((kind & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
		return synack_begins(f, s, side) ? new_flow(t, s) : newest;
	if ((kind & TCP_SYN) == 0 || (kind & TCP_FIN) != 0)
		return newest;
	bool keep = false;
	if (syn_begins(f, s, side, &keep))
		return new_flow(t, s);
	if (keep)
		pending_keep(t, newest, f, s, side);
	return newest;
}
