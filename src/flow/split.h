/* SPDX-License-Identifier: GPL-3.0-or-later
 * split: where one connection of two endpoints ends and the next begins; internal to src/flow. */
#ifndef TCPWHY_FLOW_SPLIT_H
#define TCPWHY_FLOW_SPLIT_H

#include "flow/pool.h"

/* The flow that a segment belongs to, made when it is to begin one; newest: that of its endpoints or FLOW_NONE. Returns
 * FLOW_NONE when memory is out. */
uint32_t split_choose(struct flow_table *t, uint32_t newest, const struct segment *s);

#endif
