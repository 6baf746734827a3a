/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/incident.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { INCIDENT_FLOWS = 3 };

static const int64_t INCIDENT_GAP = INT64_C(60) * 1000000000;

/* What an entry is sorted by; the table cannot be passed through qsort, so keys are made beforehand. */
struct keyed {
	const struct cause *cause;
	uint8_t address[16];
	uint32_t port;                 /* 0 when grouped by client */
	int64_t time;
	uint32_t flow;
	uint64_t resets;
	bool taken;
};

static int compare_group(const struct keyed *a, const struct keyed *b)
{
	if (a->cause != b->cause) /* rows of tables: in which order they stand does not matter */
		return (uintptr_t)a->cause < (uintptr_t)b->cause ? -1 : 1;
	int address = memcmp(a->address, b->address, sizeof a->address);
	if (address != 0)
		return address;
	return (a->port > b->port) - (a->port < b->port);
}

static int compare(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;
	int group = compare_group(a, b);
	if (group != 0)
		return group;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->flow > b->flow) - (a->flow < b->flow);
}

static void set_keys(const struct flow_table *table, struct keyed *keyed, size_t n, bool by_service)
{
	for (size_t i = 0; i < n; i++) {
		const struct flow *f = flow_table_get(table, keyed[i].flow);
		enum side side = by_service ? SIDE_SERVER : SIDE_CLIENT;
		memcpy(keyed[i].address, flow_address(f, side), sizeof keyed[i].address);
		keyed[i].port = by_service ? flow_port(f, SIDE_SERVER) : 0;
	}
	qsort(keyed, n, sizeof *keyed, compare);
}

static bool share_client(const struct flow_table *table, const struct keyed *run, size_t n)
{
	const uint8_t *first = flow_address(flow_table_get(table, run[0].flow), SIDE_CLIENT);
	for (size_t i = 1; i < n; i++)
		if (memcmp(first, flow_address(flow_table_get(table, run[i].flow), SIDE_CLIENT), 16) != 0)
			return false;
	return true;
}

static void add_run(const struct flow_table *table, struct keyed *run, size_t n, bool by_service, struct incident *out, size_t *count)
{
	if (n < INCIDENT_FLOWS)
		return;
	struct incident *i = &out[(*count)++];
	*i = (struct incident){ .first = run[0].time, .last = run[n - 1].time, .cause = run[0].cause, .example = run[0].flow, .by_service = by_service,
		                .flows = (uint32_t)n };
	i->one_client = share_client(table, run, n);
	for (size_t k = 0; k < n; k++) {
		i->resets += run[k].resets;
		run[k].taken = true;
	}
}

static size_t find_runs(const struct flow_table *table, struct keyed *keyed, size_t n, bool by_service, struct incident *out, size_t count)
{
	set_keys(table, keyed, n, by_service);
	size_t begin = 0;
	for (size_t i = 1; i <= n; i++) {
		if (i < n && compare_group(&keyed[i], &keyed[begin]) == 0 && keyed[i].time - keyed[i - 1].time <= INCIDENT_GAP)
			continue;
		add_run(table, &keyed[begin], i - begin, by_service, out, &count);
		begin = i;
	}
	return count;
}

static int by_time(const void *left, const void *right)
{
	const struct incident *a = left, *b = right;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->example > b->example) - (a->example < b->example);
}

size_t incidents_find(const struct flow_table *table, struct incident_entry *entries, size_t n, struct incident **out)
{
	struct keyed *keyed = malloc((n + 1) * sizeof *keyed);
	*out = malloc((n / INCIDENT_FLOWS * 2 + 1) * sizeof **out);
	if (keyed == NULL || *out == NULL) {
		free(keyed);
		free(*out);
		*out = NULL;
		return SIZE_MAX;
	}
	for (size_t i = 0; i < n; i++)
		keyed[i] = (struct keyed){ .cause = entries[i].cause, .time = entries[i].time, .flow = entries[i].flow, .resets = entries[i].resets };
	size_t count = find_runs(table, keyed, n, true, *out, 0), left = 0;
	for (size_t i = 0; i < n; i++)
		if (!keyed[i].taken)
			keyed[left++] = keyed[i];
	if (left > 0)
		count = find_runs(table, keyed, left, false, *out, count);
	free(keyed);
	qsort(*out, count, sizeof **out, by_time);
	return count;
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
