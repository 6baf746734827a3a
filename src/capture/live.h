/* SPDX-License-Identifier: GPL-3.0-or-later
 * live: packets from a network interface by libpcap. */
#ifndef TCPWHY_CAPTURE_LIVE_H
#define TCPWHY_CAPTURE_LIVE_H

#include "capture/packet.h"
#include "capture/source_types.h"
#include "util/buf.h"

struct live;

/* As source_list(). */
bool live_list(struct buf *out, struct buf *error);

/* As source_library(). */
void live_library(struct buf *out);

/* Opens the interface; from then on the kernel gathers packets. NULL: *error says why and what to try, and *refusal
 * of what kind that is. */
struct live *live_open(const struct source_options *options, enum source_refusal *refusal, struct buf *error);
void live_close(struct live *l);

/* The next packet, without number and offset; valid until the next call. SOURCE_END: the interface is no more; message says so. What
 * else is to be said (interface down, up again) is appended to *message, too. Never blocks. */
enum source_status live_next(struct live *l, struct packet *packet, struct buf *message);

int live_fd(const struct live *l);          /* to poll */
int live_timeout(const struct live *l);     /* ms after which live_next() wants to be called though there is nothing to read */
struct source_interface live_interface(const struct live *l);

/* Asks the kernel for its counts, at most once a second unless now is set. */
void live_counts(struct live *l, bool now, struct source_counts *counts);

#endif
