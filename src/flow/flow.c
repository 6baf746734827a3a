/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow: how a flow stands, and whose a segment is. */
#include "flow/flow.h"

#include <string.h>

static const char *const flow_state_names[FLOW_STATE_COUNT] = {
	[FLOW_HANDSHAKE] = "handshake", [FLOW_OPEN] = "open", [FLOW_CLOSING] = "closing", [FLOW_CLOSED] = "closed",
	[FLOW_REFUSED] = "refused", [FLOW_RESET] = "reset", [FLOW_UNANSWERED] = "unanswered",
};

const char *flow_state_name(enum flow_state state)
{
	return (unsigned)state < FLOW_STATE_COUNT ? flow_state_names[state] : "open";
}

enum flow_state flow_state(const struct flow *f)
{
	const struct tracker *t = &f->tracker;
	const struct tracker_end *c = &t->end[SIDE_CLIENT], *s = &t->end[SIDE_SERVER];
	bool syn_only = t->syn_seen && !t->synack_seen && !s->spoke && !c->have_ack; /* who acknowledges has been answered */
	if (t->reset)
		return syn_only ? FLOW_REFUSED : FLOW_RESET;
	if (c->have_fin && s->have_fin && tracker_over(t))
		return FLOW_CLOSED;
	if (c->have_fin || s->have_fin)
		return FLOW_CLOSING;
	if (c->state == TCP_SYN_SENT && !t->synack_seen)
		return FLOW_UNANSWERED;
	if (s->state == TCP_SYN_RECEIVED || c->state == TCP_SYN_SENT)
		return FLOW_HANDSHAKE;
	return FLOW_OPEN;
}

enum side flow_side(const struct flow *f, const struct segment *s)
{
	bool lower = s->src_port == f->port[0] && memcmp(s->src, f->addr[0], 16) == 0;
	bool same = f->port[0] == f->port[1] && memcmp(f->addr[0], f->addr[1], 16) == 0;
	if (same) /* a connection with itself: there is one end; its answers count as the other's */
		return (s->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) ? SIDE_SERVER : SIDE_CLIENT;
	return (lower ? 0u : 1u) == f->client ? SIDE_CLIENT : SIDE_SERVER;
}
