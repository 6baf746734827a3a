/* SPDX-License-Identifier: GPL-3.0-or-later
 * explain: from a flow's segments to the verdicts on its resets. A verdict is a pure function of what was seen: the trace of the flow,
 * the summaries of its neighbours, ICMP errors that quote it. */
#ifndef TCPWHY_EXPLAIN_EXPLAIN_H
#define TCPWHY_EXPLAIN_EXPLAIN_H

#include "decode/app.h"
#include "explain/verdict.h"
#include "flow/neighbours.h"

/* A flow's segments in capture order, with what the tracker said of each and what the application said in it. */
struct trace;

struct trace *trace_new(void);
void trace_free(struct trace *t);
void trace_clear(struct trace *t); /* empties, keeps the memory (bounded) for the next flow */

/* Appends one segment (copied, with as much of its payload as an explanation needs). before: both ends' state before it. False: out of
 * memory, or the trace has its bounded length: see trace_full(). */
bool trace_add(struct trace *t, const struct segment *segment, enum side from, uint32_t marks, const struct tracker *before,
               const struct tracker *after);

/* Traces of many flows whose segments are counted beforehand: one piece of memory for all, used again for the next ones. */
struct trace_set;
struct trace_set *trace_set_new(void);
void trace_set_free(struct trace_set *set);

/* Makes n empty traces; trace i takes at most segments[i] segments. False: out of memory. */
bool trace_set_begin(struct trace_set *set, const uint32_t *segments, size_t n);
struct trace *trace_set_at(const struct trace_set *set, size_t i);

struct explain_context {
	const struct flow_table *table;
	struct neighbours *neighbours; /* updated by its owner; NULL = look at this flow alone */
	uint32_t flow;
	bool complete;                 /* the capture has ended: what is absent now will not come */
	bool brief;                    /* no sentences, evidence and alternatives: for lists and counts, which need none */
};

/* All verdicts of the trace, in capture order, at most limit (0 = all). False: out of memory. */
bool explain_trace(const struct trace *t, const struct explain_context *context, size_t limit, struct findings *out);

#endif
