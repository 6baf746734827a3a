/* SPDX-License-Identifier: GPL-3.0-or-later
 * link: the link types that captures mostly have: Ethernet, Linux cooked, loopback, PPP and its kin, LLC, and the tables that lead from
 * a link type, an EtherType and a PPP protocol number to the next step. */
#include "decode/frame.h"

static const struct {
	uint16_t link_type; /* LINKTYPE_ */
	uint8_t skip;       /* bytes before what the step reads */
	uint8_t proto;
} links[] = {
	{ 1, 0, PROTO_ETHERNET },      { 113, 0, PROTO_SLL },         { 276, 0, PROTO_SLL2 },        { 101, 0, PROTO_IP },
	{ 12, 0, PROTO_IP },           { 14, 0, PROTO_IP },           { 228, 0, PROTO_IP },          { 229, 0, PROTO_IP },
	{ 0, 0, PROTO_NULL },          { 108, 0, PROTO_NULL },        { 9, 0, PROTO_PPP },           { 50, 0, PROTO_PPP },
	{ 51, 0, PROTO_PPPOE },        { 204, 1, PROTO_PPP },         { 166, 1, PROTO_PPP },         { 104, 0, PROTO_CHDLC },
	{ 107, 0, PROTO_FRAME_RELAY }, { 239, 0, PROTO_NFLOG },       { 105, 0, PROTO_WLAN },        { 127, 0, PROTO_RADIOTAP },
	{ 119, 0, PROTO_PRISM },       { 163, 0, PROTO_PRISM },       { 258, 0, PROTO_PKTAP },       { 192, 0, PROTO_PPI },
	{ 10, 0, PROTO_FDDI },         { 6, 0, PROTO_TOKEN_RING },    { 7, 0, PROTO_ARCNET },        { 129, 0, PROTO_ARCNET_LINUX },
	{ 100, 0, PROTO_ATM },         { 11, 0, PROTO_ATM },          { 13, 0, PROTO_ATM },          { 106, 0, PROTO_ATM },
	{ 123, 4, PROTO_ATM },         { 143, 0, PROTO_DOCSIS },      { 219, 0, PROTO_MPLS },        { 242, 40, PROTO_ETHERTYPE },
	{ 138, 16, PROTO_ETHERTYPE },  { 8, 16, PROTO_IP },           { 15, 24, PROTO_IP },          { 16, 24, PROTO_PPP },
	{ 109, 12, PROTO_IP },         { 226, 24, PROTO_IP },         { 240, 4, PROTO_ETHERNET },    { 241, 12, PROTO_ETHERNET },
	{ 274, 8, PROTO_ETHERNET },    { 117, 0, PROTO_PFLOG },       { 178, 0, PROTO_JUNIPER },     { 179, 0, PROTO_JUNIPER },
	{ 180, 0, PROTO_JUNIPER },     { 181, 0, PROTO_JUNIPER },     { 197, 0, PROTO_ERF },
};

static const struct row {
	uint16_t number;
	uint8_t proto;
} ethertypes[] = {
	{ 0x0800, PROTO_IPV4 }, { 0x86dd, PROTO_IPV6 }, { 0x8100, PROTO_VLAN }, { 0x88a8, PROTO_VLAN }, { 0x9100, PROTO_VLAN },
	{ 0x9200, PROTO_VLAN }, { 0x9300, PROTO_VLAN }, { 0x8847, PROTO_MPLS }, { 0x8848, PROTO_MPLS }, { 0x8864, PROTO_PPPOE },
	{ 0x88e7, PROTO_PBB }, { 0x893f, PROTO_ETAG }, { 0x8926, PROTO_VNTAG }, { 0x8903, PROTO_FABRICPATH }, { 0x22f3, PROTO_TRILL },
	{ 0x88e5, PROTO_MACSEC }, { 0x894f, PROTO_NSH }, { 0x6558, PROTO_ETHERNET }, { 0x880b, PROTO_PPP }, { 0x8870, PROTO_LLC },
	{ 0x88be, PROTO_ERSPAN2 }, { 0x22eb, PROTO_ERSPAN3 },
}, ppp_numbers[] = {
	{ 0x0021, PROTO_IPV4 }, { 0x0057, PROTO_IPV6 }, { 0x0281, PROTO_MPLS }, { 0x0283, PROTO_MPLS },
};

enum proto proto_of_link(uint16_t link_type, uint8_t *skip)
{
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
		if (links[i].link_type == link_type) {
			*skip = links[i].skip;
			return links[i].proto;
		}
	return PROTO_COUNT;
}

static enum proto find(const struct row *rows, size_t n, uint16_t number)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].number == number)
			return rows[i].proto;
	return END_NOT_TCP;
}

enum proto proto_of_ethertype(uint16_t type)
{
	return find(ethertypes, sizeof ethertypes / sizeof ethertypes[0], type);
}

