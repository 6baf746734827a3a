/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs: flows that may be the other leg by their ends and amounts are read, and compared payload by payload. */
#include "vantage/legs.h"

#include <stdlib.h>
#include <string.h>

#include "vantage/sights.h"
#include "vantage/tune.h"

enum {
	LEGS_LOOKS = 4096,        /* flows before and after, by number */
	LEGS_READS = 32,          /* of which the packets are read */
	LEGS_SIGHTS = 256,        /* segments of each */
	PAYLOAD_LEAST = 16        /* bytes that are not alike by chance */
};
static const int64_t passed_most = INT64_C(1000000000);  /* ns: what takes longer is not taken for passed on */
static const int64_t opened_most = INT64_C(100000000);   /* ns after the client's handshake or request that a proxy makes its own */

struct search {
	const struct legs_scope *scope;
	size_t point;
	uint32_t flow;
	struct sights own;
	unsigned reads;
	bool cut;                 /* there were more to read: which one is the best is not known */
};

/* What one flow is as the other leg. */
struct candidate {
	struct legs legs;
	unsigned ways;            /* directions in which payload went on */
	bool one_host;            /* the address in the middle is one */
};

static const struct flow *flow_at(const struct search *q, size_t point, uint32_t flow)
{
	return flow_table_get(session_flows(q->scope->sessions[point]), flow);
}

static bool same_address(const struct flow *a, enum side x, const struct flow *b, enum side y)
{
	return memcmp(flow_address(a, x), flow_address(b, y), 16) == 0;
}

/* Captured at several places a connection is one, not several that look alike. */
static bool same_connection(const struct legs_scope *scope, size_t point, uint32_t flow, size_t other, uint32_t flow_there)
{
	if (point == other)
		return flow == flow_there;
	const struct group *g = scope->groups != NULL ? groups_find(scope->groups, point, flow) : NULL;
	return g != NULL && g->flow[other] == flow_there;
}

/* By ends and amounts alone: can these be a client's leg and a server's? */
static bool may_be_legs(const struct flow *front, const struct flow *back, bool *one_host)
{
	const struct tracker_end *x = &front->tracker.end[SIDE_CLIENT], *y = &back->tracker.end[SIDE_CLIENT];
	*one_host = same_address(front, SIDE_SERVER, back, SIDE_CLIENT);
	bool apart = !same_address(front, SIDE_CLIENT, back, SIDE_CLIENT) && !same_address(front, SIDE_SERVER, back, SIDE_SERVER);
	bool one_connection = x->have_isn && y->have_isn && x->isn == y->isn;
	bool amounts = false;
	for (unsigned side = 0; side < 2; side++)
		amounts = amounts || (front->bytes[side] > 0 && front->bytes[side] == back->bytes[side]);
	return apart && !one_connection && back->bytes[0] + back->bytes[1] > 0 && (*one_host || amounts);
}

static bool is_payload(const struct sight *s)
{
	return s->payload != 0 && s->len >= PAYLOAD_LEAST && !s->again && !s->copy;
}

/* The segments of one direction, in order: each with the first one behind its partner's that has the same payload. leg: where it comes first. */
static size_t pass_on(const struct sights *const of[2], unsigned side, const struct clock_fit *clock, struct candidate *c)
{
	unsigned leg = side == SIDE_CLIENT ? 0 : 1;
	const struct sights *from = of[leg], *to = of[!leg];
	size_t next = 0, n = 0;
	for (size_t i = 0; i < from->count && c->legs.passed_count < LEGS_PASSED; i++) {
		const struct sight *x = &from->of[i];
		if (x->from != side || !is_payload(x))
			continue;
		for (size_t k = next; k < to->count; k++) {
			const struct sight *y = &to->of[k];
			if (y->from != side || !is_payload(y) || y->len != x->len || y->payload != x->payload)
				continue;
			bool timed = clock == NULL || clock->known;
			int64_t at = clock == NULL ? y->time : leg == c->legs.own ? clock_here(clock, y->time) : clock_there(clock, y->time);
			if (timed && (at < x->time || at - x->time > passed_most))
				continue;
			struct leg_pass *p = &c->legs.passed[c->legs.passed_count++];
			p->ordinal[leg] = (uint32_t)i;
			p->ordinal[!leg] = (uint32_t)k;
			p->frame[leg] = x->frame;
			p->frame[!leg] = y->frame;
			next = k + 1;
			n++;
			break;
		}
	}
	return n;
}

/* Captures that no connection ties: what went through the proxy both ways tells the clocks. False: it cannot have. */
static bool fit_clock(const struct sights *const of[2], struct candidate *c)
{
	struct clock_samples way[2] = { 0 };
	bool good = true;
	int64_t least[2] = { INT64_MAX, INT64_MAX };
	for (size_t i = 0; good && i < c->legs.passed_count; i++) {
		const struct sight *x = &of[0]->of[c->legs.passed[i].ordinal[0]], *y = &of[1]->of[c->legs.passed[i].ordinal[1]];
		const struct sight *mine = c->legs.own == 0 ? x : y, *other = c->legs.own == 0 ? y : x;
		bool leaves = (x->from == SIDE_CLIENT) == (c->legs.own == 0); /* from the own leg to the other one */
		int64_t took = leaves ? other->time - mine->time : mine->time - other->time;
		least[!leaves] = took < least[!leaves] ? took : least[!leaves];
		good = clock_sample_add(&way[!leaves], mine->time, took);
	}
	clock_fit(&way[0], &way[1], &c->legs.clock);
	free(way[0].of);
	free(way[1].of);
	int64_t both = least[0] != INT64_MAX && least[1] != INT64_MAX ? least[0] + least[1] : -1;
	return good && c->legs.clock.two_way && both >= 0 && both <= 2 * passed_most;
}

