/* SPDX-License-Identifier: GPL-3.0-or-later
 * bytes: frames and files built for a test from the inside out: each function puts a header in front of what is there, or bytes behind. */
#ifndef TCPWHY_TESTS_BYTES_H
#define TCPWHY_TESTS_BYTES_H

#include <stdint.h>
#include <string.h>

enum { BYTES_FRONT = 4096, BYTES_SIZE = 256 * 1024 };

/* Zero-initialised by bytes_new(); what is built is data[begin..end). */
struct bytes {
	size_t begin, end;
	uint8_t data[BYTES_SIZE];
};

static inline void bytes_new(struct bytes *b)
{
	b->begin = b->end = BYTES_FRONT;
}

static inline size_t bytes_length(const struct bytes *b)
{
	return b->end - b->begin;
}

static inline const uint8_t *bytes_at(const struct bytes *b)
{
	return b->data + b->begin;
}

static inline unsigned bytes_nibble(char c)
{
	return c >= 'a' ? (unsigned)(c - 'a') + 10 : (unsigned)(c - '0');
}

/* Hexadecimal digits in lower case, spaces between as one likes. Returns how many bytes were written to `to`. */
static inline size_t bytes_from_hex(const char *hex, uint8_t *to)
{
	size_t n = 0;
	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		to[n++] = (uint8_t)(bytes_nibble(hex[0]) << 4 | bytes_nibble(hex[1]));
		hex++;
	}
	return n;
}

static inline void bytes_behind(struct bytes *b, const void *bytes, size_t n)
{
	memcpy(b->data + b->end, bytes, n);
	b->end += n;
}

static inline void bytes_front(struct bytes *b, const char *hex)
{
	uint8_t header[512];
	size_t n = bytes_from_hex(hex, header);
	b->begin -= n;
	memcpy(b->data + b->begin, header, n);
}

static inline void bytes_set_be16(struct bytes *b, size_t at, size_t value)
{
	b->data[b->begin + at] = (uint8_t)(value >> 8);
	b->data[b->begin + at + 1] = (uint8_t)value;
}

static inline void bytes_number(struct bytes *b, uint64_t value, unsigned size, int big)
{
	for (unsigned i = 0; i < size; i++)
		b->data[b->end++] = (uint8_t)(value >> 8 * (big ? size - 1 - i : i));
}

/* Of the IPv4 header of 20 bytes that stands in front. */
static inline void bytes_ipv4_checksum(struct bytes *b)
{
	uint32_t sum = 0;
	bytes_set_be16(b, 10, 0);
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)(b->data[b->begin + i] << 8 | b->data[b->begin + i + 1]);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	bytes_set_be16(b, 10, ~sum & 0xffff);
}

/* 10.0.0.1 -> 10.0.0.2, TTL 64, DF */
static inline void bytes_ipv4(struct bytes *b, unsigned protocol)
{
	bytes_front(b, "45000000 1234 4000 40000000 0a000001 0a000002");
	bytes_set_be16(b, 2, bytes_length(b));
	b->data[b->begin + 9] = (uint8_t)protocol;
}

/* fd00::1 -> fd00::2, hop limit 63 */
static inline void bytes_ipv6(struct bytes *b, unsigned next)
{
	size_t n = bytes_length(b);
	bytes_front(b, "60012345 0000 003f fd000000000000000000000000000001 fd000000000000000000000000000002");
	bytes_set_be16(b, 4, n);
	b->data[b->begin + 6] = (uint8_t)next;
}

static inline void bytes_udp(struct bytes *b, unsigned port)
{
	bytes_front(b, "c000 0000 0000 0000");
	bytes_set_be16(b, 2, port);
	bytes_set_be16(b, 4, bytes_length(b));
}

static inline void bytes_ethernet(struct bytes *b, unsigned type)
{
	bytes_front(b, "020000000002 020000000001 0000");
	bytes_set_be16(b, 12, type);
}

/* Port 40000 -> 80, sequence number 1000, acknowledgment 2000, PSH ACK, window 512, payload "hello" (what stood there before is behind it). */
static inline void bytes_tcp(struct bytes *b)
{
	bytes_front(b, "9c40 0050 000003e8 000007d0 5018 0200 0000 0000 68656c6c6f");
}

#endif
