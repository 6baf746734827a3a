/* SPDX-License-Identifier: GPL-3.0-or-later
 * write: link headers and the capture file around IP packets. */
#include <string.h>

#include "scenario.h"

void put16(struct buf *b, size_t at, unsigned v)
{
	b->data[at] = (char)(v >> 8);
	b->data[at + 1] = (char)(v & 0xff);
}

void add8(struct buf *b, unsigned v)
{
	buf_putc(b, (char)(v & 0xff));
}

void add16(struct buf *b, unsigned v)
{
	add8(b, v >> 8);
	add8(b, v);
}

void add32(struct buf *b, uint32_t v)
{
	add16(b, v >> 16);
	add16(b, v & 0xffff);
}

/* Numbers of the file's own headers, in its byte order: little-endian but for pcap-be. */
static void file16(struct scenario *s, unsigned v)
{
	if (s->format == FORMAT_PCAP_BE)
		add16(&s->file, v);
	else
		add16(&s->file, (v & 0xff) << 8 | v >> 8);
}

static void file32(struct scenario *s, uint32_t v)
{
	bool big = s->format == FORMAT_PCAP_BE;
	file16(s, big ? v >> 16 : v & 0xffff);
	file16(s, big ? v & 0xffff : v >> 16);
}

static bool is_pcapng(const struct scenario *s)
{
	return s->format == FORMAT_PCAPNG || s->format == FORMAT_SIMPLE;
}

static void file_begin(struct scenario *s)
{
	if (is_pcapng(s)) {
		file32(s, 0x0a0d0d0a);
		file32(s, 28);
		file32(s, 0x1a2b3c4d);
		file16(s, 1);
		file16(s, 0);
		file32(s, UINT32_MAX); /* section length -1: not given */
		file32(s, UINT32_MAX);
		file32(s, 28);
		return;
	}
	file32(s, s->format == FORMAT_PCAP_NS ? 0xa1b23c4d : 0xa1b2c3d4);
	file16(s, 2);
	file16(s, 4);
	file32(s, 0);
	file32(s, 0);
	file32(s, s->snaplen ? s->snaplen : 262144);
	file32(s, s->interfaces[0].link);
}

static void ng_option(struct scenario *s, unsigned code, const void *bytes, size_t n)
{
	file16(s, code);
	file16(s, (unsigned)n);
	buf_add(&s->file, bytes, n);
	while (s->file.len % 4)
		add8(&s->file, 0);
}

/* Both length fields of a block are written once it is complete. */
static void ng_end(struct scenario *s, size_t begin)
{
	uint32_t n = (uint32_t)(s->file.len - begin + 4);
	file32(s, n);
	for (int i = 0; i < 4; i++)
		s->file.data[begin + 4 + (size_t)i] = (char)(n >> (8 * i));
}

static void ng_interface(struct scenario *s, const struct interface *i)
{
	size_t begin = s->file.len;
	file32(s, 1);
	file32(s, 0);
	file16(s, i->link);
	file16(s, 0);
	file32(s, s->snaplen ? s->snaplen : 262144);
	if (i->name)
		ng_option(s, 2, i->name, strlen(i->name));
	ng_option(s, 9, "\x09", 1); /* nanoseconds */
	ng_option(s, 0, "", 0);
	ng_end(s, begin);
}

static void ng_packet(struct scenario *s, const struct buf *bytes, uint32_t caplen, unsigned interface, const char *comment)
{
	size_t begin = s->file.len;
	file32(s, 6);
	file32(s, 0);
	file32(s, interface);
	file32(s, (uint32_t)((uint64_t)s->now >> 32));
	file32(s, (uint32_t)s->now);
	file32(s, caplen);
	file32(s, (uint32_t)bytes->len);
	buf_add(&s->file, bytes->data, caplen);
	while (s->file.len % 4)
		add8(&s->file, 0);
	if (comment) {
		ng_option(s, 1, comment, strlen(comment));
		ng_option(s, 0, "", 0);
	}
	ng_end(s, begin);
}

/* A simple packet block: of the first interface, cut to its snaplen, without time. */
static void ng_simple(struct scenario *s, const struct buf *bytes, uint32_t caplen)
{
	size_t begin = s->file.len;
	file32(s, 3);
	file32(s, 0);
	file32(s, (uint32_t)bytes->len);
	buf_add(&s->file, bytes->data, caplen);
	while (s->file.len % 4)
		add8(&s->file, 0);
	ng_end(s, begin);
}

static void pcap_packet(struct scenario *s, const struct buf *bytes, uint32_t caplen)
{
	uint32_t fraction = (uint32_t)(s->now % 1000000000);
	file32(s, (uint32_t)(s->now / 1000000000));
	file32(s, s->format == FORMAT_PCAP_NS ? fraction : fraction / 1000);
	file32(s, caplen);
	file32(s, (uint32_t)bytes->len);
	buf_add(&s->file, bytes->data, caplen);
}

