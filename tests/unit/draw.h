/* SPDX-License-Identifier: GPL-3.0-or-later
 * draw: numbers as if by chance, the same on every machine (Numerical Recipes' LCG). */
#ifndef TCPWHY_TESTS_DRAW_H
#define TCPWHY_TESTS_DRAW_H

#include <stdint.h>

/* The next one, below 2^24. */
static inline uint32_t draw(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

#endif
