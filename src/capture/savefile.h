/* SPDX-License-Identifier: GPL-3.0-or-later
 * savefile: capture files by libpcap, for formats that it knows and our own reader does not. */
#ifndef TCPWHY_CAPTURE_SAVEFILE_H
#define TCPWHY_CAPTURE_SAVEFILE_H

#include <stdint.h>

#include "capture/packet.h"
#include "capture/source_types.h"
#include "util/buf.h"

struct savefile;

/* Gives the regular file in fd to libpcap, from its beginning. fd stays the caller's, but its position is moved from now on. NULL: libpcap
 * cannot read it, or memory is out; *why says so. */
struct savefile *savefile_open(int fd, struct buf *why);
void savefile_close(struct savefile *f);

/* The next packet, without number and offset; valid until the next call. SOURCE_DAMAGED: *why, which is appended to, says what is wrong. */
enum source_status savefile_next(struct savefile *f, struct packet *packet, struct buf *why);

/* Bytes of the file that were used so far. */
uint64_t savefile_done(const struct savefile *f);

/* Link type and snaplen of its packets; no name. */
struct source_interface savefile_interface(const struct savefile *f);

#endif
