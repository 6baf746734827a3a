/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours: three chains through each flow, by the host at either address and by service: the flows of each in order of their first
 * segments, one after the other in memory, so that looking at the nearest of them is reading on and not a cache miss each. */
#include "flow/neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/hash.h"
#include "util/seed.h"

/* A flow's chains: by the index of the host in flow.addr, and by service. */
enum { BY_SERVICE = 2, CHAINS, LINK_BATCH = 32 };

struct place {
	uint32_t chain, at;       /* the chain's at-th flow */
};

struct chain {
	uint32_t begin;           /* in the pool: of a piece for 2^order flows */
	uint32_t count, order;
};

/* A 64-bit seeded hash stands for the whole key. */
struct slot {
	uint64_t hash;
	uint32_t chain;           /* + 1, 0 = free */
};

struct neighbours {
	const struct flow_table *table;
	uint32_t base, count;     /* flows base to count - 1 were taken in */
	struct place (*places)[CHAINS]; /* by flow */
	size_t place_room;
	struct chain *chains;
	size_t chain_count, chain_room;
	struct neighbour *pool;   /* a chain that outgrows its piece moves into one twice as long */
	size_t pool_used, pool_room;
	uint32_t outgrown[32];    /* pieces of 2^i, + 1, linked by the number of their first entry; 0 = none */
	struct slot *slots;
	size_t slot_count;
	struct flow_tells *tells; /* by flow; NULL: not noted down, bits in the pool tell of the side at least */
	struct flow_tells *noting; /* `tells` being made, for the flows before noted_flow, and in the pool for the chains before noted_chain */
	uint32_t noted_flow;
	size_t noted_chain;
	uint64_t seed;
};

struct neighbours *neighbours_new(const struct flow_table *table)
{
	struct neighbours *n = calloc(1, sizeof *n);
	if (n == NULL)
		return NULL;
	n->table = table;
	seed_draw(&n->seed, 1);
	return n;
}

/* Empties it. */
static void forget(struct neighbours *n, uint32_t base)
{
	free(n->slots);
	free(n->tells);
	free(n->noting);
	n->slots = NULL;
	n->tells = n->noting = NULL;
	n->slot_count = n->chain_count = n->pool_used = 0;
	memset(n->outgrown, 0, sizeof n->outgrown);
	n->base = n->count = base;
}

void neighbours_free(struct neighbours *n)
{
	if (n == NULL)
		return;
	forget(n, 0);
	free(n->places);
	free(n->chains);
	free(n->pool);
	free(n);
}

/* --- taking flows in --- */

static struct slot *chain_slot(const struct neighbours *n, uint64_t hash)
{
	size_t at = (size_t)hash & (n->slot_count - 1);
	while (n->slots[at].chain != 0 && n->slots[at].hash != hash)
		at = (at + 1) & (n->slot_count - 1);
	return &n->slots[at];
}

static bool slots_grow(struct neighbours *n)
{
	size_t old_count = n->slot_count, count = old_count != 0 ? old_count * 2 : 1024;
	struct slot *old = n->slots, *new = calloc(count, sizeof *new);
	if (new == NULL)
		return false;
	n->slots = new;
	n->slot_count = count;
	for (size_t i = 0; i < old_count; i++)
		if (old[i].chain != 0)
			*chain_slot(n, old[i].hash) = old[i];
	free(old);
	return true;
}

/* A piece of the pool for so many flows: one that another chain outgrew, or at the end. UINT32_MAX: out of memory. */
static uint32_t take_piece(struct neighbours *n, unsigned order)
{
	uint32_t *outgrown = &n->outgrown[order];
	if (*outgrown != 0) {
		uint32_t piece = *outgrown - 1;
		*outgrown = n->pool[piece].number;
		return piece;
	}
	size_t size = (size_t)1 << order;
	struct neighbour *pool = array_reserve(n->pool, n->pool_used + size, &n->pool_room, sizeof *pool);
	if (pool == NULL || n->pool_used + size > UINT32_MAX - 1)
		return UINT32_MAX;
	n->pool = pool;
	n->pool_used += size;
	return (uint32_t)(n->pool_used - size);
}

