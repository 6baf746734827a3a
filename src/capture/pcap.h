/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcap: the classic capture file: its header and record headers, as pure functions over bytes. */
#ifndef TCPWHY_CAPTURE_PCAP_H
#define TCPWHY_CAPTURE_PCAP_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "util/buf.h"

enum { PCAP_HEADER_SIZE = 24, CAPTURE_LARGEST_PACKET = 256 * 1024 };

struct pcap_format {
	bool swapped;            /* of the other byte order than this machine */
	uint8_t record_size;     /* of a record header: 16, of the modified format 24 */
	uint8_t lengths;         /* 0: captured, original; 1: the other way round (before 2.3); 2: told apart by size (2.3) */
	uint32_t fraction;       /* ns in a unit of the time's second half */
	uint16_t link_type;
	uint32_t snaplen;
};

/* Do these four bytes begin a pcap file of any kind that is read here? */
bool pcap_is_magic(const uint8_t magic[4]);

/* Reads the 24 bytes of a file header. False: error says why this file cannot be read. */
bool pcap_parse_header(const uint8_t *header, struct pcap_format *f, struct buf *error);

/* Reads a record header of f->record_size bytes: fills all of *p but number, offset and data. False: no sensible captured length. */
bool pcap_parse_record(const struct pcap_format *f, const uint8_t *header, struct packet *p);

#endif
