/* SPDX-License-Identifier: GPL-3.0-or-later
 * link_rare: link types of older and special networks, and the headers that capture tools put before a link's own. */
#include "decode/frame.h"

static enum proto cut(struct frame *f)
{
	return frame_fail(f, REASON_LINK_CUT);
}

static void take_macs(struct frame *f, const uint8_t *destination, const uint8_t *source)
{
	memcpy(f->out->segment.dst_mac, destination, 6);
	memcpy(f->out->segment.src_mac, source, 6);
	f->out->segment.has_mac = true;
}

enum proto step_fddi(struct frame *f)
{
	if (f->left < 13)
		return cut(f);
	const uint8_t *p = f->at;
	if ((p[0] & 0xf0) != 0x50)
		return END_NOT_TCP; /* not an asynchronous LLC frame */
	take_macs(f, p + 1, p + 7);
	frame_take(f, 13);
	return PROTO_LLC;
}

enum proto step_token_ring(struct frame *f)
{
	if (f->left < 15)
		return cut(f);
	const uint8_t *p = f->at;
	if ((p[1] & 0xc0) != 0x40)
		return END_NOT_TCP; /* a MAC frame */
	uint32_t n = 14;
	if ((p[8] & 0x80) != 0)
		n += p[14] & 0x1fu; /* source routing: the length is in the route's first byte */
	if (f->left < n)
		return cut(f);
	take_macs(f, p + 2, p + 8);
	frame_take(f, n);
	return PROTO_LLC;
}

/* ARCNET protocol numbers: RFC 1201 with a header of three more bytes, RFC 1051 without. */
static enum proto arcnet(struct frame *f, uint32_t type_at)
{
	enum { RFC1201_IP = 212, RFC1201_IPV6 = 196, RFC1051_IP = 240 };
	if (f->left < type_at + 1)
		return cut(f);
	uint8_t type = f->at[type_at];
	frame_take(f, type_at + 1);
	if (type == RFC1051_IP)
		return PROTO_IPV4;
	if (type != RFC1201_IP && type != RFC1201_IPV6)
		return END_NOT_TCP;
	if (f->left < 3)
		return cut(f);
	uint8_t split = f->at[0];
	frame_take(f, 3);
	if (split == 0xff) { /* exception packet: padding, then the header again */
		if (f->left < 4)
			return cut(f);
		split = f->at[1];
		frame_take(f, 4);
	}
	if (split != 0 && (split & 1) == 0)
		return frame_fail(f, REASON_FRAGMENT);
	return type == RFC1201_IP ? PROTO_IPV4 : PROTO_IPV6;
}

enum proto step_arcnet(struct frame *f)
{
	return arcnet(f, 2);
}

enum proto step_arcnet_linux(struct frame *f)
{
	return arcnet(f, 4);
}

/* RFC 2684: LLC, or IP alone on its virtual circuit. */
enum proto step_atm(struct frame *f)
{
	if (f->left < 3)
		return cut(f);
	return (f->at[0] == 0xaa || f->at[0] == 0xfe || f->at[0] == 0x06) && f->at[0] == f->at[1] && f->at[2] == 0x03 ? PROTO_LLC : PROTO_IP;
}

enum proto step_docsis(struct frame *f)
{
	if (f->left < 6)
		return cut(f);
	uint8_t control = f->at[0];
	uint32_t n = 6 + ((control & 1) != 0 ? f->at[1] : 0u); /* an extended header has its length in MAC_PARM */
	if ((control & 0xc0) != 0)
		return END_NOT_TCP; /* not a packet PDU */
	if (f->left < n)
		return cut(f);
	frame_take(f, n);
	return PROTO_ETHERNET;
}

