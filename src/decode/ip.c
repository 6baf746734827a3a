/* SPDX-License-Identifier: GPL-3.0-or-later
 * ip: IPv4 and IPv6 with options, extension headers and fragments, and the ICMP errors that quote a packet. */
#include "decode/fragments.h"
#include "decode/frame.h"

/* IP protocol numbers (IANA). */
static const struct {
	uint8_t number, proto;
} protocols[] = {
	{ 6, PROTO_TCP }, { 17, PROTO_UDP }, { 1, PROTO_ICMP }, { 58, PROTO_ICMPV6 }, { 4, PROTO_IPV4 }, { 41, PROTO_IPV6 },
	{ 47, PROTO_GRE }, { 50, PROTO_ESP }, { 51, PROTO_AH }, { 0, PROTO_IPV6_OPTIONS }, { 60, PROTO_IPV6_OPTIONS },
	{ 43, PROTO_IPV6_ROUTING }, { 44, PROTO_IPV6_FRAGMENT }, { 97, PROTO_ETHERIP }, { 108, PROTO_ESP }, { 137, PROTO_MPLS },
	{ 143, PROTO_ETHERNET }, { 145, PROTO_NSH },
};

enum proto proto_of_ip(uint8_t number)
{
	for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
		if (protocols[i].number == number)
			return protocols[i].proto;
	return END_NOT_TCP;
}

/* A fragment's data is at the frame's place. Continues with the datagram when it is whole, with the first fragment alone when it cannot be
 * put together (not wanted, quoted, or cut by the snaplen). */
static enum proto take_fragment(struct frame *f, uint32_t id, uint8_t protocol, uint32_t offset, bool more)
{
	struct segment *s = &f->out->segment;
	s->ip_bits |= IP_FRAGMENT | (more ? IP_MF : 0);
	if (proto_of_ip(protocol) == END_NOT_TCP)
		return END_NOT_TCP;
	if (f->fragments == NULL || f->quoted || f->left < f->wire) {
		f->partial = true;
		return offset == 0 ? proto_of_ip(protocol) : frame_fail(f, REASON_FRAGMENT);
	}
	struct fragment fragment = { .id = id, .path = f->hash, .version = s->ip_version, .protocol = protocol, .more = more,
	                             .offset = offset, .size = f->left, .data = f->at, .packet = f->packet };
	memcpy(fragment.src, s->src, 16);
	memcpy(fragment.dst, s->dst, 16);
	struct datagram_view whole;
	enum fragment_result result = fragments_add(f->fragments, &fragment, &whole);
	if (result != FRAGMENT_WHOLE)
		return result == FRAGMENT_HELD ? END_HELD : frame_fail(f, REASON_FRAGMENT);
	f->at = whole.data;
	f->left = f->wire = whole.size;
	return proto_of_ip(whole.protocol);
}

/* Adds an option to the segment's label: options that differ give other sums, but for chance. Never 0. */
static void add_label(struct segment *s, const uint8_t *option, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		s->ip_label = (uint16_t)(s->ip_label * 31u + option[i] + 1);
	s->ip_label = s->ip_label != 0 ? s->ip_label : 1;
}

/* Security options of IPv4: RFC 1108 and CIPSO. */
static void read_ipv4_options(struct segment *s, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n && p[i] != 0;) {
		uint32_t length = p[i] == 1 ? 1 : i + 1 < n ? p[i + 1] : 0;
		if (length == 0 || length > n - i || (length < 2 && p[i] != 1))
			return;
		if (p[i] == 130 || p[i] == 133 || p[i] == 134)
			add_label(s, p + i, length);
		i += length;
	}
}

/* RFC 791 3.1, RFC 1071. n is a multiple of 4. */
static bool header_checksum_good(const uint8_t *p, uint32_t n)
{
	uint32_t sum = 0;
	for (uint32_t i = 0; i < n; i += 2)
		sum += get_be16(p + i);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16) == 0xffff;
}

