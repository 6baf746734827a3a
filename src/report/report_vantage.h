/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_vantage: how captures of several places fit together. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_VANTAGE_H
#define TCPWHY_REPORT_REPORT_VANTAGE_H

#include "report/json.h"
#include "report/shared.h"

/* One JSON line for each place. */
void report_json_vantage(struct report *r);

/* The same as text, before the captures. */
void report_text_vantage(struct report *r);

/* Which flows of other places this one is: "elsewhere" of a flow line. */
void report_json_elsewhere(struct report *r, struct json *j, const struct session *s, uint32_t flow);

#endif
