/* SPDX-License-Identifier: GPL-3.0-or-later
 * ui: the program on a terminal: one event loop over keyboard, captures and timers; flows, ladder, why. */
#ifndef TCPWHY_UI_UI_H
#define TCPWHY_UI_UI_H

#include "session/session.h"
#include "ui/settings.h"

struct ui_options {
	struct settings *settings; /* of the user, command line included; changed where the user changes them on the screen */
	const char *filter;        /* to begin with; NULL = none */
	struct resolver *resolver; /* of the sessions; NULL = none */
	const char *notice;        /* said first, until a key is pressed; NULL or "" = nothing */
	bool together;             /* the sessions are places at which the same traffic was captured: vantage/ */
};

/* Runs until the user quits, the terminal goes away or a signal ends it. The sessions (at least one) stay the caller's; they are read
 * by the loop, also when they are not at their end yet. The caller has called setlocale(). Keys come from /dev/tty when standard input is
 * not a terminal. Returns 0; 128 + n after SIGHUP or SIGTERM; 1 when the screen could not be set up and 2 when the filter is not a filter: one
 * sentence is then in error. */
int ui_run(struct session **sessions, size_t count, const struct ui_options *options, struct buf *error);

#endif