static bool chain_append(struct neighbours *n, struct chain *c, struct neighbour neighbour)
{
	bool first = c->count == 0;
	if (first || c->count == 1u << c->order) {
		unsigned order = first ? 0 : c->order + 1;
		uint32_t piece = take_piece(n, order);
		if (piece == UINT32_MAX)
			return false;
		if (!first) {
			memcpy(n->pool + piece, n->pool + c->begin, c->count * sizeof *n->pool);
			n->pool[c->begin].number = n->outgrown[c->order];
			n->outgrown[c->order] = c->begin + 1;
		}
		c->begin = piece;
		c->order = order;
	}
	n->pool[c->begin + c->count++] = neighbour;
	return true;
}

/* Puts the flow at the end of one of its chains. False: out of memory. */
static bool link_chain(struct neighbours *n, struct place *place, uint64_t hash, struct neighbour neighbour)
{
	if ((n->chain_count + 1) * 8 >= n->slot_count * 5 && !slots_grow(n))
		return false;
	struct slot *slot = chain_slot(n, hash);
	if (slot->chain == 0) {
		struct chain *chains = array_grow(n->chains, n->chain_count, &n->chain_room, sizeof *chains, 256);
		if (chains == NULL)
			return false;
		n->chains = chains;
		n->chains[n->chain_count++] = (struct chain){ 0 };
		*slot = (struct slot){ .hash = hash, .chain = (uint32_t)n->chain_count };
	}
	struct chain *chain = &n->chains[slot->chain - 1];
	*place = (struct place){ .chain = slot->chain - 1, .at = chain->count };
	return chain_append(n, chain, neighbour);
}

/* The keys of a flow's chains. */
struct keys {
	uint64_t hash[CHAINS];
	bool itself;              /* one host: its chain passes through the flow once, as the client's */
};

static struct keys keys_of(const struct neighbours *n, uint32_t number)
{
	const struct flow *f = flow_table_get(n->table, number);
	struct keys k = { .itself = memcmp(f->addr[0], f->addr[1], 16) == 0 };
	for (unsigned i = 0; i < 2; i++)
		k.hash[i] = hash_bytes(f->addr[i], 16, n->seed);
	k.hash[BY_SERVICE] = hash_bytes(flow_address(f, SIDE_SERVER), 16, n->seed ^ (1u << 16 | flow_port(f, SIDE_SERVER)));
	return k;
}

static bool link_flow(struct neighbours *n, uint32_t number, const struct keys *k)
{
	uint32_t client = flow_table_get(n->table, number)->client;
	struct place *places = n->places[number - n->base];
	for (unsigned i = 0; i < 2; i++) {
		uint32_t side = i == client || k->itself ? 0 : NEIGHBOUR_SERVER;
		if (i == 1 && k->itself)
			places[1] = places[0];
		else if (!link_chain(n, &places[i], k->hash[i], (struct neighbour){ number, side }))
			return false;
	}
	return link_chain(n, &places[BY_SERVICE], k->hash[BY_SERVICE], (struct neighbour){ number, NEIGHBOUR_SERVER });
}

/* Takes in the next flows, a batch of them: in a large table each look at a key's slot, and then at its chain, is a cache miss, and while one
 * is on its way the others are asked for. */
static bool link_batch(struct neighbours *n, uint32_t batch)
{
	struct keys keys[LINK_BATCH];
	for (uint32_t i = 0; i < batch; i++) {
		keys[i] = keys_of(n, n->count + i);
		for (unsigned c = 0; c < CHAINS && n->slots != NULL; c++)
			__builtin_prefetch(&n->slots[keys[i].hash[c] & (n->slot_count - 1)]);
	}
	for (uint32_t i = 0; i < batch && n->slots != NULL; i++)
		for (unsigned c = 0; c < CHAINS; c++) {
			uint32_t chain = chain_slot(n, keys[i].hash[c])->chain;
			if (chain != 0)
				__builtin_prefetch(&n->chains[chain - 1], 1);
		}
	for (uint32_t i = 0; i < batch; i++)
		if (!link_flow(n, n->count + i, &keys[i]))
			return false;
	n->count += batch;
	return true;
}