static void link_header(const struct scenario *s, const struct frame *f, struct buf *out)
{
	unsigned ethertype = f->v6 ? 0x86dd : 0x0800;
	switch (s->interfaces[f->interface].link) {
	case 1:
		buf_add(out, f->dst_mac, 6);
		buf_add(out, f->src_mac, 6);
		for (size_t i = 0; i < f->vlan_count; i++) {
			add16(out, i + 1 < f->vlan_count ? 0x88a8 : 0x8100);
			add16(out, f->vlan[i]);
		}
		add16(out, ethertype);
		break;
	case 113: /* LINUX_SLL */
		add16(out, f->packet_type);
		add32(out, 0x00010006);
		buf_add(out, f->src_mac, 6);
		add16(out, 0);
		add16(out, ethertype);
		break;
	case 276: /* LINUX_SLL2 */
		add16(out, ethertype);
		add16(out, 0);
		add32(out, f->interface + 2);
		add16(out, 1);
		add8(out, f->packet_type);
		add8(out, 6);
		buf_add(out, f->src_mac, 6);
		add16(out, 0);
		break;
	case 0: /* NULL: host order of a little-endian machine; AF_INET6 of Linux */
		add32(out, f->v6 ? 0x0a000000 : 0x02000000);
		break;
	case 108:
		add32(out, f->v6 ? 30 : 2);
		break;
	default: /* RAW */
		break;
	}
}

static void link_and_ip(const struct scenario *s, const struct frame *f, struct buf *out)
{
	link_header(s, f, out);
	buf_add(out, f->ip->data, f->ip->len);
	while (f->padded && s->interfaces[f->interface].link == 1 && out->len < 60)
		add8(out, 0);
}

/* The frame inside a VXLAN between two tunnel ends. */
static void tunnelled(const struct scenario *s, const struct frame *f, struct buf *out)
{
	static const uint8_t ends[2][6] = { { 2, 0, 0, 0, 1, 1 }, { 2, 0, 0, 0, 1, 2 } };
	struct buf inner = { 0 }, ip = { 0 };
	struct frame outer = { .ip = &ip, .src_mac = ends[0], .dst_mac = ends[1], .interface = f->interface, .packet_type = f->packet_type };
	link_and_ip(s, f, &inner);
	wrap_vxlan(&inner, f->vni, &ip);
	link_and_ip(s, &outer, out);
	buf_free(&inner);
	buf_free(&ip);
}

bool frame_write(struct scenario *s, const struct frame *f)
{
	struct buf bytes = { 0 };
	if (s->file.len == 0)
		file_begin(s);
	if (is_pcapng(s) && !s->interfaces[f->interface].described) {
		for (size_t i = 0; i <= f->interface; i++)
			if (!s->interfaces[i].described)
				ng_interface(s, &s->interfaces[i]);
		for (size_t i = 0; i <= f->interface; i++)
			s->interfaces[i].described = true;
	}
	if (f->raw)
		buf_add(&bytes, f->raw->data, f->raw->len);
	else if (f->vni)
		tunnelled(s, f, &bytes);
	else
		link_and_ip(s, f, &bytes);
	uint32_t caplen = s->snaplen && bytes.len > s->snaplen ? s->snaplen : (uint32_t)bytes.len;
	if (s->format == FORMAT_SIMPLE)
		ng_simple(s, &bytes, caplen);
	else if (s->format == FORMAT_PCAPNG)
		ng_packet(s, &bytes, caplen, f->interface, f->comment);
	else
		pcap_packet(s, &bytes, caplen);
	s->frames++;
	bool good = !bytes.failed && !s->file.failed;
	buf_free(&bytes);
	return good || scenario_fail(s, "out of memory");
}

bool name_write(struct scenario *s, const uint8_t addr[16], bool v6, const char *name)
{
	size_t length = (v6 ? 16 : 4) + strlen(name) + 1;
	if (!is_pcapng(s))
		return scenario_fail(s, "only pcapng has names");
	if (s->file.len == 0)
		file_begin(s);
	size_t begin = s->file.len;
	file32(s, 4);
	file32(s, 0);
	file16(s, v6 ? 2 : 1);
	file16(s, (unsigned)length);
	buf_add(&s->file, addr + (v6 ? 0 : 12), v6 ? 16 : 4);
	buf_add(&s->file, name, strlen(name) + 1);
	while (s->file.len % 4)
		add8(&s->file, 0);
	file32(s, 0); /* nrb_record_end */
	ng_end(s, begin);
	return !s->file.failed || scenario_fail(s, "out of memory");
}
