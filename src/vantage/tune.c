/* SPDX-License-Identifier: GPL-3.0-or-later
 * tune: clocks from a sample of the connections that two points share; shifts from ISNs or payload. */
#include "vantage/tune.h"

#include <stdlib.h>
#include <string.h>

#include "flow/seq.h"
#include "vantage/passage.h"

enum {
	TUNED_FLOWS = 256,        /* connections that a clock is fitted by, spread over all */
	TUNED_SIGHTS = 4000,      /* segments of each */
	SHIFT_LOOKS = 64          /* segments with payload that are compared for a shift */
};

struct alignment tune_alignment(const struct flow *here, const struct flow *there)
{
	struct alignment a = { .swapped = false };
	bool crossed = flow_port(here, SIDE_CLIENT) == flow_port(there, SIDE_SERVER) && flow_port(here, SIDE_SERVER) == flow_port(there, SIDE_CLIENT) &&
	               flow_port(here, SIDE_CLIENT) != flow_port(here, SIDE_SERVER);
	bool mirrored = memcmp(flow_address(here, SIDE_CLIENT), flow_address(there, SIDE_SERVER), 16) == 0 &&
	                memcmp(flow_address(here, SIDE_CLIENT), flow_address(there, SIDE_CLIENT), 16) != 0;
	a.swapped = crossed || (mirrored && flow_port(here, SIDE_CLIENT) == flow_port(there, SIDE_SERVER));
	for (unsigned side = 0; side < 2; side++) {
		const struct tracker_end *x = &here->tracker.end[side], *y = &there->tracker.end[side ^ (a.swapped ? 1u : 0u)];
		if (x->have_isn && y->have_isn)
			a.shift[side] = y->isn - x->isn;
	}
	return a;
}

/* Packets of one payload, in one packet by its timestamps or IP ID, that bear other numbers here and there. */
static bool is_shifted(const struct sight *x, const struct sight *y)
{
	bool one = x->tsval != 0 ? x->tsval == y->tsval && x->tsecr == y->tsecr : x->ip_id != 0 && x->ip_id == y->ip_id;
	return one && x->payload != 0 && x->payload == y->payload && x->len == y->len;
}

void tune_shift(const struct sights *here, const struct sights *there, struct alignment *a)
{
	bool known[2] = { a->shift[0] != 0, a->shift[1] != 0 };
	size_t looked = 0;
	for (size_t i = 0; i < here->count && looked < SHIFT_LOOKS; i++) {
		const struct sight *x = &here->of[i];
		if (x->payload == 0 || x->copy || known[x->from])
			continue;
		looked++;
		for (size_t k = 0, compared = 0; k < there->count && compared < SHIFT_LOOKS; k++) {
			const struct sight *y = &there->of[k];
			if (y->payload == 0 || (y->from ^ (a->swapped ? 1u : 0u)) != x->from)
				continue;
			compared++;
			if (!is_shifted(x, y))
				continue;
			a->shift[x->from] = y->seq - x->seq;
			known[x->from] = true;
			break;
		}
	}
}

struct clock_fit clock_between(const struct clock_fit *here, const struct clock_fit *there)
{
	struct clock_fit f = { .known = here->known && there->known, .two_way = here->two_way && there->two_way };
	if (!f.known)
		return f;
	int64_t by_first = here->origin;
	f.origin = clock_there(here, by_first);
	f.offset = clock_there(there, by_first) - f.origin;
	f.drift = there->drift - here->drift;
	f.uncertainty = here->uncertainty + there->uncertainty;
	return f;
}

/* Samples of one connection. to: from the base to the other point. False: out of memory. */
static bool take_samples(struct session *const *sessions, const struct group *g, size_t base, size_t other, struct clock_samples way[2])
{
	struct sights here, there;
	struct pairs pairs = { 0 };
	struct alignment a = tune_alignment(flow_table_get(session_flows(sessions[base]), g->flow[base]),
	                                    flow_table_get(session_flows(sessions[other]), g->flow[other]));
	sights_read(sessions[base], g->flow[base], TUNED_SIGHTS, &here);
	sights_read(sessions[other], g->flow[other], TUNED_SIGHTS, &there);
	tune_shift(&here, &there, &a);
	bool good = pairs_make(&here, &there, &a, &pairs);
	int order = good ? passage_order(&here, &there, &pairs) : 0;
	for (size_t i = 0; good && order != 0 && i < here.count; i++) {
		const struct sight *x = &here.of[i];
		if (pairs.here[i].kind != PAIR_SAME || x->again || x->copy)
			continue;
		int64_t later = there.of[pairs.here[i].other].time - x->time;
		bool to = (order > 0) == (x->from == SIDE_CLIENT);
		good = clock_sample_add(&way[to ? 0 : 1], x->time, to ? later : -later);
	}
	sights_free(&here);
	sights_free(&there);
	pairs_free(&pairs);
	return good;
}

static size_t shared(const struct groups *g, size_t a, size_t b)
{
	size_t n = 0;
	for (size_t i = 0; i < g->count; i++)
		n += g->of[i].flow[a] != FLOW_NONE && g->of[i].flow[b] != FLOW_NONE;
	return n;
}

/* The clock of `other` by that of `base`. */
static bool fit(struct session *const *sessions, const struct groups *g, size_t base, size_t other, struct clock_fit *out)
{
	struct clock_samples way[2] = { 0 };
	size_t n = shared(g, base, other), step = n / TUNED_FLOWS + 1, at = 0;
	bool good = true;
	for (size_t i = 0; good && i < g->count; i++)
		if (g->of[i].flow[base] != FLOW_NONE && g->of[i].flow[other] != FLOW_NONE && at++ % step == 0)
			good = take_samples(sessions, &g->of[i], base, other, way);
	clock_fit(&way[0], &way[1], out);
	free(way[0].of);
	free(way[1].of);
	return good;
}

/* A clock told by another point's, which is told by the first's. */
static struct clock_fit chain(const struct clock_fit *base, const struct clock_fit *further)
{
	struct clock_fit f = *further;
	f.known = base->known && further->known;
	f.two_way = base->two_way && further->two_way;
	f.origin = clock_here(base, further->origin);
	f.offset = clock_there(further, further->origin) - f.origin;
	f.drift = base->drift + further->drift;
	f.uncertainty = base->uncertainty + further->uncertainty;
	return f;
}

bool tune_clocks(struct session *const *sessions, const struct groups *g, struct clock_fit *clocks)
{
	clocks[0] = (struct clock_fit){ .known = true, .two_way = true };
	for (size_t done = 1; done < g->points; done++) {
		size_t best = 0, base = 0, other = 0;
		for (size_t a = 0; a < g->points; a++)
			for (size_t b = 1; b < g->points; b++) {
				size_t n = clocks[a].known && !clocks[b].known ? shared(g, a, b) : 0;
				if (n > best) {
					best = n;
					base = a;
					other = b;
				}
			}
		struct clock_fit further;
		if (best == 0)
			return true; /* the others share nothing with those */
		if (!fit(sessions, g, base, other, &further))
			return false;
		if (!further.known)
			return true;
		clocks[other] = chain(&clocks[base], &further);
	}
	return true;
}
