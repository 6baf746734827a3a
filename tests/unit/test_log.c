/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_log: places of segments kept and read again, appends taken back, chunks used again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "draw.h"
#include "flow/log.h"

static void test_log(void **state)
{
	(void)state;
	static const uint64_t steps[] = { 0, 1, 54, 127, 128, 1514, 70000, UINT64_C(1) << 33, UINT64_C(1) << 62 };
	struct arena arena = { 0 };
	struct segment_log logs[3] = { 0 };
	uint64_t offset[3] = { 0 }, frame[3] = { 0 };
	uint32_t seed = 7;
	for (unsigned i = 0; i < 30000; i++) {
		unsigned n = draw(&seed) % 3;
		offset[n] += steps[draw(&seed) % 9] * (draw(&seed) % 8 == 0 ? UINT64_MAX : 1); /* back now and then */
		frame[n] += steps[draw(&seed) % 8];
		assert_true(log_append(&arena, &logs[n], offset[n], frame[n]));
	}
	seed = 7;
	memset(offset, 0, sizeof offset);
	memset(frame, 0, sizeof frame);
	struct log_cursor at[3] = { 0 };
	for (unsigned i = 0; i < 30000; i++) {
		unsigned n = draw(&seed) % 3;
		offset[n] += steps[draw(&seed) % 9] * (draw(&seed) % 8 == 0 ? UINT64_MAX : 1);
		frame[n] += steps[draw(&seed) % 8];
		assert_true(log_next(&arena, &logs[n], &at[n]));
		assert_int_equal(at[n].offset, offset[n]);
		assert_int_equal(at[n].frame, frame[n]);
	}
	for (unsigned n = 0; n < 3; n++)
		assert_false(log_next(&arena, &logs[n], &at[n]));
	arena_free(&arena);
}

/* Appends taken back at every length, also where a chunk had just been added. */
static void test_log_undo(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct segment_log log = { 0 };
	struct log_cursor at = { 0 };
	for (uint64_t i = 1; i <= 2000; i++) {
		struct segment_log before = log;
		assert_true(log_append(&arena, &log, i << 40, i * 1000000));
		log_undo(&arena, &log, &before);
		assert_int_equal(log.count, i - 1);
		assert_true(log_append(&arena, &log, i * 70, i));
	}
	for (uint64_t i = 1; i <= 2000; i++) {
		assert_true(log_next(&arena, &log, &at));
		assert_int_equal(at.frame, i);
		assert_int_equal(at.offset, i * 70);
	}
	assert_false(log_next(&arena, &log, &at));
	arena_free(&arena);
}

/* Two segments fit into the flow; of more, what was given back serves the next log of as many. */
static void test_log_free(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	size_t taken = 0;
	for (unsigned turn = 0; turn < 3; turn++) {
		struct segment_log few = { 0 }, many = { 0 };
		struct log_cursor at = { 0 };
		for (uint64_t i = 1; i <= 3000; i++) {
			assert_true(i > 2 || log_append(&arena, &few, i * 1500, i * 20));
			assert_true(log_append(&arena, &many, i * 1500, i * 20));
		}
		assert_int_equal(few.tail, 0);
		assert_true(arena_memory(&arena) >= 3000 * 4);
		taken = turn == 0 ? arena.used : taken;
		assert_int_equal(arena.used, taken);
		for (uint64_t i = 1; i <= 3000; i++) {
			assert_true(log_next(&arena, &many, &at));
			assert_int_equal(at.frame, i * 20);
			assert_int_equal(at.offset, i * 1500);
		}
		log_free(&arena, &few);
		log_free(&arena, &many);
		assert_int_equal(many.count, 0);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_log), cmocka_unit_test(test_log_undo), cmocka_unit_test(test_log_free) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
