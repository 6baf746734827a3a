/* SPDX-License-Identifier: GPL-3.0-or-later
 * counts: what is counted over one capture, and over all. */
#ifndef TCPWHY_REPORT_COUNTS_H
#define TCPWHY_REPORT_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/decoded.h"
#include "flow/flow.h"

struct counts {
	uint64_t captures, packets, segments, flows, resets;
	uint64_t undecoded[REASON_COUNT];
	uint64_t states[FLOW_STATE_COUNT];
	uint64_t *causes;       /* cause_count() of them, in the order of the catalogue; owned */
	uint64_t evicted;       /* flows let go */
	int64_t first, last;    /* ns: the first and the last segment of the flows that were counted; 0 without any */
	uint64_t dropped;       /* of interfaces: by kernel and interface */
	bool truncated, live;
};

/* False: out of memory. Free c->causes. */
bool counts_init(struct counts *c);
void counts_clear(struct counts *c);

/* Adds those of one more capture. */
void counts_add(struct counts *to, const struct counts *c);

/* Counts a flow with its segments and its state. */
void counts_flow(struct counts *c, const struct flow *f);

/* Cause rows with a count, most first: fills order (cause_count() places) with indices; returns how many. */
size_t counts_rank(const struct counts *c, size_t *order);

#endif
