/* SPDX-License-Identifier: GPL-3.0-or-later
 * decoded: what decoding a frame comes to. */
#ifndef TCPWHY_DECODE_DECODED_H
#define TCPWHY_DECODE_DECODED_H

#include <stdint.h>

#include "decode/segment.h"

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
	REASON_TCP_MALFORMED, REASON_TOO_DEEP, REASON_ENCRYPTED, REASON_SAMPLED, REASON_COUNT
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

#endif