/* Bytes of the datagram. The header is believed, also beyond what the frame had on the wire: mirrors and tools shorten packets without
 * telling. Not where the header is damaged, or stands in what is known to be exact. 0 is segmentation offload: the capture was made on the
 * sending host, before the length was filled in. */
static uint32_t ipv4_length(const struct frame *f, const uint8_t *p, uint32_t head)
{
	uint32_t total = get_be16(p + 2);
	if (f->quoted)
		return total < head ? f->wire : total;
	return total == 0 || (total > f->wire && (f->exact || !header_checksum_good(p, head))) ? f->wire : total;
}

enum proto step_ipv4(struct frame *f)
{
	if (f->left < 20)
		return frame_fail(f, f->wire < 20 ? REASON_IP_MALFORMED : REASON_IP_CUT);
	const uint8_t *p = f->at;
	uint32_t head = (uint32_t)(p[0] & 15) * 4;
	if (p[0] >> 4 != 4 || head < 20)
		return frame_fail(f, REASON_IP_MALFORMED);
	if (f->left < head)
		return frame_fail(f, f->wire < head ? REASON_IP_MALFORMED : REASON_IP_CUT);
	uint32_t total = ipv4_length(f, p, head);
	if (total < head)
		return frame_fail(f, REASON_IP_MALFORMED);
	struct segment *s = &f->out->segment;
	uint16_t fragment = get_be16(p + 6);
	read_ipv4(s, p);
	f->final = f->home = NULL;
	if (head > 20)
		read_ipv4_options(s, p + 20, head - 20);
	frame_length(f, total);
	f->exact = false;
	frame_take(f, head);
	if ((fragment & 0x3fff) != 0)
		return take_fragment(f, s->ip_id, p[9], (uint32_t)(fragment & 0x1fff) * 8, (fragment & 0x2000) != 0);
	return proto_of_ip(p[9]);
}

enum proto step_ipv6(struct frame *f)
{
	if (f->left < 40)
		return frame_fail(f, f->wire < 40 ? REASON_IP_MALFORMED : REASON_IP_CUT);
	const uint8_t *p = f->at;
	if (p[0] >> 4 != 6)
		return frame_fail(f, REASON_IP_MALFORMED);
	struct segment *s = &f->out->segment;
	read_ipv6(s, p);
	f->final = f->home = NULL;
	uint32_t total = get_be16(p + 4) + 40u;
	frame_take(f, 40);
	if (total > 40) /* 0: a jumbogram, or segmentation offload */
		frame_length(f, total - 40);
	return proto_of_ip(p[6]);
}

/* Hop-by-hop and destination options (RFC 8200 4.3, 4.6). */
enum proto step_ipv6_options(struct frame *f)
{
	enum { OPTION_CALIPSO = 7, OPTION_JUMBO = 0xc2, OPTION_HOME_ADDRESS = 0xc9 };
	if (f->left < 8)
		return frame_fail(f, REASON_IP_CUT);
	const uint8_t *p = f->at;
	uint32_t n = (p[1] + 1u) * 8, jumbo = 0;
	if (f->left < n)
		return frame_fail(f, f->wire < n ? REASON_IP_MALFORMED : REASON_IP_CUT);
	for (uint32_t i = 2; i + 1 < n;) {
		uint32_t length = p[i] == 0 ? 1 : p[i + 1] + 2u;
		if (length > n - i)
			break;
		if (p[i] == OPTION_CALIPSO)
			add_label(&f->out->segment, p + i, length);
		if (p[i] == OPTION_JUMBO && length == 6)
			jumbo = get_be32(p + i + 2);
		if (p[i] == OPTION_HOME_ADDRESS && length == 18)
			f->home = p + i + 2;
		i += length;
	}
	if (jumbo > 0xffff && jumbo >= f->left) /* RFC 2675: counts from this header on */
		f->wire = jumbo;
	frame_take(f, n);
	return proto_of_ip(p[0]);
}

