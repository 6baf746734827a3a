/* SPDX-License-Identifier: GPL-3.0-or-later
 * stream: from steps to packets. A step:
 *
 *     0  bit 0 by the server; 1 which server; 2 VLAN; 3 IPv6; 4-7 shift of the time; all set: an ICMP error quoting the packet before
 *     1  time since the step before, shifted
 *     2  TCP flags (low byte)
 *     3  bits 0-1 checksum: good, bad, of the pseudo-header, zero; 2 backwards in time; 3 fragment; 4 cut by the snaplen; 5-7 port
 *     4  sequence number   5  acknowledgment   below 192: near what would be right; else near 0, 2^31, 2^32
 *     6  payload length: below 128 so many bytes of the input; else as many times 16 of zeros
 *     7  window   8  its scale (5 bits), IP id (3 bits)   9  TTL   10  options   11-13  their numbers */
#include "stream.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ENDS = 4, FRAME_MOST = 3000 };

struct story {
	const uint8_t *at;
	size_t left;
	int64_t time;                /* us */
	uint32_t next[2][ENDS];      /* what each side sends next to each server and port */
	uint8_t last[80];            /* the IP packet before, for ICMP to quote */
	size_t last_length;
};

struct frame {
	uint8_t bytes[FRAME_MOST];
	size_t length;
};

static void put(struct frame *f, const void *bytes, size_t n)
{
	memcpy(f->bytes + f->length, bytes, n);
	f->length += n;
}

static void put_8(struct frame *f, unsigned v)
{
	f->bytes[f->length++] = (uint8_t)v;
}

static void put_16(struct frame *f, unsigned v)
{
	put_8(f, v >> 8);
	put_8(f, v & 0xff);
}

static void put_32(struct frame *f, uint32_t v)
{
	put_16(f, v >> 16);
	put_16(f, v & 0xffff);
}

static void set_16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static uint32_t sum(const uint8_t *p, size_t n)
{
	uint32_t all = 0;
	for (size_t i = 0; i < n; i++)
		all += i % 2 != 0 ? p[i] : (uint32_t)p[i] << 8;
	return all;
}

static unsigned fold(uint32_t all)
{
	while (all >> 16 != 0)
		all = (all & 0xffff) + (all >> 16);
	return all;
}

static void put_link(struct frame *f, const uint8_t *step)
{
	bool back = (step[0] & 1) != 0, ipv6 = (step[0] & 8) != 0;
	const uint8_t macs[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, (uint8_t)(2 + (step[9] & 1)) } };
	put(f, macs[!back], 6);
	put(f, macs[back], 6);
	if ((step[0] & 4) != 0) {
		put_16(f, 0x8100);
		put_16(f, 7);
	}
	put_16(f, ipv6 ? 0x86dd : 0x0800);
}

static void put_ip(struct frame *f, const uint8_t *step, unsigned protocol, size_t length)
{
	uint8_t client[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 }, server[16] = { 0x20, 1, 0xd, 0xb8, [15] = (uint8_t)(2 + (step[0] >> 1 & 1)) };
	bool back = (step[0] & 1) != 0;
	client[12] = server[12] = 192;
	const uint8_t *from = back ? server : client, *to = back ? client : server;
	if ((step[0] & 8) != 0) {
		put_32(f, 0x60000000 | (step[8] >> 5));
		put_16(f, (unsigned)length);
		put_8(f, protocol);
		put_8(f, step[9]);
		put(f, from, 16);
		put(f, to, 16);
		return;
	}
	size_t begin = f->length;
	put_16(f, 0x4500);
	put_16(f, (unsigned)length + 20);
	put_16(f, step[8] >> 5);
	put_16(f, (step[3] & 8) != 0 ? 0x2000 : 0x4000);
	put_8(f, step[9]);
	put_8(f, protocol);
	put_16(f, 0);
	put(f, from + 12, 4);
	put(f, to + 12, 4);
	set_16(f->bytes + begin + 10, ~fold(sum(f->bytes + begin, 20)));
}

/* Options that matter, each a bit of the step; padded to words. Returns bytes. */
static size_t make_options(const uint8_t *step, uint8_t options[40])
{
	struct frame f = { .length = 0 };
	uint32_t a = (uint32_t)step[11] << 8, b = a + step[12];
	if ((step[10] & 1) != 0)
		put(&f, (const uint8_t[]){ 2, 4, 5, step[11] }, 4);
	if ((step[10] & 2) != 0)
		put(&f, (const uint8_t[]){ 3, 3, step[12] }, 3);
	if ((step[10] & 4) != 0)
		put(&f, (const uint8_t[]){ 4, 2 }, 2);
	if ((step[10] & 8) != 0) {
		put(&f, (const uint8_t[]){ 8, 10 }, 2);
		put_32(&f, 1000u + step[11]);
		put_32(&f, step[12]);
	}
	if ((step[10] & 16) != 0) {
		put(&f, (const uint8_t[]){ 5, 10 }, 2);
		put_32(&f, a);
		put_32(&f, b);
	}
	if ((step[10] & 32) != 0)
		put(&f, (const uint8_t[]){ 30, 4, 0x80, step[13] }, 4);
	if ((step[10] & 64) != 0)
		put(&f, (const uint8_t[]){ step[13], step[12] }, 2);
	while (f.length % 4 != 0)
		put_8(&f, 1);
	memcpy(options, f.bytes, f.length);
	return f.length;
}

