/* SPDX-License-Identifier: GPL-3.0-or-later
 * seq: serial-number arithmetic over TCP sequence numbers (RFC 9293 3.4, RFC 1982): all comparisons modulo 2^32. */
#ifndef TCPWHY_FLOW_SEQ_H
#define TCPWHY_FLOW_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* a - b as a signed distance: positive when a is after b. */
static inline int32_t seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static inline bool seq_lt(uint32_t a, uint32_t b) { return seq_diff(a, b) < 0; }
static inline bool seq_le(uint32_t a, uint32_t b) { return seq_diff(a, b) <= 0; }
static inline bool seq_gt(uint32_t a, uint32_t b) { return seq_diff(a, b) > 0; }
static inline bool seq_ge(uint32_t a, uint32_t b) { return seq_diff(a, b) >= 0; }

static inline uint32_t seq_max(uint32_t a, uint32_t b) { return seq_gt(a, b) ? a : b; }

#endif
