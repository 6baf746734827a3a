/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_clock: the way from one clock to the other, where the process is held up anywhere between looking at them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "util/clock.h"

#define APART INT64_C(1700000000123456789)

enum { LOOK_NS = 40, HELD_NS = 5000000 };

/* Clocks by --wrap: each look takes a moment, and those whose bit is set longer. */
static struct {
	int64_t time;
	uint32_t held;
} world;

int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
	world.time += LOOK_NS + (world.held & 1 ? HELD_NS : 0);
	world.held >>= 1;
	int64_t shown = world.time + (id == CLOCK_REALTIME ? APART : 0);
	now->tv_sec = (time_t)(shown / 1000000000);
	now->tv_nsec = (long)(shown % 1000000000);
	return 0;
}

static int64_t error_when_held(uint32_t held)
{
	world.time = 77;
	world.held = held;
	int64_t error = clock_to_real() - APART;
	return error < 0 ? -error : error;
}

static void test_to_real(void **state)
{
	(void)state;
	for (unsigned look = 0; look < 32; look++)
		for (unsigned other = 0; other < 32; other++)
			assert_true(error_when_held(UINT32_C(1) << look | UINT32_C(1) << other) <= LOOK_NS);
	/* held up at every look the error is at most half of what it takes to look twice */
	assert_true(error_when_held(UINT32_MAX) <= HELD_NS + LOOK_NS);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_to_real) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
