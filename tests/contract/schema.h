/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema: the contract of the NDJSON report, read from report.schema, and lines held against it. */
#ifndef TCPWHY_TESTS_SCHEMA_H
#define TCPWHY_TESTS_SCHEMA_H

#include "json_line.h"

struct schema;

/* NULL: what is wrong with the file goes to error. */
struct schema *schema_load(const char *path, struct buf *error);
void schema_free(struct schema *s);

/* Whether the line has the fields of its type, all that must be there, none that is not in the schema, each of its kind. What is wrong
 * goes to why. */
bool schema_meets(const struct schema *s, const struct json_line *line, struct buf *why);

#endif
