/* SPDX-License-Identifier: GPL-3.0-or-later
 * match: keys of flows sorted, and those of equal key compared: O(n log n). */
#include "vantage/match.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "flow/seq.h"

enum {
	CANDIDATES = 64,          /* flows of one key and point that a flow is compared with */
	NUMBERS_APART = 1 << 24   /* bytes that may lie between what two points saw of one connection */
};

/* By what flows are found: addresses, ports and the client's ISN; addresses and ports; the client's ISN. */
enum key_kind { KEY_ALL, KEY_TUPLE, KEY_ISN, KEY_COUNT };

struct entry {
	uint64_t key;
	int64_t first;
	uint32_t flow, point;
};

struct matching {
	struct session *const *sessions;
	struct groups *groups;
	enum key_kind kind;
};

static const struct flow *flow_of(const struct matching *m, const struct entry *e)
{
	return flow_table_get(session_flows(m->sessions[e->point]), e->flow);
}

/* The numbers of one end, from the first known to the last. False: nothing is known of it. */
static bool numbers(const struct flow *f, unsigned side, uint32_t *low, uint32_t *high)
{
	const struct tracker_end *e = &f->tracker.end[side], *o = &f->tracker.end[side ^ 1];
	if (!e->have_seq && !o->have_ack)
		return false;
	*high = e->have_seq ? e->snd_nxt : o->rcv_nxt;
	*low = e->have_isn ? e->isn : *high - (uint32_t)(f->bytes[side] < NUMBERS_APART ? f->bytes[side] : NUMBERS_APART);
	return true;
}

/* Do two flows go through the same sequence numbers? swapped: the client of one is the server of the other. */
static bool numbers_meet(const struct flow *a, const struct flow *b, bool swapped)
{
	bool any = false;
	for (unsigned side = 0; side < 2; side++) {
		uint32_t low[2], high[2];
		if (!numbers(a, side, &low[0], &high[0]) || !numbers(b, side ^ (swapped ? 1u : 0u), &low[1], &high[1]))
			continue;
		if (seq_diff(low[0], high[1]) > NUMBERS_APART || seq_diff(low[1], high[0]) > NUMBERS_APART)
			return false;
		any = true;
	}
	return any;
}

static bool same_end(const struct flow *a, enum side x, const struct flow *b, enum side y)
{
	return flow_port(a, x) == flow_port(b, y) && memcmp(flow_address(a, x), flow_address(b, y), 16) == 0;
}

static bool isn_known(const struct flow *f, enum side side)
{
	return f->tracker.end[side].have_isn;
}

static bool only_resets(const struct flow *f)
{
	return f->rst == f->segments[0] + f->segments[1];
}

static bool same_resets(const struct flow *a, const struct flow *b, bool swapped)
{
	for (unsigned side = 0; side < 2; side++)
		if (a->segments[side] != b->segments[side ^ (swapped ? 1u : 0u)] || a->rst_seq[side] != b->rst_seq[side ^ (swapped ? 1u : 0u)])
			return false;
	return true;
}

/* Has no other connection of the capture its ends? */
static bool is_alone(const struct flow *f)
{
	return f->next == FLOW_NONE && f->previous == FLOW_NONE;
}

/* Of one of them only resets were captured: are they among the other's? Number 0, as in refusals, tells nothing: the ends must be unique. */
static bool same_last_resets(const struct flow *resets, const struct flow *f, bool swapped)
{
	for (unsigned side = 0; side < 2; side++) {
		uint32_t seq = resets->rst_seq[side];
		if (resets->segments[side] > 0 && (f->rst == 0 || f->rst_seq[side ^ (swapped ? 1u : 0u)] != seq || (seq == 0 && !(is_alone(resets) && is_alone(f)))))
			return false;
	}
	return true;
}

/* Two flows of one key: are they one connection? */
static bool agree(const struct matching *m, const struct flow *a, const struct flow *b)
{
	bool both = isn_known(a, SIDE_SERVER) && isn_known(b, SIDE_SERVER);
	bool isn = !both || a->tracker.end[SIDE_SERVER].isn == b->tracker.end[SIDE_SERVER].isn;
	switch (m->kind) {
	case KEY_ALL:
		return isn;
	case KEY_ISN: /* 32 bits alone coincide in large captures: the server's as well, or the ports */
		return isn && (both || (flow_port(a, SIDE_CLIENT) == flow_port(b, SIDE_CLIENT) && flow_port(a, SIDE_SERVER) == flow_port(b, SIDE_SERVER)));
	default:
		break;
	}
	bool swapped = !same_end(a, SIDE_CLIENT, b, SIDE_CLIENT);
	if (only_resets(a) && only_resets(b))
		return same_resets(a, b, swapped);
	if (only_resets(a) || only_resets(b))
		return only_resets(a) ? same_last_resets(a, b, swapped) : same_last_resets(b, a, swapped);
	return (!isn_known(a, SIDE_CLIENT) || !isn_known(b, SIDE_CLIENT)) && numbers_meet(a, b, swapped);
}

