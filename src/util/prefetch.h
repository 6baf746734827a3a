/* SPDX-License-Identifier: GPL-3.0-or-later
 * prefetch: memory asked for before it is needed, a cache line at a time. */
#ifndef TCPWHY_UTIL_PREFETCH_H
#define TCPWHY_UTIL_PREFETCH_H

#include <stddef.h>

enum { CACHE_LINE = 64 };

/* The lines that the bytes from `at` on begin in: all of an object that begins with a line, perhaps not the last of another. */
static inline void prefetch_read(const void *at, size_t size)
{
	for (size_t i = 0; i < size; i += CACHE_LINE)
		__builtin_prefetch((const char *)at + i);
}

static inline void prefetch_write(const void *at, size_t size)
{
	for (size_t i = 0; i < size; i += CACHE_LINE)
		__builtin_prefetch((const char *)at + i, 1);
}

#endif
