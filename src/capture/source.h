/* SPDX-License-Identifier: GPL-3.0-or-later
 * source: where packets come from: a capture file, a pipe, an interface. Files are read by our own bounded reader (pcap in us and ns,
 * both byte orders; pcapng with any number of sections and interfaces; gzip and zstd in front of either), live by libpcap. What cannot
 * be read twice (pipe, compressed file, interface) is spooled as it comes in; the spool is then the store. */
#ifndef TCPWHY_CAPTURE_SOURCE_H
#define TCPWHY_CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/packet.h"
#include "capture/store_read.h"
#include "capture/source_types.h"
#include "util/buf.h"

struct source;

/* Opens everything that takes privileges, and reads nothing yet. Returns NULL and puts one sentence or two (what, to what, why, what to
 * try) into error, which is appended to; *refusal says of what kind it is. */
struct source *source_open(const struct source_options *options, enum source_refusal *refusal, struct buf *error);

/* Reads the beginning of files, so that what is no capture is refused at once. False: as above; the source is to be closed. */
bool source_start(struct source *s, struct buf *error);

/* source_open() and source_start() for one file. */
struct source *source_open_file(const char *name, bool spool, struct buf *error);
void source_close(struct source *s);

/* Appends a list of the interfaces, a line each. False: *error says why. */
bool source_list(struct buf *out, struct buf *error);

/* Appends the name and version of the library that captures. */
void source_library(struct buf *out);

/* The next packet. Reads ahead in large pieces. For a pipe never blocks longer than it takes to read what is there. */
enum source_status source_next(struct source *s, struct packet *packet);

/* What happened (cut or damaged input, a spool that failed, an interface down), "" when nothing did. Grows while it reads. Printable. */
const char *source_message(const struct source *s);

/* A descriptor to poll after SOURCE_WAIT, or -1. */
int source_fd(const struct source *s);

/* After SOURCE_WAIT: ms after which source_next() wants to be called though nothing shows at source_fd(); -1 = never. */
int source_timeout(const struct source *s);

/* Is it an interface? */
bool source_is_live(const struct source *s);

void source_counts(struct source *s, struct source_counts *counts);

/* Offset of the oldest packet that is still kept, see spool_limit. */
uint64_t source_kept_from(const struct source *s);

/* Bytes that are kept of a capture that comes only once; 0 where nothing is, or in the file of -w. */
uint64_t source_spooled(const struct source *s);

/* Are there packets that may have to go one day? */
bool source_is_limited(const struct source *s);

/* Is it time to let the oldest packets go? Those before *offset then go with source_let_go(). */
bool source_is_full(const struct source *s, uint64_t *offset);
void source_let_go(struct source *s);

/* Has the file of -w become shorter than what was captured, because it could not be written? */
bool source_write_failed(const struct source *s);

/* Makes what was taken so far readable to others in the file of -w, and finds out whether there was room for all of the spool. */
void source_flush(struct source *s);

/* Bytes of the input used so far and in all (0 when not known: pipe, live). */
void source_progress(const struct source *s, uint64_t *done, uint64_t *total);

/* The store that these packets can be read from again, or NULL (pipe without spool). Owned by the source. */
struct store *source_store(struct source *s);

/* Interfaces of the capture, as far as it was read. */
size_t source_interface_count(const struct source *s);
const struct source_interface *source_interface(const struct source *s, size_t index);

/* One name that the capture itself gives an address (pcapng name resolution block); returns false past the last. */
bool source_name(const struct source *s, size_t index, const uint8_t **address, const char **name);

#endif
