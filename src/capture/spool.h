/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool: packets that cannot be read twice, kept in an unlinked temporary file. */
#ifndef TCPWHY_CAPTURE_SPOOL_H
#define TCPWHY_CAPTURE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "util/buf.h"

struct spool;

enum { SPOOL_RECORD_SIZE = 24 };

/* In $TMPDIR, else /tmp; mode 0600, without a name. NULL: *error says why. */
struct spool *spool_new(struct buf *error);
void spool_free(struct spool *s);

/* Appends a packet and sets its offset. False after a failure to write (disk full): *error says so once, nothing more is kept. */
bool spool_append(struct spool *s, struct packet *packet, struct buf *error);

/* Makes everything appended readable through spool_fd(). */
bool spool_flush(struct spool *s);
int spool_fd(const struct spool *s);

/* Reads a record head of SPOOL_RECORD_SIZE bytes as pcap_parse_record() does. False: no record stands here. */
bool spool_parse_record(const uint8_t *head, struct packet *p);

#endif
