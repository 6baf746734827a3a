/* SPDX-License-Identifier: GPL-3.0-or-later
 * history: Zeek's history letters of a flow; internal to src/flow. */
#ifndef TCPWHY_FLOW_HISTORY_H
#define TCPWHY_FLOW_HISTORY_H

#include "flow/pool.h"

/* Adds what a segment with these marks, counted already, has to be noted with. Without memory for more, letters are left out. */
void history_note(struct flow_table *t, struct flow *f, const struct segment *s, enum side from, uint32_t marks);

/* Bits of flow.history_bits for letters that come once a side; shifted by 4 for the server. */
enum { ONCE_ACK = 1, ONCE_DATA = 2, ONCE_FIN_RST = 4, ONCE_SYN_FIN = 8 };

/* Has a segment with ACK, without SYN, FIN and RST and without marks nothing more to add? */
static inline bool history_settled(const struct flow *f, const struct segment *s, enum side from)
{
	unsigned once = s->len > 0 ? ONCE_DATA : ONCE_ACK;
	return (f->history_bits & (from == SIDE_CLIENT ? once : once << 4)) != 0;
}

/* Is the letter among the first twelve? Upper case: the client's. */
bool history_has(const struct flow *f, char letter);

/* All letters. Valid until the next call. */
const char *history_text(const struct flow_table *t, const struct flow *f);

#endif
