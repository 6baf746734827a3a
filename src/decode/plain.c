/* SPDX-License-Identifier: GPL-3.0-or-later
 * plain: frames of the commonest kind decoded in one go: Ethernet with at most one VLAN tag, IPv4 without options or IPv6 without extension
 * headers, no fragment, a whole TCP header. Nearly all frames of most captures are so; they take 200 instructions instead of the 430 of
 * the steps, for nothing is cleared that is set anyway, and no table is walked. Every other frame is left to the steps, and these make of
 * a plain one just what is made here (tests/unit/test_plain.c and tests/fuzz/fuzz_decode.c compare). */
#include <stddef.h>

#include "decode/frame.h"

enum { LINK_ETHERNET = 1, MULTICAST = 1, IP_TCP = 6 };
enum { ETHERNET = 14, VLAN = 4, IPV4 = 20, IPV6 = 40, TCP = 20 };
enum { TYPE_VLAN = 0x8100, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };

/* Ethernet and a tag. Returns where the IP header begins, of which at least IPV4 + TCP bytes are there; 0: not plain. */
static inline uint32_t take_link(const struct packet *packet, struct segment *s, uint16_t *type)
{
	const uint8_t *p = packet->data;
	*type = get_be16(p + 12);
	s->vlan_count = 0;
	memset(s->vlan, 0, sizeof s->vlan);
	s->path = 0;
	if ((p[0] & MULTICAST) != 0)
		return 0;
	read_macs(s, p);
	if (*type != TYPE_VLAN)
		return ETHERNET;
	uint16_t id = get_be16(p + ETHERNET) & 0xfff;
	*type = get_be16(p + ETHERNET + 2);
	if (id == 0 || packet->caplen < ETHERNET + VLAN + IPV4 + TCP)
		return 0;
	s->vlan[0] = id;
	s->vlan_count = 1;
	s->path = path_hash(0, PROTO_VLAN, id);
	return ETHERNET + VLAN;
}

/* Both return the length of the datagram, no more than the frame had on the wire (what follows is padding); 0: not plain. */
static inline uint32_t take_ipv4(const uint8_t *p, uint32_t wire, struct segment *s)
{
	uint32_t total = get_be16(p + 2);
	if (p[0] != 0x45 || p[9] != IP_TCP || (get_be16(p + 6) & 0x3fff) != 0 || total < IPV4 + TCP || total > wire)
		return 0;
	read_ipv4(s, p);
	return total;
}

static inline uint32_t take_ipv6(const uint8_t *p, uint32_t left, uint32_t wire, struct segment *s)
{
	uint32_t total = get_be16(p + 4) + (uint32_t)IPV6;
	if (p[0] >> 4 != 6 || p[6] != IP_TCP || left < IPV6 + TCP || total < IPV6 + TCP || total > wire)
		return 0;
	read_ipv6(s, p);
	return total;
}

static inline void take_options(struct tcp_options *o, const uint8_t *p, uint32_t n)
{
	memset(o, 0, offsetof(struct tcp_options, sack));
	if (n == 12 && only_timestamps(p))
		read_timestamps(o, p + 2);
	else if (n > 0)
		read_tcp_options(o, p, n, n);
}

/* left: captured bytes of the segment; wire: as many as it had. */
static inline bool take_tcp(const uint8_t *p, uint32_t left, uint32_t wire, struct segment *s, bool verify)
{
	uint32_t head = (p[12] >> 4) * 4u;
	if (head < TCP || head > left)
		return false;
	read_tcp(s, p);
	s->window = get_be16(p + 14);
	s->urgent = get_be16(p + 18);
	s->malformed = false;
	s->checksum = CHECKSUM_UNKNOWN;
	if ((verify || (s->flags & TCP_RST) != 0) && left == wire)
		s->checksum = (uint8_t)tcp_checksum(s->ip_version, s->src, s->dst, p, wire);
	take_options(&s->options, p + TCP, head - TCP);
	s->len = wire - head;
	s->captured = left - head;
	s->payload = p + head;
	if (head == TCP && tcp_is_padding(s))
		s->len = s->captured = 0;
	return true;
}

bool plain_decode(const struct packet *packet, unsigned options, struct decoded *out)
{
	struct segment *s = &out->segment;
	uint16_t type;
	if (packet->link_type != LINK_ETHERNET || packet->caplen < ETHERNET + IPV4 + TCP || packet->len < packet->caplen)
		return false;
	uint32_t link = take_link(packet, s, &type);
	if (link == 0 || (type != TYPE_IPV4 && type != TYPE_IPV6))
		return false;
	const uint8_t *ip = packet->data + link;
	uint32_t left = packet->caplen - link, wire = packet->len - link, head = type == TYPE_IPV4 ? IPV4 : IPV6;
	uint32_t total = type == TYPE_IPV4 ? take_ipv4(ip, wire, s) : take_ipv6(ip, left, wire, s);
	left = left < total ? left : total;
	if (total == 0 || !take_tcp(ip + head, left - head, total - head, s, (options & DECODE_CHECKSUM) != 0))
		return false;
	s->frame = packet->number;
	s->time = packet->time;
	s->offset = packet->offset;
	s->interface = packet->interface;
	s->link_type = packet->link_type;
	out->reason = REASON_NONE;
	return true;
}
