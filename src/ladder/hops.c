/* SPDX-License-Identifier: GPL-3.0-or-later
 * hops: rows of several flows that are one connection, laid over one another. */
#include "ladder/hops.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ladder/rows.h"
#include "util/text.h"

/* SAME_NS: a box passes a segment on within this time. BACK: rows that are looked back for it. */
enum { SAME_NS = 1000000000, BACK = 512 };
enum { SAME_FLAGS = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK };

/* The row of a segment that goes on: it was seen shortly before on another stretch and not on this one yet. Oldest first, so that what is
 * sent again is paired in order. NULL: there is none. */
static struct ladder_row *passed_on(const struct rows *all, const struct ladder_row *r, unsigned lane)
{
	for (size_t i = all->count > BACK ? all->count - BACK : 0; i < all->count; i++) {
		struct ladder_row *m = &all->items[i];
		if (m->seen[lane].frame == 0 && m->from == r->from && m->seq == r->seq && m->ack == r->ack && m->len == r->len &&
		    ((m->flags ^ r->flags) & SAME_FLAGS) == 0 && r->time - m->time <= SAME_NS)
			return m;
	}
	return NULL;
}

/* The arrow goes over all stretches where the segment was seen. */
static void set_ends(struct ladder_row *r, unsigned lanes)
{
	unsigned low = lanes, high = 0;

	for (unsigned lane = 0; lane < lanes; lane++)
		if (r->seen[lane].frame != 0) {
			low = lane < low ? lane : low;
			high = lane + 1;
		}
	r->begin = (uint8_t)(2 * (r->from == SIDE_CLIENT ? low : high));
	r->end = (uint8_t)(2 * (r->from == SIDE_CLIENT ? high : low));
}

/* The rows of all stretches in order of time into *all. False: out of memory. */
static bool merge(const struct rows *hop, unsigned lanes, struct rows *all)
{
	size_t at[HOPS_MOST] = { 0 };

	for (;;) {
		unsigned next = lanes;
		for (unsigned i = 0; i < lanes; i++)
			if (at[i] < hop[i].count && (next == lanes || hop[i].items[at[i]].frame < hop[next].items[at[next]].frame))
				next = i;
		if (next == lanes)
			return true;
		const struct ladder_row *r = &hop[next].items[at[next]++];
		struct ladder_row *same = passed_on(all, r, next);
		if (same == NULL) {
			if (!rows_append(all, r))
				return false;
			same = &all->items[all->count - 1];
			same->seen[0] = (struct ladder_sight){ 0 };
		}
		same->seen[next] = r->seen[0];
		set_ends(same, lanes);
	}
}

/* What stands between a stretch and the next, by how the addresses change there. */
static struct lifeline between(const struct flow *near, const struct flow *far)
{
	bool client = memcmp(flow_address(near, SIDE_CLIENT), flow_address(far, SIDE_CLIENT), 16) != 0 ||
	              flow_port(near, SIDE_CLIENT) != flow_port(far, SIDE_CLIENT);
	bool server = memcmp(flow_address(near, SIDE_SERVER), flow_address(far, SIDE_SERVER), 16) != 0 ||
	              flow_port(near, SIDE_SERVER) != flow_port(far, SIDE_SERVER);
	struct lifeline l = { .what = client || server ? "NAT" : "hop" };
	const struct flow *named = server ? near : far;
	enum side side = server ? SIDE_SERVER : SIDE_CLIENT;

	if (client || server) {
		memcpy(l.address, flow_address(named, side), sizeof l.address);
		l.port = flow_port(named, side);
	}
	return l;
}

static struct lifeline end_of(const struct flow *f, enum side side)
{
	struct lifeline l = { .what = side == SIDE_CLIENT ? "client" : "server", .port = flow_port(f, side) };

	memcpy(l.address, flow_address(f, side), sizeof l.address);
	return l;
}

static void set_lifelines(struct session *s, unsigned lanes, struct lifelines *out)
{
	const struct flow_table *table = session_flows(s);

	for (unsigned i = 0; i < lanes; i++)
		out->session[i] = s;
	out->count = lanes + 1;
	out->sources = lanes;
	out->line[0] = end_of(flow_table_get(table, out->flow[0]), SIDE_CLIENT);
	for (unsigned i = 1; i < lanes; i++)
		out->line[i] = between(flow_table_get(table, out->flow[i - 1]), flow_table_get(table, out->flow[i]));
	out->line[lanes] = end_of(flow_table_get(table, out->flow[lanes - 1]), SIDE_SERVER);
}

/* False: not all could be read again, or out of memory; *too_many: some flow is longer than can be held. */
static bool stream_merged(struct session *s, const struct lifelines *l, bool *too_many, ladder_take *take, void *context)
{
	struct rows hop[HOPS_MOST] = { 0 }, all = { 0 };
	unsigned lanes = lifelines_lanes(l);
	bool whole = true;

	*too_many = false;
	for (unsigned i = 0; i < lanes && !*too_many; i++) {
		whole = ladder_stream(s, l->flow[i], rows_collect, &hop[i]) && !hop[i].failed && whole;
		*too_many = hop[i].too_many;
	}
	whole = (*too_many || merge(hop, lanes, &all)) && whole;
	for (size_t i = 0; i < all.count && !*too_many; i++)
		if (!take(context, &all.items[i]))
			break;
	for (unsigned i = 0; i < lanes; i++)
		free(hop[i].items);
	free(all.items);
	return whole;
}

bool hops_stream(struct session *s, uint32_t flow, struct lifelines *out, ladder_take *take, void *context)
{
	const struct flow_table *table = session_flows(s);
	bool too_many = false;

	if (flow_table_get(table, flow) == NULL)
		return false;
	unsigned lanes = (unsigned)session_hops(s, flow, out->flow);
	for (unsigned i = 0; i < lanes; i++)
		out->own = out->flow[i] == flow ? i : out->own;
	set_lifelines(s, lanes, out);
	bool whole = lanes > 1 && stream_merged(s, out, &too_many, take, context);
	if (lanes > 1 && !too_many)
		return whole;
	out->alone = out->alone || too_many;
	out->flow[0] = flow;
	out->own = 0;
	set_lifelines(s, 1, out);
	return ladder_stream(s, flow, take, context);
}

void hops_explain(const struct lifelines *l, const struct ladder_row *r, struct buf *out)
{
	unsigned lanes = lifelines_lanes(l);
	bool client = r->from == SIDE_CLIENT;

	if (lanes == 1 || r->kind != LADDER_SEGMENT)
		return;
	for (unsigned lane = 0; lane < lanes; lane++) {
		const struct ladder_sight *seen = &r->seen[lane];
		if (seen->frame == 0 || seen->frame == r->frame)
			continue;
		buf_puts(out, " Passed on after ");
		text_add_duration(out, seen->time - r->time);
		buf_printf(out, " (frame %" PRIu64 ").", seen->frame);
	}
	/* Who made it is for the verdict to say. */
	if (r->begin != (client ? 0 : 2 * lanes))
		buf_printf(out, " Not seen between the %s and the %s: made there, or not captured.", client ? "client" : "server",
		           l->line[r->begin / 2].what);
	if (r->end != (client ? 2 * lanes : 0))
		buf_printf(out, " Not seen beyond the %s: not passed on, or not captured.", l->line[r->end / 2].what);
}
