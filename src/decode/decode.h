/* SPDX-License-Identifier: GPL-3.0-or-later
 * decode: from a captured frame to a TCP segment, through whatever links and tunnels lie around it. Table driven: a new link type or
 * tunnel is one small function and one row. Every read is bounds-checked; nothing is allocated; no recursion. */
#ifndef TCPWHY_DECODE_DECODE_H
#define TCPWHY_DECODE_DECODE_H

#include "capture/packet.h"
#include "decode/decoded.h"
#include "util/buf.h"

enum decode_result decode_packet(const struct packet *packet, unsigned options, struct decoded *out);

const char *decode_reason_name(enum decode_reason reason);

/* The path of headers of a frame for a reader, such as "eth vlan 42 ipv4 udp vxlan 7 eth ipv4 tcp". */
void decode_describe_path(const struct packet *packet, struct buf *out);

/* Every header field of the frame, a line each ("TCP  Sequence number: 12345"), for the segment detail. */
void decode_describe(const struct packet *packet, struct buf *out);

/* The tunnel part only, for report.md's `encap` ("vxlan 42", "" when there is none). */
void decode_describe_encap(const struct packet *packet, struct buf *out);

#endif
