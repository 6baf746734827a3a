/* SPDX-License-Identifier: GPL-3.0-or-later
 * flatjson: reads one field of one NDJSON line, as far as the report goes: no objects inside. */
#ifndef TCPWHY_TESTS_FLATJSON_H
#define TCPWHY_TESTS_FLATJSON_H

#include <stdbool.h>

#include "util/buf.h"

/* Whether the line is one JSON object without objects in it, complete. */
bool flatjson_valid(const char *line);

/* Appends the value of key to out: strings without quotes and escapes, numbers and words as they stand, the items of an array each ended
 * by '\x1f'. False when there is no such key. */
bool flatjson_get(const char *line, const char *key, struct buf *out);

#endif
