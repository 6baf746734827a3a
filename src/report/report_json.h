/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_json: the lines of NDJSON. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_JSON_H
#define TCPWHY_REPORT_REPORT_JSON_H

#include "report/shared.h"

/* The lines of one flow, if the filter lets it pass; written: what was written of it before (zero: nothing), brought up to date. */
void report_json_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written);

/* The incidents among the flows noted so far, for the end of the report. Later ones are none of theirs. */
void report_json_incidents(struct report *r, struct session *s);

/* Writes those that wait for the end now if they are many: a capture without end has no end to wait for. */
void report_json_incidents_due(struct report *r);

/* A capture that was read to its end, of which nothing was written before. */
void report_json_capture(struct report *r, struct session *s);
void report_json_summary(struct report *r);

#endif
