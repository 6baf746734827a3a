/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_seq: serial-number arithmetic, also around 2^32. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow/seq.h"

static void test_order(void **state)
{
	(void)state;
	static const uint32_t places[] = { 0, 1, 1000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		uint32_t a = places[i];
		assert_true(seq_le(a, a));
		assert_true(seq_ge(a, a));
		assert_false(seq_lt(a, a));
		for (uint32_t step = 1; step < 0x80000000u; step *= 2) {
			assert_true(seq_lt(a, a + step));
			assert_true(seq_gt(a + step, a));
			assert_int_equal(seq_diff(a + step, a), (int32_t)step);
			assert_int_equal(seq_diff(a, a + step), -(int32_t)step);
			assert_int_equal(seq_max(a, a + step), a + step);
			assert_int_equal(seq_max(a + step, a), a + step);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_order) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
