/* SPDX-License-Identifier: GPL-3.0-or-later
 * fail_on: the list of --fail-on. */
#ifndef TCPWHY_FAIL_ON_H
#define TCPWHY_FAIL_ON_H

#include "report/report.h"

/* list: cause ids between commas, or "any"; NULL: none. Every id must exist, or a misspelled check would pass for ever: false when one
 * does not, as was told. */
bool fail_on_check(const char *list);

/* Whether a reset in the report has one of these causes. */
bool fail_on_found(const struct report *r, const char *list);

#endif
