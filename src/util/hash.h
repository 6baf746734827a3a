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
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
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
