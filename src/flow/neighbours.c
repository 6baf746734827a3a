/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours: four chains through the flows, in order of their first segment: by host, by service, by initial sequence number. */
#include "flow/neighbours.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "flow/hash.h"

struct links {
	uint32_t host_before[2], host_after[2]; /* by index in flow.addr */
	uint32_t service_before, service_after;
	uint32_t isn_next;        /* a ring; itself when alone */
	uint8_t before_index[2], after_index[2]; /* the host's index in those flows: a walk need not look */
};

/* The last flow known for a hash of host, service or ISN. Entries of different kinds share the table; each is verified by its flow. */
struct last {
	uint64_t hash;
	uint32_t flow;            /* + 1, 0 = free */
	uint8_t index;            /* of a host in that flow */
};

struct neighbours {
	const struct flow_table *table;
	struct links *links;
	uint32_t base, count;     /* links are those of flows base to count - 1 */
	size_t capacity;
	struct last *last;
	size_t last_count, last_used;
	uint64_t seed;
};

enum { KIND_HOST = 1, KIND_SERVICE, KIND_ISN };

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

/* Puts `flow`, with *index, last for the hash; returns who was, with its index, or FLOW_NONE. A 64-bit seeded hash stands for
 * the whole key. */
static uint32_t last_replace(struct neighbours *n, uint64_t hash, uint32_t flow, unsigned *index)
{
	struct last *l = last_find(n, hash);
	struct last before = *l;
	n->last_used += l->flow == 0;
	*l = (struct last){ .hash = hash, .flow = flow + 1, .index = (uint8_t)*index };
	*index = before.index;
	return before.flow == 0 ? FLOW_NONE : before.flow - 1;
}

static uint64_t host_hash(const struct neighbours *n, const uint8_t address[16], uint16_t port, uint64_t kind)
{
	return hash_bytes(address, 16, n->seed ^ kind << 32 ^ port);
}

static unsigned index_of(const struct flow *f, const uint8_t address[16])
{
	return memcmp(f->addr[0], address, 16) == 0 ? 0 : 1;
}

static void link_host(struct neighbours *n, uint32_t number, const struct flow *f, unsigned index)
{
	struct links *mine = &n->links[number - n->base];
	unsigned there = index;
	uint32_t before = last_replace(n, host_hash(n, f->addr[index], 0, KIND_HOST), number, &there);
	mine->host_after[index] = FLOW_NONE;
	mine->host_before[index] = before;
	mine->before_index[index] = (uint8_t)there;
	mine->after_index[index] = 0;
	if (before == FLOW_NONE || before == number)
		return;
	n->links[before - n->base].host_after[there] = number;
	n->links[before - n->base].after_index[there] = (uint8_t)index;
}

static void link_flow(struct neighbours *n, uint32_t number)
{
	const struct flow *f = flow_table_get(n->table, number);
	struct links *mine = &n->links[number - n->base];
	link_host(n, number, f, 0);
	if (memcmp(f->addr[0], f->addr[1], 16) != 0) {
		link_host(n, number, f, 1);
	} else {
		mine->host_before[1] = mine->host_before[0];
		mine->host_after[1] = FLOW_NONE;
		mine->before_index[1] = mine->after_index[1] = 0;
	}
	unsigned unused = 0;
	uint64_t service = host_hash(n, flow_address(f, SIDE_SERVER), flow_port(f, SIDE_SERVER), KIND_SERVICE);
	mine->service_before = last_replace(n, service, number, &unused);
	mine->service_after = FLOW_NONE;
	if (mine->service_before != FLOW_NONE)
		n->links[mine->service_before - n->base].service_after = number;
	mine->isn_next = number;
	const struct tracker_end *client = &f->tracker.end[SIDE_CLIENT];
	if (!client->have_isn)
		return;
	uint32_t twin = last_replace(n, hash_fold(n->seed ^ client->isn, KIND_ISN ^ 0x9e3779b97f4a7c15u), number, &unused);
	if (twin != FLOW_NONE) {
		mine->isn_next = n->links[twin - n->base].isn_next;
		n->links[twin - n->base].isn_next = number;
	}
}

bool neighbours_update(struct neighbours *n)
{
	uint32_t count = flow_table_count(n->table), first = flow_table_first(n->table);
	if (first != n->base) { /* flows were let go */
		n->base = n->count = first;
		n->last_used = 0;
		if (n->last != NULL)
			memset(n->last, 0, n->last_count * sizeof *n->last);
	}
	if (count - first > n->capacity) {
		size_t capacity = n->capacity ? n->capacity : 256;
		while (capacity < count - first)
			capacity *= 2;
		struct links *links = realloc(n->links, capacity * sizeof *links);
		if (links == NULL)
			return false;
		n->links = links;
		n->capacity = capacity;
	}
	for (; n->count < count; n->count++) {
		if ((n->last_used + 4) * 8 >= n->last_count * 5 && !last_grow(n))
			return false;
		link_flow(n, n->count);
	}
	return true;
}

static const struct links *links_of(const struct neighbours *n, uint32_t flow)
{
	return flow >= n->base && flow < n->count ? &n->links[flow - n->base] : NULL;
}

/* In a flow of a host with itself both addresses are one: the chain runs through index 0. */
static unsigned host_index(const struct neighbours *n, uint32_t flow, enum side side)
{
	const struct flow *f = flow_table_get(n->table, flow);
	return index_of(f, flow_address(f, side));
}

uint32_t neighbours_host_before(const struct neighbours *n, uint32_t flow, enum side side)
{
	const struct links *l = links_of(n, flow);
	return l == NULL ? FLOW_NONE : l->host_before[host_index(n, flow, side)];
}

uint32_t neighbours_host_after(const struct neighbours *n, uint32_t flow, enum side side)
{
	const struct links *l = links_of(n, flow);
	return l == NULL ? FLOW_NONE : l->host_after[host_index(n, flow, side)];
}

uint32_t neighbours_host_next(const struct neighbours *n, uint32_t flow, unsigned *index, bool back)
{
	const struct links *l = links_of(n, flow);
	if (l == NULL)
		return FLOW_NONE;
	unsigned at = *index & 1;
	*index = back ? l->before_index[at] : l->after_index[at];
	return back ? l->host_before[at] : l->host_after[at];
}

uint32_t neighbours_service_before(const struct neighbours *n, uint32_t flow)
{
	const struct links *l = links_of(n, flow);
	return l == NULL ? FLOW_NONE : l->service_before;
}

uint32_t neighbours_service_after(const struct neighbours *n, uint32_t flow)
{
	const struct links *l = links_of(n, flow);
	return l == NULL ? FLOW_NONE : l->service_after;
}

uint32_t neighbours_same_isn(const struct neighbours *n, uint32_t flow)
{
	const struct links *l = links_of(n, flow);
	return l == NULL || l->isn_next == flow ? FLOW_NONE : l->isn_next;
}
