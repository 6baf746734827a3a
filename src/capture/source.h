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
#include "util/buf.h"

struct source;
struct store;

enum source_status {
	SOURCE_PACKET,  /* *packet is filled */
	SOURCE_WAIT,    /* nothing at the moment (pipe, live): poll source_fd() */
	SOURCE_END,     /* whole input used */
	SOURCE_CUT,     /* input ended inside its last record: a warning, see source_message() */
	SOURCE_DAMAGED  /* damaged at a byte that source_message() names; everything before it was delivered */
};

/* Opens a file by name; "-" is standard input. With spool, what cannot be read twice is also kept for store_read(); without it such a
 * source has no store. Returns NULL and puts one sentence or two (what, to what, why, what to try) into error, which is appended to. */
struct source *source_open_file(const char *name, bool spool, struct buf *error);
void source_close(struct source *s);

/* The next packet. Reads ahead in large pieces. For a pipe never blocks longer than it takes to read what is there. */
enum source_status source_next(struct source *s, struct packet *packet);

/* After SOURCE_CUT or SOURCE_DAMAGED (or a spool that failed): what happened, "" otherwise. Printable. */
const char *source_message(const struct source *s);

/* A descriptor to poll after SOURCE_WAIT, or -1. */
int source_fd(const struct source *s);

/* Bytes of the input used so far and in all (0 when not known: pipe, live). */
void source_progress(const struct source *s, uint64_t *done, uint64_t *total);

/* The store that these packets can be read from again, or NULL (pipe without spool). Owned by the source. */
struct store *source_store(struct source *s);

/* Reads the packet whose record begins at offset (a packet.offset of this source) into *packet, number excepted. The bytes stay valid
 * until the next store_read() on the same store. False when it cannot be read any more (file cut or changed). Independent of
 * source_next(): both may be used in turn. */
bool store_read(struct store *store, uint64_t offset, struct packet *packet);

/* Interfaces of a capture: names and comments where the file has them (printable, NULL where not). */
struct source_interface {
	const char *name;
	const char *description;
	uint16_t link_type;
	uint32_t snaplen;
};
size_t source_interface_count(const struct source *s);
const struct source_interface *source_interface(const struct source *s, size_t index);

/* One name that the capture itself gives an address (pcapng name resolution block); returns false past the last. */
bool source_name(const struct source *s, size_t index, const uint8_t **address, const char **name);

#endif
