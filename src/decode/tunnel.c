/* SPDX-License-Identifier: GPL-3.0-or-later
 * tunnel: GRE with all that it carries, and what is carried over UDP by well-known ports. A tunnel over UDP is believed only when its
 * header makes sense; else the datagram is just UDP. */
#include "decode/frame.h"

/* UDP ports (IANA), and the bytes of header that must be there before the step looks. */
static const struct {
	uint16_t port;
	uint8_t proto, least;
} ports[] = {
	{ 4789, PROTO_VXLAN, 8 }, { 8472, PROTO_VXLAN, 8 }, { 4790, PROTO_VXLAN_GPE, 8 }, { 6081, PROTO_GENEVE, 8 }, { 2152, PROTO_GTPU, 8 },
	{ 3544, PROTO_TEREDO, 8 }, { 1701, PROTO_L2TP, 6 }, { 5247, PROTO_CAPWAP, 8 }, { 4341, PROTO_LISP, 8 }, { 4754, PROTO_GRE, 4 },
	{ 6635, PROTO_MPLS, 4 }, { 5072, PROTO_AYIYA, 8 }, { 37008, PROTO_TZSP, 4 }, { 6343, PROTO_SFLOW, 28 },
};

static enum proto proto_of_port(uint16_t port, uint32_t left)
{
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
		if (ports[i].port == port && left >= ports[i].least)
			return ports[i].proto;
	return END_NOT_TCP;
}

enum proto step_udp(struct frame *f)
{
	if (f->left < 8 || f->quoted)
		return END_NOT_TCP;
	const uint8_t *p = f->at;
	uint16_t length = get_be16(p + 4);
	frame_take(f, 8);
	if (length >= 8)
		frame_limit(f, length - 8u);
	enum proto next = proto_of_port(get_be16(p + 2), f->left);
	return next != END_NOT_TCP ? next : proto_of_port(get_be16(p), f->left);
}

/* EtherTypes of GRE that mean something else or nothing elsewhere. */
static enum proto proto_of_gre(struct frame *f, uint16_t type, bool sequence)
{
	switch (type) {
	case 0x88be: /* ERSPAN: type I has neither sequence number nor header */
		return sequence ? PROTO_ERSPAN2 : PROTO_ETHERNET;
	case 0x883e: /* WCCP: a redirect header of four bytes is there unless the packet begins as IP (draft-wilson-wrec-wccp-v2) */
		if (f->left >= 4 && f->at[0] >> 4 != 4)
			frame_take(f, 4);
		return PROTO_IPV4;
	default:
		return proto_of_ethertype(type);
	}
}

/* Enhanced GRE: PPTP (RFC 2637 4.1), and MikroTik's EoIP, which has a length and an id where PPTP has length and call. */
static enum proto enhanced_gre(struct frame *f, uint16_t flags, uint16_t type)
{
	uint32_t n = 8u + ((flags & 0x1000) != 0 ? 4 : 0) + ((flags & 0x0080) != 0 ? 4 : 0);
	if (f->left < n)
		return frame_short(f, n);
	uint32_t length = get_be16(f->at + 4);
	if (type == 0x6400) {
		frame_identity(f, PROTO_GRE, get_le16(f->at + 6));
		frame_take(f, 8);
		frame_limit(f, length);
		return PROTO_ETHERNET;
	}
	frame_id(f, get_be16(f->at + 6)); /* a call id counts for one direction: no part of the identity */
	frame_take(f, n);
	frame_limit(f, length);
	return type == 0x880b && f->wire > 0 ? PROTO_PPP : END_NOT_TCP;
}

enum proto step_gre(struct frame *f)
{
	enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ETHERNET = 0x6558 };
	if (f->left < 4)
		return frame_short(f, 4);
	uint16_t flags = get_be16(f->at), type = get_be16(f->at + 2);
	if ((flags & 7) == 1)
		return enhanced_gre(f, flags, type);
	uint32_t n = 4u + ((flags & (CHECKSUM | ROUTING)) != 0 ? 4 : 0), key_at = n;
	n += ((flags & KEY) != 0 ? 4u : 0) + ((flags & SEQUENCE) != 0 ? 4u : 0);
	if ((flags & 7) != 0 || f->left < n)
		return (flags & 7) != 0 ? END_NOT_TCP : frame_short(f, n);
	if ((flags & KEY) != 0) {
		uint32_t key = get_be32(f->at + key_at);
		/* NVGRE: the low 8 bits of its key tell flows of one network apart and differ by direction (RFC 7637 3.2). */
		frame_identity(f, PROTO_GRE, type == ETHERNET && key > 0xff ? key >> 8 : key);
		f->id = key;
	}
	frame_take(f, n);
	while ((flags & ROUTING) != 0) { /* RFC 1701: entries of family, offset, length; the last has length 0 */
		if (f->left < 4)
			return frame_short(f, 4);
		uint32_t length = f->at[3];
		if (f->left < 4 + length)
			return frame_short(f, 4 + length);
		frame_take(f, 4 + length);
		if (length == 0)
			break;
	}
	return proto_of_gre(f, type, (flags & SEQUENCE) != 0);
}

