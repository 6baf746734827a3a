/* SPDX-License-Identifier: GPL-3.0-or-later
 * tally: resets by cause, service and client. */
#include "query/tally.h"

#include <stdlib.h>
#include <string.h>

#include "query/filter.h"
#include "util/array.h"
#include "util/clock.h"

struct reset_flow {
	const struct cause *cause;
	uint32_t flow;
	uint32_t resets;
	int64_t time;
};

struct tally {
	struct session *session;
	struct reset_flow *found;
	size_t found_count, found_room;
	uint32_t next;
	bool done;
	struct tally_node *nodes;
	size_t node_count;
	uint32_t first;
	struct incident *incidents;
	size_t incident_count;
	uint64_t resets;
	size_t flows;              /* of found, when nodes were made */
};

struct tally *tally_new(struct session *s)
{
	struct tally *t = calloc(1, sizeof *t);

	if (t != NULL) {
		t->session = s;
		t->first = TALLY_NONE;
	}
	return t;
}

void tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	free(t->found);
	free(t->nodes);
	free(t->incidents);
	free(t);
}

void tally_restart(struct tally *t)
{
	t->found_count = 0;
	t->next = 0;
	t->done = false;
}

static bool add_found(struct tally *t, const struct reset_flow *r)
{
	struct reset_flow *found = array_grow(t->found, t->found_count, &t->found_room, sizeof *found, 256);
	if (found == NULL)
		return false;
	t->found = found;
	t->found[t->found_count++] = *r;
	return true;
}

static const struct flow *flow_of(const struct tally *t, uint32_t number)
{
	return flow_table_get(session_flows(t->session), number);
}

static int compare_endpoint(const struct flow *a, const struct flow *b, enum side side, bool port)
{
	int order = memcmp(flow_address(a, side), flow_address(b, side), 16);

	if (order != 0 || !port)
		return order;
	return (int)flow_port(a, side) - (int)flow_port(b, side);
}

static int compare_cause(const struct cause *a, const struct cause *b)
{
	if (a == b)
		return 0;
	if (a == NULL || b == NULL)
		return a == NULL ? 1 : -1;
	return strcmp(cause_id(a), cause_id(b));
}

/* Whether two flows are in one branch at a level (0 when so), and their order otherwise. */
static int compare_at(const struct tally *t, const struct reset_flow *a, const struct reset_flow *b, enum tally_level level)
{
	int order = compare_cause(a->cause, b->cause);

	if (order == 0 && level >= TALLY_SERVICE)
		order = compare_endpoint(flow_of(t, a->flow), flow_of(t, b->flow), SIDE_SERVER, true);
	if (order == 0 && level >= TALLY_CLIENT)
		order = compare_endpoint(flow_of(t, a->flow), flow_of(t, b->flow), SIDE_CLIENT, false);
	return order;
}

static int by_branch(const void *a, const void *b, void *context)
{
	const struct reset_flow *x = a, *y = b;
	int order = compare_at(context, x, y, TALLY_CLIENT);

	return order != 0 ? order : x->flow < y->flow ? -1 : x->flow > y->flow;
}

static void count_in(struct tally_node *node, const struct reset_flow *r)
{
	node->flows++;
	node->resets += r->resets;
	node->first = r->time < node->first ? r->time : node->first;
	node->last = r->time > node->last ? r->time : node->last;
}

/* Puts a new node before its siblings; they are ordered later. */
static uint32_t add_node(struct tally_node *nodes, size_t *count, uint32_t *siblings, const struct reset_flow *r, enum tally_level level)
{
	uint32_t index = (uint32_t)(*count)++;

	nodes[index] = (struct tally_node){ .level = level, .cause = r->cause, .flow = r->flow, .first = r->time, .last = r->time,
		.child = TALLY_NONE, .next = *siblings };
	*siblings = index;
	return index;
}

static bool goes_before(const struct tally_node *a, const struct tally_node *b)
{
	return a->resets != b->resets ? a->resets > b->resets : a->flow < b->flow;
}

