/* SPDX-License-Identifier: GPL-3.0-or-later
 * seed: keys of hash tables that hostile input fills. */
#ifndef TCPWHY_UTIL_SEED_H
#define TCPWHY_UTIL_SEED_H

#include <stddef.h>
#include <stdint.h>

/* Fills n words (32 at most) that nobody can foresee. Where the system has no entropy to give (an old kernel in a sandbox) they are at least
 * hard to guess. */
void seed_draw(uint64_t *words, size_t n);

#endif
