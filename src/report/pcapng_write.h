/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcapng_write: packets as blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds. */
#ifndef TCPWHY_REPORT_PCAPNG_WRITE_H
#define TCPWHY_REPORT_PCAPNG_WRITE_H

#include <stdio.h>

#include "capture/packet.h"
#include "util/buf.h"

struct pcapng_described {
	uint16_t link_type, interface;
};

struct pcapng_writer {
	FILE *out;                 /* the caller's */
	struct buf block;          /* being made */
	struct pcapng_described *interfaces; /* described so far, in the order of their numbers in the file */
	size_t interface_count, interface_room;
};

/* Writes the section header. Failures stay in the stream and show at the next pcapng_write_packet(). */
void pcapng_writer_begin(struct pcapng_writer *w, FILE *out);

/* Writes a packet, before it its interface when it is the first of that; name: of the interface, NULL = none; comment: UTF-8, NULL = none.
 * False: out of memory, or the stream cannot be written. */
bool pcapng_write_packet(struct pcapng_writer *w, const struct packet *packet, const char *name, const char *comment);
void pcapng_writer_end(struct pcapng_writer *w);

#endif
