/* SPDX-License-Identifier: GPL-3.0-or-later
 * vicinity: the flows near one in time at the same service and at the same hosts, gathered once for all rules and all resets of it. */
#include "explain/evidence.h"

#include <string.h>

/* One end of a walk through the chain of a host or of a service. */
struct step {
	uint32_t number;               /* reached; FLOW_NONE = the end */
	unsigned index;                /* of the host in it */
};

static uint32_t step(const struct neighbours *n, struct step *s, bool host, bool back)
{
	if (s->number != FLOW_NONE)
		s->number = host ? neighbours_host_next(n, s->number, &s->index, back) :
			back ? neighbours_service_before(n, s->number) : neighbours_service_after(n, s->number);
	return s->number;
}

/* What the rules look at of a flow is spread over it: on its way while the chain is followed further. */
static void fetch(const struct flow *f)
{
	for (size_t line = 0; line < sizeof *f; line += 64)
		__builtin_prefetch((const char *)f + line);
}

/* The side of the address at this index; in a flow of a host with itself, the client's. */
static uint8_t side_of(const struct flow *f, unsigned index)
{
	return index == f->client || memcmp(f->addr[0], f->addr[1], 16) == 0 ? SIDE_CLIENT : SIDE_SERVER;
}

/* Nearest first, before and after in turn. */
static void gather(const struct explain_context *c, struct near *near, bool host, unsigned index)
{
	struct step before = { c->flow, index }, after = before;
	near->count = 0;
	for (unsigned looks = 0; looks < NEAR_LOOKS && (before.number != FLOW_NONE || after.number != FLOW_NONE); looks++) {
		bool back = looks % 2 == 0;
		uint32_t number = step(c->neighbours, back ? &before : &after, host, back);
		if (number == FLOW_NONE)
			continue;
		const struct flow *f = flow_table_get(c->table, number);
		near->flow[near->count] = f;
		near->number[near->count] = number;
		near->side[near->count++] = (uint8_t)(back ? before.index : after.index);
		fetch(f);
	}
	near->all = before.number == FLOW_NONE && after.number == FLOW_NONE;
	for (unsigned i = 0; i < near->count; i++)
		near->side[i] = host ? side_of(near->flow[i], near->side[i]) : SIDE_SERVER;
}

void measure_vicinity(struct scene *scene)
{
	const struct explain_context *c = scene->context;
	const struct flow *f = scene->flow;
	if (c->neighbours == NULL)
		return;
	bool itself = memcmp(f->addr[0], f->addr[1], 16) == 0;
	gather(c, &scene->service, false, 0);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		gather(c, &scene->host[side], true, itself ? 0 : flow_index(f, side));
}