static uint32_t number_near(uint8_t b, uint32_t right)
{
	static const uint32_t bases[4] = { 0, 0x80000000u, 0xfffffff0u, 1000 };
	if (b >= 192)
		return bases[b & 3] + (b >> 2 & 15);
	return b < 128 ? right : right + (uint32_t)((b - 160) * 100);
}

static void put_tcp(struct frame *f, struct story *s, const uint8_t *step, const uint8_t *payload, size_t n)
{
	unsigned back = step[0] & 1, end = (step[0] >> 1 & 1) | (step[3] >> 4 & 2);
	unsigned ports[2] = { 40000 + (step[3] >> 5 & 1), step[3] >> 6 == 1 ? 443u : 80u };
	uint8_t options[40];
	size_t option_length = make_options(step, options);
	uint32_t *next = &s->next[back][end], seq = number_near(step[4], *next);
	put_ip(f, step, 6, 20 + option_length + n);
	size_t begin = f->length, addresses = (step[0] & 8) != 0 ? 32 : 8;
	put_16(f, ports[back]);
	put_16(f, ports[!back]);
	put_32(f, seq);
	put_32(f, (step[2] & 16) != 0 ? number_near(step[5], s->next[!back][end]) : 0);
	put_8(f, (unsigned)(5 + option_length / 4) << 4);
	put_8(f, step[2]);
	put_16(f, (unsigned)step[7] << (step[8] & 7));
	put_32(f, 0);
	put(f, options, option_length);
	put(f, payload, n);
	unsigned pseudo = fold(sum(f->bytes + begin - addresses, addresses) + 6 + (uint32_t)(f->length - begin));
	const unsigned sums[4] = { ~fold(pseudo + sum(f->bytes + begin, f->length - begin)), 0xbad, pseudo, 0 };
	set_16(f->bytes + begin + 16, sums[step[3] & 3]);
	if ((step[2] & 4) == 0)
		*next = seq + (uint32_t)n + ((step[2] & 2) != 0) + (step[2] & 1);
}

static void put_record(struct buf *out, const struct story *s, const struct frame *f, bool cut)
{
	size_t kept = cut && f->length > 60 ? 60 : f->length;
	const uint32_t head[4] = { (uint32_t)(s->time / 1000000), (uint32_t)(s->time % 1000000), (uint32_t)kept, (uint32_t)f->length };
	buf_add(out, head, sizeof head);
	buf_add(out, f->bytes, kept);
}

static void put_icmp(struct frame *f, const struct story *s, const uint8_t *step)
{
	static const uint8_t back[STREAM_STEP] = { [0] = 1, [9] = 60 };
	put_link(f, back);
	put_ip(f, back, 1, 8 + s->last_length);
	put_8(f, step[1] & 1 ? 3 : 11);
	put_8(f, step[2] & 15);
	put_16(f, 0);
	put_32(f, step[4]);
	put(f, s->last, s->last_length);
}

static void take_step(struct story *s, struct buf *out)
{
	static const uint8_t zeros[128 * 16];
	const uint8_t *step = s->at, *payload = zeros;
	struct frame f = { .length = 0 };
	size_t n = step[6] < 128 ? step[6] : (size_t)(step[6] - 128) * 16;
	int64_t passed = (int64_t)step[1] << (step[0] >> 4);
	s->at += STREAM_STEP;
	s->left -= STREAM_STEP;
	s->time += (step[3] & 4) != 0 && passed < s->time ? -passed : passed;
	if (step[0] == 0xff) {
		put_icmp(&f, s, step);
		put_record(out, s, &f, false);
		return;
	}
	if (step[6] < 128) {
		n = n < s->left ? n : s->left;
		payload = s->at;
		s->at += n;
		s->left -= n;
	}
	put_link(&f, step);
	size_t link = f.length;
	put_tcp(&f, s, step, payload, n);
	s->last_length = f.length - link < sizeof s->last ? f.length - link : sizeof s->last;
	memcpy(s->last, f.bytes + link, s->last_length);
	put_record(out, s, &f, (step[3] & 16) != 0);
}

void stream_capture(const uint8_t *data, size_t size, struct buf *out)
{
	const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4u << 16, 0, 0, 65535, 1 };
	const uint16_t version[2] = { 2, 4 };
	struct story s = { .at = data, .left = size, .time = INT64_C(1700000000000000) };
	for (unsigned i = 0; i < ENDS; i++) {
		s.next[0][i] = 1000;
		s.next[1][i] = 0xfffffff0u;
	}
	size_t begin = out->len;
	buf_add(out, head, sizeof head);
	if (!out->failed)
		memcpy(out->data + begin + 4, version, sizeof version);
	while (s.left >= STREAM_STEP)
		take_step(&s, out);
}

int stream_file(const void *bytes, size_t n, char name[40])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || (n > 0 && write(fd, bytes, n) != (ssize_t)n))
		abort();
	snprintf(name, 40, "/proc/self/fd/%d", fd);
	return fd;
}
