/* SPDX-License-Identifier: GPL-3.0-or-later
 * session_internal: the session as the files of session/ see it. */
#ifndef TCPWHY_SESSION_SESSION_INTERNAL_H
#define TCPWHY_SESSION_SESSION_INTERNAL_H

#include "capture/source.h"
#include "decode/fragments.h"
#include "flow/table.h"
#include "session/hostnames.h"
#include "util/buf.h"

struct kernel;
struct verdict_cache;
struct resolver;
struct session_witness;

struct session {
	char *name;
	char *vantage;             /* NULL: the name */
	struct source *source;
	struct kernel *kernel;     /* NULL: no live capture, or it has nothing to tell */
	struct fragments *fragments;
	struct fragments *scratch; /* for packets read again */
	struct flow_table *flows;
	struct verdict_cache *verdicts; /* NULL: nothing was asked for yet */
	uint64_t packets;
	int64_t latest, latest_at; /* time of the latest packet; when that was read, CLOCK_MONOTONIC */
	int64_t rate_at;           /* when the rate was measured last */
	uint64_t rate_packets;     /* packets then */
	uint64_t rate;             /* a second */
	uint64_t memory;           /* limit in bytes, 0 = none */
	void (*watch)(void *context, struct session *s, bool flows); /* session_letting_go */
	void *watch_context;
	const struct session_witness *witness; /* NULL: none */
	void *witness_context;
	bool let_go, packets_let_go; /* flows, packets were, and that was told */
	uint64_t going;            /* packets before this offset are about to go */
	bool grows;                /* packets come as they are captured */
	uint64_t undecoded[REASON_COUNT];
	struct resolver *resolver; /* the caller's; NULL: addresses are shown as they are */
	struct hostnames own_names; /* what the capture itself says */
	size_t names_taken;        /* of those, by source_name() */
	struct buf warning;
	size_t told;               /* bytes of the source's message that are in it */
	bool ended;                /* all read: what is absent now will not come */
	bool truncated;
	bool damaged;
};

#endif
