/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace: a flow's segments gathered for the explanation. */
#ifndef TCPWHY_EXPLAIN_TRACE_H
#define TCPWHY_EXPLAIN_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/segment.h"
#include "flow/tcb.h"

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

/* Asks the processor for the memory of the next segment of a trace in a set, which trace_add() will soon write. */
void trace_fetch(const struct trace *t);

#endif
