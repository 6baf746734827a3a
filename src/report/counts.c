/* SPDX-License-Identifier: GPL-3.0-or-later
 * counts: sums and ranks. */
#include "report/counts.h"

#include <stdlib.h>
#include <string.h>

#include "explain/cause.h"

bool counts_init(struct counts *c)
{
	c->causes = calloc(cause_count() + 1, sizeof *c->causes);
	return c->causes != NULL;
}

void counts_clear(struct counts *c)
{
	uint64_t *causes = c->causes;
	memset(causes, 0, cause_count() * sizeof *causes);
	*c = (struct counts){ .causes = causes };
}

void counts_add(struct counts *to, const struct counts *c)
{
	to->captures += c->captures;
	to->packets += c->packets;
	to->segments += c->segments;
	to->flows += c->flows;
	to->resets += c->resets;
	to->truncated |= c->truncated;
	to->live |= c->live;
	to->dropped += c->dropped;
	to->evicted += c->evicted;
	for (size_t i = 0; i < REASON_COUNT; i++)
		to->undecoded[i] += c->undecoded[i];
	for (size_t i = 0; i < FLOW_STATE_COUNT; i++)
		to->states[i] += c->states[i];
	for (size_t i = 0; i < cause_count(); i++)
		to->causes[i] += c->causes[i];
}

void counts_flow(struct counts *c, const struct flow *f)
{
	if (c->flows == 0 || f->first < c->first)
		c->first = f->first;
	if (c->flows == 0 || f->last > c->last)
		c->last = f->last;
	c->flows++;
	c->segments += (uint64_t)f->segments[SIDE_CLIENT] + f->segments[SIDE_SERVER];
	c->states[flow_state(f)]++;
}

size_t counts_rank(const struct counts *c, size_t *order)
{
	size_t n = 0;
	for (size_t i = 0; i < cause_count(); i++) {
		if (c->causes[i] == 0)
			continue;
		size_t at = n++;
		for (; at > 0 && c->causes[order[at - 1]] < c->causes[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return n;
}
