/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/incident.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "util/radix.h"
#include "util/seed.h"
#include "util/text.h"

enum { INCIDENT_FLOWS = 3, AHEAD = 16 /* entries whose flows are on their way while one is looked at */ };

static const int64_t INCIDENT_GAP = INT64_C(60) * 1000000000;

/* One search. What is sorted are the entries' numbers, by a keyed hash that stands for what the entries of an incident share. */
struct search {
	const struct flow_table *table;
	const struct incident_entry *entries;
	uint64_t seed;
	bool *taken;                   /* entries that are in an incident already */
	uint8_t *seen;                 /* by the end of a key: how many entries have it, at most INCIDENT_FLOWS */
	size_t seen_count;
	struct radix_pair *order;      /* the entries by time; of one time, by flow */
	struct radix_pair *pairs, *spare;
	struct incident *out;
	size_t count;
};

static uint64_t key_of(const struct search *s, const struct incident_entry *entry, bool by_service)
{
	const struct flow *f = flow_table_get(s->table, entry->flow);
	uint64_t shared[4] = { (uintptr_t)entry->cause, by_service ? flow_port(f, SIDE_SERVER) : 0 };
	memcpy(&shared[2], flow_address(f, by_service ? SIDE_SERVER : SIDE_CLIENT), 16);
	return hash_bytes(shared, sizeof shared, s->seed);
}

static bool share_client(const struct search *s, const struct radix_pair *run, size_t n)
{
	const uint8_t *first = flow_address(flow_table_get(s->table, s->entries[run[0].place].flow), SIDE_CLIENT);
	for (size_t i = 1; i < n; i++)
		if (memcmp(first, flow_address(flow_table_get(s->table, s->entries[run[i].place].flow), SIDE_CLIENT), 16) != 0)
			return false;
	return true;
}

static void add_run(struct search *s, const struct radix_pair *run, size_t n, bool by_service)
{
	if (n < INCIDENT_FLOWS)
		return;
	const struct incident_entry *first = &s->entries[run[0].place];
	struct incident *i = &s->out[s->count++];
	*i = (struct incident){ .first = first->time, .last = s->entries[run[n - 1].place].time, .cause = first->cause, .example = first->flow,
		                .by_service = by_service, .flows = (uint32_t)n };
	i->one_client = !by_service || share_client(s, run, n);
	for (size_t k = 0; k < n; k++) {
		i->resets += s->entries[run[k].place].resets;
		s->taken[run[k].place] = true;
	}
}

/* The entries that are not taken, in order of time, without those whose key too few have: in a scan that is nearly all of them, each with
 * a server of its own, and nothing is left to sort. Returns how many. */
static size_t gather(struct search *s, size_t n, bool by_service)
{
	size_t count = 0, kept = 0;
	memset(s->seen, 0, s->seen_count);
	for (size_t i = 0; i < n; i++) {
		uint32_t place = s->order[i].place;
		if (i + AHEAD < n)
			__builtin_prefetch(flow_table_get(s->table, s->entries[s->order[i + AHEAD].place].flow));
		if (s->taken[place])
			continue;
		struct radix_pair pair = { key_of(s, &s->entries[place], by_service), place };
		uint8_t *seen = &s->seen[pair.key & (s->seen_count - 1)];
		*seen = (uint8_t)(*seen + (*seen < INCIDENT_FLOWS));
		s->pairs[count++] = pair;
	}
	for (size_t i = 0; i < count; i++)
		if (s->seen[s->pairs[i].key & (s->seen_count - 1)] == INCIDENT_FLOWS)
			s->pairs[kept++] = s->pairs[i];
	return kept;
}

static void find_runs(struct search *s, size_t n, bool by_service)
{
	size_t count = gather(s, n, by_service), begin = 0;
	const struct radix_pair *sorted = radix_sort(s->pairs, s->spare, count);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && sorted[i].key == sorted[begin].key &&
		    s->entries[sorted[i].place].time - s->entries[sorted[i - 1].place].time <= INCIDENT_GAP)
			continue;
		add_run(s, &sorted[begin], i - begin, by_service);
		begin = i;
	}
}

static void order_by_time(struct search *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->pairs[i] = (struct radix_pair){ s->entries[i].flow, (uint32_t)i };
	struct radix_pair *by_flow = radix_sort(s->pairs, s->order, n), *other = by_flow == s->pairs ? s->order : s->pairs;
	for (size_t i = 0; i < n; i++)
		by_flow[i].key = radix_signed(s->entries[by_flow[i].place].time);
	s->order = radix_sort(by_flow, other, n);
	s->pairs = s->order == by_flow ? other : by_flow;
}

static int by_time(const void *left, const void *right)
{
	const struct incident *a = left, *b = right;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->example > b->example) - (a->example < b->example);
}

size_t incidents_find(const struct flow_table *table, const struct incident_entry *entries, size_t n, struct incident **out)
{
	struct search s = { .table = table, .entries = entries, .seen_count = 1024 };
	while (s.seen_count < 4 * n)
		s.seen_count *= 2;
	seed_draw(&s.seed, 1);
	s.taken = calloc(n + 1, sizeof *s.taken);
	s.seen = malloc(s.seen_count);
	s.order = malloc((n + 1) * sizeof *s.order);
	s.pairs = malloc((n + 1) * sizeof *s.pairs);
	s.spare = malloc((n + 1) * sizeof *s.spare);
	s.out = malloc((n / INCIDENT_FLOWS * 2 + 1) * sizeof *s.out);
	bool good = s.taken != NULL && s.seen != NULL && s.order != NULL && s.pairs != NULL && s.spare != NULL && s.out != NULL;
	if (good) {
		order_by_time(&s, n);
		find_runs(&s, n, true);
		find_runs(&s, n, false);
		qsort(s.out, s.count, sizeof *s.out, by_time);
	} else {
		free(s.out);
	}
	free(s.taken);
	free(s.seen);
	free(s.order);
	free(s.pairs);
	free(s.spare);
	*out = good ? s.out : NULL;
	return good ? s.count : SIZE_MAX;
}

void incident_headline(const struct flow_table *table, const struct incident *incident, struct buf *out)
{
	const struct flow *f = flow_table_get(table, incident->example);
	buf_printf(out, "%u connections ", incident->flows);
	if (!incident->by_service || incident->one_client) {
		buf_puts(out, "from ");
		text_add_address(out, flow_address(f, SIDE_CLIENT));
		buf_putc(out, ' ');
	}
	if (incident->by_service) {
		buf_puts(out, "to ");
		text_add_endpoint(out, flow_address(f, SIDE_SERVER), flow_port(f, SIDE_SERVER));
		buf_putc(out, ' ');
	}
	buf_puts(out, "within ");
	text_add_duration(out, incident->last - incident->first);
	buf_puts(out, ": ");
	cause_summary(incident->cause, out);
}
