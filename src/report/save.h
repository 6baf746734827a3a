/* SPDX-License-Identifier: GPL-3.0-or-later
 * save: flows as a capture of their own: pcapng, packets in capture order, each reset with its verdict as a comment. Works in slices. */
#ifndef TCPWHY_REPORT_SAVE_H
#define TCPWHY_REPORT_SAVE_H

#include "session/session.h"
#include "util/file.h"

struct saving;

/* Begins to save flows (n numbers, copied) of s, which must outlive it and may not be read on until it is freed. Fragments of a segment
 * are saved with it. NULL: *outcome says why, error too (appended) when it failed. */
struct saving *saving_begin(struct session *s, const uint32_t *flows, size_t n, const char *name, bool replace, enum file_outcome *outcome,
                            struct buf *error);

/* The same to a stream of the caller's, who may close it after saving_end(). NULL: out of memory. */
struct saving *saving_begin_stream(struct session *s, const uint32_t *flows, size_t n, FILE *out);

/* Works for about budget_ns. True when there is more to do. */
bool saving_step(struct saving *w, int64_t budget_ns);

/* How far it is, in percent. */
unsigned saving_percent(const struct saving *w);

/* Ends it: puts the file in its place when all is written, else drops it. One sentence for the user is appended to told, in either case.
 * Returns whether the file is there, or all of it
 * has gone into the stream. Frees w. */
bool saving_end(struct saving *w, struct buf *told);

#endif
