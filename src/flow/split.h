/* SPDX-License-Identifier: GPL-3.0-or-later
 * split: where one connection of two endpoints ends and the next begins; internal to src/flow. */
#ifndef TCPWHY_FLOW_SPLIT_H
#define TCPWHY_FLOW_SPLIT_H

#include "flow/pool.h"

/* The flow that a segment belongs to, made when it is to begin one; newest: that of its endpoints or FLOW_NONE. Returns
 * FLOW_NONE when memory is out. */
uint32_t split_choose(struct flow_table *t, uint32_t newest, const struct segment *s);

/* Does split_choose() leave it at the newest flow, as it does for nearly all? */
static inline bool split_stays(const struct flow_table *t, uint32_t newest, const struct flow *f, const struct segment *s)
{
	return (s->flags & TCP_SYN) == 0 && pool_pending(t, newest) == NULL && !tracker_over(&f->tracker);
}

#endif
