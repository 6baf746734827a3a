/* SPDX-License-Identifier: GPL-3.0-or-later
 * extract: what is written of one flow, of one frame, of the flows that match; and what all that write have in common. */
#ifndef TCPWHY_EXTRACT_H
#define TCPWHY_EXTRACT_H

#include "open.h"
#include "options.h"
#include "query/filter.h"

/* Writes text to standard output and frees it: an exit status. */
int put_out(struct buf *text);

/* Whether what is written may be more than ASCII. */
bool is_utf8(const struct options *o);

/* The exit status that a capture which was read leads to. */
int input_status(const struct session *s);

/* Reads the captures of several places to their ends, which are then told of together. Returns how many could be read into sessions
 * (room for as many as there are captures). */
size_t read_points(struct captures *c, struct session **sessions, struct buf *error);

/* Each reads what it needs, writes to standard output, tells what went wrong, and returns the exit status: --ladder and the like; --detail;
 * --pcapng: the flows that match, with verdicts as comments. */
int extract_flow(const struct options *o, struct captures *c);
int extract_frame(const struct options *o, struct captures *c);
int extract_capture(struct captures *c, struct filter *filter);

#endif
