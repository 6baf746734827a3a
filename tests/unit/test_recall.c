/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_recall: a verdict without sentences is the same whether its facts were weighed before or not, and the same as with sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "explain/evidence.h"
#include "explain/explain.h"
#include "explain/recall.h"

enum { ROUNDS = 3000, SHAPES = 300 /* so that most come again, and some after another took their place */ };

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* Facts of a reset that one row of the catalogue is made for, and some others: the same for the same number. */
static void fill(struct evidence *e, uint64_t number)
{
	uint64_t x = (number + 1) * 0x9e3779b97f4a7c15u;
	const struct cause *row = cause_at((size_t)(next(&x) % cause_count()));
	memset(e->state, 0, sizeof e->state);
	e->form = (enum form)(next(&x) % (FORM_COPIED + 1));
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++)
		if (row->bearings[i].kind == BEARS_NEEDS || (row->bearings[i].kind != BEARS_BARS && next(&x) % 2 == 0))
			e->state[row->bearings[i].fact] = 1;
	for (int i = 0; i < 20; i++) {
		int8_t *state = &e->state[next(&x) % FACT_COUNT];
		*state = *state != 0 ? *state : i % 4 == 0 ? 1 : -1;
	}
	e->state[FACT_RST_TEXT] = e->state[FACT_RST_DIAGNOSTIC] = 0; /* what they say stands in a trace */
}

static struct verdict judge(struct evidence *e, struct explain_context *context, struct recall *recall, bool brief)
{
	static const struct earlier none;
	struct verdict v = { 0 };
	context->recall = recall;
	context->brief = brief;
	decide_verdict(e, &none, &v);
	return v;
}

static void test_same(void **state)
{
	(void)state;
	struct explain_context context = { 0 };
	struct scene scene = { .context = &context };
	struct trace_item rst = { .segment.flags = TCP_RST };
	struct evidence e = { .scene = &scene, .rst = &rst };
	struct recall *recall = recall_new();
	size_t known = 0;
	assert_non_null(recall);
	for (uint64_t i = 0; i < ROUNDS; i++) {
		fill(&e, i * 7 % SHAPES);
		struct recall_key key = recall_key(e.state, e.form);
		known += recall_find(recall, &key).cause != NULL;
		struct verdict kept = judge(&e, &context, recall, true), fresh = judge(&e, &context, NULL, true), whole = judge(&e, &context, recall, false);
		assert_string_equal(cause_id(kept.cause), cause_id(fresh.cause));
		assert_string_equal(cause_id(kept.cause), cause_id(whole.cause));
		assert_int_equal(kept.confidence, fresh.confidence);
		assert_int_equal(kept.confidence, whole.confidence);
		assert_int_equal(kept.severity, whole.severity);
		assert_int_equal(kept.mechanism, whole.mechanism);
		assert_int_equal(kept.emitter, whole.emitter);
	}
	assert_in_range(known, ROUNDS / 2, ROUNDS - SHAPES);
	recall_free(recall);
}

/* One bit for each fact that holds; known absent is as not known. */
static void test_key(void **state)
{
	(void)state;
	int8_t states[FACT_STATES] = { 0 };
	struct recall_key none = recall_key(states, FORM_BARE);
	for (size_t f = 0; f < FACT_COUNT; f++) {
		size_t bits = 0;
		states[f] = -1;
		struct recall_key absent = recall_key(states, FORM_BARE);
		states[f] = 1;
		struct recall_key held = recall_key(states, FORM_BARE);
		states[f] = 0;
		assert_memory_equal(&absent, &none, sizeof none);
		for (size_t w = 0; w < RECALL_WORDS; w++)
			bits += (size_t)__builtin_popcountll(held.held[w]);
		assert_int_equal(bits, 1);
	}
	struct recall_key other = recall_key(states, FORM_ACTIVE);
	assert_memory_not_equal(&other, &none, sizeof none);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same), cmocka_unit_test(test_key) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
