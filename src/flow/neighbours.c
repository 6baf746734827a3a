/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours: three chains through the flows, in order of their first segment: by the host at either address, and by service. */
#include "flow/neighbours.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "flow/hash.h"
#include "flow/tells.h"

/* A flow's places in chains: by the index of the host in flow.addr, and by service. */
enum { BY_SERVICE = 2, CHAINS };

struct links {
	uint32_t before[CHAINS], after[CHAINS];
	uint8_t before_at[CHAINS], after_at[CHAINS]; /* the chain's place in those flows: a walk need not look */
	uint16_t tells;           /* valid when neighbours.told, and so is isns */
	uint32_t isns;            /* see isns_of() */
};

/* The last flow known for a hash of host or service. Entries of both kinds share the table. */
struct last {
	uint64_t hash;
	uint32_t flow;            /* + 1, 0 = free */
	uint8_t at;               /* of the chain in that flow */
};

struct neighbours {
	const struct flow_table *table;
	struct links *links;
	uint32_t base, count;     /* links are those of flows base to count - 1 */
	bool told;
	size_t capacity;
	struct last *last;
	size_t last_count, last_used;
	uint64_t seed;
};

#define TWIN_NS 5000000000 /* a firewall may hold a SYN back until it has looked up a name */

struct neighbours *neighbours_new(const struct flow_table *table)
{
	struct neighbours *n = calloc(1, sizeof *n);
	if (n == NULL)
		return NULL;
	n->table = table;
	if (getentropy(&n->seed, sizeof n->seed) != 0)
		n->seed = (uint64_t)(uintptr_t)n * 0x9e3779b97f4a7c15u;
	return n;
}

void neighbours_free(struct neighbours *n)
{
	if (n == NULL)
		return;
	free(n->links);
	free(n->last);
	free(n);
}

static struct last *last_find(const struct neighbours *n, uint64_t hash)
{
	size_t at = (size_t)hash & (n->last_count - 1);
	while (n->last[at].flow != 0 && n->last[at].hash != hash)
		at = (at + 1) & (n->last_count - 1);
	return &n->last[at];
}

static bool last_grow(struct neighbours *n)
{
	size_t old_count = n->last_count, count = old_count ? old_count * 2 : 1024;
	struct last *old = n->last, *new = calloc(count, sizeof *new);
	if (new == NULL)
		return false;
	n->last = new;
	n->last_count = count;
	for (size_t i = 0; i < old_count; i++)
		if (old[i].flow != 0)
			*last_find(n, old[i].hash) = old[i];
	free(old);
	return true;
}

/* The service stands for port and server, a host for all its ports. A 64-bit seeded hash stands for the whole key. */
static uint64_t chain_hash(const struct neighbours *n, const struct flow *f, unsigned at)
{
	if (at != BY_SERVICE)
		return hash_bytes(f->addr[at], 16, n->seed);
	return hash_bytes(flow_address(f, SIDE_SERVER), 16, n->seed ^ (1u << 16 | flow_port(f, SIDE_SERVER)));
}

/* Puts the flow at the end of one of its chains. */
static void link_chain(struct neighbours *n, uint32_t number, const struct flow *f, unsigned at)
{
	uint64_t hash = chain_hash(n, f, at);
	struct last *l = last_find(n, hash);
	struct links *mine = &n->links[number - n->base];
	if (l->flow != 0) {
		struct links *before = &n->links[l->flow - 1 - n->base];
		mine->before[at] = l->flow - 1;
		mine->before_at[at] = l->at;
		before->after[l->at] = number;
		before->after_at[l->at] = (uint8_t)at;
	}
	n->last_used += l->flow == 0;
	*l = (struct last){ .hash = hash, .flow = number + 1, .at = (uint8_t)at };
}

static void link_flow(struct neighbours *n, uint32_t number)
{
	const struct flow *f = flow_table_get(n->table, number);
	n->links[number - n->base] = (struct links){ .before = { FLOW_NONE, FLOW_NONE, FLOW_NONE }, .after = { FLOW_NONE, FLOW_NONE, FLOW_NONE } };
	link_chain(n, number, f, 0);
	if (memcmp(f->addr[0], f->addr[1], 16) != 0)
		link_chain(n, number, f, 1);
	link_chain(n, number, f, BY_SERVICE);
}

static bool reserve(struct neighbours *n, size_t flows)
{
	if (flows <= n->capacity)
		return true;
	size_t capacity = n->capacity ? n->capacity : 256;
	while (capacity < flows)
		capacity *= 2;
	struct links *links = realloc(n->links, capacity * sizeof *links);
	if (links == NULL)
		return false;
	n->links = links;
	n->capacity = capacity;
	return true;
}

