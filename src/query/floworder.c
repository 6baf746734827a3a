/* SPDX-License-Identifier: GPL-3.0-or-later
 * floworder: gathering keys and sorting them by a radix sort, least digit first. */
#include "query/floworder.h"

#include <stdlib.h>
#include <string.h>

#include "query/pace.h"
#include "util/radix.h"

struct flow_order {
	struct flow_view view;
	const struct flow_column *column;
	bool descending;
	uint32_t *numbers;
	size_t count, gathered;
	uint64_t *keys;             /* of several words: count of the first, count of the second, ...; NULL: of one, and it is in pairs */
	unsigned words;             /* still to be sorted by, the last one first */
	struct radix_pair *pairs, *other; /* by their place in numbers, in the order so far; as many to sort into */
	struct radix radix;         /* of the present word */
};

/* Numbers may come in any order: they are put in their own first, so that ties stand by number. Each is there once, so a bit for each does
 * it in one pass. */
static bool order_by_number(uint32_t *numbers, size_t count, uint32_t flows)
{
	uint64_t *there = calloc((size_t)flows / 64 + 1, sizeof *there);
	size_t at = 0;

	if (there == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		there[numbers[i] / 64] |= UINT64_C(1) << numbers[i] % 64;
	for (size_t word = 0; word <= flows / 64; word++)
		for (uint64_t bits = there[word]; bits != 0; bits &= bits - 1)
			numbers[at++] = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
	free(there);
	return true;
}

static bool in_number_order(const uint32_t *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (numbers[i] < numbers[i - 1])
			return false;
	return true;
}

struct flow_order *flow_order_new(const struct flow_view *view, enum flow_column_id column, bool descending, const uint32_t *numbers, size_t count)
{
	struct flow_order *o = calloc(1, sizeof *o);
	size_t room = count > 0 ? count : 1;

	if (o == NULL)
		return NULL;
	o->view = *view;
	o->column = flow_column(column);
	o->descending = descending;
	o->count = count;
	o->words = o->column->key_words;
	o->numbers = reallocarray(NULL, room, sizeof *o->numbers);
	if (o->words > 1)
		o->keys = reallocarray(NULL, room, o->words * sizeof *o->keys);
	o->pairs = reallocarray(NULL, room, sizeof *o->pairs);
	o->other = reallocarray(NULL, room, sizeof *o->other);
	if (o->numbers != NULL && (o->keys != NULL || o->words == 1) && o->pairs != NULL && o->other != NULL) {
		if (count > 0)
			memcpy(o->numbers, numbers, count * sizeof *numbers);
		if (in_number_order(o->numbers, count) || order_by_number(o->numbers, count, flow_table_count(view->table)))
			return o;
	}
	flow_order_free(o);
	return NULL;
}

void flow_order_free(struct flow_order *o)
{
	if (o == NULL)
		return;
	free(o->numbers);
	free(o->keys);
	free(o->pairs);
	free(o->other);
	free(o);
}

/* Keys of several words often differ in a few bytes only (ports and hosts of one network): where those fit into one word, in their order,
 * one word is left. */
static void squeeze(struct flow_order *o)
{
	struct { unsigned word, shift; } kept[sizeof(uint64_t)];
	unsigned bytes = 0;
	size_t n = o->count;

	for (unsigned w = 0; w < o->words; w++) {
		uint64_t differ = 0;
		for (size_t i = 0; i < n; i++)
			differ |= o->keys[w * n + i] ^ o->keys[w * n];
		for (unsigned b = 8; b-- > 0;) {
			if ((differ >> b * 8 & 0xff) == 0)
				continue;
			if (bytes == sizeof(uint64_t))
				return;
			kept[bytes].word = w;
			kept[bytes++].shift = b * 8;
		}
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t key = 0;
		for (unsigned b = 0; b < bytes; b++)
			key = key << 8 | (o->keys[kept[b].word * n + i] >> kept[b].shift & 0xff);
		o->pairs[i].key = key;
	}
	free(o->keys);
	o->keys = NULL;
	o->words = 1;
}

static void gather(struct flow_order *o, int64_t until)
{
	unsigned work = 0;

	while (o->gathered < o->count) {
		if (o->gathered + PACE_AHEAD < o->count)
			pace_fetch_key(o->view.table, o->numbers[o->gathered + PACE_AHEAD]);
		flow_view_set(&o->view, o->numbers[o->gathered]);
		for (unsigned w = 0; o->keys != NULL && w < o->words; w++)
			o->keys[w * o->count + o->gathered] = o->column->key(&o->view, w);
		o->pairs[o->gathered] = (struct radix_pair){ o->keys != NULL ? 0 : o->column->key(&o->view, 0), (uint32_t)o->gathered };
		o->gathered++;
		if (pace_over(&work, &o->view, until))
			break;
	}
	if (o->gathered == o->count && o->keys != NULL)
		squeeze(o);
}

/* Takes the next word of the keys along. */
static void begin_word(struct flow_order *o)
{
	o->words--;
	for (size_t i = 0; i < o->count && o->keys != NULL; i++)
		o->pairs[i].key = o->keys[o->words * o->count + o->pairs[i].place];
	radix_begin(&o->radix, o->pairs, o->count);
}

static void sort_digit(struct flow_order *o)
{
	struct radix_pair *to = o->other;

	radix_pass(&o->radix, o->pairs, to, o->count, o->descending);
	o->other = o->pairs;
	o->pairs = to;
}

bool flow_order_step(struct flow_order *o, int64_t until)
{
	do {
		if (o->gathered < o->count)
			gather(o, until);
		else if (o->radix.digit < o->radix.digits)
			sort_digit(o);
		else if (o->words > 0)
			begin_word(o);
		else
			return false;
	} while (clock_ns() < until);
	return true;
}

size_t flow_order_count(const struct flow_order *o)
{
	return o->count;
}

void flow_order_put(const struct flow_order *o, uint32_t *out)
{
	for (size_t i = 0; i < o->count; i++)
		out[i] = o->numbers[o->pairs[i].place];
}

bool flow_order_before(struct flow_view *view, enum flow_column_id id, bool descending, uint32_t a, uint32_t b)
{
	const struct flow_column *column = flow_column(id);

	for (unsigned w = 0; w < column->key_words; w++) {
		flow_view_set(view, a);
		uint64_t key = column->key(view, w);
		flow_view_set(view, b);
		uint64_t other = column->key(view, w);
		if (key != other)
			return (key < other) != descending;
	}
	return a < b;
}
