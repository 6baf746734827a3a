/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowset: filtering and sorting of flows in slices. */
#include "query/flowset.h"

#include <stdlib.h>

#include "query/floworder.h"
#include "query/pace.h"
#include "util/array.h"

enum { LIMITED_MOST = 500 };
enum { NS_PER_MS = 1000000, SHOW_UNFINISHED = 300 * NS_PER_MS, REORDER_PAUSE = 500 * NS_PER_MS };

struct numbers {
	uint32_t *items;
	size_t count, room;
};

struct flowset {
	struct session *session;
	uint32_t gone;              /* flows before it were let go */
	struct filter *filter;
	struct numbers shown;     /* what the screen has */
	struct numbers fresh;     /* what a new scan has found so far, when `rescan` */
	bool rescan;
	bool again;               /* flows changed while a scan was under way */
	uint32_t first;           /* flows before it are left out */
	uint32_t next;            /* next flow to look at */
	int64_t begun;            /* when the scan began */
	enum flow_column_id column;
	bool descending;
	bool unordered;           /* shown is not in the order of column */
	int64_t ordered_at;
	int64_t order_cost;
	struct flow_order *order; /* being made, of the first of shown */
	bool changed;
	bool gave_up;
	bool failed;              /* out of memory: stays as it is */
};

static bool numbers_add(struct numbers *n, uint32_t number)
{
	uint32_t *items = array_grow(n->items, n->count, &n->room, sizeof *items, 1024);
	if (items == NULL)
		return false;
	n->items = items;
	n->items[n->count++] = number;
	return true;
}

static void numbers_free(struct numbers *n)
{
	free(n->items);
	*n = (struct numbers){ 0 };
}

struct flowset *flowset_new(struct session *s)
{
	struct flowset *set = calloc(1, sizeof *set);

	if (set != NULL)
		set->session = s;
	return set;
}

void flowset_free(struct flowset *set)
{
	if (set == NULL)
		return;
	filter_free(set->filter);
	numbers_free(&set->shown);
	numbers_free(&set->fresh);
	flow_order_free(set->order);
	free(set);
}

static void drop_order(struct flowset *set)
{
	flow_order_free(set->order);
	set->order = NULL;
}

static void begin_scan(struct flowset *set)
{
	drop_order(set);
	set->rescan = true;
	set->again = false;
	set->fresh.count = 0;
	set->next = set->first;
	set->begun = clock_ns();
}

void flowset_filter(struct flowset *set, struct filter *filter)
{
	filter_free(set->filter);
	set->filter = filter;
	set->gave_up = false;
	begin_scan(set);
}

void flowset_from(struct flowset *set, uint32_t first)
{
	set->first = first;
	begin_scan(set);
}

uint32_t flowset_first(const struct flowset *set)
{
	return set->first;
}

void flowset_sort(struct flowset *set, enum flow_column_id column, bool descending)
{
	set->column = column;
	set->descending = descending;
	drop_order(set);
	set->unordered = true;
	set->ordered_at = 0;
}

void flowset_refresh(struct flowset *set)
{
	bool filtered = set->filter != NULL && !filter_empty(set->filter);

	if (set->gave_up)
		return;
	if (filtered && !set->rescan)
		begin_scan(set);
	else if (filtered)
		set->again = true;
	set->unordered = set->unordered || set->column != COLUMN_NUMBER;
	set->ordered_at = 0;
}

void flowset_view(const struct flowset *set, struct flow_view *view)
{
	const struct flow_table *table = session_flows(set->session);

	view->session = set->session;
	view->table = table;
	view->origin = flow_table_count(table) > 0 ? flow_table_get(table, 0)->first : 0;
}

static void swap_in(struct flowset *set)
{
	struct numbers old = set->shown;

	set->shown = set->fresh;
	set->fresh = old;
	set->fresh.count = 0;
	set->rescan = false;
	set->unordered = set->column != COLUMN_NUMBER || set->descending;
	set->ordered_at = 0;
	set->changed = true;
}

/* A pattern that explodes on flow after flow would take minutes over a large capture and find nothing. */
static void give_up(struct flowset *set)
{
	set->gave_up = true;
	set->rescan = false;
	set->next = flow_table_count(session_flows(set->session));
	set->changed = true;
}

static void scan(struct flowset *set, int64_t until)
{
	const struct flow_table *table = session_flows(set->session);
	uint32_t count = flow_table_count(table);
	struct flow_view view = { 0 };
	unsigned work = 0;

	flowset_view(set, &view);
	while (set->next < count && !set->gave_up) {
		if (set->filter != NULL && count - set->next > PACE_AHEAD)
			pace_fetch(table, set->next + PACE_AHEAD);
		flow_view_set(&view, set->next);
		struct numbers *to = set->rescan ? &set->fresh : &set->shown;
		if (set->filter == NULL || filter_matches(set->filter, &view)) {
			if (!numbers_add(to, set->next)) {
				set->failed = true;
				return;
			}
			if (!set->rescan) {
				set->changed = true;
				set->unordered = set->unordered || set->column != COLUMN_NUMBER || set->descending;
			}
		}
		if (set->filter != NULL && filter_failed(set->filter)) {
			set->failed = true;
			return;
		}
		set->next++;
		if (set->filter != NULL && filter_limited(set->filter) > LIMITED_MOST)
			give_up(set);
		if (pace_over(&work, &view, until))
			break;
	}
	if (set->rescan && (set->next >= count || clock_ns() - set->begun > SHOW_UNFINISHED))
		swap_in(set);
}