enum proto proto_of_ppp(uint16_t number)
{
	return find(ppp_numbers, sizeof ppp_numbers / sizeof ppp_numbers[0], number);
}

/* After Ethernet addresses or a tag: an EtherType, or below 0x600 an IEEE 802.3 length. */
static enum proto after_ethernet(struct frame *f, uint16_t type)
{
	if (type >= 0x600)
		return proto_of_ethertype(type);
	frame_limit(f, type);
	return PROTO_LLC;
}

enum proto step_ethernet(struct frame *f)
{
	if (f->left < 14)
		return frame_fail(f, REASON_LINK_CUT);
	const uint8_t *p = f->at;
	if ((p[0] & 0xfd) == 0x01 && p[1] == 0x00 && p[2] == 0x0c && p[3] == 0x00 && p[4] == 0x00)
		return PROTO_ISL; /* Cisco's ISL is known by its multicast address */
	read_macs(&f->out->segment, p);
	frame_take(f, 14);
	return after_ethernet(f, get_be16(p + 12));
}

enum proto step_vlan(struct frame *f)
{
	if (f->left < 4)
		return frame_fail(f, REASON_LINK_CUT);
	struct segment *s = &f->out->segment;
	uint16_t id = get_be16(f->at) & 0xfff, type = get_be16(f->at + 2);
	frame_take(f, 4);
	frame_id(f, id);
	if (id != 0) { /* 0: a priority tag, no VLAN */
		if (s->vlan_count < sizeof s->vlan / sizeof s->vlan[0])
			s->vlan[s->vlan_count++] = id;
		frame_identity(f, PROTO_VLAN, id);
	}
	return after_ethernet(f, type);
}

/* The protocol field of Linux cooked headers: an EtherType but for a few numbers of Linux's own. */
static enum proto cooked_type(uint16_t arp_type, uint16_t type)
{
	enum { ARPHRD_NETLINK = 824, ARPHRD_RAW_802_11 = 801, ARPHRD_RADIOTAP = 803 };
	if (arp_type == ARPHRD_NETLINK)
		return END_NOT_TCP;
	if (arp_type == ARPHRD_RADIOTAP)
		return PROTO_RADIOTAP;
	if (arp_type == ARPHRD_RAW_802_11)
		return PROTO_WLAN;
	return type == 0x0004 ? PROTO_LLC : proto_of_ethertype(type);
}

/* What leaves this machine bears the address of its own interface, whoever the sender is: a router's captures on "any" show both. */
static void cooked_sender(struct frame *f, uint16_t packet_type, uint16_t length, const uint8_t *address)
{
	enum { OUTGOING = 4 };
	if (length != 6)
		return;
	memcpy(f->out->segment.src_mac, address, 6);
	memset(f->out->segment.dst_mac, 0, 6);
	f->out->segment.has_mac = packet_type != OUTGOING;
}

enum proto step_sll(struct frame *f)
{
	if (f->left < 16)
		return frame_fail(f, REASON_LINK_CUT);
	const uint8_t *p = f->at;
	cooked_sender(f, get_be16(p), get_be16(p + 4), p + 6);
	frame_take(f, 16);
	return cooked_type(get_be16(p + 2), get_be16(p + 14));
}

enum proto step_sll2(struct frame *f)
{
	if (f->left < 20)
		return frame_fail(f, REASON_LINK_CUT);
	const uint8_t *p = f->at;
	cooked_sender(f, p[10], p[11], p + 12);
	frame_take(f, 20);
	return cooked_type(get_be16(p + 8), get_be16(p));
}

/* BSD loopback: an address family in the byte order of the machine that captured; LOOP has it in network order. */
enum proto step_null(struct frame *f)
{
	if (f->left < 4)
		return frame_fail(f, REASON_LINK_CUT);
	uint32_t big = get_be32(f->at), little = get_le32(f->at), family = big < little ? big : little;
	frame_take(f, 4);
	switch (family) {
	case 2:
		return PROTO_IPV4;
	case 10: case 23: case 24: case 26: case 28: case 30: /* AF_INET6 of Linux, Windows, NetBSD, Solaris, FreeBSD, macOS */
		return PROTO_IPV6;
	default:
		return family >= 0x600 && family <= 0xffff ? proto_of_ethertype((uint16_t)family) : END_NOT_TCP;
	}
}

enum proto step_ip(struct frame *f)
{
	if (f->left < 1)
		return frame_fail(f, REASON_IP_CUT);
	unsigned version = f->at[0] >> 4;
	return version == 4 ? PROTO_IPV4 : version == 6 ? PROTO_IPV6 : END_NOT_TCP;
}