enum proto step_ipv6_routing(struct frame *f)
{
	if (f->left < 8)
		return frame_fail(f, REASON_IP_CUT);
	const uint8_t *p = f->at;
	uint32_t n = (p[1] + 1u) * 8;
	if (f->left < n)
		return frame_fail(f, f->wire < n ? REASON_IP_MALFORMED : REASON_IP_CUT);
	/* Checksums are made for the last address on the way (RFC 8200 8.1): type 0 has it last, types 2 and 4 first. */
	if (p[3] != 0 && n >= 24)
		f->final = p[2] == 0 ? p + 8 + (size_t)((n - 8) / 16 - 1) * 16 : p[2] == 2 || p[2] == 4 ? p + 8 : NULL;
	frame_take(f, n);
	return proto_of_ip(p[0]);
}

enum proto step_ipv6_fragment(struct frame *f)
{
	if (f->left < 8)
		return frame_fail(f, f->wire < 8 ? REASON_IP_MALFORMED : REASON_IP_CUT);
	const uint8_t *p = f->at;
	uint32_t offset = get_be16(p + 2) & 0xfff8u;
	bool more = (p[3] & 1) != 0;
	frame_take(f, 8);
	if (offset == 0 && !more) /* an atomic fragment is a whole datagram (RFC 6946) */
		return proto_of_ip(p[0]);
	return take_fragment(f, get_be32(p + 4), p[0], offset, more);
}

enum proto step_ah(struct frame *f)
{
	if (f->left < 12)
		return frame_short(f, 12);
	const uint8_t *p = f->at;
	uint32_t n = (p[1] + 2u) * 4; /* RFC 4302 2.2 */
	if (n < 12 || f->left < n)
		return n < 12 ? frame_fail(f, REASON_IP_MALFORMED) : frame_short(f, n);
	frame_take(f, n);
	return proto_of_ip(p[0]);
}

enum proto step_esp(struct frame *f)
{
	return frame_fail(f, REASON_ENCRYPTED);
}

/* The quoted packet follows the eight bytes of the error. */
static enum proto quoting(struct frame *f, uint8_t version, uint32_t mtu)
{
	if (f->quoted || f->partial) /* errors are not sent about errors */
		return END_NOT_TCP;
	struct icmp_error *error = &f->out->icmp;
	error->version = version;
	error->type = f->at[0];
	error->code = f->at[1];
	error->mtu = mtu;
	memcpy(error->from, f->out->segment.src, 16);
	f->quoted = true;
	frame_take(f, 8);
	return version == 4 ? PROTO_IPV4 : PROTO_IPV6;
}

enum proto step_icmp(struct frame *f)
{
	enum { UNREACHABLE = 3, SOURCE_QUENCH = 4, REDIRECT = 5, TIME_EXCEEDED = 11, PARAMETER_PROBLEM = 12, FRAGMENTATION_NEEDED = 4 };
	if (f->left < 8)
		return END_NOT_TCP;
	uint8_t type = f->at[0], code = f->at[1];
	if (type != UNREACHABLE && type != SOURCE_QUENCH && type != REDIRECT && type != TIME_EXCEEDED && type != PARAMETER_PROBLEM)
		return END_NOT_TCP;
	return quoting(f, 4, type == UNREACHABLE && code == FRAGMENTATION_NEEDED ? get_be16(f->at + 6) : 0); /* RFC 1191 4 */
}

enum proto step_icmpv6(struct frame *f)
{
	enum { PACKET_TOO_BIG = 2, LAST_ERROR = 4 };
	if (f->left < 8 || f->at[0] == 0 || f->at[0] > LAST_ERROR)
		return END_NOT_TCP;
	return quoting(f, 6, f->at[0] == PACKET_TOO_BIG ? get_be32(f->at + 4) : 0); /* RFC 4443 3.2 */
}
