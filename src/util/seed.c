/* SPDX-License-Identifier: GPL-3.0-or-later
 * seed: from the kernel. */
#include "util/seed.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h> /* getentropy() of musl and BSD */

void seed_draw(uint64_t *words, size_t n)
{
	struct timespec now = { 0 };
	if (getentropy(words, n * sizeof *words) == 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	uint64_t state = (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 32 ^ (uint64_t)(uintptr_t)words;
	for (size_t i = 0; i < n; i++) { /* splitmix64 */
		uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		words[i] = z ^ z >> 31;
	}
}
