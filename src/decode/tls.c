/* SPDX-License-Identifier: GPL-3.0-or-later
 * tls: a walk over the records of one payload, and the server name of a ClientHello. */
#include "decode/tls.h"

#include <string.h>

#include "util/endian.h"


enum {
	TYPE_CHANGE_CIPHER = 20, TYPE_ALERT = 21, TYPE_HANDSHAKE = 22, TYPE_DATA = 23, TYPE_HEARTBEAT = 24,
	CLIENT_HELLO = 1, SERVER_HELLO = 2, RECORD_HEAD = 5, LARGEST_RECORD = 16384 + 2048, MOST_RECORDS = 4096,
	EXTENSION_SERVER_NAME = 0, ALERT_OF_TLS13 = 19 /* an encrypted alert: 2 bytes, content type, 16 of authentication tag */
};

/* What is left to read of a message; reading past its end clears ok and gives 0. */
struct reader {
	const uint8_t *at;
	size_t left;
	bool ok;
};

static uint32_t take_number(struct reader *r, size_t bytes)
{
	if (!r->ok || r->left < bytes) {
		r->ok = false;
		return 0;
	}
	uint32_t value = 0;
	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | r->at[i];
	r->at += bytes;
	r->left -= bytes;
	return value;
}

static void pass(struct reader *r, size_t n)
{
	if (!r->ok || r->left < n) {
		r->ok = false;
		return;
	}
	r->at += n;
	r->left -= n;
}

/* RFC 6066 3: a list of names, of which type 0 is a host name. */
static void take_server_name(struct reader list, struct app_note *note)
{
	take_number(&list, 2);
	uint32_t type = take_number(&list, 1), length = take_number(&list, 2);
	if (!list.ok || type != 0 || length == 0 || length > list.left)
		return;
	note->name = (const char *)list.at;
	note->name_length = length;
}

/* message: after the type and length of the handshake message; it may go on in a later segment. */
static void take_client_hello(struct reader message, struct app_note *note)
{
	pass(&message, 2 + 32);
	pass(&message, take_number(&message, 1)); /* session */
	pass(&message, take_number(&message, 2)); /* cipher suites */
	pass(&message, take_number(&message, 1)); /* compression */
	take_number(&message, 2);                 /* extensions, in all */
	while (message.ok && message.left > 0) {
		uint32_t type = take_number(&message, 2), length = take_number(&message, 2);
		if (message.ok && type == EXTENSION_SERVER_NAME && length <= message.left) {
			take_server_name((struct reader){ message.at, length, true }, note);
			return;
		}
		pass(&message, length);
	}
}

static enum app_kind take_handshake(const uint8_t *p, size_t n, size_t length, struct app_note *note)
{
	if (n < 4)
		return APP_TLS_HANDSHAKE;
	size_t message = get_be24(p + 1);
	/* An encrypted handshake message of TLS 1.2 begins with any bytes: a hello has a sensible length and version. */
	bool hello = (p[0] == CLIENT_HELLO || p[0] == SERVER_HELLO) && message >= 38 && message < 65536 && message + 4 >= length / 2 &&
		(n < 5 || p[4] == 3);
	if (!hello)
		return APP_TLS_HANDSHAKE;
	if (p[0] == SERVER_HELLO)
		return APP_TLS_SERVER_HELLO;
	take_client_hello((struct reader){ p + 4, n - 4 < message ? n - 4 : message, true }, note);
	return APP_TLS_CLIENT_HELLO;
}

static enum app_kind take_alert(const uint8_t *p, size_t n, size_t length, struct app_note *note)
{
	if (length == 2 && n >= 2 && (p[0] == 1 || p[0] == 2)) {
		note->alert_level = p[0];
		note->alert_code = p[1];
	}
	return APP_TLS_ALERT;
}

/* How telling a record is of the whole payload: of several records the most telling one gives the kind. */
static unsigned weight(unsigned kind)
{
	static const uint8_t weights[] = { [APP_TLS_DATA] = 1, [APP_TLS_CHANGE_CIPHER] = 2, [APP_TLS_HANDSHAKE] = 3,
	                                   [APP_TLS_SERVER_HELLO] = 4, [APP_TLS_CLIENT_HELLO] = 5, [APP_TLS_ALERT] = 6 };
	return kind < sizeof weights ? weights[kind] : 0;
}

