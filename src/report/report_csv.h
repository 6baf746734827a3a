/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_csv: the lines of CSV. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_CSV_H
#define TCPWHY_REPORT_REPORT_CSV_H

#include "report/shared.h"

/* The line of the columns' names. */
void report_csv_titles(struct report *r);

/* The line of a flow that is about to be let go; of a capture, those of all that are still there. */
void report_csv_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written);
void report_csv_capture(struct report *r, struct session *s);

#endif
