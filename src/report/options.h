/* SPDX-License-Identifier: GPL-3.0-or-later
 * options: what a report is to be. */
#ifndef TCPWHY_REPORT_OPTIONS_H
#define TCPWHY_REPORT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "query/filter.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV };

struct report_options {
	enum report_format format;
	bool steps;             /* JSON: a line for each segment too */
	bool utf8;              /* text: arrows and dots beyond ASCII */
	struct filter *filter;  /* only flows that pass; NULL = all. Borrowed. */
	uint32_t shard, shards; /* only flows of this part of so many; shards 0 = all */
};

#endif
