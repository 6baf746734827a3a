/* SPDX-License-Identifier: GPL-3.0-or-later
 * clock: how far two clocks are apart, neither of which stands still meanwhile. */
#include "util/clock.h"

int64_t clock_to_real(void)
{
	enum { TRIES = 10, NEAR_NS = 1000 };
	int64_t least = INT64_MAX, to_real = 0;
	for (unsigned i = 0; i < TRIES && least > NEAR_NS; i++) {
		int64_t before = clock_ns(), real = clock_of(CLOCK_REALTIME), between = clock_ns() - before;
		if (between < least) {
			least = between;
			to_real = real - (before + between / 2);
		}
	}
	return to_real;
}
