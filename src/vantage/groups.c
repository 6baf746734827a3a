/* SPDX-License-Identifier: GPL-3.0-or-later
 * groups: the connections that several captures have in common, by point and flow. */
#include "vantage/groups.h"

#include <stdlib.h>

#include "flow/flow.h"
#include "util/array.h"

const struct group *groups_find(const struct groups *g, size_t point, uint32_t flow)
{
	uint32_t at = g->index[point][flow];
	return at == 0 ? NULL : &g->of[at - 1];
}

/* A new group of nothing; returns its number + 1, 0 when out of memory. */
static uint32_t group_new(struct groups *g)
{
	struct group *of = array_grow(g->of, g->count, &g->room, sizeof *of, 64);
	if (of == NULL)
		return 0;
	g->of = of;
	for (size_t i = 0; i < VANTAGE_MOST; i++)
		of[g->count].flow[i] = FLOW_NONE;
	return (uint32_t)++g->count;
}

static void group_take(struct groups *g, uint32_t group, size_t point, uint32_t flow)
{
	g->index[point][flow] = group;
	if (g->of[group - 1].flow[point] == FLOW_NONE)
		g->of[group - 1].flow[point] = flow;
}

bool groups_join(struct groups *g, size_t point, uint32_t flow, size_t other, uint32_t flow_there)
{
	uint32_t a = g->index[point][flow], b = g->index[other][flow_there];
	if (a == 0 && b == 0 && (a = group_new(g)) == 0)
		return false;
	uint32_t to = a != 0 ? a : b, from = a != 0 && b != 0 && a != b ? b : 0;
	group_take(g, to, point, flow);
	group_take(g, to, other, flow_there);
	for (size_t i = 0; from != 0 && i < g->points; i++) {
		if (g->of[from - 1].flow[i] != FLOW_NONE)
			group_take(g, to, i, g->of[from - 1].flow[i]);
		g->of[from - 1].flow[i] = FLOW_NONE;
	}
	return true;
}

void groups_free(struct groups *g)
{
	for (size_t i = 0; i < VANTAGE_MOST; i++)
		free(g->index[i]);
	free(g->of);
	*g = (struct groups){ 0 };
}
