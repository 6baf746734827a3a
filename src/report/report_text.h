/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_text: the report as text. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_TEXT_H
#define TCPWHY_REPORT_REPORT_TEXT_H

#include "report/shared.h"

void report_text_capture(struct report *r, struct session *s);

#endif
