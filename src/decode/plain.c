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

/* What is at `at`, and how much of it there is, captured and on the wire. */
struct rest {
	const uint8_t *at;
	uint32_t left, wire;
};

static inline void take(struct rest *r, uint32_t n)
{
	r->at += n;
	r->left -= n;
	r->wire -= n;
}

/* The datagram is n bytes long, no more than the frame has: what follows is padding. */
static inline void limit(struct rest *r, uint32_t n)
{
	r->wire = n;
	r->left = r->left < n ? r->left : n;
}

static inline bool take_ipv4(struct rest *r, struct segment *s)
{
	const uint8_t *p = r->at;
	uint32_t total = get_be16(p + 2);
	if (p[0] != 0x45 || p[9] != IP_TCP || (get_be16(p + 6) & 0x3fff) != 0 || total < IPV4 + TCP || total > r->wire)
		return false;
	read_ipv4(s, p);
	limit(r, total);
	take(r, IPV4);
	return true;
}

static inline bool take_ipv6(struct rest *r, struct segment *s)
{
	const uint8_t *p = r->at;
	uint32_t total = get_be16(p + 4) + (uint32_t)IPV6;
	if (p[0] >> 4 != 6 || p[6] != IP_TCP || r->left < IPV6 + TCP || total < IPV6 + TCP || total > r->wire)
		return false;
	read_ipv6(s, p);
	limit(r, total);
	take(r, IPV6);
	return true;
}

/* Ethernet and a tag, up to the IP header: at least IPV4 + TCP bytes of it are there. */
static inline bool take_link(struct rest *r, struct segment *s, uint16_t *type)
{
	const uint8_t *p = r->at;
	*type = get_be16(p + 12);
	s->vlan_count = 0;
	memset(s->vlan, 0, sizeof s->vlan);
	s->path = 0;
	if ((p[0] & MULTICAST) != 0)
		return false;
	read_macs(s, p);
	take(r, ETHERNET);
	if (*type != TYPE_VLAN)
		return true;
	uint16_t id = get_be16(r->at) & 0xfff;
	*type = get_be16(r->at + 2);
	take(r, VLAN);
	if (id == 0 || r->left < IPV4 + TCP)
		return false;
	s->vlan[0] = id;
	s->vlan_count = 1;
	s->path = path_hash(0, PROTO_VLAN, id);
	return true;
}

static inline void take_options(struct tcp_options *o, const uint8_t *p, uint32_t n)
{
	memset(o, 0, offsetof(struct tcp_options, sack));
	if (n == 12 && only_timestamps(p))
		read_timestamps(o, p + 2);
	else if (n > 0)
		read_tcp_options(o, p, n, n);
}

static inline bool take_tcp(struct rest *r, struct segment *s, bool verify)
{
	const uint8_t *p = r->at;
	uint32_t head = (p[12] >> 4) * 4u;
	if (head < TCP || head > r->left)
		return false;
	read_tcp(s, p);
	s->window = get_be16(p + 14);
	s->urgent = get_be16(p + 18);
	s->malformed = false;
	s->checksum = CHECKSUM_UNKNOWN;
	if ((verify || (s->flags & TCP_RST) != 0) && r->left == r->wire)
		s->checksum = (uint8_t)tcp_checksum(s->ip_version, s->src, s->dst, p, r->wire);
	take_options(&s->options, p + TCP, head - TCP);
	take(r, head);
	s->len = r->wire;
	s->captured = r->left;
	s->payload = r->at;
	if (head == TCP && tcp_is_padding(s))
		s->len = s->captured = 0;
	return true;
}

bool plain_decode(const struct packet *packet, unsigned options, struct decoded *out)
{
	struct rest r = { .at = packet->data, .left = packet->caplen, .wire = packet->len };
	struct segment *s = &out->segment;
	uint16_t type;
	if (packet->link_type != LINK_ETHERNET || r.left < ETHERNET + IPV4 + TCP || r.wire < r.left || !take_link(&r, s, &type))
		return false;
	bool ip = type == TYPE_IPV4 ? take_ipv4(&r, s) : type == TYPE_IPV6 && take_ipv6(&r, s);
	if (!ip || !take_tcp(&r, s, (options & DECODE_CHECKSUM) != 0))
		return false;
	s->frame = packet->number;
	s->time = packet->time;
	s->offset = packet->offset;
	s->interface = packet->interface;
	s->link_type = packet->link_type;
	out->reason = REASON_NONE;
	return true;
}