/* The session of a mirror is no part of the identity: one flow may be mirrored in two. */
static enum proto erspan(struct frame *f, unsigned version, uint32_t n)
{
	if (f->left < n)
		return frame_short(f, n);
	if (f->at[0] >> 4 != version)
		return END_NOT_TCP;
	frame_id(f, get_be16(f->at + 2) & 0x3ff);
	if (version == 2 && (f->at[11] & 1) != 0) {
		n += 8; /* a platform's own sub-header */
		if (f->left < n)
			return frame_short(f, n);
	}
	frame_take(f, n);
	return PROTO_ETHERNET;
}

enum proto step_erspan2(struct frame *f)
{
	return erspan(f, 1, 8);
}

enum proto step_erspan3(struct frame *f)
{
	return erspan(f, 2, 12);
}

enum proto step_etherip(struct frame *f)
{
	if (f->left < 2)
		return frame_short(f, 2);
	if (f->at[0] >> 4 != 3)
		return END_NOT_TCP; /* RFC 3378 */
	frame_take(f, 2);
	return PROTO_ETHERNET;
}

enum proto step_vxlan(struct frame *f)
{
	if ((f->at[0] & 0x08) == 0) /* RFC 7348 5: the I flag */
		return END_NOT_TCP;
	frame_identity(f, PROTO_VXLAN, get_be24(f->at + 4));
	frame_take(f, 8);
	return PROTO_ETHERNET;
}

enum proto step_vxlan_gpe(struct frame *f)
{
	static const uint8_t next[] = { END_NOT_TCP, PROTO_IPV4, PROTO_IPV6, PROTO_ETHERNET, PROTO_NSH, PROTO_MPLS };
	uint8_t flags = f->at[0], number = f->at[3];
	if ((flags & 0x08) == 0)
		return END_NOT_TCP;
	frame_identity(f, PROTO_VXLAN, get_be24(f->at + 4));
	frame_take(f, 8);
	if ((flags & 0x04) == 0) /* P flag: without it, as VXLAN */
		return PROTO_ETHERNET;
	return number < sizeof next ? next[number] : END_NOT_TCP;
}

enum proto step_geneve(struct frame *f)
{
	uint32_t n = 8u + (uint32_t)(f->at[0] & 0x3f) * 4; /* RFC 8926 3.4 */
	uint16_t type = get_be16(f->at + 2);
	if (f->at[0] >> 6 != 0 || (f->at[1] & 0x80) != 0) /* another version, or a control packet */
		return END_NOT_TCP;
	if (f->left < n)
		return frame_short(f, n);
	frame_identity(f, PROTO_GENEVE, get_be24(f->at + 4));
	frame_take(f, n);
	return proto_of_ethertype(type);
}

enum proto step_gtpu(struct frame *f)
{
	const uint8_t *p = f->at;
	if ((p[0] & 0xf0) != 0x30 || p[1] != 255) /* 3GPP TS 29.281 5.1: version 1, GTP; G-PDU */
		return END_NOT_TCP;
	uint8_t flags = p[0];
	frame_id(f, get_be32(p + 4)); /* a tunnel endpoint's id counts for one direction: no part of the identity */
	uint32_t length = get_be16(p + 2);
	frame_take(f, 8);
	f->exact = length <= f->wire; /* nobody mirrors through GTP: what the packet inside says beyond that is wrong */
	frame_limit(f, length);
	if ((flags & 0x07) != 0) {
		if (f->left < 4)
			return frame_short(f, 4);
		uint8_t next = (flags & 0x04) != 0 ? f->at[3] : 0;
		frame_take(f, 4);
		while (next != 0) { /* extension headers: length in units of four bytes first, the next one's type last */
			uint32_t n = f->left >= 1 ? f->at[0] * 4u : 0;
			if (n == 0 || n > f->left)
				return n == 0 ? END_NOT_TCP : frame_short(f, n);
			next = f->at[n - 1];
			frame_take(f, n);
		}
	}
	return PROTO_IP;
}

enum proto step_teredo(struct frame *f)
{
	if (get_be16(f->at) == 0x0001) { /* authentication (RFC 4380 5.1.1) */
		uint32_t n = 4u + f->at[2] + f->at[3] + 9;
		if (f->left < n)
			return frame_short(f, n);
		frame_take(f, n);
	}
	if (f->left >= 8 && get_be16(f->at) == 0x0000)
		frame_take(f, 8); /* origin indication */
	return f->left >= 40 && f->at[0] >> 4 == 6 && get_be16(f->at + 4) + 40u <= f->wire ? PROTO_IPV6 : END_NOT_TCP;
}

