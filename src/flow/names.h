/* SPDX-License-Identifier: GPL-3.0-or-later
 * names: host names and other short texts kept once each, found again by a number. */
#ifndef TCPWHY_FLOW_NAMES_H
#define TCPWHY_FLOW_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct names {
	struct buf bytes;         /* one after the other, each with its NUL; the first is empty, so that 0 means none */
	uint32_t *slots;          /* open addressing: places in bytes, 0 = free */
	size_t slot_count, used;
};

void names_free(struct names *t);

/* The number of a text of n bytes; 0 when it is empty, memory is out or the whole has reached its bound (64 MiB). */
uint32_t names_add(struct names *t, const char *text, size_t n, uint64_t seed);

/* NULL for 0. Valid until the next names_add(). */
const char *names_get(const struct names *t, uint32_t number);

#endif
