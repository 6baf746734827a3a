/* SPDX-License-Identifier: GPL-3.0-or-later
 * decode: from a captured frame to a TCP segment, through whatever links and tunnels lie around it. Table driven: a new link type or
 * tunnel is one small function and one row. Every read is bounds-checked; nothing is allocated; no recursion. */
#ifndef TCPWHY_DECODE_DECODE_H
#define TCPWHY_DECODE_DECODE_H

#include <stdint.h>

#include "capture/packet.h"
#include "decode/segment.h"
#include "util/buf.h"

enum decode_result {
	DECODE_SEGMENT,      /* a TCP segment */
	DECODE_ICMP_ERROR,   /* an ICMP or ICMPv6 error that quotes a TCP segment: see struct icmp_error */
	DECODE_NOT_TCP,      /* decoded, but something else (UDP, ARP…): not counted as undecoded */
	DECODE_HELD,         /* a fragment kept until the rest of its datagram arrives */
	DECODE_FAILED        /* see reason: counted, never silently lost */
};

/* Why a frame could not be decoded. Names by decode_reason_name(). */
enum decode_reason {
	REASON_NONE, REASON_LINK_TYPE, REASON_LINK_CUT, REASON_IP_CUT, REASON_IP_MALFORMED, REASON_FRAGMENT, REASON_TCP_CUT,
	REASON_TCP_MALFORMED, REASON_TOO_DEEP, REASON_ENCRYPTED, REASON_COUNT
};

struct icmp_error {
	uint8_t version, type, code;      /* ICMP of IP version 4 or 6 */
	uint8_t from[16];                 /* who sent the error */
	uint32_t mtu;                     /* next-hop MTU of "fragmentation needed"/"packet too big", else 0 */
};

struct decoded {
	struct segment segment;           /* of DECODE_SEGMENT; of DECODE_ICMP_ERROR: the quoted header as far as it goes */
	struct icmp_error icmp;
	enum decode_reason reason;
};

enum { DECODE_CHECKSUM = 1 }; /* also verify the TCP checksum of every segment (RST segments are always verified) */

enum decode_result decode_packet(const struct packet *packet, unsigned options, struct decoded *out);

const char *decode_reason_name(enum decode_reason reason);

/* The path of headers of a frame for a reader, such as "eth vlan 42 ipv4 udp vxlan 7 eth ipv4 tcp". */
void decode_describe_path(const struct packet *packet, struct buf *out);

/* Every header field of the frame, a line each ("TCP  Sequence number: 12345"), for the segment detail. */
void decode_describe(const struct packet *packet, struct buf *out);

/* The tunnel part only, for report.md's `encap` ("vxlan 42", "" when there is none). */
void decode_describe_encap(const struct packet *packet, struct buf *out);

#endif
