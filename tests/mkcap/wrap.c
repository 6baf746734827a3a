/* SPDX-License-Identifier: GPL-3.0-or-later
 * wrap: what becomes of an IP packet that is whole: extension headers put in, its length changed, cut into fragments; and the tunnel that
 * a frame is put into. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

enum { IPV4_HEAD = 20, IPV6_HEAD = 40, MORE_FRAGMENTS = 0x2000, DONT_FRAGMENT = 0x4000 };

static bool is_v6(const struct buf *ip)
{
	return (unsigned char)ip->data[0] >> 4 == 6;
}

static unsigned get16(const struct buf *b, size_t at)
{
	return (unsigned)(unsigned char)b->data[at] << 8 | (unsigned char)b->data[at + 1];
}

/* IPv6 extension headers (RFC 8200 4, RFC 4302) without their first byte, the next header. */
static const struct extension {
	const char *name;
	uint8_t number;
	const char *rest;
} extensions[] = {
	{ "hbh", 0, "00010400000000" },   { "dst", 60, "00010400000000" }, { "route", 43, "00040000000000" },
	{ "frag", 44, "00000012345678" }, { "ah", 51, "04" "0000" "00000001" "00000001" "000102030405060708090a0b" },
};

static const struct extension *extension_of(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (strlen(extensions[i].name) == n && memcmp(extensions[i].name, name, n) == 0)
			return &extensions[i];
	return NULL;
}

bool wrap_extensions(struct scenario *s, struct buf *ip, const char *list)
{
	struct buf out = { 0 };
	bool good = is_v6(ip);
	unsigned upper = (unsigned char)ip->data[6];
	size_t next_at = 6;
	buf_add(&out, ip->data, IPV6_HEAD);
	while (good && *list && !out.failed) {
		size_t n = strcspn(list, "+");
		const struct extension *e = extension_of(list, n);
		good = e != NULL;
		if (good) {
			out.data[next_at] = (char)e->number;
			next_at = out.len;
			add8(&out, upper);
			good = parse_bytes(e->rest, &out);
		}
		list += n + (list[n] == '+');
	}
	buf_add(&out, ip->data + IPV6_HEAD, ip->len - IPV6_HEAD);
	if (out.failed || !good) {
		buf_free(&out);
		return scenario_fail(s, "ext=hbh|dst|route|frag|ah[+...], over IPv6");
	}
	put16(&out, 4, (unsigned)(out.len - IPV6_HEAD));
	buf_free(ip);
	*ip = out;
	return true;
}

bool wrap_length(struct scenario *s, struct buf *ip, unsigned length)
{
	if (ip->len < IPV4_HEAD)
		return scenario_fail(s, "iplen= wants a packet");
	put16(ip, is_v6(ip) ? 4 : 2, length);
	if (!is_v6(ip))
		ip_checksum(ip);
	return true;
}

bool wrap_fragment(struct scenario *s, const struct buf *ip, size_t *at, const char **cuts, struct buf *piece)
{
	char *rest;
	size_t whole = ip->len - IPV4_HEAD;
	bool last = **cuts == '\0';
	size_t end = last ? whole : strtoul(*cuts, &rest, 10);
	if (is_v6(ip) || end <= *at || end > whole || (!last && (end % 8 || (*rest != '+' && *rest))))
		return scenario_fail(s, "frag=8+16: IPv4, growing multiples of 8 inside the payload");
	buf_add(piece, ip->data, IPV4_HEAD);
	buf_add(piece, ip->data + IPV4_HEAD + *at, end - *at);
	if (piece->failed)
		return scenario_fail(s, "out of memory");
	put16(piece, 2, (unsigned)piece->len);
	put16(piece, 6, (get16(ip, 6) & ~(unsigned)DONT_FRAGMENT) | (last ? 0 : MORE_FRAGMENTS) | (unsigned)(*at / 8));
	ip_checksum(piece);
	*at = end;
	*cuts = last ? NULL : rest + (*rest == '+');
	return true;
}

void wrap_vxlan(const struct buf *frame, uint32_t vni, struct buf *ip)
{
	enum { VXLAN = 8, UDP = 8 };
	unsigned udp = UDP + VXLAN + (unsigned)frame->len;
	add32(ip, 0x45000000 | (IPV4_HEAD + udp));
	add32(ip, 0x00004000);
	add32(ip, 0x40110000);
	add32(ip, 0xc6120001); /* 198.18.0.1 to 198.18.0.2 (RFC 2544) */
	add32(ip, 0xc6120002);
	if (!ip->failed)
		ip_checksum(ip);
	add16(ip, 49152);
	add16(ip, 4789);
	add16(ip, udp);
	add16(ip, 0);
	add32(ip, 0x08000000);
	add32(ip, vni << 8);
	buf_add(ip, frame->data, frame->len);
}
