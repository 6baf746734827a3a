/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_csv: the lines of CSV. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_CSV_H
#define TCPWHY_REPORT_REPORT_CSV_H

#include "report/shared.h"

/* The line of the columns' names. */
void report_csv_titles(struct report *r);
void report_csv_capture(struct report *r, struct session *s);

#endif
