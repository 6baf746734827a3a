/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_vantage: how captures of several places fit together. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_VANTAGE_H
#define TCPWHY_REPORT_REPORT_VANTAGE_H

#include "report/json.h"
#include "report/shared.h"
#include "vantage/vantage.h"

/* One JSON line for each place. */
void report_json_vantage(struct report *r);

/* The same as text, before the captures. */
void report_text_vantage(struct report *r);

/* A flow as the other places saw it; NULL: they did not, or there are none. Valid until the next call. */
const struct vantage_view *report_view(struct report *r, const struct session *s, uint32_t flow);

/* Of a flow line: which flows of other places this one is, and what became of its segments. view may be NULL: nothing. */
void report_json_elsewhere(struct report *r, struct json *j, const struct vantage_view *view);

/* Of a step line: what became of the segment, by its place in the flow. */
void report_json_passage(struct report *r, struct json *j, const struct vantage_view *view, uint32_t ordinal);

#endif
