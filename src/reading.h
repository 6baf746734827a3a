/* SPDX-License-Identifier: GPL-3.0-or-later
 * reading: a capture read to its end without a screen, however long that takes; ^C ends what would go on. */
#ifndef TCPWHY_READING_H
#define TCPWHY_READING_H

#include "report/report.h"
#include "session/session.h"

/* Reads until the capture ends, or a signal (SIGINT, SIGTERM, SIGHUP) ends one that comes in as it happens; a second one kills. What the
 * capture has to say meanwhile goes to standard error. report: NULL, or where flows of a live capture are written to as they end.
 * False: that could not be written, told in error. */
bool reading_run(struct session *s, struct report *report, struct buf *error);

/* For a report that is written once: asks for the names of the flows' ends and waits for the answers, three seconds at most. */
void reading_names(struct session *s, struct resolver *resolver);

#endif