enum proto step_ethertype(struct frame *f)
{
	if (f->left < 4)
		return frame_fail(f, REASON_LINK_CUT);
	uint16_t type = get_be16(f->at);
	frame_take(f, 4); /* EtherType and two bytes unused (RFC 4391 6) */
	return proto_of_ethertype(type);
}

enum proto step_llc(struct frame *f)
{
	if (f->left < 3)
		return frame_short(f, 3);
	const uint8_t *p = f->at;
	if (p[0] == 0x06 && p[1] == 0x06 && p[2] == 0x03) { /* RFC 948 */
		frame_take(f, 3);
		return PROTO_IPV4;
	}
	if (p[0] == 0xfe && p[1] == 0xfe && p[2] == 0x03 && f->left >= 4) { /* OSI network layer: NLPID (RFC 2684) */
		frame_take(f, 4);
		return p[3] == 0xcc ? PROTO_IPV4 : p[3] == 0x8e ? PROTO_IPV6 : p[3] == 0xcf ? PROTO_PPP : END_NOT_TCP;
	}
	if (p[0] != 0xaa || p[1] != 0xaa)
		return END_NOT_TCP;
	if (f->left < 8)
		return frame_short(f, 8);
	uint32_t organization = get_be24(p + 3);
	uint16_t type = get_be16(p + 6);
	frame_take(f, 8);
	if (organization == 0x0080c2 && (type == 0x0001 || type == 0x0007)) { /* bridged Ethernet (RFC 2684 5.2) */
		if (f->left < 2)
			return frame_fail(f, REASON_LINK_CUT);
		frame_take(f, 2);
		return PROTO_ETHERNET;
	}
	return organization == 0 || organization == 0x0000f8 ? proto_of_ethertype(type) : END_NOT_TCP;
}

enum proto step_ppp(struct frame *f)
{
	if (f->left >= 2 && f->at[0] == 0xff && f->at[1] == 0x03)
		frame_take(f, 2); /* address and control, left out after negotiation (RFC 1661 6.6) */
	if (f->left >= 1 && f->at[0] == 0x03 && f->left >= 3 && f->at[1] == 0x00)
		frame_take(f, 1); /* pppd's log: the direction took the place of the address */
	if (f->left < 2)
		return frame_short(f, 2);
	uint32_t size = (f->at[0] & 1) != 0 ? 1 : 2; /* RFC 1661 6.5 */
	uint16_t number = size == 1 ? f->at[0] : get_be16(f->at);
	frame_take(f, size);
	if (number == 0x0031) { /* bridging (RFC 3518): flags, MAC type 1 = Ethernet */
		if (f->left < 2 || f->at[1] != 1)
			return END_NOT_TCP;
		frame_take(f, 2);
		return PROTO_ETHERNET;
	}
	if (number == 0x0053 || number == 0x00fd || number == 0x002d || number == 0x002f)
		return frame_fail(f, REASON_ENCRYPTED); /* ECP, CCP, Van Jacobson: encrypted or compressed */
	return proto_of_ppp(number);
}

enum proto step_chdlc(struct frame *f)
{
	if (f->left < 4)
		return frame_fail(f, REASON_LINK_CUT);
	const uint8_t *p = f->at;
	if ((p[0] == 0xff && p[1] == 0x03)) /* a PPP link in HDLC framing (RFC 1662) */
		return PROTO_PPP;
	frame_take(f, 4);
	return proto_of_ethertype(get_be16(p + 2));
}

enum proto step_frame_relay(struct frame *f)
{
	uint32_t n = 0;
	while (n < 4 && n < f->left && (f->at[n] & 1) == 0)
		n++; /* Q.922 address: the last byte has the lowest bit set */
	n++;
	if (f->left < n + 3)
		return frame_fail(f, REASON_LINK_CUT);
	frame_take(f, n);
	const uint8_t *p = f->at;
	if (p[0] != 0x03) { /* Cisco's own encapsulation: an EtherType */
		frame_take(f, 2);
		return proto_of_ethertype(get_be16(p));
	}
	uint32_t pad = p[1] == 0 ? 2 : 1; /* control, optional pad, NLPID (RFC 2427) */
	uint8_t nlpid = p[pad];
	frame_take(f, pad + 1);
	if (nlpid != 0x80)
		return nlpid == 0xcc ? PROTO_IPV4 : nlpid == 0x8e ? PROTO_IPV6 : nlpid == 0xcf ? PROTO_PPP : END_NOT_TCP;
	if (f->left < 5)
		return frame_fail(f, REASON_LINK_CUT);
	p = f->at;
	frame_take(f, 5);
	if (get_be24(p) == 0x0080c2)
		return get_be16(p + 3) == 0x0007 ? PROTO_ETHERNET : END_NOT_TCP;
	return get_be24(p) == 0 ? proto_of_ethertype(get_be16(p + 3)) : END_NOT_TCP;
}
