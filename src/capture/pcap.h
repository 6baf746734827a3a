/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcap: the classic capture file: its header and record headers, as pure functions over bytes. */
#ifndef TCPWHY_CAPTURE_PCAP_H
#define TCPWHY_CAPTURE_PCAP_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "util/buf.h"
#include "util/endian.h"

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

/* Link types whose packets may be larger than CAPTURE_LARGEST_PACKET: cut then, not refused. */
bool pcap_is_large_type(uint16_t link_type);

/* Reads a record header of f->record_size bytes: fills all of *p but number, offset and data. False: no sensible captured length. */
static inline bool pcap_parse_record(const struct pcap_format *f, const uint8_t *header, struct packet *p)
{
	uint32_t seconds = get_32(header, f->swapped), fraction = get_32(header + 4, f->swapped);
	uint32_t caplen = get_32(header + 8, f->swapped), len = get_32(header + 12, f->swapped);
	if (f->lengths == 1 || (f->lengths == 2 && caplen > len)) {
		uint32_t swap = caplen;
		caplen = len;
		len = swap;
	}
	if (caplen > CAPTURE_LARGEST_PACKET && !(pcap_is_large_type(f->link_type) && caplen <= INT32_MAX))
		return false;
	p->time = (int64_t)seconds * 1000000000 + (int64_t)fraction * f->fraction;
	p->caplen = caplen;
	p->len = len > caplen ? len : caplen;
	p->link_type = f->link_type;
	p->interface = 0;
	return true;
}

#endif
