/* SPDX-License-Identifier: GPL-3.0-or-later
 * paths: connections whose two directions run through different VLANs or tunnels, or only one through any, as mirror ports between
 * routers and load balancers' tunnels show them. Equal endpoints over different paths are different flows unless the one is just what the
 * other lacks: the direction not seen so far, with numbers that answer those seen. */
#include "flow/paths.h"

#include "flow/seq.h"
#include "flow/slots.h"

#define NEAR (1 << 20) /* numbers of one connection seen at about one time */

void path_remember(struct flow_table *t, const struct key *k, uint32_t flow)
{
	struct key any = *k;
	any.path = (uint32_t)PATH_ANY;
	(void)slot_set(t, &any, key_tag(t, &any), flow);
	t->paths_seen = true;
}

static bool in_reach(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) < NEAR && seq_diff(b, a) < NEAR;
}

/* Is the segment what the silent end of this flow would send? */
static bool answers(const struct flow *f, const struct segment *s, enum side from)
{
	const struct tracker_end *p = &f->tracker.end[side_other(from)];
	bool ack = (s->flags & TCP_ACK) != 0;
	if (f->segments[from] != 0 || !p->have_seq)
		return false;
	if ((s->flags & TCP_SYN) != 0 || ((s->flags & TCP_RST) != 0 && ack && !p->have_ack))
		return ack && p->have_isn && seq_gt(s->ack, p->isn) && seq_le(s->ack, p->snd_nxt);
	return p->have_ack && in_reach(s->seq, p->rcv_nxt) && (ack ? in_reach(s->ack, p->snd_nxt) : (s->flags & TCP_RST) != 0);
}

/* The flow of the same endpoints over this path (or any), if it lacks the direction of the segment and was not joined before. */
static uint32_t candidate(const struct flow_table *t, const struct key *k, uint32_t path, const struct segment *s)
{
	struct key other = *k;
	other.path = path;
	uint32_t number = slot_find(t, &other, key_tag(t, &other))->flow - 1;
	if (number == FLOW_NONE)
		return FLOW_NONE;
	const struct flow *f = pool_flow(t, number);
	bool joined = f->extra != 0 && t->extras[f->extra].has_back;
	return f->path != k->path && !joined && answers(f, s, flow_side(f, s)) ? number : FLOW_NONE;
}

uint32_t path_join(struct flow_table *t, const struct key *k, uint32_t found, const struct segment *s)
{
	if (found != FLOW_NONE && (pool_flow(t, found)->path == k->path || pool_flow(t, found)->next == FLOW_NONE))
		return found;
	uint32_t number = candidate(t, k, (uint32_t)PATH_ANY, s);
	if (number == FLOW_NONE && k->path != 0)
		number = candidate(t, k, 0, s);
	struct extra *x = number == FLOW_NONE || !slots_reserve(t) ? NULL : pool_extra(t, pool_flow(t, number));
	if (x == NULL)
		return found;
	x->back_path = k->path;
	x->has_back = true;
	t->paths_seen = true;
	(void)slot_set(t, k, key_tag(t, k), number);
	return number;
}
