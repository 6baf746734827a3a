/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_app: what the first bytes of a payload are taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "decode/app.h"
#include "util/buf.h"

static struct app_note classify_text(const char *text)
{
	struct app_note note;
	app_classify((const uint8_t *)text, strlen(text), &note);
	return note;
}

static struct app_note classify_hex(const char *hex)
{
	static uint8_t bytes[1024];
	struct app_note note;
	app_classify(bytes, bytes_from_hex(hex, bytes), &note);
	return note;
}

static void described_as(const struct app_note *note, const char *expected)
{
	struct buf out = { 0 };
	app_describe(note, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void test_text_protocols(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum app_kind kind;
		uint16_t status;
		const char *described;
	} cases[] = {
		{ "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", APP_HTTP_REQUEST, 0, "HTTP request: GET / HTTP/1.1" },
		{ "HTTP/1.1 413 Content Too Large\r\n", APP_HTTP_RESPONSE, 413, "HTTP 413" },
		{ "HTTP/1.1 xyz", APP_NONE, 0, "" },
		{ "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", APP_HTTP2_PREFACE, 0, "HTTP/2 preface: PRI * HTTP/2.0" },
		{ "221 2.0.0 Bye\r\n", APP_SMTP_REPLY, 221, "reply: 221 2.0.0 Bye" },
		{ "421-too many connections\r\n", APP_SMTP_REPLY, 421, "reply: 421-too many connections" },
		{ "SSH-2.0-OpenSSH_9.2\r\n", APP_SSH_BANNER, 0, "SSH banner: SSH-2.0-OpenSSH_9.2" },
		{ "QUIT\r\n", APP_GOODBYE, 0, "goodbye: QUIT" },
		{ "a1 LOGOUT\r\n", APP_GOODBYE, 0, "goodbye: a1 LOGOUT" },
		{ "-ERR max number of clients reached\r\n", APP_ERROR_LINE, 0, "error: -ERR max number of clients reached" },
		{ "Exceeded MaxStartups\r\n", APP_ERROR_LINE, 0, "error: Exceeded MaxStartups" },
		{ "-ER", APP_NONE, 0, "" },
		{ "QUITE\r\n", APP_NONE, 0, "" },
		{ "999 no reply", APP_NONE, 0, "" },
		{ "GETAWAY", APP_NONE, 0, "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct app_note note = classify_text(cases[i].text);
		assert_int_equal(note.kind, cases[i].kind);
		assert_int_equal(note.status, cases[i].status);
		described_as(&note, cases[i].described);
	}
}

/* Errors of MySQL and PostgreSQL: a length that is that of the payload, or nothing. */
static void test_binary_errors(void **state)
{
	(void)state;
	static const uint8_t mysql[] = "\x17\0\0\0\xff\x10\x04Too many connections";
	static const uint8_t postgres[] = "E\0\0\0\x14SFATAL\0C53300\0\0\0";
	enum { MYSQL = sizeof mysql - 1, POSTGRES = sizeof postgres - 1 };
	struct app_note note;
	for (size_t n = 0; n <= MYSQL; n++) {
		app_classify(mysql, n, &note);
		assert_int_equal(note.kind, n == MYSQL ? APP_ERROR_LINE : APP_NONE);
	}
	described_as(&note, "error: Too many connections");
	for (size_t n = 0; n <= POSTGRES; n++) {
		app_classify(postgres, n, &note);
		assert_int_equal(note.kind, n == POSTGRES ? APP_ERROR_LINE : APP_NONE);
	}
}

static void test_http_headers(void **state)
{
	(void)state;
	struct app_note note = classify_text("POST /x HTTP/1.1\r\nhost:  a.example \r\nContent-Length: 12345\r\n\r\nHost: other\r\n");
	assert_int_equal(note.name_length, 9);
	assert_memory_equal(note.name, "a.example", 9);
	assert_int_equal(note.http_length, 12345);
	assert_true(note.http_has_body);
	note = classify_text("PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
	assert_true(note.http_has_body && note.http_length == 0);
	note = classify_text("PUT /x HTTP/1.1\r\nExpect: 100-continue\r\n");
	assert_true(note.http_has_body);
	note = classify_text("GET /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
	assert_false(note.http_has_body);
	note = classify_text("HTTP/1.0 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n");
	assert_true(note.http_length == UINT64_MAX);
	note = classify_text("GET /x HTTP/1.1\r\nHost: ");
	assert_null(note.name);
}

static void test_client_hello(void **state)
{
	(void)state;
	/* record 0x47 bytes, hello 0x43: version, random, no session, one cipher, no compression, extensions with server_name a.example */
	static const char hello[] = "1603010047 01000043 0303"
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 00021301 0100"
		"0018 002b 0002 0304 0000 000e 000c 00 0009 612e6578616d706c65";
	struct app_note note = classify_hex(hello);
	assert_int_equal(note.kind, APP_TLS_CLIENT_HELLO);
	assert_int_equal(note.tls_records, 1);
	assert_int_equal(note.name_length, 9);
	assert_memory_equal(note.name, "a.example", 9);
	described_as(&note, "TLS ClientHello for a.example");
	uint8_t bytes[256];
	size_t n = bytes_from_hex(hello, bytes);
	bytes[n - 10]++; /* a name that is longer than its list */
	app_classify(bytes, n, &note);
	assert_int_equal(note.kind, APP_TLS_CLIENT_HELLO);
	assert_null(note.name);
	bytes[n - 10]--;
	for (size_t cut = 5; cut < n; cut++) { /* wherever a segment ends, nothing behind it is looked at */
		uint8_t part[256];
		memcpy(part, bytes, cut);
		app_classify(part, cut, &note);
		assert_true(note.kind == APP_TLS_CLIENT_HELLO || (cut < 10 && note.kind == APP_TLS_HANDSHAKE));
		assert_null(note.name);
		assert_int_equal(note.tls_records, 0);
	}
}

static void test_tls_records(void **state)
{
	(void)state;
	struct app_note note = classify_hex("1503030002 0228");
	assert_int_equal(note.kind, APP_TLS_ALERT);
	assert_int_equal(note.alert_level, 2);
	assert_int_equal(note.alert_code, 40);
	assert_true(note.tls_maybe_alert);
	described_as(&note, "TLS alert: handshake failure (fatal)");
	note = classify_hex("1503030002 0100");
	described_as(&note, "TLS alert: close notify (warning)");
	note = classify_hex("150303001a 000102030405060708090a0b0c0d0e0f10111213141516171819");
	assert_int_equal(note.alert_level, 255);
	described_as(&note, "TLS alert (encrypted)");
	note = classify_hex("1703030013 00010203040506070809 0a0b0c0d0e0f101112");
	assert_int_equal(note.kind, APP_TLS_DATA);
	assert_true(note.tls_maybe_alert);
	note = classify_hex("1703030013 00010203040506070809 0a0b0c0d0e0f101112 1703030001 00");
	assert_false(note.tls_maybe_alert);
	assert_int_equal(note.tls_records, 2);
	assert_int_equal(note.tls_last_length, 1);
	note = classify_hex("1403030001 01 1603030005 0102030405");
	assert_int_equal(note.kind, APP_TLS_HANDSHAKE);
	note = classify_hex("1703039999 00");
	assert_int_equal(note.kind, APP_NONE);
}

static void test_http2_goaway(void **state)
{
	(void)state;
	struct app_note note = classify_hex("000008 07 00 00000000 00000001 00000000");
	assert_int_equal(note.kind, APP_HTTP2_GOAWAY);
	note = classify_hex("000000 04 01 00000000 000008 07 00 00000000 00000001 0000000b");
	assert_int_equal(note.kind, APP_HTTP2_GOAWAY);
	note = classify_hex("000008 07 00 00000001 00000001 00000000"); /* GOAWAY has stream 0 */
	assert_int_equal(note.kind, APP_NONE);
	note = classify_hex("000009 07 00 00000000 00000001 00000000"); /* goes past the payload */
	assert_int_equal(note.kind, APP_NONE);
}

static void test_nothing(void **state)
{
	(void)state;
	struct app_note note;
	app_classify(NULL, 0, &note);
	assert_int_equal(note.kind, APP_NONE);
	assert_int_equal(note.alert_level, 255);
	described_as(&note, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_protocols), cmocka_unit_test(test_binary_errors),
		cmocka_unit_test(test_http_headers), cmocka_unit_test(test_client_hello),
		cmocka_unit_test(test_tls_records), cmocka_unit_test(test_http2_goaway), cmocka_unit_test(test_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
