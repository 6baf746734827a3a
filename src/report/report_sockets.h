/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_sockets: what this machine's kernel says of the sockets of an open flow, as fields of its line. Internal to report/. */
#ifndef TCPWHY_REPORT_REPORT_SOCKETS_H
#define TCPWHY_REPORT_REPORT_SOCKETS_H

#include "report/json.h"
#include "report/shared.h"

/* Adds nothing where nothing is known. */
void report_json_sockets(struct report *r, struct json *j, struct session *s, uint32_t flow);

#endif