/* Merge sort of a chain of siblings, bottom up: runs of 1, 2, 4… */
static uint32_t order_siblings(struct tally_node *nodes, uint32_t head)
{
	for (size_t run = 1;; run *= 2) {
		uint32_t left = head, *tail = &head;
		size_t merges = 0;
		while (left != TALLY_NONE) {
			uint32_t right = left;
			size_t lefts = 0, rights = run;
			for (; lefts < run && right != TALLY_NONE; lefts++)
				right = nodes[right].next;
			merges++;
			while (lefts > 0 || (rights > 0 && right != TALLY_NONE)) {
				bool take_right = lefts == 0 || (rights > 0 && right != TALLY_NONE && goes_before(&nodes[right], &nodes[left]));
				uint32_t *from = take_right ? &right : &left;
				*(take_right ? &rights : &lefts) -= 1;
				*tail = *from;
				tail = &nodes[*from].next;
				*from = *tail;
			}
			left = right;
		}
		*tail = TALLY_NONE;
		if (merges <= 1)
			return head;
	}
}

/* Branches that were open before stay so. Both arrays hold at most one open path a branch; a user opens few. */
static void keep_open(const struct tally *t, const struct tally_node *old, size_t old_count, struct tally_node *nodes, size_t count)
{
	for (size_t i = 0; i < old_count; i++) {
		if (!old[i].open)
			continue;
		struct reset_flow was = { .cause = old[i].cause, .flow = old[i].flow };
		for (size_t j = 0; j < count; j++) {
			struct reset_flow is = { .cause = nodes[j].cause, .flow = nodes[j].flow };
			if (nodes[j].level == old[i].level && compare_at(t, &was, &is, nodes[j].level) == 0)
				nodes[j].open = true;
		}
	}
}

static bool make_nodes(struct tally *t)
{
	uint32_t path[3] = { TALLY_NONE, TALLY_NONE, TALLY_NONE }, first = TALLY_NONE;
	size_t count = 0;
	struct tally_node *nodes = calloc(t->found_count * 3 + 1, sizeof *nodes);

	if (nodes == NULL)
		return false;
	if (t->found_count > 0)
		qsort_r(t->found, t->found_count, sizeof *t->found, by_branch, t);
	t->resets = 0;
	for (size_t i = 0; i < t->found_count; i++) {
		const struct reset_flow *r = &t->found[i];
		bool other = i == 0;
		for (unsigned level = TALLY_CAUSE; level <= TALLY_CLIENT; level++) {
			other = other || compare_at(t, &t->found[i - 1], r, (enum tally_level)level) != 0;
			if (other)
				path[level] = add_node(nodes, &count, level == TALLY_CAUSE ? &first : &nodes[path[level - 1]].child, r,
				                       (enum tally_level)level);
			count_in(&nodes[path[level]], r);
		}
		t->resets += r->resets;
	}
	first = order_siblings(nodes, first);
	for (size_t i = 0; i < count; i++)
		nodes[i].child = order_siblings(nodes, nodes[i].child);
	keep_open(t, t->nodes, t->node_count, nodes, count);
	free(t->nodes);
	t->nodes = nodes;
	t->node_count = count;
	t->first = first;
	t->flows = t->found_count;
	return true;
}

static void find_incidents(struct tally *t)
{
	struct incident_entry *entries = reallocarray(NULL, t->found_count + 1, sizeof *entries);
	size_t n = 0;

	free(t->incidents);
	t->incidents = NULL;
	t->incident_count = 0;
	for (size_t i = 0; entries != NULL && i < t->found_count; i++)
		if (t->found[i].cause != NULL)
			entries[n++] = (struct incident_entry){ t->found[i].flow, t->found[i].time, t->found[i].cause, t->found[i].resets };
	size_t count = entries != NULL ? incidents_find(session_flows(t->session), entries, n, &t->incidents) : SIZE_MAX;
	t->incident_count = count != SIZE_MAX ? count : 0;
	free(entries);
}

