/* SPDX-License-Identifier: GPL-3.0-or-later
 * shim: tags and labels between a link and the network layer: provider bridging, extenders' tags, MPLS, PPPoE, MACsec, NSH. */
#include "decode/frame.h"

/* A tag of n bytes whose last two are the EtherType of what follows. */
static enum proto fixed_tag(struct frame *f, uint32_t n)
{
	if (f->left < n)
		return frame_fail(f, REASON_LINK_CUT);
	uint16_t type = get_be16(f->at + n - 2);
	frame_take(f, n);
	return type >= 0x600 ? proto_of_ethertype(type) : PROTO_LLC;
}

/* Bytes that stand before a whole Ethernet frame. */
static enum proto before_ethernet(struct frame *f, uint32_t n)
{
	if (f->left < n)
		return frame_fail(f, REASON_LINK_CUT);
	frame_take(f, n);
	return PROTO_ETHERNET;
}

enum proto step_etag(struct frame *f)
{
	return fixed_tag(f, 8); /* IEEE 802.1BR 7.5: 6 bytes of control information */
}

enum proto step_vntag(struct frame *f)
{
	return fixed_tag(f, 6);
}

enum proto step_fabricpath(struct frame *f)
{
	return before_ethernet(f, 2); /* forwarding tag and TTL: the addresses before the EtherType were the outer ones */
}

enum proto step_isl(struct frame *f)
{
	if (f->left < 26)
		return frame_fail(f, REASON_LINK_CUT);
	uint16_t id = (uint16_t)(get_be16(f->at + 20) >> 1);
	struct segment *s = &f->out->segment;
	if (s->vlan_count < sizeof s->vlan / sizeof s->vlan[0])
		s->vlan[s->vlan_count++] = id;
	frame_identity(f, PROTO_VLAN, id);
	frame_take(f, 26);
	return PROTO_ETHERNET;
}

enum proto step_pbb(struct frame *f)
{
	if (f->left < 4)
		return frame_fail(f, REASON_LINK_CUT);
	frame_identity(f, PROTO_PBB, get_be24(f->at + 1)); /* I-SID, IEEE 802.1Q 9.7 */
	return before_ethernet(f, 4);
}

enum proto step_trill(struct frame *f)
{
	if (f->left < 6)
		return frame_fail(f, REASON_LINK_CUT);
	uint32_t options = (uint32_t)(get_be16(f->at) >> 6 & 0x1f) * 4; /* RFC 6325 3.1 */
	return before_ethernet(f, 6 + options);
}

/* IEEE 802.1AE: integrity without encryption leaves the frame readable. */
enum proto step_macsec(struct frame *f)
{
	if (f->left < 6)
		return frame_fail(f, REASON_LINK_CUT);
	uint8_t control = f->at[0];
	if ((control & 0x0c) != 0)
		return frame_fail(f, REASON_ENCRYPTED);
	uint32_t n = (control & 0x20) != 0 ? 14 : 6; /* with or without the channel's identifier */
	if (f->left < n + 2)
		return frame_fail(f, REASON_LINK_CUT);
	return fixed_tag(f, n + 2);
}

/* An IP header that can be true? Pseudowires without control word begin with an Ethernet address of any value. */
static bool looks_like_ip(const struct frame *f)
{
	if (f->left < 20)
		return false;
	unsigned version = f->at[0] >> 4;
	if (version == 4)
		return (f->at[0] & 15) >= 5 && get_be16(f->at + 2) <= f->wire;
	return version == 6 && f->left >= 40 && get_be16(f->at + 4) + 40u <= f->wire;
}

enum proto step_mpls(struct frame *f)
{
	if (f->left < 4)
		return frame_short(f, 4);
	uint32_t entry = get_be32(f->at);
	frame_take(f, 4);
	frame_id(f, entry >> 12); /* labels differ by direction: no part of the identity */
	if ((entry & 0x100) == 0)
		return PROTO_MPLS; /* not the bottom of the stack */
	if (looks_like_ip(f))
		return PROTO_IP;
	if (f->left < 18)
		return END_NOT_TCP;
	if (f->at[0] >> 4 == 0 && get_be16(f->at + 16) >= 0x600) { /* pseudowire with control word (RFC 4448 4.6) */
		frame_take(f, 4);
		return PROTO_ETHERNET;
	}
	return proto_of_ethertype(get_be16(f->at + 12)) != END_NOT_TCP ? PROTO_ETHERNET : END_NOT_TCP;
}

enum proto step_pppoe(struct frame *f)
{
	if (f->left < 6)
		return frame_fail(f, REASON_LINK_CUT);
	const uint8_t *p = f->at;
	if (p[0] != 0x11 || p[1] != 0)
		return END_NOT_TCP; /* RFC 2516 4: version, type; code 0 in a session */
	frame_id(f, get_be16(p + 2));
	frame_take(f, 6);
	frame_limit(f, get_be16(p + 4));
	f->exact = true;
	return PROTO_PPP;
}

enum proto step_nsh(struct frame *f)
{
	static const uint8_t next[] = { END_NOT_TCP, PROTO_IPV4, PROTO_IPV6, PROTO_ETHERNET, PROTO_NSH, PROTO_MPLS };
	if (f->left < 8)
		return frame_short(f, 8);
	const uint8_t *p = f->at;
	uint32_t n = (uint32_t)(p[1] & 0x3f) * 4; /* RFC 8300 2.2 */
	if (n < 8 || n > f->left)
		return n < 8 ? END_NOT_TCP : frame_short(f, n);
	frame_id(f, get_be24(p + 4)); /* the service path has a direction: no part of the identity */
	frame_take(f, n);
	return p[3] < sizeof next ? next[p[3]] : END_NOT_TCP;
}