/* The proxy opened its leg right after the client's was open or had asked for something. */
static bool fits_in_time(const struct flow *front, const struct flow *back, const struct sights *front_sights)
{
	if (front->established == 0 || back->midstream || back->syn == 0)
		return false;
	int64_t after = back->first - front->established;
	for (size_t i = 0; i < front_sights->count && front_sights->of[i].time <= back->first; i++)
		if (front_sights->of[i].from == SIDE_CLIENT && front_sights->of[i].len > 0)
			after = back->first - front_sights->of[i].time;
	return after >= 0 && after <= opened_most;
}

/* Compares q's flow with another one. own: which leg q's is. False: they are no legs. */
static bool compare(struct search *q, size_t point, uint32_t flow, unsigned own, struct candidate *c)
{
	const struct flow *mine = flow_at(q, q->point, q->flow), *there = flow_at(q, point, flow);
	const struct flow *front = own == 0 ? mine : there, *back = own == 0 ? there : mine;
	bool here = point == q->point;
	*c = (struct candidate){ .legs.own = own };
	if (!may_be_legs(front, back, &c->one_host) || (here && (back->first > front->last || front->first > back->last)))
		return false;
	q->cut = q->reads++ == LEGS_READS;
	if (q->cut)
		return false;
	struct sights other;
	sights_read(q->scope->sessions[point], flow, LEGS_SIGHTS, &other);
	const struct sights *const of[2] = { own == 0 ? &q->own : &other, own == 0 ? &other : &q->own };
	if (!here)
		c->legs.clock = clock_between(&q->scope->clocks[q->point], &q->scope->clocks[point]);
	const struct clock_fit *clock = here ? NULL : &c->legs.clock;
	size_t up = pass_on(of, SIDE_CLIENT, clock, c), down = pass_on(of, SIDE_SERVER, clock, c);
	c->ways = (up > 0) + (down > 0);
	bool good = c->ways > 0 && (c->one_host || c->ways == 2);
	if (good && !here && !c->legs.clock.known)
		good = c->ways == 2 && fit_clock(of, c);
	c->legs.sure = c->ways == 2 && c->one_host ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	if (!good && here && c->one_host && c->ways == 0 && fits_in_time(front, back, of[0])) {
		c->legs.sure = CONFIDENCE_POSSIBLE;
		good = true;
	}
	c->legs.point[own] = q->point;
	c->legs.flow[own] = q->flow;
	c->legs.point[!own] = point;
	c->legs.flow[!own] = flow;
	sights_free(&other);
	return good;
}

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (a->legs.sure != b->legs.sure)
		return a->legs.sure > b->legs.sure;
	return a->legs.passed_count > b->legs.passed_count;
}

/* The one flow that is more its other leg than any other; none where two are as good. */
static bool find_best(struct search *q, struct candidate *best)
{
	bool found = false, tie = false;
	for (size_t point = 0; point < q->scope->count; point++) {
		const struct flow_table *table = session_flows(q->scope->sessions[point]);
		bool here = point == q->point;
		uint32_t first = flow_table_first(table), last = flow_table_count(table), begin = first, end;
		if (here) {
			begin = q->flow - first > LEGS_LOOKS ? q->flow - LEGS_LOOKS : first;
			end = last - q->flow > LEGS_LOOKS ? q->flow + LEGS_LOOKS : last;
		} else {
			end = last - first > 2 * LEGS_LOOKS ? first + 2 * LEGS_LOOKS : last;
		}
		for (uint32_t i = begin; i < end && !q->cut; i++) {
			for (unsigned own = 0; own < 2; own++) {
				struct candidate c;
				if (same_connection(q->scope, q->point, q->flow, point, i) || !compare(q, point, i, own, &c))
					continue;
				bool again = found && same_connection(q->scope, point, i, best->legs.point[!best->legs.own], best->legs.flow[!best->legs.own]);
				tie = found && !is_better(&c, best) && (tie || !(again || is_better(best, &c)));
				if (!found || is_better(&c, best))
					*best = c;
				found = true;
			}
		}
	}
	return found && !tie && !q->cut;
}

static bool search(const struct legs_scope *scope, size_t point, uint32_t flow, struct candidate *best)
{
	struct search q = { .scope = scope, .point = point, .flow = flow };
	const struct flow *f = flow_at(&q, point, flow);
	if (f == NULL || f->bytes[0] + f->bytes[1] == 0)
		return false;
	sights_read(scope->sessions[point], flow, LEGS_SIGHTS, &q.own);
	bool found = find_best(&q, best);
	sights_free(&q.own);
	return found;
}

bool legs_find(const struct legs_scope *scope, size_t point, uint32_t flow, struct legs *out)
{
	struct candidate best, back;
	if (!search(scope, point, flow, &best))
		return false;
	unsigned other = !best.legs.own;
	if (!search(scope, best.legs.point[other], best.legs.flow[other], &back) || back.legs.own != other ||
	    !same_connection(scope, point, flow, back.legs.point[!other], back.legs.flow[!other]))
		return false; /* that one goes better with a third */
	*out = best.legs;
	return true;
}
