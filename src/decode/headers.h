/* SPDX-License-Identifier: GPL-3.0-or-later
 * headers: what headers say that are there whole. Both ways of decoding read them so: the steps (frame.h) and plain.c. */
#ifndef TCPWHY_DECODE_HEADERS_H
#define TCPWHY_DECODE_HEADERS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "decode/segment.h"
#include "util/endian.h"

static inline void read_macs(struct segment *s, const uint8_t *p)
{
	memcpy(s->dst_mac, p, 6);
	memcpy(s->src_mac, p + 6, 6);
	s->has_mac = true;
}

static inline void set_ipv4(uint8_t out[16], const uint8_t *address)
{
	memset(out, 0, 10);
	out[10] = out[11] = 0xff;
	memcpy(out + 12, address, 4);
}

/* The first 20 bytes, without the options (RFC 791 3.1). */
static inline void read_ipv4(struct segment *s, const uint8_t *p)
{
	set_ipv4(s->src, p + 12);
	set_ipv4(s->dst, p + 16);
	s->ip_version = 4;
	s->ttl = p[8];
	s->tos = p[1];
	s->ip_id = get_be16(p + 4);
	s->ip_bits = (p[6] & 0x40) != 0 ? IP_DF : 0;
	s->ip_label = 0;
	s->flow_label = 0;
}

/* The 40 bytes (RFC 8200 3). */
static inline void read_ipv6(struct segment *s, const uint8_t *p)
{
	memcpy(s->src, p + 8, 16);
	memcpy(s->dst, p + 24, 16);
	s->ip_version = 6;
	s->ttl = p[7];
	s->tos = (uint8_t)(get_be16(p) >> 4);
	s->ip_bits = 0;
	s->ip_id = s->ip_label = 0;
	s->flow_label = get_be32(p) & 0xfffff;
}

/* The first 14 bytes, up to the flags (RFC 9293 3.1). */
static inline void read_tcp(struct segment *s, const uint8_t *p)
{
	s->src_port = get_be16(p);
	s->dst_port = get_be16(p + 2);
	s->seq = get_be32(p + 4);
	s->ack = get_be32(p + 8);
	s->flags = get_be16(p + 12) & 0xfff;
}

/* The options of RFC 7323 appendix A, at p: no others are in most segments of most captures. */
static inline bool only_timestamps(const uint8_t *p)
{
	return get_be32(p) == 0x0101080a;
}

/* p: the option, of 10 bytes. */
static inline void read_timestamps(struct tcp_options *o, const uint8_t *p)
{
	o->present |= OPT_TS;
	o->tsval = get_be32(p + 2);
	o->tsecr = get_be32(p + 6);
}

/* tcp.c: the options at p: size bytes of them by the data offset, `here` captured. */
void read_tcp_options(struct tcp_options *o, const uint8_t *p, uint32_t size, uint32_t here);

/* tcp.c: the checksum of a whole segment of n >= 20 bytes at p between these addresses (RFC 9293 3.1, RFC 8200 8.1). */
enum checksum tcp_checksum(uint8_t ip_version, const uint8_t src[16], const uint8_t dst[16], const uint8_t *p, uint32_t n);

/* tcp.c: are these bytes behind a header without options padding that the IP length counts? Of a segment whose len, captured and payload
 * are set. */
bool tcp_is_padding(const struct segment *s);

#endif
