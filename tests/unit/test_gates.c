/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_gates: for every row of the catalogue the facts that get it, and a near miss for each of its gates; every weight counts as said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "explain/evidence.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct cause *const tables[] = { causes_refused, causes_handshake,  causes_abort,  causes_timers,
	                                      causes_late,    causes_middlebox, causes_forged, causes_declared };

typedef void check_row(const struct cause *row, struct evidence *facts);

/* Calls check for each row with the facts that its NEEDS ask for, and no other known. */
static void each_row(check_row *check)
{
	for (size_t t = 0; t < COUNT(tables); t++) {
		for (const struct cause *row = tables[t]; row->id != NULL; row++) {
			struct evidence facts;
			memset(&facts, 0, sizeof facts);
			for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++)
				if (row->bearings[i].kind == BEARS_NEEDS)
					facts.state[row->bearings[i].fact] = 1;
			check(row, &facts);
		}
	}
}

static bool admitted(const struct evidence *facts, const struct cause *row)
{
	int score;
	return cause_admitted(facts, row, &score);
}

static void check_admitted(const struct cause *row, struct evidence *facts)
{
	if (!admitted(facts, row))
		fail_msg("%s is excluded although all that it needs holds", row->id);
}

/* Without one of the facts that it needs, known to be absent or just not known, a row is out. */
static void check_needs(const struct cause *row, struct evidence *facts)
{
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++) {
		enum fact fact = (enum fact)row->bearings[i].fact;
		if (row->bearings[i].kind != BEARS_NEEDS)
			continue;
		for (int8_t state = -1; state <= 0; state++) {
			facts->state[fact] = state;
			if (admitted(facts, row))
				fail_msg("%s does not need %s", row->id, fact_name(fact));
		}
		facts->state[fact] = 1;
	}
}

/* With one of the facts that bar it a row is out; what is not known bars nothing. */
static void check_bars(const struct cause *row, struct evidence *facts)
{
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++) {
		enum fact fact = (enum fact)row->bearings[i].fact;
		if (row->bearings[i].kind != BEARS_BARS)
			continue;
		facts->state[fact] = 1;
		if (admitted(facts, row))
			fail_msg("%s is not barred by %s", row->id, fact_name(fact));
		facts->state[fact] = -1;
		if (!admitted(facts, row))
			fail_msg("%s is excluded by the absence of %s", row->id, fact_name(fact));
		facts->state[fact] = 0;
	}
}

static void check_weights(const struct cause *row, struct evidence *facts)
{
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++) {
		const struct bearing *b = &row->bearings[i];
		int before, with;
		if (b->kind == BEARS_WEIGHT && (b->weight > WEIGHT_MOST || b->weight < -WEIGHT_MOST))
			fail_msg("%s: %s weighs %d", row->id, fact_name((enum fact)b->fact), b->weight);
		if (b->kind != BEARS_WEIGHT || facts->state[b->fact] != 0)
			continue;
		assert_true(cause_admitted(facts, row, &before));
		facts->state[b->fact] = 1;
		assert_true(cause_admitted(facts, row, &with));
		facts->state[b->fact] = 0;
		if (with - before != b->weight)
			fail_msg("%s: %s counts %d, not %d", row->id, fact_name((enum fact)b->fact), with - before, b->weight);
	}
}

static void check_gated(const struct cause *row, struct evidence *facts)
{
	(void)facts;
	bool gated = false;
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++)
		gated = gated || row->bearings[i].kind == BEARS_NEEDS;
	if (!gated && strcmp(row->id, "unknown") != 0)
		fail_msg("%s needs nothing: it could be said of any reset", row->id);
}

/* No row says of itself that it is not for copies: capture-duplicate outweighs whatever speaks for another, and stays certain. */
static void check_below_duplicate(const struct cause *row, struct evidence *facts)
{
	enum { LEAD_CERTAIN = 3 };
	(void)facts;
	int most = row->prior;
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++)
		most += row->bearings[i].kind == BEARS_WEIGHT && row->bearings[i].weight > 0 ? row->bearings[i].weight : 0;
	if (strcmp(row->id, "capture-duplicate") != 0 && most > cause_find("capture-duplicate")->prior - LEAD_CERTAIN)
		fail_msg("%s can score %d", row->id, most);
}

static void test_admitted(void **state) { (void)state; each_row(check_admitted); }
static void test_needs(void **state) { (void)state; each_row(check_needs); }
static void test_bars(void **state) { (void)state; each_row(check_bars); }
static void test_weights(void **state) { (void)state; each_row(check_weights); }
static void test_gated(void **state) { (void)state; each_row(check_gated); }
static void test_below_duplicate(void **state) { (void)state; each_row(check_below_duplicate); }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_admitted), cmocka_unit_test(test_needs), cmocka_unit_test(test_bars),
		cmocka_unit_test(test_weights),  cmocka_unit_test(test_gated),
		cmocka_unit_test(test_below_duplicate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
