/* SPDX-License-Identifier: GPL-3.0-or-later
 * What other flows of the same hosts and services tell: a port that accepts at other times, others that end in the same instant, the
 * other leg of a proxy, the same numbers behind a NAT. Only summaries of flows are looked at, and a bounded number of them. */
#include "explain/evidence.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSE_NUMBERS = 1 << 20, PERIODS = 16, DENSER = 10, SURROUNDINGS = 5, LEGS_MOST = 3 };

static const int64_t INSTANT = 50 * NS_PER_MS; /* a delayed ACK of a FIN (40 ms) belongs to it */

static inline const struct flow_tells *tells(const struct evidence *e, const struct near *near, unsigned i, struct flow_tells *room)
{
	return near_tells(e->scene->context->neighbours, near, i, room);
}

/* Was it accepted, and its first reset sent by this side? */
static bool reset_by(uint32_t bits, enum side side)
{
	return (bits & TELL_RESET) != 0 && (bits & TELL_ACCEPTED) != 0 && tells_reset_from(bits) == side;
}

/* When this side ended the connection, by reset or FIN; 0 = it did not. */
static int64_t ended_by(const struct flow_tells *f, enum side side)
{
	if (reset_by(f->bits, side))
		return f->first_rst;
	return (f->bits & tell_of(side, TELL_FIN)) != 0 ? f->last : 0;
}

/* Events of one kind over time. That some coincide with the reset means little where they are common: a burst is what is many times
 * denser around the reset than in all that was looked at. */
struct density {
	int64_t inside, outside, first, last;
};

static void density_add(struct density *d, int64_t at, int64_t t, int64_t span)
{
	if (d->inside + d->outside == 0)
		d->first = d->last = at;
	d->first = at < d->first ? at : d->first;
	d->last = at > d->last ? at : d->last;
	if (llabs(at - t) <= span)
		d->inside++;
	else
		d->outside++;
}

static bool density_burst(const struct density *d, int64_t least, int64_t span, bool all_seen)
{
	int64_t seen = d->last - d->first > NS_PER_S ? d->last - d->first : NS_PER_S;
	if (!all_seen && seen < 2 * span * SURROUNDINGS)
		return false; /* the flows looked at do not reach beyond the moment itself */
	return d->inside >= least && d->inside * (seen / NS_PER_MS) > DENSER * d->outside * (2 * span / NS_PER_MS);
}

/* Sums over the flows to the same server address and port. */
struct service {
	int64_t accepted_before, accepted_after;   /* least distance in time, 0 = none */
	int64_t same_time, refused_after, died, instant_no_data, live_on, same_gap;
	struct density ends;           /* of connections by R, FIN or reset */
	struct density resets;         /* by R, of accepted connections */
};

/* Of an accepted connection: when that was, and whether it lives on after the reset at t. */
static void service_accepted(const struct flow_tells *f, int64_t t, struct service *s)
{
	int64_t before = t - f->first, after = f->first - t;
	if (before > 0 && (s->accepted_before == 0 || before < s->accepted_before))
		s->accepted_before = before;
	if (after > 0 && (s->accepted_after == 0 || after < s->accepted_after))
		s->accepted_after = after;
	bool reset_first = (f->bits & TELL_RESET_BY_SERVER) != 0 && (f->bits & tell_of(SIDE_SERVER, TELL_DATA)) == 0;
	s->same_time += llabs(before) < NS_PER_S && !reset_first;
	int64_t margin = (f->bits & tell_of(SIDE_SERVER, TELL_FIN)) != 0 ? NS_PER_S : NS_PER_S / 5;
	bool unreset = (f->bits & TELL_RESET) == 0 || f->first_rst > t + 2 * NS_PER_S;
	s->live_on += f->first < t && f->last > t + margin && unreset;
}

