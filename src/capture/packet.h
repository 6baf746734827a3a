/* SPDX-License-Identifier: GPL-3.0-or-later
 * packet: one captured frame as a source or the store hands it on. */
#ifndef TCPWHY_CAPTURE_PACKET_H
#define TCPWHY_CAPTURE_PACKET_H

#include <stdint.h>

struct packet {
	uint64_t number;     /* from 1, counting every packet of the capture, as Wireshark's frame.number */
	int64_t time;        /* ns since 1970-01-01 UTC; 0 where the record has none (simple packet block) */
	uint64_t offset;     /* where the record begins in the store: store_read() finds it again by this */
	uint32_t caplen;     /* bytes at data */
	uint32_t len;        /* bytes on the wire, >= caplen */
	uint16_t link_type;  /* LINKTYPE_ number of tcpdump.org (what pcap files bear), not the host's DLT_ */
	uint16_t interface;  /* index among the capture's interfaces, 0 where there is only one */
	const uint8_t *data; /* owned by the source or store; valid until its next call */
};

#endif
