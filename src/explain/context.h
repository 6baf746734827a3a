/* SPDX-License-Identifier: GPL-3.0-or-later
 * context: what an explanation knows beside the flow's own segments. */
#ifndef TCPWHY_EXPLAIN_CONTEXT_H
#define TCPWHY_EXPLAIN_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "explain/witness.h"
#include "flow/neighbours.h"
#include "kernel/journal.h"

/* What this machine's kernel says of a reset, and that it says nothing of it, is known so long after it. */
#define EXPLAIN_KERNEL_NS INT64_C(1000000000)

struct explain_context {
	const struct flow_table *table;
	struct neighbours *neighbours; /* updated by its owner; NULL = look at this flow alone */
	const struct witness *witness; /* what other captures tell of it; NULL = nothing */
	const struct kernel_journal *kernel; /* what this machine's kernel told; NULL = nothing */
	struct recall *recall;         /* for brief: what was weighed before; NULL = nothing is kept */
	uint32_t flow;
	bool complete;                 /* the capture has ended: what is absent now will not come */
	bool brief;                    /* no sentences, evidence and alternatives: for lists and counts, which need none */
};

#endif