static void service_add(const struct evidence *e, const struct flow_tells *f, struct service *s)
{
	const struct flow *mine = e->scene->flow;
	int64_t t = e->rst->segment.time;
	s->refused_after += (f->bits & TELL_REFUSED) != 0 && f->first > t && f->first - t < 120 * NS_PER_S;
	if ((f->bits & (TELL_ACCEPTED | tell_of(SIDE_CLIENT, TELL_FIN) | tell_of(SIDE_SERVER, TELL_FIN))) == 0)
		return; /* no connection that could end */
	if ((f->bits & TELL_ACCEPTED) != 0)
		service_accepted(f, t, s);
	bool lived = f->established != 0 ? f->first_rst > f->established : (f->bits & TELL_MIDSTREAM) != 0;
	bool reset_by_server = lived && reset_by(f->bits, SIDE_SERVER);
	s->died += reset_by_server && f->first_rst <= t + INSTANT && t - f->first_rst < 300 * NS_PER_S;
	/* Connections that follow one another do not end together: who opens the next one lives on. */
	int64_t ended = f->first < t ? ended_by(f, e->r) : 0;
	ended = ended >= mine->first ? ended : 0;
	if (ended != 0)
		density_add(&s->ends, ended, t, INSTANT);
	s->instant_no_data += ended != 0 && llabs(ended - t) <= INSTANT && (f->bits & tell_of(e->r, TELL_DATA)) == 0;
	if (reset_by(f->bits, e->r))
		density_add(&s->resets, f->first_rst, t, NS_PER_S);
	if (mine->established != 0 && f->established != 0 && reset_by_server) {
		int64_t a = mine->first_rst - mine->established, b = f->first_rst - f->established;
		s->same_gap += a > 2 * NS_PER_S && llabs(a - b) < a / 50;
	}
}

static void measure_service(struct evidence *e)
{
	struct service s = { 0 };
	struct flow_tells room;
	const struct near *near = &e->scene->vicinity->service;
	const uint32_t wanted = TELL_ACCEPTED | TELL_REFUSED | tell_of(SIDE_CLIENT, TELL_FIN) | tell_of(SIDE_SERVER, TELL_FIN);
	for (unsigned i = 0; i < near->count; i++)
		if (near->at[i].bits & wanted)
			service_add(e, tells(e, near, i, &room), &s);
	fact_put(e, FACT_SERVICE_ACCEPTED_BEFORE, s.accepted_before > 0, 0, s.accepted_before, 0);
	fact_put(e, FACT_SERVICE_ACCEPTED_AFTER, s.accepted_after > 0, 0, s.accepted_after, 0);
	fact_put(e, FACT_SERVICE_ACCEPTED_SAME_TIME, s.same_time > 0, 0, s.same_time, 0);
	fact_put(e, FACT_SERVICE_REFUSED_AFTER, s.refused_after > 0, 0, s.refused_after, 0);
	fact_put(e, FACT_SERVICE_DIED_BEFORE, s.died > 0, 0, s.died, 0);
	fact_put(e, FACT_SERVICE_OTHERS_LIVE_ON, s.live_on > 0, 0, s.live_on, 0);
	bool together = density_burst(&s.ends, 1, INSTANT, near->all);
	if (together)
		fact_set(e, FACT_SAME_INSTANT_SAME_SERVICE, 0, s.ends.inside, 0);
	if (together && s.instant_no_data == s.ends.inside && holds(e, FACT_NO_DATA_FROM_R))
		fact_set(e, FACT_SAME_INSTANT_NO_DATA, 0, s.ends.inside, 0);
	else if (together)
		fact_deny(e, FACT_SAME_INSTANT_NO_DATA);
	if (density_burst(&s.resets, 2, NS_PER_S, near->all))
		fact_set(e, FACT_SAME_SERVICE_SAME_SECOND, 0, s.resets.inside, 0);
	if (s.same_gap > 0)
		fact_set(e, FACT_SAME_GAP_ELSEWHERE, 0, s.same_gap, 0);
	if (together)
		e->count = s.ends.inside + 1;
}

static bool same_service(const struct evidence *e, uint32_t other)
{
	return neighbours_same_service(e->scene->context->neighbours, e->scene->context->flow, other);
}

/* SYNs are repeated after a second, and again after two more: who had sent one was heard within so long. */
static const int64_t SYN_REPEATED = 3 * NS_PER_S;

static void measure_heard(struct evidence *e)
{
	const struct near *near = &e->scene->vicinity->host[e->r];
	struct flow_tells room;
	int64_t longest = 0;
	for (unsigned i = 0; i < near->count && holds(e, FACT_NO_SYN_FROM_R); i++) {
		if (!(near->at[i].bits & tell_of(neighbour_side(&near->at[i]), TELL_TRAFFIC)))
			continue;
		int64_t ago = e->rst->segment.time - tells(e, near, i, &room)->first;
		longest = ago > longest ? ago : longest;
	}
	fact_put(e, FACT_R_HEARD_LONG_BEFORE, longest > SYN_REPEATED, 0, longest, 0);
}

