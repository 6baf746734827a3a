/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/radix.h"

#include <string.h>

void radix_begin(struct radix *r, const struct radix_pair *pairs, size_t n)
{
	uint64_t differ = 0;
	for (size_t i = 1; i < n; i++)
		differ |= pairs[i].key ^ pairs[0].key;
	r->digit = r->digits = 0;
	if (differ == 0)
		return;
	r->low = (unsigned)__builtin_ctzll(differ);
	r->digits = (64 - (unsigned)__builtin_clzll(differ) - r->low + RADIX_DIGIT - 1) / RADIX_DIGIT;
	memset(r->counts, 0, r->digits * sizeof *r->counts);
	for (size_t i = 0; i < n; i++) {
		uint64_t key = pairs[i].key >> r->low;
		for (unsigned d = 0; d < r->digits; d++, key >>= RADIX_DIGIT)
			r->counts[d][key % RADIX_VALUES]++;
	}
}

void radix_pass(struct radix *r, const struct radix_pair *from, struct radix_pair *to, size_t n, bool descending)
{
	const uint32_t *counts = r->counts[r->digit];
	unsigned shift = r->low + r->digit++ * RADIX_DIGIT;
	size_t at[RADIX_VALUES], sum = 0;
	for (unsigned i = 0; i < RADIX_VALUES; i++) {
		unsigned value = descending ? RADIX_VALUES - 1 - i : i;
		at[value] = sum;
		sum += counts[value];
	}
	for (size_t i = 0; i < n; i++)
		to[at[(from[i].key >> shift) % RADIX_VALUES]++] = from[i];
}

struct radix_pair *radix_sort(struct radix_pair *pairs, struct radix_pair *other, size_t n)
{
	struct radix r;
	size_t ordered = 1;
	while (ordered < n && pairs[ordered].key >= pairs[ordered - 1].key)
		ordered++;
	if (ordered >= n)
		return pairs;
	radix_begin(&r, pairs, n);
	while (r.digit < r.digits) {
		radix_pass(&r, pairs, other, n, false);
		struct radix_pair *swap = pairs;
		pairs = other;
		other = swap;
	}
	return pairs;
}
