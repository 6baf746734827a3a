/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool: packets that cannot be read twice, kept in a temporary file, or in a pcap file that the user keeps. */
#ifndef TCPWHY_CAPTURE_SPOOL_H
#define TCPWHY_CAPTURE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "capture/pcap.h"
#include "util/buf.h"

struct spool;

enum { SPOOL_RECORD_SIZE = 24 };

/* In $TMPDIR, else /tmp; mode 0600, without a name: of what can be had again. NULL: *error says why. */
struct spool *spool_new(struct buf *error);

/* Of what comes only once: in a file that is left behind when the program is killed, see spool_file_new(); where there can be none, as
 * spool_new(). limit: for spool_limit(). */
struct spool *spool_new_named(const char *source, uint64_t limit, struct buf *note, struct buf *error);

/* A pcap file (ns, this machine's byte order) in fd, which is taken over in any case; name: for messages. NULL: *error says why. */
struct spool *spool_new_pcap(int fd, const char *name, uint16_t link_type, uint32_t snaplen, struct buf *error);

/* Writes what is held, and frees. */
void spool_free(struct spool *s);

/* The file is to take no more room on the disk than so many bytes (0 = no limit; 3 MiB at least): for that spool_is_full() is to be asked
 * after each packet. Not for pcap files. */
void spool_limit(struct spool *s, uint64_t bytes);

/* Is it time to give the oldest records back, to stay within the limit? Those before *offset then go with spool_let_go(). */
bool spool_is_full(const struct spool *s, uint64_t *offset);
void spool_let_go(struct spool *s);

/* Records before this offset have been given back. */
uint64_t spool_floor(const struct spool *s);

/* Bytes of the records that it holds. */
uint64_t spool_kept(const struct spool *s);

/* Appends a packet and sets its offset. False after a failure to write (disk full): *error says so once, nothing more is kept; whole
 * records that were written stay readable. */
bool spool_append(struct spool *s, struct packet *packet, struct buf *error);

/* Makes everything appended readable through spool_fd(). False: it cannot be written; spool_append() or spool_complain() says so. */
bool spool_flush(struct spool *s);

/* After a failure that was not told yet: number is that of the packet at which it showed. */
void spool_complain(struct spool *s, uint64_t number, struct buf *error);
int spool_fd(const struct spool *s);

/* How the records of a pcap file stand there; NULL for a spool proper. Owned by s. */
const struct pcap_format *spool_pcap(const struct spool *s);

/* Reads a record head of SPOOL_RECORD_SIZE bytes as pcap_parse_record() does; it may be anybody's. False: no record stands here. Not of pcap
 * files. */
bool spool_parse_record(const uint8_t *head, struct packet *p);

#endif
