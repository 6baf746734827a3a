/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_live: flows of a capture that is still being read. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_LIVE_H
#define TCPWHY_REPORT_REPORT_LIVE_H

#include "report/shared.h"

/* Writes flows of r->live: those that are due, those that are about to be let go, those with resets whose packets are, or all; none that was
 * written as it stands. */
enum live_flows { LIVE_DUE, LIVE_LET_GO, LIVE_PACKETS_GO, LIVE_ALL };
void report_live_flows(struct report *r, struct session *s, enum live_flows which);

#endif
