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
	uint64_t undecoded[REASON_COUNT];
	struct buf warning;
	bool ended;                /* all read: what is absent now will not come */
	bool truncated;
	bool damaged;
};

#endif
