/* SPDX-License-Identifier: GPL-3.0-or-later
 * pace: what loops over very many flows have in common: memory is asked for ahead of time, and the clock is looked at often enough that a
 * slice is not overrun, yet not for each flow. */
#ifndef TCPWHY_QUERY_PACE_H
#define TCPWHY_QUERY_PACE_H

#include "query/flowline.h"
#include "util/clock.h"
#include "util/prefetch.h"

enum { PACE_AHEAD = 12 /* flows */, PACE_LOOK = 64, PACE_JUDGED = 8, PACE_SEGMENTS = 16 };

/* A flow is several cache lines: those of the flow that comes PACE_AHEAD later are fetched while the present one is looked at. */
static inline void pace_fetch(const struct flow_table *table, uint32_t number)
{
	prefetch_read(flow_table_get(table, number), sizeof(struct flow));
}

/* Only what the keys of most columns are made of: where the ends are, times and counts, resets. */
static inline void pace_fetch_key(const struct flow_table *table, uint32_t number)
{
	const struct flow *f = flow_table_get(table, number);

	__builtin_prefetch(f);
	__builtin_prefetch(&f->first);
	__builtin_prefetch(&f->rst);
}

/* Call after each flow, *work being 0 at first: true when the slice that ends at `until` is over. A flow with a reset may have been read
 * again for its cause, which takes the longer the more segments it has. */
static inline bool pace_over(unsigned *work, const struct flow_view *view, int64_t until)
{
	*work += view->brief_known && view->flow->rst > 0 ? PACE_JUDGED + view->flow->log.count / PACE_SEGMENTS : 1;
	if (*work < PACE_LOOK)
		return false;
	*work = 0;
	return clock_ns() >= until;
}

#endif