static void order(struct flowset *set, int64_t until)
{
	int64_t start = clock_ns();
	struct flow_view view = { 0 };

	if (set->order != NULL && flow_order_count(set->order) > set->shown.count)
		drop_order(set);
	if (set->order == NULL) {
		flowset_view(set, &view);
		set->order = flow_order_new(&view, set->column, set->descending, set->shown.items, set->shown.count);
		set->failed = set->order == NULL;
		if (set->failed)
			return;
	}
	bool more = flow_order_step(set->order, until);
	if (!more) {
		flow_order_put(set->order, set->shown.items);
		set->unordered = flow_order_count(set->order) < set->shown.count;
		drop_order(set);
		set->changed = true;
	}
	int64_t now = clock_ns();
	set->order_cost += now - start;
	if (!more)
		set->ordered_at = now;
}

static bool order_due(const struct flowset *set)
{
	if (!set->unordered || set->rescan)
		return false;
	/* While flows come in, order only now and then: a tenth of the time at most goes into it. */
	return set->order != NULL || set->ordered_at == 0 || clock_ns() - set->ordered_at > REORDER_PAUSE + 10 * set->order_cost;
}

static void numbers_drop(struct numbers *n, uint32_t first)
{
	size_t kept = 0;

	for (size_t i = 0; i < n->count; i++)
		if (n->items[i] >= first)
			n->items[kept++] = n->items[i];
	n->count = kept;
}

/* Flows were let go: the list is without them, in the order that it had. */
static void drop_gone(struct flowset *set)
{
	set->gone = flow_table_first(session_flows(set->session));
	drop_order(set);
	numbers_drop(&set->shown, set->gone);
	numbers_drop(&set->fresh, set->gone);
	set->changed = true;
}

/* True: there was something to do. */
static bool step(struct flowset *set, int64_t until)
{
	if (set->next < flow_table_count(session_flows(set->session)) || set->rescan)
		scan(set, until);
	else if (set->again)
		begin_scan(set);
	else if (order_due(set)) {
		if (set->order == NULL)
			set->order_cost = 0;
		order(set, until);
	} else
		return false;
	return true;
}

bool flowset_step(struct flowset *set, int64_t budget_ns)
{
	int64_t until = clock_ns() + budget_ns;
	uint32_t count = flow_table_count(session_flows(set->session));

	if (set->gone != flow_table_first(session_flows(set->session)))
		drop_gone(set);
	if (set->next < set->gone)
		set->next = set->gone;
	/* What is found is put in order at once where there is time for it, so that it is not shown twice. */
	while (!set->failed && !set->gave_up && step(set, until) && clock_ns() < until)
		;
	return !set->failed && !set->gave_up && (set->next < count || set->rescan || set->again || order_due(set));
}

bool flowset_changed(struct flowset *set)
{
	bool changed = set->changed;

	set->changed = false;
	return changed;
}

size_t flowset_count(const struct flowset *set)
{
	return set->shown.count;
}

uint32_t flowset_at(const struct flowset *set, size_t index)
{
	return set->shown.items[index];
}

size_t flowset_find(const struct flowset *set, uint32_t flow)
{
	const struct numbers *n = &set->shown;
	size_t low = 0, high = n->count;

	if (set->column == COLUMN_NUMBER && !set->unordered && !set->descending) {
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (n->items[middle] < flow)
				low = middle + 1;
			else
				high = middle;
		}
		return low < n->count && n->items[low] == flow ? low : n->count;
	}
	for (size_t i = 0; i < n->count; i++)
		if (n->items[i] == flow)
			return i;
	return n->count;
}

/* Before flows are put in the order of the column they stand by number. */
static bool before(const struct flowset *set, struct flow_view *view, uint32_t a, uint32_t b)
{
	return set->unordered ? a < b : flow_order_before(view, set->column, set->descending, a, b);
}

size_t flowset_nearest(const struct flowset *set, uint32_t flow)
{
	const struct numbers *n = &set->shown;
	size_t at = flowset_find(set, flow), low = 0, high = n->count;
	struct flow_view view = { 0 };

	if (at < n->count || n->count == 0)
		return at;
	flowset_view(set, &view);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (before(set, &view, n->items[middle], flow))
			low = middle + 1;
		else
			high = middle;
	}
	return low < n->count ? low : n->count - 1;
}

unsigned flowset_percent(const struct flowset *set)
{
	uint32_t count = flow_table_count(session_flows(set->session));

	return count == 0 || set->gave_up ? 100 : (unsigned)((uint64_t)set->next * 100 / count);
}

bool flowset_failed(const struct flowset *set)
{
	return set->failed;
}

bool flowset_gave_up(const struct flowset *set)
{
	return set->gave_up;
}
