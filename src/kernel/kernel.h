/* SPDX-License-Identifier: GPL-3.0-or-later
 * kernel: this machine's kernel as a witness, live: what it tells of resets and sockets. Everything is opened before privileges go. */
#ifndef TCPWHY_KERNEL_KERNEL_H
#define TCPWHY_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/diag.h"
#include "kernel/journal.h"
#include "kernel/keeper.h"
#include "util/buf.h"

struct kernel;

/* Opens what is to be had. NULL: out of memory. */
struct kernel *kernel_open(void);
/* What is not to be had, in a sentence, with the reason; "" = nothing is missing. */
const char *kernel_note(const struct kernel *k);
/* NULL does nothing. */
void kernel_close(struct kernel *k);

/* Takes what the kernel told since the last time; does nothing when that was a moment ago, unless it is the last time. */
void kernel_read(struct kernel *k, bool last);

/* What it told. NULL: no tracepoints. Valid until kernel_close(). */
const struct kernel_journal *kernel_journal(const struct kernel *k);

/* The open socket between these ends, and who holds it (owner->pid 0: not known). False: there is none here. */
bool kernel_socket(struct kernel *k, const struct kernel_ends *ends, struct kernel_socket *socket, struct keeper_owner *owner);

/* Appends what this system lets the caller have of the kernel's tracing. */
void kernel_tracing(struct buf *out);

#endif
