/* SPDX-License-Identifier: GPL-3.0-or-later
 * session_internal: the session as the files of session/ see it. */
#ifndef TCPWHY_SESSION_SESSION_INTERNAL_H
#define TCPWHY_SESSION_SESSION_INTERNAL_H

#include "capture/source.h"
#include "decode/fragments.h"
#include "session/session.h"
#include "session/verdicts.h"

struct session {
	char *name;
	char *vantage;             /* NULL: the name */
	struct source *source;
	struct fragments *fragments;
	struct fragments *scratch; /* for packets read again */
	struct flow_table *flows;
	struct verdict_cache verdicts;
	uint64_t packets;
	int64_t latest, latest_at; /* time of the latest packet; when that was read, CLOCK_MONOTONIC */
	int64_t rate_at;           /* when the rate was measured last */
	uint64_t rate_packets;     /* packets then */
	uint64_t rate;             /* a second */
	bool grows;                /* packets come as they are captured */
	uint64_t undecoded[REASON_COUNT];
	struct buf warning;
	size_t told;               /* bytes of the source's message that are in it */
	bool ended;                /* all read: what is absent now will not come */
	bool truncated;
	bool damaged;
};

/* Reads one segment of a flow again, the next after those that *tracker has seen, and has it visited. */
enum step_again { STEP_ON, STEP_STOPPED, STEP_UNREADABLE };
enum step_again session_step(struct session *s, const struct flow *f, uint64_t offset, uint64_t frame, struct tracker *tracker,
                             session_visit *visit, void *context);

#endif