static bool note_begin(struct neighbours *n)
{
	n->noting = malloc((n->count - n->base + 1u) * sizeof *n->noting);
	if (n->noting == NULL)
		return false;
	free(n->slots); /* keys are not asked for any more */
	n->slots = NULL;
	n->slot_count = 0;
	n->noted_flow = n->base;
	n->noted_chain = 0;
	return true;
}

bool neighbours_note(struct neighbours *n, uint32_t most, bool *more)
{
	uint64_t left = most;
	*more = false;
	if (n->tells != NULL)
		return true;
	if (n->noting == NULL && !note_begin(n))
		return false;
	for (; n->noted_flow < n->count && left > 0; n->noted_flow++, left--)
		n->noting[n->noted_flow - n->base] = flow_tells(flow_table_get(n->table, n->noted_flow));
	for (; n->noted_flow == n->count && n->noted_chain < n->chain_count && left > 0; n->noted_chain++) {
		const struct chain *chain = &n->chains[n->noted_chain];
		struct neighbour *begin = n->pool + chain->begin;
		for (struct neighbour *at = begin; at < begin + chain->count; at++)
			at->bits |= n->noting[at->number - n->base].bits;
		left -= chain->count < left ? chain->count : left;
	}
	*more = n->noted_flow < n->count || n->noted_chain < n->chain_count;
	if (!*more) {
		n->tells = n->noting;
		n->noting = NULL;
	}
	return true;
}

bool neighbours_step(struct neighbours *n, uint32_t most, bool *more)
{
	uint32_t count = flow_table_count(n->table), first = flow_table_first(n->table);
	bool outdated = (n->tells != NULL || n->noting != NULL) && n->count != count;
	*more = false;
	if (first != n->base || outdated) /* flows were let go */
		forget(n, first);
	struct place (*places)[CHAINS] = array_reserve(n->places, count - first, &n->place_room, sizeof *places);
	if (places == NULL)
		return false;
	n->places = places;
	while (n->count < count && most > 0) {
		uint32_t batch = count - n->count < most ? count - n->count : most;
		batch = batch < LINK_BATCH ? batch : LINK_BATCH;
		if (!link_batch(n, batch)) {
			forget(n, first);
			return false;
		}
		most -= batch;
	}
	*more = n->count < count;
	return true;
}

bool neighbours_update(struct neighbours *n)
{
	bool more;
	return neighbours_step(n, UINT32_MAX, &more);
}

/* --- looking --- */

const struct flow_tells *neighbours_tells(const struct neighbours *n, uint32_t flow, struct flow_tells *room)
{
	if (n->tells != NULL && flow >= n->base && flow < n->count)
		return &n->tells[flow - n->base];
	*room = flow_tells(flow_table_get(n->table, flow));
	return room;
}

static bool known(const struct neighbours *n, uint32_t flow)
{
	return flow >= n->base && flow < n->count;
}

bool neighbours_same_service(const struct neighbours *n, uint32_t a, uint32_t b)
{
	return known(n, a) && known(n, b) && n->places[a - n->base][BY_SERVICE].chain == n->places[b - n->base][BY_SERVICE].chain;
}

/* The n flows nearest to one of a chain, before it and after it in turn, as far as there are both; then the rest of the longer side. */
static unsigned take_nearest(const struct neighbour *mine, unsigned before, unsigned after, struct neighbour *to)
{
	unsigned both = before < after ? before : after, n = 0;
	for (unsigned i = 1; i <= both; i++) {
		to[n++] = *(mine - i);
		to[n++] = mine[i];
	}
	for (unsigned i = both + 1; i <= before; i++)
		to[n++] = *(mine - i);
	for (unsigned i = both + 1; i <= after; i++)
		to[n++] = mine[i];
	return n;
}

