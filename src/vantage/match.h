/* SPDX-License-Identifier: GPL-3.0-or-later
 * match: which flows of several captures are one connection. By addresses, ports and initial sequence numbers; behind a NAT by the initial
 * sequence numbers alone; of flows without a captured beginning by their numbers, or by what their packets carry. Internal to vantage/. */
#ifndef TCPWHY_VANTAGE_MATCH_H
#define TCPWHY_VANTAGE_MATCH_H

#include "session/session.h"
#include "vantage/groups.h"

/* sessions: read to their end; n of them, at most VANTAGE_MOST. False: out of memory; groups_free(out) in any case. */
bool match_flows(struct session *const *sessions, size_t n, struct groups *out);

/* match_print.c: those of flows still alone whose packets carry the same. */
bool match_prints(struct session *const *sessions, struct groups *g);

#endif
