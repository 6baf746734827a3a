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

/* Nearest first, before and after in turn. */
static void gather(const struct explain_context *c, struct near *near, const uint8_t *host, unsigned index)
{
	struct step before = { c->flow, index }, after = before;
	near->count = 0;
	for (unsigned looks = 0; looks < NEAR_LOOKS && (before.number != FLOW_NONE || after.number != FLOW_NONE); looks++) {
		bool back = looks % 2 == 0;
		uint32_t number = step(c->neighbours, back ? &before : &after, host != NULL, back);
		if (number == FLOW_NONE)
			continue;
		near->number[near->count++] = number;
		fetch(flow_table_get(c->table, number));
	}
	near->all = before.number == FLOW_NONE && after.number == FLOW_NONE;
	for (unsigned i = 0; i < near->count; i++) {
		near->flow[i] = flow_table_get(c->table, near->number[i]);
		bool client = host != NULL && memcmp(flow_address(near->flow[i], SIDE_CLIENT), host, 16) == 0;
		near->side[i] = client ? SIDE_CLIENT : SIDE_SERVER;
	}
}

void measure_vicinity(struct scene *scene)
{
	const struct explain_context *c = scene->context;
	const struct flow *f = scene->flow;
	if (c->neighbours == NULL)
		return;
	bool itself = memcmp(f->addr[0], f->addr[1], 16) == 0;
	gather(c, &scene->service, NULL, 0);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		gather(c, &scene->host[side], flow_address(f, side), itself ? 0 : flow_index(f, side));
}
