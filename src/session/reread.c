/* SPDX-License-Identifier: GPL-3.0-or-later
 * reread: a batch of the next flows with resets; their segments' places sorted by offset; each decoded and given to its flow's trace. */
#include "session/reread.h"

#include <stdlib.h>
#include <string.h>

#include "explain/trace_item.h"
#include "session/walk.h"
#include "util/prefetch.h"

enum {
	FLOWS_MOST = 8192,
	PACKETS_MOST = 131072,  /* in a batch: some 32 MB; the larger it is, the fewer times the capture is read over again */
	PACKETS_BRIEF = 8192,   /* the same where no batch may take long: some 5 ms */
	PACKETS_ALONE = 4096,   /* a flow of more has a pass of its own */
	FETCH_AHEAD = 6,        /* places whose memory is on its way while one is worked on */
	FLOWS_AHEAD = 16,       /* the same, of flows looked at for resets */
	GROWTH = 8,             /* a batch is so many times the one before it while flows are asked for in order */
	NUMBERS_AHEAD = 65536   /* flow numbers that a batch looks through for flows with resets */
};

struct place {
	uint64_t offset, frame;
	uint32_t slot;
};

struct member {
	uint32_t flow;
	bool ended;             /* its trace is full, or: */
	bool lost;              /* a packet could not be read again, or memory ran out */
	struct tracker tracker;
};

struct reread {
	struct trace_set *set;
	struct member *members;
	uint32_t *segments;     /* by member: of its flow when it was read */
	size_t count;
	size_t packets;         /* that a batch may have */
	size_t wanted;          /* members of the next batch */
	size_t used, last;      /* how many of them were asked for, and the last that was */
	struct place *places, *sorted;
	size_t place_room;
};

struct reread *reread_new(bool brief)
{
	struct reread *r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	r->set = trace_set_new();
	r->members = malloc(FLOWS_MOST * sizeof *r->members);
	r->segments = malloc(FLOWS_MOST * sizeof *r->segments);
	r->packets = brief ? PACKETS_BRIEF : PACKETS_MOST;
	r->wanted = 1;
	if (r->set != NULL && r->members != NULL && r->segments != NULL)
		return r;
	reread_free(r);
	return NULL;
}

void reread_free(struct reread *r)
{
	if (r == NULL)
		return;
	trace_set_free(r->set);
	free(r->members);
	free(r->segments);
	free(r->places);
	free(r->sorted);
	free(r);
}

/* Places by offset, least first: eight bits at a time, as many times as the offsets differ. Returns them sorted. */
static const struct place *sort(struct reread *r, size_t n)
{
	uint64_t least = UINT64_MAX, most = 0;
	for (size_t i = 0; i < n; i++) {
		least = r->places[i].offset < least ? r->places[i].offset : least;
		most = r->places[i].offset > most ? r->places[i].offset : most;
	}
	struct place *from = r->places, *to = r->sorted;
	for (unsigned shift = 0; shift < 64 && n > 1 && (most - least) >> shift != 0; shift += 8) {
		size_t begin[257] = { 0 };
		for (size_t i = 0; i < n; i++)
			begin[((from[i].offset - least) >> shift & 0xff) + 1]++;
		for (size_t b = 1; b < 256; b++)
			begin[b] += begin[b - 1];
		for (size_t i = 0; i < n; i++)
			to[begin[(from[i].offset - least) >> shift & 0xff]++] = from[i];
		struct place *swap = from;
		from = to;
		to = swap;
	}
	return from;
}

static bool reserve(struct reread *r, size_t places)
{
	if (places <= r->place_room)
		return true;
	free(r->places);
	free(r->sorted);
	r->places = malloc(places * sizeof *r->places);
	r->sorted = malloc(places * sizeof *r->sorted);
	r->place_room = r->places != NULL && r->sorted != NULL ? places : 0;
	return r->place_room != 0;
}

/* The flow and those with resets after it. Returns how many segments they have. */
static size_t choose(struct reread *r, const struct flow_table *table, uint32_t flow)
{
	uint32_t count = flow_table_count(table), end = count - flow > NUMBERS_AHEAD ? flow + NUMBERS_AHEAD : count;
	size_t total = 0;
	r->count = 0;
	for (uint32_t number = flow; number < end && r->count < r->wanted; number++) {
		const struct flow *f = flow_table_get(table, number);
		if (number + FLOWS_AHEAD < end)
			__builtin_prefetch(&flow_table_get(table, number + FLOWS_AHEAD)->rst);
		if (number != flow && (f->rst == 0 || f->log.count > PACKETS_ALONE))
			continue;
		uint32_t segments = f->log.count;
		if (r->count > 0 && total + segments > r->packets)
			break;
		r->segments[r->count] = segments;
		r->members[r->count].flow = number;
		r->members[r->count].ended = r->members[r->count].lost = false;
		tracker_init(&r->members[r->count++].tracker);
		total += segments;
	}
	return total;
}