static enum app_kind take_record(const uint8_t *p, size_t n, struct app_note *note)
{
	size_t length = get_be16(p + 3), here = n - RECORD_HEAD < length ? n - RECORD_HEAD : length;
	switch (p[0]) {
	case TYPE_HANDSHAKE:
		return take_handshake(p + RECORD_HEAD, here, length, note);
	case TYPE_ALERT:
		return take_alert(p + RECORD_HEAD, here, length, note);
	case TYPE_CHANGE_CIPHER:
		return APP_TLS_CHANGE_CIPHER;
	default:
		return APP_TLS_DATA;
	}
}

static bool is_record(const uint8_t *p, size_t n)
{
	if (n < RECORD_HEAD)
		return false;
	size_t length = get_be16(p + 3);
	return p[0] >= TYPE_CHANGE_CIPHER && p[0] <= TYPE_HEARTBEAT && p[1] == 3 && p[2] <= 4 && length >= 1 && length <= LARGEST_RECORD;
}

/* By the head of the last record. */
static bool looks_like_alert(const struct app_note *note)
{
	return note->tls_last_type == TYPE_ALERT || (note->tls_last_type == TYPE_DATA && note->tls_last_length == ALERT_OF_TLS13);
}

bool tls_classify(const uint8_t *payload, size_t n, struct app_note *note)
{
	unsigned begun = 0;
	while (is_record(payload, n) && begun < MOST_RECORDS) {
		size_t length = get_be16(payload + 3);
		enum app_kind kind = take_record(payload, n, note);
		if (weight(kind) > weight(note->kind))
			note->kind = (uint8_t)kind;
		note->tls_last_type = payload[0];
		note->tls_last_length = (uint16_t)length;
		begun++;
		if (length > n - RECORD_HEAD)
			break; /* goes on in a later segment */
		note->tls_records = (uint8_t)(note->tls_records < 255 ? note->tls_records + 1 : 255);
		payload += RECORD_HEAD + length;
		n -= RECORD_HEAD + length;
	}
	bool alone = begun == 1 && note->tls_records == 1 && n == 0;
	note->tls_maybe_alert = alone && looks_like_alert(note);
	return begun > 0;
}

bool tls_is_cut_alert(const struct app_note *note, size_t length)
{
	return note->tls_records == 0 && looks_like_alert(note) && length == RECORD_HEAD + (size_t)note->tls_last_length;
}

void tls_describe_alert(const struct app_note *note, struct buf *out)
{
	/* RFC 8446 6, RFC 5246 7.2, and the registry. */
	static const struct {
		uint8_t code;
		const char *name;
	} names[] = {
		{ 0, "close notify" }, { 10, "unexpected message" }, { 20, "bad record MAC" }, { 21, "decryption failed" },
		{ 22, "record overflow" }, { 30, "decompression failure" }, { 40, "handshake failure" }, { 41, "no certificate" },
		{ 42, "bad certificate" }, { 43, "unsupported certificate" }, { 44, "certificate revoked" }, { 45, "certificate expired" },
		{ 46, "certificate unknown" }, { 47, "illegal parameter" }, { 48, "unknown CA" }, { 49, "access denied" },
		{ 50, "decode error" }, { 51, "decrypt error" }, { 60, "export restriction" }, { 70, "protocol version" },
		{ 71, "insufficient security" }, { 80, "internal error" }, { 86, "inappropriate fallback" }, { 90, "user canceled" },
		{ 100, "no renegotiation" }, { 109, "missing extension" }, { 110, "unsupported extension" },
		{ 111, "certificate unobtainable" }, { 112, "unrecognized name" }, { 113, "bad certificate status response" },
		{ 114, "bad certificate hash value" }, { 115, "unknown PSK identity" }, { 116, "certificate required" },
		{ 120, "no application protocol" },
	};
	if (note->alert_level == 255) {
		buf_puts(out, "TLS alert (encrypted)");
		return;
	}
	const char *level = note->alert_level == 2 ? "fatal" : "warning";
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].code == note->alert_code) {
			buf_printf(out, "TLS alert: %s (%s)", names[i].name, level);
			return;
		}
	buf_printf(out, "TLS alert %u (%s)", note->alert_code, level);
}
