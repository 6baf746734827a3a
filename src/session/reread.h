/* SPDX-License-Identifier: GPL-3.0-or-later
 * reread: the segments of many flows read again in one pass over the capture. Read flow by flow, each packet costs a system call and a
 * page's copy at a place of its own; who asks for the verdicts of one flow after the other is served from a pass instead. Internal to
 * session/. */
#ifndef TCPWHY_SESSION_REREAD_H
#define TCPWHY_SESSION_REREAD_H

#include "explain/explain.h"
#include "session/session.h"

struct reread;

/* brief: no pass may take long, for somebody waits; there are the more of them. NULL: out of memory. */
struct reread *reread_new(bool brief);
void reread_free(struct reread *r);

/* The flow's segments as the explanation wants them, valid until the next call. NULL: out of memory, or a packet cannot be read any more (a file
 * cut meanwhile): a verdict on the rest would not know what it lacks. */
const struct trace *reread_trace(struct reread *r, struct session *s, uint32_t flow);

/* The k-th flow after that one among those read with it, which will be asked for soon if flows are asked for in order; or FLOW_NONE. */
uint32_t reread_next(const struct reread *r, size_t k);

#endif
