/* SPDX-License-Identifier: GPL-3.0-or-later
 * hash: keyed hashing by 64×64→128-bit multiplication. The key is drawn anew in each run, so that nobody can choose
 * colliding addresses. */
#ifndef TCPWHY_UTIL_HASH_H
#define TCPWHY_UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	/* 32-bit machines: the product from those of the halves */
	uint64_t a_high = a >> 32, a_low = a & UINT32_MAX, b_high = b >> 32, b_low = b & UINT32_MAX;
	uint64_t low = a_low * b_low, middle = a_high * b_low + (low >> 32), other = a_low * b_high + (middle & UINT32_MAX);
	return (other << 32 | (low & UINT32_MAX)) ^ (a_high * b_high + (middle >> 32) + (other >> 32));
#endif
}

static inline uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
	const unsigned char *p = bytes;
	uint64_t h = seed ^ n;
	for (; n > 0; ) {
		uint64_t word = 0;
		size_t part = n < 8 ? n : 8;
		memcpy(&word, p, part);
		h = hash_fold(h ^ word, 0x9e3779b97f4a7c15u ^ seed);
		p += part;
		n -= part;
	}
	return hash_fold(h ^ 0xe7037ed1a0b428dbu, seed | 1);
}

#endif
