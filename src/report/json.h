/* SPDX-License-Identifier: GPL-3.0-or-later
 * json: writes flat JSON objects, one a line (NDJSON). Append-only: no tree, no reading. */
#ifndef TCPWHY_REPORT_JSON_H
#define TCPWHY_REPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

/* One object in the making, at the end of out. Keys are ASCII literals of ours and are not escaped. */
struct json {
	struct buf *out;
	bool more;      /* an item was written at this level: a comma is due */
	bool in_array;
};

void json_begin(struct json *j, struct buf *out); /* opens an object */
void json_end(struct json *j);                    /* closes it and the line */

/* Any bytes: what is not printable UTF-8 is written as a visible escape (text.h). Inside an array key is NULL. */
void json_text(struct json *j, const char *key, const char *text);
void json_buf(struct json *j, const char *key, const struct buf *text); /* the same of a text that was made; its failure is carried on */
void json_unsigned(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_seconds(struct json *j, const char *key, int64_t ns); /* a duration in ns as a number of seconds, exact */
void json_time(struct json *j, const char *key, int64_t ns);    /* ns since 1970 as RFC 3339 with nine decimals */

void json_array_begin(struct json *j, const char *key);
void json_array_end(struct json *j);

#endif
