/* SPDX-License-Identifier: GPL-3.0-or-later
 * clock: time that only goes on, whatever the wall clock does, and the way from it to the time of day. */
#ifndef TCPWHY_UTIL_CLOCK_H
#define TCPWHY_UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_of(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Nanoseconds since some time in the past. */
static inline int64_t clock_ns(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

/* What is to be added to clock_ns() now for ns since 1970: exact to a microsecond or so, also where this process has to wait for a processor
 * between two looks at the clocks. The time of day may be set, so it is to be asked anew. */
int64_t clock_to_real(void);

#endif
