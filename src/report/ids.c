/* SPDX-License-Identifier: GPL-3.0-or-later
 * ids: SHA-1 of the tuple, by whichever library configure found. */
#include "report/ids.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdbool.h>
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

static void sha1(const void *bytes, size_t n, uint8_t digest[SHA1_LENGTH])
{
#if HAVE_LIBMD
	SHA1_CTX context;
	SHA1Init(&context);
	SHA1Update(&context, bytes, n);
	SHA1Final(digest, &context);
#else
	struct sha1_ctx context;
	sha1_init(&context);
	sha1_update(&context, n, bytes);
	sha1_digest(&context, SHA1_LENGTH, digest);
#endif
}

/* RFC 4648 section 4, with padding. */
static void add_base64(struct buf *out, const uint8_t *bytes, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < n; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;
		group |= i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0;
		group |= i + 2 < n ? bytes[i + 2] : 0;
		buf_putc(out, letters[group >> 18 & 63]);
		buf_putc(out, letters[group >> 12 & 63]);
		buf_putc(out, i + 1 < n ? letters[group >> 6 & 63] : '=');
		buf_putc(out, i + 2 < n ? letters[group & 63] : '=');
	}
}

static bool is_ipv4(const uint8_t address[16])
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	return memcmp(address, mapped, sizeof mapped) == 0;
}

static void add_port(struct buf *out, uint16_t port)
{
	buf_putc(out, (char)(port >> 8));
	buf_putc(out, (char)(port & 0xff));
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
	size_t skip = is_ipv4(a) && is_ipv4(b) ? 12 : 0;
	struct buf tuple = { 0 };
	add_port(&tuple, 0); /* the seed */
	buf_add(&tuple, a + skip, 16 - skip);
	buf_add(&tuple, b + skip, 16 - skip);
	buf_putc(&tuple, PROTOCOL_TCP);
	buf_putc(&tuple, 0);
	add_port(&tuple, a_port);
	add_port(&tuple, b_port);
	uint8_t digest[SHA1_LENGTH];
	sha1(buf_text(&tuple), tuple.len, digest);
	out->failed |= tuple.failed;
	buf_free(&tuple);
	buf_puts(out, "1:");
	add_base64(out, digest, sizeof digest);
}

void flow_id_add(struct buf *out, const char *vantage, const char *community_id, int64_t first, uint32_t path)
{
	struct buf name = { 0 };
	buf_printf(&name, "%s\n%s\n%lld\n%lu", vantage, community_id, (long long)first, (unsigned long)path);
	uint8_t digest[SHA1_LENGTH];
	sha1(buf_text(&name), name.len, digest);
	out->failed |= name.failed;
	buf_free(&name);
	for (int i = 0; i < 8; i++)
		buf_printf(out, "%02x", digest[i]);
}