/* Linux's netfilter log: attributes in the byte order of the machine that captured. */
enum proto step_nflog(struct frame *f)
{
	enum { ATTRIBUTE_PAYLOAD = 9 };
	if (f->left < 4)
		return cut(f);
	uint8_t family = f->at[0];
	frame_take(f, 4);
	while (f->left >= 4) {
		uint32_t length = get_le16(f->at), type = get_le16(f->at + 2);
		if (type > 0xff && (type & 0xff) == 0) {
			length = get_be16(f->at);
			type = get_be16(f->at + 2);
		}
		if (length < 4)
			return END_NOT_TCP;
		if ((type & 0x7fff) == ATTRIBUTE_PAYLOAD) {
			frame_take(f, 4);
			frame_limit(f, length - 4);
			return family == 2 ? PROTO_IPV4 : family == 10 ? PROTO_IPV6 : END_NOT_TCP;
		}
		length = (length + 3) & ~3u;
		if (length > f->left)
			return cut(f);
		frame_take(f, length);
	}
	return f->wire >= 4 ? cut(f) : END_NOT_TCP;
}

/* A header of n bytes in front of a packet of another link type. */
static enum proto other_link(struct frame *f, uint32_t n, uint32_t type)
{
	uint8_t skip = 0;
	enum proto next = type <= 0xffff ? proto_of_link((uint16_t)type, &skip) : PROTO_COUNT;
	if (next == PROTO_COUNT)
		return frame_fail(f, REASON_LINK_TYPE);
	if (n > f->left || f->left - n < skip)
		return cut(f);
	frame_take(f, n + skip);
	return next;
}

enum proto step_pktap(struct frame *f)
{
	if (f->left < 12)
		return cut(f);
	uint32_t n = get_le32(f->at);
	return n < 12 ? frame_fail(f, REASON_LINK_CUT) : other_link(f, n, get_le32(f->at + 8));
}

enum proto step_ppi(struct frame *f)
{
	if (f->left < 8)
		return cut(f);
	uint32_t n = get_le16(f->at + 2);
	return n < 8 ? frame_fail(f, REASON_LINK_CUT) : other_link(f, n, get_le32(f->at + 4));
}

enum proto step_pflog(struct frame *f)
{
	if (f->left < 4)
		return cut(f);
	uint32_t n = (f->at[0] + 3u) & ~3u;
	if (n < 4 || n > f->left)
		return cut(f);
	frame_take(f, n);
	return PROTO_IP;
}

/* Juniper's header: magic, flags, and where a flag says so extensions; the link's own header follows unless a flag says it was left out. */
enum proto step_juniper(struct frame *f)
{
	static const struct {
		uint16_t link_type;
		uint8_t proto;
	} inner[] = { { 178, PROTO_ETHERNET }, { 179, PROTO_PPP }, { 180, PROTO_FRAME_RELAY }, { 181, PROTO_CHDLC } };
	if (f->left < 6)
		return cut(f);
	if (get_be24(f->at) != 0x4d4743)
		return END_NOT_TCP;
	uint8_t flags = f->at[3];
	uint32_t n = (flags & 0x80) != 0 ? 6u + get_be16(f->at + 4) : 4u;
	if (n > f->left)
		return cut(f);
	if ((flags & 0x02) != 0) { /* no link header: a protocol number of four bytes */
		if (f->left - n < 4)
			return cut(f);
		frame_take(f, n + 4);
		return PROTO_IP;
	}
	frame_take(f, n);
	for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++)
		if (inner[i].link_type == f->packet->link_type)
			return inner[i].proto;
	return END_NOT_TCP;
}

enum proto step_erf(struct frame *f)
{
	if (f->left < 16)
		return cut(f);
	uint8_t type = f->at[8], kind = type & 0x7f;
	frame_take(f, 16);
	while ((type & 0x80) != 0) { /* extension headers of 8 bytes, the first bit tells of another */
		if (f->left < 8)
			return cut(f);
		type = f->at[0];
		frame_take(f, 8);
	}
	if (kind == 22 || kind == 23)
		return PROTO_IP;
	if (kind != 2 && kind != 11 && kind != 16 && kind != 20)
		return END_NOT_TCP;
	if (f->left < 2)
		return cut(f);
	frame_take(f, 2); /* offset and padding before the Ethernet header */
	return PROTO_ETHERNET;
}
