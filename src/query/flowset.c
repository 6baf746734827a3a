/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowset: filtering and sorting of flows in slices. */
#include "query/flowset.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/clock.h"

enum { LOOK_AT_CLOCK = 64, LIMITED_MOST = 500, RADIX = 256, CACHE_LINE = 64, AHEAD = 6 };
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
	uint64_t *keys;           /* of the order being made: count * words */
	struct numbers ordering;  /* copy of shown whose keys are gathered */
	size_t gathered;
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
	numbers_free(&set->ordering);
	free(set->keys);
	free(set);
}

static void drop_ordering(struct flowset *set)
{
	numbers_free(&set->ordering);
	free(set->keys);
	set->keys = NULL;
	set->gathered = 0;
}

static void begin_scan(struct flowset *set)
{
	drop_ordering(set);
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
	drop_ordering(set);
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

/* A flow is several cache lines; those of the flow that comes a little later are fetched while this one is looked at. */
static void prefetch_flow(const struct flow_table *table, uint32_t number, uint32_t count)
{
	if (number >= count)
		return;
	const char *at = (const char *)flow_table_get(table, number);
	for (size_t i = 0; i < sizeof(struct flow); i += CACHE_LINE)
		__builtin_prefetch(at + i);
}

static void scan(struct flowset *set, int64_t until)
{
	const struct flow_table *table = session_flows(set->session);
	uint32_t count = flow_table_count(table);
	struct flow_view view = { 0 };

	flowset_view(set, &view);
	for (unsigned i = 1; set->next < count && !set->gave_up; i++) {
		if (set->filter != NULL)
			prefetch_flow(table, set->next + AHEAD, count);
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
		set->next++;
		if (set->filter != NULL && filter_limited(set->filter) > LIMITED_MOST)
			give_up(set);
		/* A flow with a reset may have to be read again for its cause: look at the clock after each such. */
		if ((i % LOOK_AT_CLOCK == 0 || (view.brief_known && view.flow->rst > 0)) && clock_ns() >= until)
			break;
	}
	if (set->rescan && (set->next >= count || clock_ns() - set->begun > SHOW_UNFINISHED))
		swap_in(set);
}

static bool in_number_order(const struct numbers *n)
{
	for (size_t i = 1; i < n->count; i++)
		if (n->items[i] < n->items[i - 1])
			return false;
	return true;
}

/* The copy is put in order of flow number first (the list may bear another order), so that ties stand by number. Each number is there once,
 * so a bit for each does it in one pass. */
static bool order_by_number(struct numbers *n, uint32_t flows)
{
	uint64_t *there = calloc((size_t)flows / 64 + 1, sizeof *there);
	size_t at = 0;

	if (there == NULL)
		return false;
	for (size_t i = 0; i < n->count; i++)
		there[n->items[i] / 64] |= UINT64_C(1) << n->items[i] % 64;
	for (size_t word = 0; word <= flows / 64; word++)
		for (uint64_t bits = there[word]; bits != 0; bits &= bits - 1)
			n->items[at++] = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
	free(there);
	return true;
}

static bool begin_order(struct flowset *set)
{
	size_t words = flow_column(set->column)->key_words, n = set->shown.count;

	set->ordering.items = reallocarray(NULL, n > 0 ? n : 1, sizeof *set->ordering.items);
	set->keys = reallocarray(NULL, n > 0 ? n : 1, words * sizeof *set->keys);
	if (set->ordering.items == NULL || set->keys == NULL) {
		set->failed = true;
		return false;
	}
	if (n > 0)
		memcpy(set->ordering.items, set->shown.items, n * sizeof *set->ordering.items);
	set->ordering.count = set->ordering.room = n;
	set->gathered = 0;
	set->failed = !in_number_order(&set->ordering) && !order_by_number(&set->ordering, flow_table_count(session_flows(set->session)));
	return !set->failed;
}

static bool gather(struct flowset *set, int64_t until)
{
	const struct flow_column *column = flow_column(set->column);
	struct flow_view view = { 0 };
	size_t n = set->ordering.count;

	flowset_view(set, &view);
	while (set->gathered < n) {
		flow_view_set(&view, set->ordering.items[set->gathered]);
		for (unsigned w = 0; w < column->key_words; w++)
			set->keys[w * n + set->gathered] = column->key(&view, w);
		set->gathered++;
		if ((set->gathered % LOOK_AT_CLOCK == 0 || (view.brief_known && view.flow->rst > 0)) && clock_ns() >= until)
			break;
	}
	return set->gathered == n;
}

/* A key and the index it stands for move together: following indexes through a million keys would miss the cache each time. */
struct pair {
	uint64_t key;
	uint32_t place;
};

/* Stable counting pass over one byte of the keys. */
static void radix_pass(const struct pair *from, struct pair *to, size_t n, unsigned shift, const uint32_t *counts, bool descending)
{
	size_t at[RADIX], sum = 0;

	for (unsigned i = 0; i < RADIX; i++) {
		unsigned digit = descending ? RADIX - 1 - i : i;
		at[digit] = sum;
		sum += counts[digit];
	}
	for (size_t i = 0; i < n; i++)
		to[at[(from[i].key >> shift) % RADIX]++] = from[i];
}

/* Sorts pairs by one word of keys; bytes that are the same in all keys cost nothing but counting. Returns the one of the two arrays that
 * the result is in. */
static struct pair *radix_word(const uint64_t *keys, struct pair *pairs, struct pair *scratch, size_t n, bool descending)
{
	uint32_t counts[8][RADIX];
	uint64_t differ = 0;

	for (size_t i = 0; i < n; i++) {
		pairs[i].key = keys[pairs[i].place];
		differ |= pairs[i].key ^ pairs[0].key;
	}
	memset(counts, 0, sizeof counts);
	for (unsigned b = 0; b < 8; b++)
		for (size_t i = 0; (differ >> (b * 8) & 0xff) != 0 && i < n; i++)
			counts[b][pairs[i].key >> (b * 8) & 0xff]++;
	for (unsigned b = 0; b < 8; b++) {
		if ((differ >> (b * 8) & 0xff) == 0)
			continue;
		radix_pass(pairs, scratch, n, b * 8, counts[b], descending);
		struct pair *swap = pairs;
		pairs = scratch;
		scratch = swap;
	}
	return pairs;
}

/* Keys of several words often differ in a few bytes only (ports and hosts of one network): where those fit into one word, in their order,
 * one word is left. Returns how many words there are then. */
static unsigned squeeze(uint64_t *keys, unsigned words, size_t n)
{
	struct { unsigned word, shift; } kept[sizeof(uint64_t)];
	unsigned bytes = 0;

	for (unsigned w = 0; w < words; w++) {
		uint64_t differ = 0;
		for (size_t i = 0; i < n; i++)
			differ |= keys[w * n + i] ^ keys[w * n];
		for (unsigned b = 8; b-- > 0;) {
			if ((differ >> b * 8 & 0xff) == 0)
				continue;
			if (bytes == sizeof(uint64_t))
				return words;
			kept[bytes].word = w;
			kept[bytes++].shift = b * 8;
		}
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t key = 0;
		for (unsigned b = 0; b < bytes; b++)
			key = key << 8 | (keys[kept[b].word * n + i] >> kept[b].shift & 0xff);
		keys[i] = key;
	}
	return 1;
}

static bool finish_order(struct flowset *set)
{
	size_t n = set->ordering.count;
	struct pair *first = reallocarray(NULL, n > 0 ? n : 1, sizeof *first);
	struct pair *second = reallocarray(NULL, n > 0 ? n : 1, sizeof *second);

	if (first == NULL || second == NULL) {
		free(first);
		free(second);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		first[i].place = (uint32_t)i;
	struct pair *pairs = first;
	unsigned words = flow_column(set->column)->key_words;
	if (words > 1 && n > 0)
		words = squeeze(set->keys, words, n);
	for (unsigned w = words; n > 0 && w-- > 0;)
		pairs = radix_word(set->keys + w * n, pairs, pairs == first ? second : first, n, set->descending);
	for (size_t i = 0; i < n; i++)
		set->shown.items[i] = set->ordering.items[pairs[i].place];
	free(first);
	free(second);
	return true;
}

static void order(struct flowset *set, int64_t until)
{
	int64_t start = clock_ns();

	if (set->keys != NULL && set->ordering.count > set->shown.count)
		drop_ordering(set);
	if (set->keys == NULL && !begin_order(set))
		return;
	bool whole = gather(set, until);
	set->order_cost += clock_ns() - start;
	if (!whole)
		return;
	start = clock_ns();
	if (!finish_order(set))
		set->failed = true;
	set->unordered = set->ordering.count < set->shown.count;
	drop_ordering(set);
	set->ordered_at = clock_ns();
	set->order_cost += set->ordered_at - start;
	set->changed = true;
}

static bool order_due(const struct flowset *set)
{
	if (!set->unordered || set->rescan)
		return false;
	/* While flows come in, order only now and then: a tenth of the time at most goes into it. */
	return set->keys != NULL || set->ordered_at == 0 || clock_ns() - set->ordered_at > REORDER_PAUSE + 10 * set->order_cost;
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
	drop_ordering(set);
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
		if (set->keys == NULL)
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

unsigned flowset_percent(const struct flowset *set)
{
	uint32_t count = flow_table_count(session_flows(set->session));

	return count == 0 || set->gave_up ? 100 : (unsigned)((uint64_t)set->next * 100 / count);
}

bool flowset_gave_up(const struct flowset *set)
{
	return set->gave_up;
}
