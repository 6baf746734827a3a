/* SPDX-License-Identifier: GPL-3.0-or-later
 * verdicts: what a session remembers of verdicts: the short form of each reset flow's primary one. Internal to session/. */
#ifndef TCPWHY_SESSION_VERDICTS_H
#define TCPWHY_SESSION_VERDICTS_H

#include "explain/verdict.h"
#include "flow/neighbours.h"
#include "session/reread.h"

/* A brief is good as long as the flow has no more segments than it rests on and the capture has not ended meanwhile. */
struct kept_brief {
	struct verdict_brief brief;
	uint32_t segments;     /* of the flow when it was made; 0 = none made */
	bool complete;
};

struct verdict_cache {
	struct neighbours *neighbours;
	struct reread *reread;
	struct kept_brief *kept; /* by flow number */
	uint32_t count;
};

void verdict_cache_free(struct verdict_cache *cache);

#endif
