/* SPDX-License-Identifier: GPL-3.0-or-later
 * tracer: the kernel's tracepoints, in a trace instance of our own: opened as root, read without. */
#ifndef TCPWHY_KERNEL_TRACER_H
#define TCPWHY_KERNEL_TRACER_H

#include <stdbool.h>

#include "kernel/journal.h"
#include "util/buf.h"

struct tracer;

/* The folder of trace instances, whether tracefs is mounted or not; instances that crashed programs left are removed from it. -1: why is
 * appended to error. */
int tracer_instances(struct buf *error);

/* Makes the instance `name` and turns the tracepoints on. NULL: there is no such instance, and why is appended to error. */
struct tracer *tracer_open(int instances, const char *name, struct buf *error);
void tracer_close(struct tracer *t);

/* What its kernel can tell; names of tracepoints that it lacks are appended to missing. */
void tracer_scope(const struct tracer *t, struct kernel_scope *scope, struct buf *missing);

/* Takes what the kernel told since the last time into the journal; a bounded amount. */
void tracer_read(struct tracer *t, struct kernel_journal *j);

#endif