#define TWIN_NS 5000000000 /* a firewall may hold a SYN back until it has looked up a name */

/* Are these one connection, seen at two places? */
static bool is_twin(const struct flow *a, const struct flow *b)
{
	for (int side = 0; side < 2; side++)
		if (!a->tracker.end[side].have_isn || !b->tracker.end[side].have_isn || a->tracker.end[side].isn != b->tracker.end[side].isn)
			return false;
	return a->first - b->first < TWIN_NS && b->first - a->first < TWIN_NS;
}

static bool is_renamed(const struct flow *a, const struct flow *b)
{
	return memcmp(a->addr, b->addr, sizeof a->addr) != 0 || memcmp(a->port, b->port, sizeof a->port) != 0;
}

/* Takes what is the flow itself, seen at another place, out of its neighbours. */
static void take_twins_out(const struct neighbours *n, uint32_t flow, struct near *near)
{
	struct flow_tells room;
	uint32_t numbers = neighbours_tells(n, flow, &room)->bits & TELL_NUMBERS;
	const struct flow *mine = flow_table_get(n->table, flow);
	unsigned kept = 0;
	for (unsigned i = 0; i < near->count && numbers != 0; i++) {
		const struct neighbour *x = &near->at[i];
		const struct flow *f = (x->bits & TELL_NUMBERS) == numbers ? flow_table_get(n->table, x->number) : NULL;
		if (f == NULL || !is_twin(f, mine))
			near->at[kept++] = *x;
		else if (is_renamed(f, mine))
			near->twin = x->number;
	}
	near->count = numbers != 0 ? kept : near->count;
}

static void gather(const struct neighbours *n, uint32_t flow, unsigned index, struct near *near)
{
	enum { EACH_WAY = NEAR_LOOKS / 2 };
	near->count = near->any = 0;
	near->all = true;
	near->twin = FLOW_NONE;
	near->base = n->base;
	near->tells = n->tells;
	if (!known(n, flow))
		return;
	struct place place = n->places[flow - n->base][index];
	const struct chain *chain = &n->chains[place.chain];
	uint32_t before = place.at, after = chain->count - 1 - place.at;
	near->all = before < EACH_WAY && after < EACH_WAY;
	before = before < EACH_WAY ? before : EACH_WAY;
	after = after < EACH_WAY ? after : EACH_WAY;
	near->count = take_nearest(n->pool + chain->begin + place.at, before, after, near->at);
	for (unsigned i = 0; i < near->count && n->tells == NULL; i++)
		near->at[i].bits |= flow_tells(flow_table_get(n->table, near->at[i].number)).bits;
	take_twins_out(n, flow, near);
	for (unsigned i = 0; i < near->count; i++) {
		near->any |= near->at[i].bits;
		if (n->tells != NULL && (near->at[i].bits & (TELL_ACCEPTED | TELL_CARRIED)) != 0) /* on its way while the others are */
			__builtin_prefetch(&n->tells[near->at[i].number - n->base]);
	}
}

void neighbours_fetch(const struct neighbours *n, uint32_t chains, uint32_t pool)
{
	for (unsigned c = 0; c < CHAINS && known(n, chains); c++)
		__builtin_prefetch(&n->chains[n->places[chains - n->base][c].chain]);
	for (unsigned c = 0; c < CHAINS && known(n, pool); c++) {
		struct place place = n->places[pool - n->base][c];
		__builtin_prefetch(&n->pool[n->chains[place.chain].begin + place.at]);
	}
}

void neighbours_service(const struct neighbours *n, uint32_t flow, struct near *out)
{
	gather(n, flow, BY_SERVICE, out);
}

void neighbours_host(const struct neighbours *n, uint32_t flow, enum side side, struct near *out)
{
	gather(n, flow, flow_index(flow_table_get(n->table, flow), side), out);
}
