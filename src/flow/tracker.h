/* SPDX-License-Identifier: GPL-3.0-or-later
 * tracker: TCP state as a reducer. tracker_step() takes both ends' state and one segment and says what kind of segment it was. Ingest
 * runs it once per segment; the ladder and the explanation run the same function again from the flow's first segment. There is one
 * definition of what happened. States are those that a reader of RFC 9293 expects, inferred from the wire after each segment has
 * arrived at its destination; but an end counts as opened only when its own next segment shows that it took the other's SYN: whether a
 * port listens is not known before it answers, nor whether a client still wants the SYN/ACK. */
#ifndef TCPWHY_FLOW_TRACKER_H
#define TCPWHY_FLOW_TRACKER_H

#include "decode/segment.h"
#include "flow/tcb.h"

/* Takes one segment that `from` sent; changes *t; returns MARK_ bits. Pure but for *t. */
uint32_t tracker_step(struct tracker *t, const struct segment *segment, enum side from);

#endif