static bool visit(void *context, const struct packet *packet, const struct segment *segment, enum side from, uint32_t marks,
                  const struct tracker *before, const struct tracker *after)
{
	(void)packet;
	return trace_add(context, segment, from, marks, before, after);
}

/* Whether other checksums are right matters only where that of a reset is wrong: then the flow is read once more with all of them checked. */
static void check_sums(struct session *s, struct member *m, struct trace *trace)
{
	const struct flow *f = flow_table_get(session_flows(s), m->flow);
	struct log_cursor at = { 0 };
	trace_clear(trace);
	tracker_init(&m->tracker);
	enum step_again step = STEP_ON;
	while (step == STEP_ON && flow_table_log_next(session_flows(s), f, &at))
		step = session_step(s, f, at.offset, at.frame, DECODE_CHECKSUM, &m->tracker, visit, trace);
	m->lost = step == STEP_UNREADABLE || (step == STEP_STOPPED && !trace->cut);
}

/* What the step for place i touches, while others are worked on. */
static void fetch(const struct reread *r, const struct flow_table *table, const struct place *places, size_t i)
{
	uint32_t slot = places[i].slot;
	__builtin_prefetch(flow_table_get(table, r->members[slot].flow));
	prefetch_write(&r->members[slot].tracker, sizeof r->members[slot].tracker);
	trace_fetch(trace_set_at(r->set, slot));
}

static void read_places(struct reread *r, struct session *s, const struct place *places, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct member *m = &r->members[places[i].slot];
		struct trace *trace = trace_set_at(r->set, places[i].slot);
		if (i + FETCH_AHEAD < n)
			fetch(r, session_flows(s), places, i + FETCH_AHEAD);
		if (m->ended)
			continue;
		m->ended = session_step(s, flow_table_get(session_flows(s), m->flow), places[i].offset, places[i].frame, 0, &m->tracker, visit, trace) != STEP_ON;
		m->lost = m->ended && !trace->cut;
	}
}

static bool read_batch(struct reread *r, struct session *s, uint32_t flow)
{
	const struct flow_table *table = session_flows(s);
	size_t total = choose(r, table, flow), n = 0;
	if (!reserve(r, total + 1) || !trace_set_begin(r->set, r->segments, r->count)) {
		r->count = 0;
		return false;
	}
	for (size_t i = 0; i < r->count; i++) {
		struct log_cursor at = { 0 };
		while (n < total && flow_table_log_next(table, flow_table_get(table, r->members[i].flow), &at))
			r->places[n++] = (struct place){ .offset = at.offset, .frame = at.frame, .slot = (uint32_t)i };
	}
	read_places(r, s, sort(r, n), n);
	for (size_t i = 0; i < r->count; i++)
		if (trace_set_at(r->set, i)->bad_reset && !r->members[i].lost)
			check_sums(s, &r->members[i], trace_set_at(r->set, i));
	return true;
}

static int compare_flow(const void *flow, const void *member)
{
	uint32_t a = *(const uint32_t *)flow, b = ((const struct member *)member)->flow;
	return (a > b) - (a < b);
}

/* Where the flow stands in the batch, as it is now; r->count when it does not. */
static size_t find(const struct reread *r, const struct flow_table *table, uint32_t flow)
{
	const struct member *found = r->count > 0 ? bsearch(&flow, r->members, r->count, sizeof *r->members, compare_flow) : NULL;
	size_t at = found != NULL ? (size_t)(found - r->members) : r->count;
	return at < r->count && r->segments[at] == flow_table_get(table, flow)->log.count ? at : r->count;
}

/* Whoever goes through the flows in order uses most of a batch, and gets a larger one; whoever picks some gets these alone. */
static size_t next_size(const struct reread *r, uint32_t flow)
{
	if (r->count == 0 || flow < r->members[r->count - 1].flow || r->used * 2 < r->count)
		return 1;
	if (flow - r->members[r->count - 1].flow > NUMBERS_AHEAD)
		return 1;
	return r->wanted * GROWTH > FLOWS_MOST ? FLOWS_MOST : r->wanted * GROWTH;
}

const struct trace *reread_trace(struct reread *r, struct session *s, uint32_t flow)
{
	const struct flow_table *table = session_flows(s);
	size_t at = find(r, table, flow);
	if (at == r->count) {
		r->wanted = next_size(r, flow);
		if (!read_batch(r, s, flow))
			return NULL;
		at = r->used = 0;
	}
	r->used += at != r->last || r->used == 0;
	r->last = at;
	return r->members[at].lost ? NULL : trace_set_at(r->set, at);
}

uint32_t reread_next(const struct reread *r, size_t k)
{
	return r->last + k < r->count ? r->members[r->last + k].flow : FLOW_NONE;
}
