/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_clocks: offset and drift of clocks out of delays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "draw.h"
#include "vantage/clocks.h"

#define MS INT64_C(1000000)
#define SECOND INT64_C(1000000000)

struct world {
	int64_t offset, way_to, way_from;
	double drift;
	int64_t jitter;        /* most that a queue adds */
	int64_t length;
	int samples;
};

static const int64_t start = INT64_C(1772442000) * SECOND;

/* Segments at even intervals, each way in turn, with queues that now and then are empty. */
static struct clock_fit observe(const struct world *w, bool to_there, bool from_there)
{
	struct clock_samples to = { 0 }, from = { 0 };
	struct clock_fit fit;
	uint32_t seed = 7;
	for (int i = 0; i < w->samples; i++) {
		int64_t here = start + w->length / w->samples * i, queue = w->jitter ? draw(&seed) % w->jitter : 0;
		int64_t shift = w->offset + (int64_t)(w->drift * (double)(here - start));
		if (i % 10 == 0 || i % 10 == 1)
			queue = 0;
		if (i % 2 == 0 && to_there)
			assert_true(clock_sample_add(&to, here, w->way_to + queue + shift));
		if (i % 2 == 1 && from_there)
			assert_true(clock_sample_add(&from, here, w->way_from + queue - shift));
	}
	clock_fit(&to, &from, &fit);
	free(to.of);
	free(from.of);
	return fit;
}

static void near(int64_t got, int64_t want, int64_t most)
{
	assert_in_range(got - want + most, 0, 2 * most);
}

/* The issue's own case: 90 s and 100 ppm, within a tenth of the way. */
static void test_shifted(void **state)
{
	const struct world w = { 90 * SECOND, 20 * MS, 20 * MS, 100e-6, 8 * MS, 60 * SECOND, 4000 };
	struct clock_fit fit = observe(&w, true, true);
	(void)state;
	assert_true(fit.known && fit.two_way);
	near(fit.offset, 90 * SECOND, 2 * MS);
	near((int64_t)(fit.drift * 1e9), 100000, 2000);
	near(fit.uncertainty, 20 * MS, 2 * MS);
	int64_t late = start + 50 * SECOND;
	near(clock_there(&fit, late), late + 90 * SECOND + 5 * MS, 2 * MS);
	near(clock_here(&fit, clock_there(&fit, late)), late, 2);
}

/* Nanoseconds since 1970 are more than a double holds: none is lost. */
static void test_exact(void **state)
{
	const struct clock_fit shifted = { .known = true, .offset = 3 };
	(void)state;
	for (int64_t time = INT64_C(1772442000000000001); time < INT64_C(1772442000000001000); time += 7)
		assert_true(clock_here(&shifted, clock_there(&shifted, time)) == time);
}

static void test_without_drift(void **state)
{
	const struct world w = { -7 * SECOND, 5 * MS, 5 * MS, 0, 30 * MS, 20 * SECOND, 500 };
	struct clock_fit fit = observe(&w, true, true);
	(void)state;
	near(fit.offset, -7 * SECOND, MS / 2);
	near((int64_t)(fit.drift * 1e9), 0, 5000);
}

/* What the ways differ by cannot be told; the truth lies within the uncertainty. */
static void test_asymmetric(void **state)
{
	const struct world w = { SECOND, 30 * MS, 10 * MS, 0, 0, 10 * SECOND, 100 };
	struct clock_fit fit = observe(&w, true, true);
	(void)state;
	near(fit.offset, SECOND, fit.uncertainty);
	near(fit.uncertainty, 20 * MS, MS);
}

static void test_one_way(void **state)
{
	const struct world w = { SECOND, 30 * MS, 10 * MS, 0, 0, 10 * SECOND, 100 };
	(void)state;
	struct clock_fit fit = observe(&w, true, false);
	assert_true(fit.known && !fit.two_way);
	near(fit.offset, SECOND + 30 * MS, 1);
	fit = observe(&w, false, true);
	near(fit.offset, SECOND - 10 * MS, 1);
	fit = observe(&w, false, false);
	assert_false(fit.known);
}

/* Few segments over a moment: no drift is made up. */
static void test_short(void **state)
{
	const struct world w = { SECOND, MS, MS, 0, MS, SECOND / 2, 20 };
	(void)state;
	struct clock_fit fit = observe(&w, true, true);
	assert_true(fit.drift <= 0 && fit.drift >= 0);
}

/* Memory is bounded, and the least delays stay. */
static void test_many(void **state)
{
	const struct world w = { 90 * SECOND, 20 * MS, 20 * MS, 50e-6, 8 * MS, 600 * SECOND, 200000 };
	struct clock_samples s = { 0 };
	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_true(clock_sample_add(&s, start + i, i == 777 ? 1 : 100));
	assert_true(s.count <= CLOCK_SAMPLES);
	int64_t least = 100;
	for (size_t i = 0; i < s.count; i++)
		least = s.of[i].difference < least ? s.of[i].difference : least;
	assert_int_equal(least, 1);
	free(s.of);
	struct clock_fit fit = observe(&w, true, true);
	near(fit.offset, 90 * SECOND, 2 * MS);
	near((int64_t)(fit.drift * 1e9), 50000, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shifted), cmocka_unit_test(test_exact), cmocka_unit_test(test_without_drift), cmocka_unit_test(test_asymmetric),
		cmocka_unit_test(test_one_way), cmocka_unit_test(test_short), cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
