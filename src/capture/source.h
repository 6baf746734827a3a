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

/* What to open, and how. */
struct source_options {
	const char *const *names;  /* files; "-" is standard input. Several are one capture: in order of their first packets */
	size_t name_count;         /* 0: an interface */
	const char *interface;
	const char *bpf;           /* capture filter in libpcap's language; NULL = every packet */
	bool spool;                /* keep what cannot be read twice, for store_read(); else such a source has no store */
	bool follow;               /* the one file may still grow, and be replaced by another of its name */
	bool promiscuous;          /* this and the next: live only */
	uint32_t snaplen;          /* bytes, 1 to SOURCE_SNAPLEN */
	uint32_t buffer_kib;       /* of the kernel */
	uint64_t count;            /* packets after which it ends; 0 = no limit */
	int write_fd;              /* live: the file of write_name, taken over; the packets go there and are read from there again. -1 = none */
	const char *write_name;
	uint64_t spool_limit;      /* bytes of the spool of an interface: the oldest packets are let go; 0 = no limit */
};

enum { SOURCE_SNAPLEN = 256 * 1024, SOURCE_BUFFER_KIB = 64 * 1024 };

enum source_refusal { SOURCE_REFUSED_INPUT, SOURCE_REFUSED_USAGE, SOURCE_REFUSED_PERMISSION };

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

/* What the kernel counted of an interface; all 0 for others. */
struct source_counts {
	uint64_t received;          /* packets that passed the filter, as the kernel counts */
	uint64_t dropped_kernel;    /* of these, for want of room in the buffer */
	uint64_t dropped_interface; /* by the interface or its driver, before any filter */
};
void source_counts(struct source *s, struct source_counts *counts);

/* Offset of the oldest packet that is still kept, see spool_limit. */
uint64_t source_kept_from(const struct source *s);

/* Has the file of -w become shorter than what was captured, because it could not be written? */
bool source_write_failed(const struct source *s);

/* Makes what was taken so far readable to others in the file of -w. */
void source_flush(struct source *s);

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
