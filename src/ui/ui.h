/* SPDX-License-Identifier: GPL-3.0-or-later
 * ui: the program on a terminal: one event loop over keyboard, captures and timers; flows, ladder, why. */
#ifndef TCPWHY_UI_UI_H
#define TCPWHY_UI_UI_H

#include "session/session.h"

enum ui_colour { UI_COLOUR_AUTO, UI_COLOUR_ALWAYS, UI_COLOUR_NEVER };

struct ui_options {
	bool ascii;              /* plain ASCII even where the locale has UTF-8 */
	bool no_mouse;
	enum ui_colour colour;   /* AUTO: what the terminal can do, unless NO_COLOR is set */
	const char *filter;      /* to begin with; NULL = none */
};

/* Runs until the user quits, the terminal goes away or a signal ends it. The sessions (at least one) stay the caller's; they are read
 * by the loop, also when they are not at their end yet. The caller has called setlocale(). Keys come from /dev/tty when standard input is
 * not a terminal. Returns 0; 128 + n after SIGHUP or SIGTERM; 1 when the screen could not be set up and 2 when the filter is not a filter: one
 * sentence is then in error. */
int ui_run(struct session **sessions, size_t count, const struct ui_options *options, struct buf *error);

#endif