/* Both initial sequence numbers in one, 0 when one of them is not known. */
static uint32_t isns_of(const struct flow *f)
{
	const struct tracker_end *c = &f->tracker.end[SIDE_CLIENT], *s = &f->tracker.end[SIDE_SERVER];
	return c->have_isn && s->have_isn ? (c->isn * 0x9e3779b1u ^ s->isn) | 1 : 0;
}

/* Is this flow the connection `mine`, whose isns_of() is isns, seen at another place? */
static bool is_twin(const struct neighbours *n, uint32_t number, const struct flow *mine, uint32_t isns)
{
	if (isns == 0 || (n->told && n->links[number - n->base].isns != isns))
		return false;
	const struct flow *f = flow_table_get(n->table, number);
	for (int side = 0; side < 2; side++)
		if (!f->tracker.end[side].have_isn || f->tracker.end[side].isn != mine->tracker.end[side].isn)
			return false;
	return f->first - mine->first < TWIN_NS && mine->first - f->first < TWIN_NS;
}

static bool is_renamed(const struct flow *a, const struct flow *b)
{
	return memcmp(a->addr, b->addr, sizeof a->addr) != 0 || memcmp(a->port, b->port, sizeof a->port) != 0;
}

bool neighbours_update(struct neighbours *n, bool final)
{
	uint32_t count = flow_table_count(n->table), first = flow_table_first(n->table);
	if (first != n->base) { /* flows were let go */
		n->base = n->count = first;
		n->last_used = 0;
		n->told = false;
		if (n->last != NULL)
			memset(n->last, 0, n->last_count * sizeof *n->last);
	}
	if (!reserve(n, count - first))
		return false;
	for (; n->count < count; n->count++) {
		if ((n->last_used + CHAINS) * 8 >= n->last_count * 5 && !last_grow(n))
			return false;
		link_flow(n, n->count);
	}
	for (uint32_t number = first; final && !n->told && number < count; number++) {
		const struct flow *f = flow_table_get(n->table, number);
		n->links[number - first].tells = flow_tells(f);
		n->links[number - first].isns = isns_of(f);
	}
	n->told = final;
	return true;
}

static uint16_t tells_of(const struct neighbours *n, uint32_t number)
{
	return n->told ? n->links[number - n->base].tells : flow_tells(flow_table_get(n->table, number));
}

/* The side at which a chain passes through a flow. */
static uint8_t side_at(unsigned tells, unsigned at)
{
	bool lower_is_server = (tells & TELL_LOWER_SERVER) != 0;
	return at == BY_SERVICE || lower_is_server == (at == 0) ? SIDE_SERVER : SIDE_CLIENT;
}

/* One end of a walk along a chain. */
struct walker {
	uint32_t number;          /* reached; FLOW_NONE = the end */
	unsigned at;              /* of the chain in it */
};

/* mine, isns: of the flow that the walk began at. */
static inline void walk(const struct neighbours *n, struct walker *w, bool back, const struct flow *mine, uint32_t isns, struct near *near)
{
	if (w->number == FLOW_NONE)
		return;
	const struct links *l = &n->links[w->number - n->base];
	w->number = back ? l->before[w->at] : l->after[w->at];
	w->at = back ? l->before_at[w->at] : l->after_at[w->at];
	if (w->number == FLOW_NONE)
		return;
	if (is_twin(n, w->number, mine, isns)) {
		near->twin = is_renamed(flow_table_get(n->table, w->number), mine) ? w->number : near->twin;
		return;
	}
	uint16_t tells = tells_of(n, w->number);
	near->number[near->count] = w->number;
	near->tells[near->count] = tells;
	near->side[near->count++] = side_at(tells, w->at);
	near->any |= tells;
}

/* Nearest first, before and after in turn. */
static void gather(const struct neighbours *n, uint32_t flow, unsigned at, struct near *near)
{
	struct walker before = { flow >= n->base && flow < n->count ? flow : FLOW_NONE, at }, after = before;
	const struct flow *mine = flow_table_get(n->table, flow);
	uint32_t isns = isns_of(mine);
	near->count = near->any = 0;
	near->twin = FLOW_NONE;
	for (unsigned looks = 0; looks < NEAR_LOOKS && (before.number != FLOW_NONE || after.number != FLOW_NONE); looks += 2) {
		walk(n, &before, true, mine, isns, near);
		walk(n, &after, false, mine, isns, near);
	}
	near->all = before.number == FLOW_NONE && after.number == FLOW_NONE;
}

void neighbours_service(const struct neighbours *n, uint32_t flow, struct near *out)
{
	gather(n, flow, BY_SERVICE, out);
}

void neighbours_host(const struct neighbours *n, uint32_t flow, enum side side, struct near *out)
{
	const struct flow *f = flow_table_get(n->table, flow);
	bool itself = memcmp(f->addr[0], f->addr[1], 16) == 0; /* then both addresses are one: the chain runs through index 0 */
	gather(n, flow, itself ? 0 : flow_index(f, side), out);
}
