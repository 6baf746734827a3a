/* SPDX-License-Identifier: GPL-3.0-or-later
 * radix: sorting many things by a number of 64 bits, least digit first; whole, or a pass at a time for who must not be held up. */
#ifndef TCPWHY_UTIL_RADIX_H
#define TCPWHY_UTIL_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RADIX_DIGIT = 8, RADIX_VALUES = 1 << RADIX_DIGIT, RADIX_DIGITS_MOST = (64 + RADIX_DIGIT - 1) / RADIX_DIGIT };

/* A key and the index it stands for move together: following indexes through a million keys would miss the cache each time. */
struct radix_pair {
	uint64_t key;
	uint32_t place;
};

/* A sort under way. */
struct radix {
	unsigned digit, digits;     /* the next to sort by; all are done when they are equal. The lowest begins at bit `low` */
	unsigned low;
	uint32_t counts[RADIX_DIGITS_MOST][RADIX_VALUES];
};

/* Finds the digits in which keys differ (none: they are in order) and counts their values. */
void radix_begin(struct radix *r, const struct radix_pair *pairs, size_t n);

/* Sorts by the next digit, while there is one, from one array into the other; equal ones stay in their order. */
void radix_pass(struct radix *r, const struct radix_pair *from, struct radix_pair *to, size_t n, bool descending);

/* The whole, least first; what is in order already is left. Returns the one of the two arrays (of n each) that the result is in. */
struct radix_pair *radix_sort(struct radix_pair *pairs, struct radix_pair *other, size_t n);

/* A number with a sign as a key in the same order. */
static inline uint64_t radix_signed(int64_t value)
{
	return (uint64_t)value ^ (uint64_t)1 << 63;
}

#endif