bool tally_step(struct tally *t, int64_t budget_ns)
{
	uint32_t count = flow_table_count(session_flows(t->session));
	int64_t until = clock_ns() + budget_ns;

	if (t->done)
		return false;
	if (t->next < flow_table_first(session_flows(t->session)))
		t->next = flow_table_first(session_flows(t->session));
	for (unsigned i = 1; t->next < count; i++) {
		const struct flow *f = flow_of(t, t->next);
		const struct verdict_brief *brief = f->rst > 0 ? session_brief(t->session, t->next) : NULL;
		struct reset_flow r = { brief != NULL ? brief->cause : NULL, t->next, f->rst, f->first_rst };
		if (f->rst > 0 && !add_found(t, &r)) {
			t->done = true;
			return false;
		}
		t->next++;
		if ((i % 64 == 0 || f->rst > 0) && clock_ns() >= until)
			return true;
	}
	t->done = true;
	make_nodes(t);
	find_incidents(t);
	return false;
}

unsigned tally_percent(const struct tally *t)
{
	uint32_t count = flow_table_count(session_flows(t->session));

	return t->done || count == 0 ? 100 : (unsigned)((uint64_t)t->next * 100 / count);
}

uint32_t tally_first(const struct tally *t)
{
	return t->first;
}

struct tally_node *tally_node(struct tally *t, uint32_t node)
{
	return &t->nodes[node];
}

uint64_t tally_resets(const struct tally *t)
{
	return t->resets;
}

uint32_t tally_flows(const struct tally *t)
{
	return (uint32_t)t->flows;
}

void tally_histogram(const struct tally *t, uint32_t *bins, size_t n, int64_t *from, int64_t *to)
{
	memset(bins, 0, n * sizeof *bins);
	*from = *to = 0;
	for (size_t i = 0; i < t->found_count; i++) {
		*from = i == 0 || t->found[i].time < *from ? t->found[i].time : *from;
		*to = i == 0 || t->found[i].time > *to ? t->found[i].time : *to;
	}
	double span = (double)*to - (double)*from;
	for (size_t i = 0; n > 0 && i < t->found_count; i++) {
		size_t bin = span > 0 ? (size_t)(((double)t->found[i].time - (double)*from) / span * (double)n) : 0;
		bins[bin < n ? bin : n - 1]++;
	}
}

const struct incident *tally_incidents(const struct tally *t, size_t *count)
{
	*count = t->incident_count;
	return t->incidents;
}

static void add_server(const struct flow *f, struct buf *out)
{
	buf_puts(out, " server=");
	cell_endpoint(out, flow_address(f, SIDE_SERVER), flow_port(f, SIDE_SERVER));
}

/* The address without the port. */
static void add_client(const struct flow *f, struct buf *out)
{
	struct buf text = { 0 };

	cell_endpoint(&text, flow_address(f, SIDE_CLIENT), flow_port(f, SIDE_CLIENT));
	while (text.len > 0 && text.data[text.len - 1] != ':')
		text.data[--text.len] = '\0';
	buf_puts(out, " client:^");
	filter_quote(out, buf_text(&text));
	buf_free(&text);
}

void tally_filter(const struct tally *t, const struct tally_node *node, struct buf *out)
{
	const struct flow *f = flow_of(t, node->flow);

	if (node->cause != NULL)
		buf_printf(out, "cause=%s", cause_id(node->cause));
	else
		buf_puts(out, "resets>0 !cause:.");
	if (node->level >= TALLY_SERVICE)
		add_server(f, out);
	if (node->level >= TALLY_CLIENT)
		add_client(f, out);
}

void tally_incident_filter(const struct tally *t, const struct incident *incident, struct buf *out)
{
	const struct flow *f = flow_of(t, incident->example);
	int64_t origin = flow_of(t, 0)->first;

	buf_printf(out, "cause=%s", cause_id(incident->cause));
	if (incident->by_service)
		add_server(f, out);
	if (!incident->by_service || incident->one_client)
		add_client(f, out);
	buf_printf(out, " first_reset>=%lldns first_reset<=%lldns", (long long)(incident->first - origin), (long long)(incident->last - origin));
}
