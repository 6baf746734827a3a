/* SPDX-License-Identifier: GPL-3.0-or-later
 * json_line: one NDJSON line read strictly (RFC 8259), as far as the report's contract goes: one object of scalars and arrays of them. */
#ifndef TCPWHY_TESTS_JSON_LINE_H
#define TCPWHY_TESTS_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

enum json_kind { JSON_STRING, JSON_NUMBER, JSON_BOOL };

/* text: a string's characters, a number as it is written, "true" or "false". */
struct json_value {
	enum json_kind kind;
	struct buf text;
};

/* A field: an array, or the one value of a scalar. */
struct json_field {
	struct buf name;
	bool is_array;
	struct json_value *values;
	size_t count;
};

struct json_line {
	struct json_field *fields;
	size_t count;
};

/* Reads n bytes, without the line end. False: what is wrong goes to why. Free *out in any case. */
bool json_line_read(const char *bytes, size_t n, struct json_line *out, struct buf *why);
void json_line_free(struct json_line *line);

/* NULL when there is none of this name. */
const struct json_field *json_line_get(const struct json_line *line, const char *name);

#endif
