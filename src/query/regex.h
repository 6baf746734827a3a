/* SPDX-License-Identifier: GPL-3.0-or-later
 * regex: PCRE2 behind a small face: always UTF, always with limits, JIT where the system allows it. */
#ifndef TCPWHY_QUERY_REGEX_H
#define TCPWHY_QUERY_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

struct regex;

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT /* the pattern took too many steps on this text */ };

/* Compiles n bytes. Smart case: a pattern without a capital letter (escapes such as \S aside) matches either case. On failure NULL,
 * PCRE2's message appended to error, and the offset in the pattern that it names. */
struct regex *regex_compile(const char *pattern, size_t n, struct buf *error, size_t *offset);
void regex_free(struct regex *r);

/* Not for use by two threads at a time: the regex holds its match data. */
enum regex_result regex_match(struct regex *r, const char *text, size_t n);

/* Appends the library's version, and whether its patterns become machine code on this system. */
void regex_library(struct buf *out);

#endif
