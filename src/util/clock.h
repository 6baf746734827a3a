/* SPDX-License-Identifier: GPL-3.0-or-later
 * clock: time that only goes on, whatever the wall clock does. */
#ifndef TCPWHY_UTIL_CLOCK_H
#define TCPWHY_UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since some time in the past. */
static inline int64_t clock_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
