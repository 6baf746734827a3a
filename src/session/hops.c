/* SPDX-License-Identifier: GPL-3.0-or-later
 * hops: flows that are one connection on several stretches of its way. */
#include "session/hops.h"

#include <string.h>

/* Both flows begin within a moment, so they stand close to each other in the table: a bounded look either way finds them without an index. */
enum { LOOKS = 4096, READS = 64 /* flows of which packets are read for it */ };
static const int64_t together = 1000000000;

enum likeness { LIKE_NOT, LIKE_FIRST_SEGMENT /* as far as the flows tell: their first segments must say */, LIKE_SAME };

/* Whoever translates addresses forwards, and who forwards takes one off the TTL (RFC 1812 5.3.1): packets that a program makes with one
 * number for many addresses have one TTL, too. */
static bool is_farther(const struct flow *from, const struct flow *to)
{
	uint8_t near = from->ttl[SIDE_CLIENT].syn, far = to->ttl[SIDE_CLIENT].syn;

	return near != 0 && far != 0 && far < near;
}

static bool same_ends(const struct flow *a, const struct flow *b)
{
	return memcmp(a->addr, b->addr, sizeof a->addr) == 0 && memcmp(a->port, b->port, sizeof a->port) == 0;
}

/* a is the one that began first. */
static enum likeness likeness(const struct flow *a, const struct flow *b)
{
	const struct tracker_end *ac = &a->tracker.end[SIDE_CLIENT], *as = &a->tracker.end[SIDE_SERVER];
	const struct tracker_end *bc = &b->tracker.end[SIDE_CLIENT], *bs = &b->tracker.end[SIDE_SERVER];

	if (!ac->have_isn || !bc->have_isn || ac->isn != bc->isn)
		return LIKE_NOT;
	if (same_ends(a, b) ? a->path == b->path /* one tuple used twice */ : !is_farther(a, b))
		return LIKE_NOT;
	if (!as->have_isn || !bs->have_isn)
		return LIKE_FIRST_SEGMENT;
	return as->isn == bs->isn ? LIKE_SAME : LIKE_NOT;
}

static bool keep_first(void *context, const struct packet *packet, const struct segment *segment, enum side from, uint32_t marks,
                       const struct tracker *before, const struct tracker *after)
{
	(void)packet, (void)from, (void)marks, (void)before, (void)after;
	*(struct segment *)context = *segment;
	return false;
}

/* A scanner sends SYNs of one sequence number to many: each is a packet of its own, a forwarded one keeps what it bears. */
static bool same_packet(struct session *s, uint32_t a, uint32_t b)
{
	struct segment x = { 0 }, y = { 0 };

	if (!session_walk(s, a, keep_first, &x) || !session_walk(s, b, keep_first, &y) || x.seq != y.seq || x.flags != y.flags || x.len != y.len)
		return false;
	bool stamped = (x.options.present & y.options.present & OPT_TS) != 0 && x.options.tsval != 0;
	bool numbered = x.ip_version == 4 && y.ip_version == 4 && x.ip_id != 0;
	return (stamped || numbered) && (!stamped || x.options.tsval == y.options.tsval) && (!numbered || x.ip_id == y.ip_id);
}

static bool is_hop(struct session *s, uint32_t flow, uint32_t other, unsigned *reads)
{
	const struct flow_table *table = session_flows(s);
	uint32_t first = flow < other ? flow : other, second = flow < other ? other : flow;
	enum likeness like = likeness(flow_table_get(table, first), flow_table_get(table, second));

	return like == LIKE_SAME || (like == LIKE_FIRST_SEGMENT && (*reads)++ < READS && same_packet(s, flow, other));
}

size_t session_hops(struct session *s, uint32_t flow, uint32_t hops[HOPS_MOST])
{
	const struct flow_table *table = session_flows(s);
	const struct flow *f = flow_table_get(table, flow);
	uint32_t first = flow_table_first(table), count = flow_table_count(table), from = flow, to = flow + 1;
	unsigned reads = 0;
	size_t n = 0;

	/* Numbers go by first segments: the first hop is that nearest the client. */
	while (from > first && flow - from < LOOKS && f->first - flow_table_get(table, from - 1)->first <= together)
		from--;
	while (to < count && to - flow <= LOOKS && flow_table_get(table, to)->first - f->first <= together)
		to++;
	for (uint32_t other = from; other < to; other++)
		if (other == flow || (n < HOPS_MOST - (other < flow ? 1u : 0u) && is_hop(s, flow, other, &reads)))
			hops[n++] = other;
	return n;
}
