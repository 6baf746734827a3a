/* SPDX-License-Identifier: GPL-3.0-or-later
 * open: from the command line to captures that are open, and privileges that are given up before a byte of them is looked at. */
#ifndef TCPWHY_OPEN_H
#define TCPWHY_OPEN_H

#include "options.h"
#include "session/session.h"

struct captures {
	struct session **sessions; /* NULL where a capture could not be opened or was closed already */
	size_t count;
	struct buf left;           /* what killed runs left behind, for who sits at a terminal; "" = nothing */
	struct resolver *resolver; /* of -N; NULL = none */
	int status;                /* STATUS_OK, or why one could not be opened */
};

/* Opens what the options name; what cannot be opened is told on standard error. False: nothing is to be read at all; c->status says
 * with what exit status to end. Free with captures_close() in any case. */
bool captures_open(const struct options *o, struct captures *c);
void captures_close(struct captures *c);

/* Reads the beginning of one. NULL: there is none, or it is no capture, which was told and is in c->status. */
struct session *captures_start(struct captures *c, size_t index);
void captures_close_one(struct captures *c, size_t index);

#endif