enum proto step_l2tp(struct frame *f)
{
	enum { TYPE = 0x8000, LENGTH = 0x4000, SEQUENCE = 0x0800, OFFSET = 0x0200 };
	uint16_t flags = get_be16(f->at);
	if ((flags & TYPE) != 0 || (flags & 15) != 2) /* RFC 2661 3.1: a control message, or not version 2 */
		return END_NOT_TCP;
	uint32_t ids_at = (flags & LENGTH) != 0 ? 4 : 2, n = ids_at + 4 + ((flags & SEQUENCE) != 0 ? 4 : 0);
	if ((flags & OFFSET) != 0) {
		if (f->left < n + 2)
			return frame_short(f, n + 2);
		n += 2u + get_be16(f->at + n);
	}
	if (f->left < n)
		return frame_short(f, n);
	frame_id(f, get_be32(f->at + ids_at)); /* tunnel and session count for one direction: no part of the identity */
	frame_take(f, n);
	return PROTO_PPP;
}

enum proto step_capwap(struct frame *f)
{
	if (f->at[0] == 0x01)
		return frame_fail(f, REASON_ENCRYPTED); /* DTLS (RFC 5415 4.2) */
	if (f->at[0] != 0)
		return END_NOT_TCP;
	uint32_t head = get_be32(f->at), n = (head >> 19 & 0x1f) * 4; /* RFC 5415 4.3 */
	if (n < 8 || n > f->left)
		return n < 8 ? END_NOT_TCP : frame_short(f, n);
	if ((head & 0x88) == 0x08)
		return END_NOT_TCP; /* keep-alive */
	bool native = (head & 0x100) != 0, fragment = (head & 0x80) != 0;
	if (fragment && (get_be16(f->at + 6) & 0xfff8) != 0)
		return frame_fail(f, REASON_FRAGMENT);
	f->partial |= fragment;
	frame_take(f, n);
	return native ? PROTO_CAPWAP_WLAN : PROTO_ETHERNET;
}

enum proto step_lisp(struct frame *f)
{
	frame_take(f, 8); /* RFC 9300 5.1 */
	return PROTO_IP;
}

enum proto step_ayiya(struct frame *f)
{
	enum { IPV6_FOLLOWS = 41, FORWARD = 1 };
	const uint8_t *p = f->at;
	uint32_t n = 8u + (1u << (p[0] >> 4)) + (p[1] >> 4) * 4u;
	if ((p[2] & 15) != FORWARD || p[3] != IPV6_FOLLOWS)
		return END_NOT_TCP;
	if (f->left < n)
		return frame_short(f, n);
	frame_take(f, n);
	return PROTO_IPV6;
}

enum proto step_tzsp(struct frame *f)
{
	enum { TAG_PADDING = 0, TAG_END = 1, ETHERNET = 1, WLAN = 18 };
	const uint8_t *p = f->at;
	uint16_t carried = get_be16(p + 2);
	if (p[0] != 1 || p[1] > 1 || (carried != ETHERNET && carried != WLAN))
		return END_NOT_TCP;
	frame_take(f, 4);
	while (f->left >= 1 && f->at[0] != TAG_END) {
		uint32_t n = f->at[0] == TAG_PADDING ? 1 : f->left >= 2 ? 2u + f->at[1] : 2;
		if (n > f->left)
			return frame_short(f, n);
		frame_take(f, n);
	}
	if (f->left < 1)
		return END_NOT_TCP;
	frame_take(f, 1);
	return carried == ETHERNET ? PROTO_ETHERNET : PROTO_WLAN;
}

/* sFlow version 5: headers of one packet in so many, several in a datagram. They are no capture: what is between them is neither lost nor
 * silent, and beside a capture they are copies. So none becomes a segment, and that is said. */
enum proto step_sflow(struct frame *f)
{
	enum { HEAD_V4 = 28, FLOW_SAMPLE = 1, EXPANDED_FLOW_SAMPLE = 3 };
	uint32_t n = get_be32(f->at + 4) == 2 ? HEAD_V4 + 12 : HEAD_V4;
	if (get_be32(f->at) != 5 || get_be32(f->at + 4) - 1 > 1 || f->left < n)
		return END_NOT_TCP;
	frame_take(f, n);
	while (f->left >= 8) {
		uint32_t type = get_be32(f->at), size = get_be32(f->at + 4);
		if (type == FLOW_SAMPLE || type == EXPANDED_FLOW_SAMPLE)
			return frame_fail(f, REASON_SAMPLED);
		if (size > f->left - 8)
			break;
		frame_take(f, 8 + size);
	}
	return END_NOT_TCP; /* counters alone */
}
