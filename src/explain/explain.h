/* SPDX-License-Identifier: GPL-3.0-or-later
 * explain: from a flow's segments to the verdicts on its resets. A verdict is a pure function of what was seen: the trace of the flow,
 * the summaries of its neighbours, ICMP errors that quote it. */
#ifndef TCPWHY_EXPLAIN_EXPLAIN_H
#define TCPWHY_EXPLAIN_EXPLAIN_H

#include "explain/context.h"
#include "explain/trace.h"
#include "explain/verdict.h"

/* What was weighed before, for explain_context.recall; used by one capture after the other as well. NULL: out of memory. */
struct recall *recall_new(void);
void recall_free(struct recall *r);

/* All verdicts of the trace, in capture order, at most limit (0 = all). False: out of memory. */
bool explain_trace(const struct trace *t, const struct explain_context *context, size_t limit, struct findings *out);

#endif
