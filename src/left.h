/* SPDX-License-Identifier: GPL-3.0-or-later
 * left: packets that runs left behind which were killed: found at the next start, and offered. */
#ifndef TCPWHY_LEFT_H
#define TCPWHY_LEFT_H

#include <stddef.h>

#include "util/buf.h"

/* Says on standard error, and appends to out: how much was left, of what, until when, and how it is read. Before privileges go. files: those
 * to be read now; who names one that was left knows of them, and nothing is said. */
void left_tell(const char *const *files, size_t count, struct buf *out);

#endif