/* The other flows of the host whose address the reset bears. */
static void measure_host(struct evidence *e)
{
	int64_t t = e->rst->segment.time, die = 0;
	struct density elsewhere = { 0 };
	struct flow_tells room;
	bool accepts = false, traffic = false;
	const struct near *near = &e->scene->vicinity->host[e->r];
	for (unsigned i = 0; i < near->count; i++) {
		enum side me = neighbour_side(&near->at[i]);
		uint32_t bits = near->at[i].bits;
		traffic = traffic || (bits & tell_of(me, TELL_TRAFFIC)) != 0;
		if (!accepts && me == SIDE_SERVER && (bits & TELL_SYNACK) != 0)
			accepts = tells(e, near, i, &room)->server_port != flow_port(e->scene->flow, SIDE_SERVER);
		if (!reset_by(bits, me))
			continue;
		int64_t at = tells(e, near, i, &room)->first_rst;
		if ((bits & TELL_RESET_ACK) != 0 && !same_service(e, near->at[i].number))
			density_add(&elsewhere, at, t, 2 * INSTANT);
		die += llabs(at - t) < 60 * NS_PER_S && (bits & TELL_RESET_ACK) == 0;
	}
	fact_put(e, FACT_R_ACCEPTS_ELSEWHERE, accepts, 0, 0, 0);
	fact_put(e, FACT_R_OTHER_TRAFFIC, traffic, 0, 0, 0);
	if (density_burst(&elsewhere, 2, 2 * INSTANT, near->all))
		fact_set(e, FACT_SAME_INSTANT_OTHER_SERVICES, 0, elsewhere.inside, 0);
	if (die > 0)
		fact_set(e, FACT_R_FLOWS_DIE, 0, die, 0);
}

