/* SPDX-License-Identifier: GPL-3.0-or-later
 * payload: what a segment carries: strings, filler, TLS records. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

enum { MAX_PAYLOAD = 65000 };

/* Bytes that look like data but are the same each time; never a text or a TLS record. */
static void add_filler(struct buf *out, uint64_t n)
{
	uint32_t state = 0x2545f491u + (uint32_t)out->len;
	for (uint64_t i = 0; i < n; i++) {
		state = state * 1664525u + 1013904223u;
		add8(out, 0x80 | state >> 25);
	}
}

static void add_record(struct buf *out, unsigned type, uint64_t n)
{
	add8(out, type);
	add16(out, 0x0303);
	add16(out, (unsigned)n);
	add_filler(out, n);
}

/* tls=TYPE:LENGTH, type a number or hs, ccs, alert, data */
static bool add_tls(struct buf *out, const char *value)
{
	static const struct { const char *name; unsigned type; } types[] = {
		{ "ccs:", 20 }, { "alert:", 21 }, { "hs:", 22 }, { "data:", 23 },
	};
	uint64_t n;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t length = strlen(types[i].name);
		if (strncmp(value, types[i].name, length) != 0 || !parse_unsigned(value + length, 16640, &n))
			continue;
		add_record(out, types[i].type, n);
		return true;
	}
	return false;
}

/* alert=LEVEL:CODE in clear */
static bool add_alert(struct buf *out, const char *value)
{
	char *end;
	unsigned long level = strtoul(value, &end, 10);
	uint64_t code;
	if (*end != ':' || level > 255 || !parse_unsigned(end + 1, 255, &code))
		return false;
	add8(out, 21);
	add32(out, 0x03030002);
	add8(out, (unsigned)level);
	add8(out, (unsigned)code);
	return true;
}

/* hello=NAME: a ClientHello with this server name (RFC 8446 4.1.2, RFC 6066 3) */
static void add_hello(struct buf *out, const char *name)
{
	struct buf body = { 0 };
	unsigned n = (unsigned)strlen(name);
	add16(&body, 0x0303);
	add_filler(&body, 32);
	add8(&body, 0);
	add16(&body, 4);
	add32(&body, 0x1301c02f);
	add16(&body, 0x0100);
	add16(&body, n + 9);  /* extensions: server_name alone */
	add16(&body, 0);
	add16(&body, n + 5);
	add16(&body, n + 3);
	add8(&body, 0);
	add16(&body, n);
	buf_puts(&body, name);
	add8(out, 22);
	add16(out, 0x0301);
	add16(out, (unsigned)body.len + 4);
	add8(out, 1);
	add8(out, 0);
	add16(out, (unsigned)body.len);
	buf_add(out, body.data, body.len);
	buf_free(&body);
}

/* serverhello=LENGTH: a ServerHello record of this length */
static void add_server_hello(struct buf *out, uint64_t n)
{
	add8(out, 22);
	add16(out, 0x0303);
	add16(out, (unsigned)n);
	add8(out, 2);
	add8(out, 0);
	add16(out, (unsigned)n - 4);
	add16(out, 0x0303);
	add_filler(out, n - 6);
}

bool payload_token(struct scenario *s, const struct token *t, struct buf *payload, bool *taken)
{
	const char *value = NULL;
	uint64_t n = 0;
	bool good = true;
	*taken = true;
	if (t->quoted)
		buf_add(payload, t->text, t->length);
	else if ((value = token_value(t, "len"))) {
		good = parse_unsigned(value, MAX_PAYLOAD, &n);
		add_filler(payload, good ? n : 0);
	} else if ((value = token_value(t, "hex")))
		good = parse_bytes(value, payload);
	else if ((value = token_value(t, "tls")))
		good = add_tls(payload, value);
	else if ((value = token_value(t, "alert")))
		good = add_alert(payload, value);
	else if ((value = token_value(t, "hello")))
		add_hello(payload, value);
	else if ((value = token_value(t, "serverhello"))) {
		good = parse_unsigned(value, 16000, &n) && n >= 38;
		if (good)
			add_server_hello(payload, n);
	} else
		*taken = false;
	if (good && payload->len > MAX_PAYLOAD)
		return scenario_fail(s, "more than %d bytes of payload", MAX_PAYLOAD);
	return good || scenario_fail(s, "\"%s\" is no payload", t->text);
}
