/* SPDX-License-Identifier: GPL-3.0-or-later
 * filter: which flows to show. Terms are separated by spaces and must all hold:
 *
 *     PATTERN          PCRE2 regular expression over the whole line of the flow (see flow_line())
 *     FIELD:PATTERN    … over one text field
 *     FIELD=TEXT       a text field is just this (either case); also !=
 *     FIELD>N          numbers: > < >= <= = !=, with ns us ms s m h, k M G, B
 *     !TERM            does not hold
 *     "A B"            quotes keep a space (and a colon) in a term; \" is a quote inside them
 *
 * Fields: field.c. A pattern without a capital letter matches either case. */
#ifndef TCPWHY_QUERY_FILTER_H
#define TCPWHY_QUERY_FILTER_H

#include "query/flowline.h"

struct filter;

/* Compiles a filter; an empty text is a filter that all flows pass. On failure NULL, one sentence appended to error, and in *offset
 * the byte of text where the trouble is (for a caret); where memory ran out error has failed, too. */
struct filter *filter_compile(const char *text, struct buf *error, size_t *offset);
void filter_free(struct filter *f);

/* Whether the flow of the view passes. The view's time and utf8 do not matter: lines are made as relative times in ASCII. */
bool filter_matches(struct filter *f, struct flow_view *view);

/* How many flows were left out because a pattern needed too many steps: to be told to the user. */
uint64_t filter_limited(const struct filter *f);

/* Memory ran out for the text of a flow: no flow passes from then on, and what is shown or written is not all. */
bool filter_failed(const struct filter *f);

/* Whether the filter has no terms. */
bool filter_empty(const struct filter *f);

/* Appends text quoted so that it is one literal pattern: for filters that the program makes. */
void filter_quote(struct buf *out, const char *text);

#endif