/* Probes at one distance from each other? times: of n of them, in any order; at: of the one more that was reset. */
static bool is_periodic(const int64_t *times, unsigned n, int64_t at, int64_t *period)
{
	int64_t sorted[PERIODS + 1] = { at };
	for (unsigned i = 0; i < n; i++) {
		unsigned k = i + 1;
		for (; k > 0 && sorted[k - 1] > times[i]; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = times[i];
	}
	int64_t least = INT64_MAX, most = 0;
	for (unsigned i = 1; i <= n; i++) {
		int64_t d = sorted[i] - sorted[i - 1];
		least = d < least ? d : least;
		most = d > most ? d : most;
	}
	*period = most;
	return n >= 2 && least >= NS_PER_S / 5 && most - least <= most / 8;
}

/* The client as a scanner or a monitor: many targets, or the same one at a fixed interval; a sibling attempt that won. */
static void measure_client(struct evidence *e)
{
	const struct flow *mine = e->scene->flow;
	int64_t times[PERIODS], period;
	struct flow_tells room;
	unsigned n = 0, targets = 0;
	uint32_t sibling = FLOW_NONE;
	const struct near *near = &e->scene->vicinity->host[SIDE_CLIENT];
	bool alone = e->scene->vicinity->service.all && e->scene->vicinity->service.count == 0; /* at its service */
	for (unsigned i = 0; i < near->count; i++) {
		uint32_t bits = near->at[i].bits;
		if (neighbour_side(&near->at[i]) != SIDE_CLIENT || !(bits & (TELL_PROBE | TELL_CARRIED)))
			continue;
		bool same = !alone && same_service(e, near->at[i].number);
		targets += (bits & TELL_PROBE) && !same;
		if ((bits & TELL_PROBE) && same && n < PERIODS)
			times[n++] = tells(e, near, i, &room)->first;
		if ((bits & TELL_CARRIED) && llabs(tells(e, near, i, &room)->first - mine->first) < NS_PER_S && !same)
			sibling = near->at[i].number;
	}
	if (targets >= 2)
		fact_set(e, FACT_SAME_SOURCE_MANY_TARGETS, 0, targets + 1, 0);
	if (sibling != FLOW_NONE)
		fact_set(e, FACT_SIBLING_SUCCEEDED, 0, sibling, 0);
	if (is_periodic(times, n, mine->first, &period))
		fact_set(e, FACT_PERIODIC, 0, period, n + 1);
}

/* Was another flow reset just before this one, within the span? */
static bool reset_before(const struct evidence *e, int64_t first_rst, int64_t span)
{
	int64_t before = e->rst->segment.time - first_rst;
	return before >= 0 && before <= span;
}

/* Is other the second leg of a proxy whose first leg is mine: R is server of one leg and client of the other; that leg was reset just
 * before, from its far end, and the same bytes were carried. */
static bool is_other_leg(const struct evidence *e, const struct flow *other)
{
	const struct flow *mine = e->scene->flow;
	bool towards = other->rst > 0 && other->rst_from == (unsigned)e->r;
	bool apart = memcmp(flow_address(other, SIDE_CLIENT), flow_address(mine, SIDE_CLIENT), 16) != 0 &&
	             memcmp(flow_address(other, SIDE_SERVER), flow_address(mine, SIDE_SERVER), 16) != 0;
	return towards && apart && reset_before(e, other->first_rst, 5 * NS_PER_MS - 1) && other->bytes[0] == mine->bytes[0] &&
	       other->bytes[1] == mine->bytes[1] && mine->bytes[0] + mine->bytes[1] > 0;
}

/* Among the flows of R's address: there it plays the other role, and the reset came from the far end. */
static uint32_t find_leg_of_host(const struct evidence *e)
{
	uint32_t found = FLOW_NONE, resets = 0;
	struct flow_tells room;
	const struct near *near = &e->scene->vicinity->host[e->r];
	for (unsigned i = 0; i < near->count; i++) {
		uint32_t bits = near->at[i].bits;
		if (neighbour_side(&near->at[i]) == e->r || !(bits & TELL_RESET) || tells_reset_from(bits) == neighbour_side(&near->at[i]))
			continue;
		int64_t at = tells(e, near, i, &room)->first_rst;
		resets += llabs(at - e->rst->segment.time) < 5 * NS_PER_S;
		if (reset_before(e, at, 50 * NS_PER_MS))
			found = near->at[i].number;
	}
	return resets > LEGS_MOST ? FLOW_NONE : found; /* where they are common, one of them coincides by chance */
}

static void measure_other_leg(struct evidence *e)
{
	const struct explain_context *c = e->scene->context;
	if (e->form != FORM_ACTIVE)
		return;
	uint32_t found = find_leg_of_host(e);
	uint32_t count = flow_table_count(c->table), first = c->flow > 16 ? c->flow - 16 : 0;
	for (uint32_t k = first; found == FLOW_NONE && k < count && k < c->flow + 16; k++)
		if (k != c->flow && is_other_leg(e, flow_table_get(c->table, k)))
			found = k;
	if (found != FLOW_NONE)
		fact_set(e, FACT_OTHER_LEG_RESET, 0, e->rst->segment.time - flow_table_get(c->table, found)->first_rst, found);
}

/* A half-open entry lives as long as its SYN/ACK is repeated. */
static bool half_open(const struct flow *f, int64_t now)
{
	return f->synack > 0 && f->established == 0 && f->rst == 0 && f->fin == 0 && now - f->last < 64 * NS_PER_S;
}

/* The connection of the same four-tuple before this one. */
static void measure_old_flow(struct evidence *e)
{
	const struct flow *mine = e->scene->flow;
	if (holds(e, FACT_ANSWERS_SYN) && mine->previous != FLOW_NONE &&
	    half_open(flow_table_get(e->scene->context->table, mine->previous), e->rst->segment.time))
		fact_set(e, FACT_OLD_FLOW_HALF_OPEN, 0, mine->previous, 0);
	if (!holds(e, FACT_ANSWERS_WRONG_ACK_IN_SYN_SENT))
		return;
	if (mine->previous != FLOW_NONE) {
		const struct flow *old = flow_table_get(e->scene->context->table, mine->previous);
		bool closed = old->tracker.end[0].have_fin && old->tracker.end[1].have_fin;
		fact_set(e, closed ? FACT_OLD_FLOW_CLOSED : FACT_OLD_FLOW_OPEN, 0, mine->previous, 0);
		return;
	}
	if (e->rst->before.end[0].have_fin && e->rst->before.end[1].have_fin)
		fact_set(e, FACT_OLD_FLOW_CLOSED, 0, e->scene->context->flow, 0);
	else if (e->scene->side[0].first_payload < e->index || e->scene->side[1].first_payload < e->index)
		fact_set(e, FACT_OLD_FLOW_OPEN, 0, e->scene->context->flow, 0);
}

static bool numbers_near(const struct tracker_end *a, const struct tracker_end *b)
{
	uint32_t x = a->have_seq ? a->snd_nxt : 0, y = b->have_seq ? b->snd_nxt : 0;
	int32_t off = seq_diff(x, y);
	return a->have_seq && b->have_seq && off < CLOSE_NUMBERS && off > -CLOSE_NUMBERS;
}

static bool acks_near(const struct tracker_end *a, const struct tracker_end *b)
{
	int32_t off = seq_diff(a->rcv_nxt, b->rcv_nxt);
	return a->have_ack && b->have_ack && off < CLOSE_NUMBERS && off > -CLOSE_NUMBERS;
}

/* The same sequence space under other addresses or ports: one of the two began in the middle, so a translation began or ended. */
static bool is_twin(const struct evidence *e, const struct flow *other, enum side *sender)
{
	const struct flow *mine = e->scene->flow;
	/* Probes that bear the same constants are no connection: the one whose beginning was captured must have carried something. */
	const struct flow *whole = mine->midstream ? other : mine;
	if (whole->established == 0 || whole->bytes[0] + whole->bytes[1] == 0)
		return false;
	for (int side = 0; side < 2; side++)
		for (int theirs = 0; theirs < 2; theirs++) {
			const struct tracker_end *a = &mine->tracker.end[side], *b = &other->tracker.end[theirs];
			if (numbers_near(a, b) && acks_near(a, b)) {
				*sender = (enum side)side;
				return true;
			}
		}
	return false;
}

static void measure_twins(struct evidence *e)
{
	const struct flow *mine = e->scene->flow;
	for (int side = 0; side < 2; side++) {
		const struct near *near = &e->scene->vicinity->host[side];
		if ((near->any & (mine->midstream ? TELL_CARRIED : TELL_MIDSTREAM)) == 0)
			continue;
		for (unsigned i = 0; i < near->count; i++) {
			enum side sender;
			if ((near->at[i].bits & TELL_MIDSTREAM) != 0 ? mine->midstream : !mine->midstream || !(near->at[i].bits & TELL_CARRIED))
				continue;
			const struct flow *f = flow_table_get(e->scene->context->table, near->at[i].number);
			if (!is_twin(e, f, &sender))
				continue;
			/* R's address and port are the same in both, the other end's address is not: that end's packet was not translated. */
			enum side me = neighbour_side(&near->at[i]);
			bool same_r = side == (int)e->r && flow_port(f, me) == flow_port(mine, e->r);
			bool other_address = memcmp(flow_address(f, side_other(me)), flow_address(mine, e->p), 16) != 0;
			if (mine->midstream && same_r && other_address && e->trigger != NO_ITEM)
				fact_set(e, FACT_LEAKED_SEGMENT, frame_at(e, e->trigger), near->at[i].number, 0);
			else if (f->midstream && f->rst > 0 && f->first_rst <= e->rst->segment.time)
				fact_set(e, FACT_LEAK_KILLED, 0, near->at[i].number, 0);
			if (!holds(e, FACT_LEAKED_SEGMENT))
				fact_set(e, FACT_NAT_TWIN, 0, near->at[i].number, 0);
			return;
		}
	}
}

/* A NAT leaves one end's address and port: the twin shares the service, or a host. */
static void measure_other_side(struct evidence *e)
{
	const struct vicinity *v = e->scene->vicinity;
	const struct near *const all[] = { &v->service, &v->host[SIDE_CLIENT], &v->host[SIDE_SERVER] };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i]->twin == FLOW_NONE)
			continue;
		fact_set(e, FACT_NAT_OTHER_SIDE, 0, all[i]->twin, 0);
		return;
	}
}

/* A connection that is only being opened has no translation to lose. And what came to R's own machine under the addresses that R knows
 * was translated as before. */
static void measure_untranslated(struct evidence *e)
{
	bool came = holds(e, FACT_VANTAGE_AT_R) && holds(e, FACT_ANSWERS) && !holds(e, FACT_NO_HISTORY);
	if (!came && !holds(e, FACT_ANSWERS_SYN))
		return;
	fact_deny(e, FACT_NAT_TWIN);
	fact_deny(e, FACT_LEAKED_SEGMENT);
}

void measure_neighbours(struct evidence *e)
{
	if (e->scene->context->neighbours == NULL)
		return;
	measure_service(e);
	measure_host(e);
	measure_heard(e);
	measure_client(e);
	measure_other_leg(e);
	measure_old_flow(e);
	measure_twins(e);
	measure_other_side(e);
	measure_untranslated(e);
	uint8_t ttl = e->rst->segment.ttl;
	fact_put(e, FACT_WINDOWS_TTL, ttl > 64 && ttl <= 128, e->rst->segment.frame, ttl, 0);
}
