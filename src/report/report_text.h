/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_text: the report as text. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_TEXT_H
#define TCPWHY_REPORT_REPORT_TEXT_H

#include "report/shared.h"

/* Counts a flow that is about to be let go: it is not told of by itself. */
void report_text_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written);
void report_text_capture(struct report *r, struct session *s);

#endif
