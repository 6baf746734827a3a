/* SPDX-License-Identifier: GPL-3.0-or-later
 * report: what tcpwhy says of captures without a screen: NDJSON for programs, CSV for a spreadsheet, text for a ticket. */
#ifndef TCPWHY_REPORT_REPORT_H
#define TCPWHY_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report/options.h"
#include "session/session.h"
#include "util/buf.h"

struct report;

/* Writes to out, which stays the caller's. NULL when out of memory. */
struct report *report_new(FILE *out, const struct report_options *options);
void report_free(struct report *r);

/* The captures to come were taken at these places, of the same traffic; vantage must outlive the report. */
struct vantage;
void report_vantage(struct report *r, struct vantage *v);

/* NDJSON of a capture that is still being read: writes the flows that have ended or fallen silent since the last call, each once and
 * again when more of it was seen; report_capture() then writes the rest. False as below. */
bool report_meanwhile(struct report *r, struct session *s, struct buf *error);

/* As session_letting_go(), with the report as context: writes what will be gone. */
void report_let_go(void *report, struct session *s, bool flows);

/* Reports one capture, which must have been read to its end. False: the output could not be written or memory ran out, told in error;
 * or some packets could not be read again, told in error after everything else was written. */
bool report_capture(struct report *r, struct session *s, struct buf *error);

/* Ends the report: the summary line of NDJSON. False as above. */
bool report_end(struct report *r, struct buf *error);

/* How many reported resets have this cause; NULL: any cause. */
uint64_t report_resets(const struct report *r, const struct cause *cause);

#endif
