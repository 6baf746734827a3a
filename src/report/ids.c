/* SPDX-License-Identifier: GPL-3.0-or-later
 * ids: SHA-1 of the tuple, by whichever library configure found. */
#include "report/ids.h"

#include "util/text.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <string.h>
#if HAVE_LIBMD
#include <sys/types.h>
#include <sha1.h>
#elif HAVE_NETTLE
#include <nettle/sha1.h>
#else
#error "configure found no SHA-1"
#endif

enum { SHA1_LENGTH = 20, PROTOCOL_TCP = 6 };

#if HAVE_LIBMD
/* Padded here (RFC 3174 section 4) and not by SHA1Final(), which puts in one zero at a time: a report makes two of these for each flow. */
static void sha1(const void *bytes, size_t n, uint8_t digest[SHA1_LENGTH])
{
	SHA1_CTX context;
	const uint8_t *at = bytes;
	uint8_t last[2 * SHA1_BLOCK_LENGTH] = { 0 };
	uint64_t bits = (uint64_t)n * 8;
	SHA1Init(&context);
	for (; n >= SHA1_BLOCK_LENGTH; at += SHA1_BLOCK_LENGTH, n -= SHA1_BLOCK_LENGTH)
		SHA1Transform(context.state, at);
	memcpy(last, at, n);
	last[n] = 0x80;
	size_t size = n + 9 <= SHA1_BLOCK_LENGTH ? SHA1_BLOCK_LENGTH : 2 * SHA1_BLOCK_LENGTH;
	for (size_t i = 1; i <= 8; i++, bits >>= 8)
		last[size - i] = (uint8_t)bits;
	for (size_t done = 0; done < size; done += SHA1_BLOCK_LENGTH)
		SHA1Transform(context.state, last + done);
	for (size_t i = 0; i < SHA1_LENGTH; i++)
		digest[i] = (uint8_t)(context.state[i / 4] >> (24 - i % 4 * 8));
}
#else
static void sha1(const void *bytes, size_t n, uint8_t digest[SHA1_LENGTH])
{
	struct sha1_ctx context;
	sha1_init(&context);
	sha1_update(&context, n, bytes);
	sha1_digest(&context, SHA1_LENGTH, digest);
}
#endif

/* RFC 4648 section 4, with padding. */
static void add_base64(struct buf *out, const uint8_t digest[SHA1_LENGTH])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char text[(SHA1_LENGTH + 2) / 3 * 4], *at = text;
	for (size_t i = 0; i < SHA1_LENGTH; i += 3) {
		uint32_t group = (uint32_t)digest[i] << 16;
		group |= i + 1 < SHA1_LENGTH ? (uint32_t)digest[i + 1] << 8 : 0;
		group |= i + 2 < SHA1_LENGTH ? digest[i + 2] : 0;
		*at++ = letters[group >> 18 & 63];
		*at++ = letters[group >> 12 & 63];
		*at++ = i + 1 < SHA1_LENGTH ? letters[group >> 6 & 63] : '=';
		*at++ = i + 2 < SHA1_LENGTH ? letters[group & 63] : '=';
	}
	buf_add(out, text, sizeof text);
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t n)
{
	memcpy(at, bytes, n);
	return at + n;
}

static uint8_t *put_port(uint8_t *at, uint16_t port)
{
	*at++ = (uint8_t)(port >> 8);
	*at++ = (uint8_t)port;
	return at;
}

void community_id_add(struct buf *out, const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port)
{
	int order = memcmp(a, b, 16);
	if (order > 0 || (order == 0 && a_port > b_port)) {
		const uint8_t *address = a;
		uint16_t port = a_port;
		a = b, a_port = b_port;
		b = address, b_port = port;
	}
	size_t skip = text_is_ipv4(a) && text_is_ipv4(b) ? 12 : 0;
	uint8_t tuple[40], *at = put_port(tuple, 0); /* the seed */
	at = put(at, a + skip, 16 - skip);
	at = put(at, b + skip, 16 - skip);
	*at++ = PROTOCOL_TCP;
	*at++ = 0;
	at = put_port(at, a_port);
	at = put_port(at, b_port);
	uint8_t digest[SHA1_LENGTH];
	sha1(tuple, (size_t)(at - tuple), digest);
	buf_puts(out, "1:");
	add_base64(out, digest);
}

void flow_id_add(struct buf *out, const char *vantage, const char *community_id, int64_t first, uint32_t path)
{
	static const char hex[] = "0123456789abcdef";
	size_t begin = out->len; /* the text that is hashed stands where the name will */
	buf_puts(out, vantage);
	buf_putc(out, '\n');
	buf_puts(out, community_id);
	buf_putc(out, '\n');
	text_add_signed(out, first);
	buf_putc(out, '\n');
	text_add_number(out, path);
	if (out->failed)
		return;
	uint8_t digest[SHA1_LENGTH];
	sha1(out->data + begin, out->len - begin, digest);
	out->len = begin;
	char name[16];
	for (size_t i = 0; i < sizeof name; i++)
		name[i] = hex[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
	buf_add(out, name, sizeof name);
}

/* FNV-1a of 64 bits: tcpwhy(1) tells it, so that others can do the same. */
uint32_t community_id_shard(const char *community_id, uint32_t shards)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (const char *c = community_id; *c; c++)
		hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
	return (uint32_t)(hash % shards);
}

void ids_library(struct buf *out)
{
#if HAVE_LIBMD
	buf_puts(out, "libmd");
#else
	buf_puts(out, "nettle");
#endif
}
