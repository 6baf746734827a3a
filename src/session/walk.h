/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk: reading a flow's packets again, one at a time. Internal to session/. */
#ifndef TCPWHY_SESSION_WALK_H
#define TCPWHY_SESSION_WALK_H

#include "session/session.h"

/* Reads one segment of a flow again, the next after those that *tracker has seen, and has it visited. options: DECODE_. */
enum step_again { STEP_ON, STEP_STOPPED, STEP_UNREADABLE };
enum step_again session_step(struct session *s, const struct flow *f, uint64_t offset, uint64_t frame, unsigned options,
                             struct tracker *tracker, session_visit *visit, void *context);

#endif
