/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcapng: blocks of a pcapng file (draft-ietf-opsawg-pcapng) as functions over bytes, and what has to be kept of them: sections,
 * interfaces and names. */
#ifndef TCPWHY_CAPTURE_PCAPNG_H
#define TCPWHY_CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/packet.h"
#include "capture/source_types.h"
#include "util/buf.h"

enum {
	PCAPNG_SECTION = 0x0a0d0d0a, PCAPNG_INTERFACE = 1, PCAPNG_PACKET = 2, PCAPNG_SIMPLE = 3, PCAPNG_NAMES = 4, PCAPNG_ENHANCED = 6,
	PCAPNG_BLOCK_HEAD = 12,    /* type, length, and the byte-order magic of a section */
	PCAPNG_PACKET_HEAD = 28,   /* of enhanced and obsolete packet blocks, up to the packet's bytes */
	PCAPNG_SIMPLE_HEAD = 12,
	PCAPNG_PARSED = 128 * 1024 /* the most that is looked at of a block of interfaces or names */
};

struct pcapng_interface {
	struct source_interface shown;
	uint8_t resolution;    /* if_tsresol as written; 6 where it was not */
	int64_t time_offset;   /* seconds */
};

struct pcapng_section {
	uint64_t offset;       /* of its header block */
	uint32_t first_interface, interface_count;
	bool swapped;
};

struct pcapng_name {
	uint8_t address[16];
	char *name;
};

struct pcapng {
	struct pcapng_section *sections;
	size_t section_count, section_cap;
	struct pcapng_interface *interfaces;
	size_t interface_count, interface_cap;
	struct pcapng_name *names;
	size_t name_count, name_cap;
	size_t name_bytes;     /* in all names, bounded */
};

struct pcapng_block {
	uint32_t type, length; /* length: of the whole block */
};

/* Do these four bytes begin a pcapng file? */
bool pcapng_is_magic(const uint8_t magic[4]);

void pcapng_free(struct pcapng *ng);

/* Reads the head of the block at bytes (PCAPNG_BLOCK_HEAD of them; of 8 where the block is no section header). section: the one that it
 * is in, NULL before the first. False: no sensible block, or no section to be in; why is a static sentence part. */
bool pcapng_parse_head(const struct pcapng_section *section, const uint8_t *bytes, struct pcapng_block *block, const char **why);

/* Takes up a section header block (24 bytes), interface block or block of names of which size bytes are here. False: why says what is
 * wrong with it (static; "out of memory" included). */
bool pcapng_add_section(struct pcapng *ng, uint64_t offset, const uint8_t *bytes, const char **why);
bool pcapng_add_interface(struct pcapng *ng, const uint8_t *bytes, size_t size, const char **why);
bool pcapng_add_names(struct pcapng *ng, const uint8_t *bytes, size_t size, const char **why);

/* Is a block of this type no packet, but a record that has a frame number of its own in Wireshark (events, custom blocks)? */
bool pcapng_is_record(uint32_t type);

/* Size of a packet block's head by type, 0 when the type is none of a packet block. */
size_t pcapng_packet_head(uint32_t type);

/* Reads the head of a packet block, pcapng_packet_head() bytes: fills all of *p but number, offset and data. False: why. */
bool pcapng_parse_packet(const struct pcapng *ng, const struct pcapng_section *section, const struct pcapng_block *block,
                         const uint8_t *bytes, struct packet *p, const char **why);

/* The section that the byte at offset is in, NULL when there is none. */
const struct pcapng_section *pcapng_section_at(const struct pcapng *ng, uint64_t offset);

#endif
