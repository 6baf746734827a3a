/* SPDX-License-Identifier: GPL-3.0-or-later
 * tracefs: the file system that tracing is steered by. Internal to kernel/. */
#ifndef TCPWHY_KERNEL_TRACEFS_H
#define TCPWHY_KERNEL_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

/* Its folder of instances: where it is mounted, else by a mount that nobody else sees. -1: errno says why. */
int tracefs_instances(void);

/* Removes instances whose name begins with `prefix` and that nobody uses (the kernel refuses to remove others). */
void tracefs_reap(int instances, const char *prefix);

/* The file below a folder: the whole of it, at most `most` bytes, appended. False: errno says why. */
bool tracefs_get(int folder, const char *path, size_t most, struct buf *out);
/* Writes a word into it. False: errno says why. */
bool tracefs_put(int folder, const char *path, const char *word);

#endif