static uint64_t key_of(const struct flow *f, enum key_kind kind)
{
	uint8_t bytes[40];
	uint32_t isn = f->tracker.end[SIDE_CLIENT].isn;
	memcpy(bytes, f->addr, 32);
	memcpy(bytes + 32, f->port, 4);
	memcpy(bytes + 36, &isn, 4);
	switch (kind) {
	case KEY_ALL:
		return hash_bytes(bytes, 40, 3);
	case KEY_TUPLE:
		return hash_bytes(bytes, 36, 4);
	default:
		return hash_bytes(&isn, sizeof isn, 5);
	}
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->point != y->point)
		return x->point < y->point ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->flow < y->flow ? -1 : x->flow > y->flow;
}

static bool has_flow_at(const struct matching *m, const struct entry *e, size_t point)
{
	const struct group *g = groups_find(m->groups, e->point, e->flow);
	return g != NULL && g->flow[point] != FLOW_NONE;
}

/* The flow e against those of one other point. */
static bool match_one(struct matching *m, const struct entry *e, const struct entry *other, size_t n)
{
	for (size_t i = 0; i < n && i < CANDIDATES; i++)
		if (!has_flow_at(m, &other[i], e->point) && agree(m, flow_of(m, e), flow_of(m, &other[i])))
			return groups_join(m->groups, e->point, e->flow, other[i].point, other[i].flow);
	return true;
}

/* All flows of one key, those of each point together, in order of time. */
static bool match_run(struct matching *m, const struct entry *run, size_t n)
{
	for (size_t begin = 0, end; begin < n; begin = end) {
		for (end = begin + 1; end < n && run[end].point == run[begin].point;)
			end++;
		for (size_t next = end, last; next < n; next = last) {
			for (last = next + 1; last < n && run[last].point == run[next].point;)
				last++;
			size_t open = next; /* those before it have their partner */
			for (size_t at = begin; at < end; at++) {
				while (open < last && has_flow_at(m, &run[open], run[at].point))
					open++;
				if (!has_flow_at(m, &run[at], run[next].point) && !match_one(m, &run[at], &run[open], last - open))
					return false;
			}
		}
	}
	return true;
}

static bool is_whole(const struct groups *g, size_t point, uint32_t flow)
{
	const struct group *at = groups_find(g, point, flow);
	for (size_t i = 0; at != NULL && i < g->points; i++)
		if (at->flow[i] == FLOW_NONE)
			return false;
	return at != NULL;
}

/* Flows that this kind of key can tell more of. */
static size_t gather(const struct matching *m, struct entry *out)
{
	size_t n = 0;
	for (uint32_t point = 0; point < m->groups->points; point++) {
		const struct flow_table *table = session_flows(m->sessions[point]);
		for (uint32_t i = flow_table_first(table); i < flow_table_count(table); i++) {
			const struct flow *f = flow_table_get(table, i);
			if ((m->kind != KEY_TUPLE && !isn_known(f, SIDE_CLIENT)) || is_whole(m->groups, point, i))
				continue;
			out[n++] = (struct entry){ key_of(f, m->kind), f->first, i, point };
		}
	}
	return n;
}

static bool match_keys(struct matching *m, struct entry *entries)
{
	size_t n = gather(m, entries);
	qsort(entries, n, sizeof *entries, by_key);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && entries[end].key == entries[i].key;)
			end++;
		if (end - i > 1 && !match_run(m, entries + i, end - i))
			return false;
	}
	return true;
}

bool match_flows(struct session *const *sessions, size_t n, struct groups *out)
{
	struct matching m = { .sessions = sessions, .groups = out };
	size_t flows = 0;
	bool good = true;
	*out = (struct groups){ .points = n };
	for (size_t i = 0; i < n; i++) {
		uint32_t count = flow_table_count(session_flows(sessions[i]));
		out->index[i] = calloc((size_t)count + 1, sizeof *out->index[i]);
		good = good && out->index[i] != NULL;
		flows += count;
	}
	struct entry *entries = good ? calloc(flows + 1, sizeof *entries) : NULL;
	good = entries != NULL;
	for (m.kind = KEY_ALL; good && m.kind < KEY_COUNT; m.kind++)
		good = match_keys(&m, entries);
	free(entries);
	return good && match_prints(sessions, out);
}
