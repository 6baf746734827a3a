/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_text: foreign bytes made printable, widths, addresses, times, durations, sizes. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/text.h"

static void printable_is(const char *bytes, size_t n, const char *expected)
{
	struct buf out = { 0 };
	text_add_printable(&out, bytes, n);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void test_printable(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *expected;
	} cases[] = {
		{ "", "" },
		{ "plain \\ text", "plain \\ text" },
		{ "a\x1b[31mb", "a\\x1b[31mb" },
		{ "\x7f\x01", "\\x7f\\x01" },
		{ "gr\xc3\xbc\xc3\x9f \xe6\xbc\xa2 \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xe6\xbc\xa2 \xf0\x9f\x98\x80" },
		{ "\xc2\x9b" "1m", "\\u009b1m" },                 /* CSI as C1 control */
		{ "x\xe2\x80\xaey", "x\\u202ey" },                /* right-to-left override */
		{ "x\xe2\x81\xa6y", "x\\u2066y" },                /* isolate */
		{ "\xe2\x80\x8b\xef\xbb\xbf", "\\u200b\\ufeff" }, /* zero width */
		{ "\xf3\xa0\x81\x81", "\\U000e0041" },            /* tag */
		{ "\xc0\xaf", "\\xc0\\xaf" },                     /* overlong */
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },            /* surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },   /* above U+10FFFF */
		{ "a\xe6\xbc", "a\\xe6\\xbc" },                   /* cut */
		{ "\xff" "a\x80", "\\xffa\\x80" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		printable_is(cases[i].bytes, strlen(cases[i].bytes), cases[i].expected);
	printable_is("a\0b", 3, "a\\x00b");
}

static void test_every_byte(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		struct buf out = { 0 };
		text_add_printable(&out, &byte, 1);
		for (size_t i = 0; i < out.len; i++)
			assert_true(out.data[i] >= 0x20 && out.data[i] < 0x7f);
		buf_free(&out);
	}
}

static void test_width(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{ "", 0 }, { "abc", 3 }, { "gr\xc3\xbc\xc3\x9f", 4 }, { "\xe6\xbc\xa2\xe5\xad\x97", 4 }, { "e\xcc\x81", 1 },
		{ "\xf0\x9f\x98\x80", 2 }, { "\xe2\x94\x82", 1 }, { "\xef\xbc\xa1", 2 }, { "\xff", 1 }, { "\xed\x95\x9c", 2 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(text_width(cases[i].text, strlen(cases[i].text)), cases[i].width);
}

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		uint8_t address[16];
		const char *expected;
	} cases[] = {
		{ { [10] = 0xff, [11] = 0xff, 10, 0, 0, 1 }, "10.0.0.1:80" },
		{ { [10] = 0xff, [11] = 0xff, 255, 255, 255, 255 }, "255.255.255.255:80" },
		{ { [10] = 0xff, [11] = 0xff }, "0.0.0.0:80" },
		{ { 0xfd, [15] = 1 }, "[fd00::1]:80" },
		{ { [15] = 1 }, "[::1]:80" },
		{ { 0x20, 0x01, 0x0d, 0xb8, [7] = 1, [15] = 1 }, "[2001:db8:0:1::1]:80" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_add_endpoint(&out, cases[i].address, 80);
		assert_string_equal(buf_text(&out), cases[i].expected);
		buf_free(&out);
	}
}

/* As inet_ntop(3) writes it, for words of every length and runs of zeros in every place. */
static void test_ipv6(void **state)
{
	(void)state;
	for (unsigned zeros = 0; zeros < 256; zeros++) {
		uint8_t address[16];
		char expected[INET6_ADDRSTRLEN];
		struct buf out = { 0 };
		for (unsigned i = 0; i < 8; i++) {
			unsigned word = (zeros >> i & 1) != 0 ? 0 : 0xa9c5u >> (zeros + i) % 4 * 4;
			address[2 * i] = (uint8_t)(word >> 8);
			address[2 * i + 1] = (uint8_t)word;
		}
		assert_non_null(inet_ntop(AF_INET6, address, expected, sizeof expected));
		text_add_address(&out, address);
		assert_string_equal(buf_text(&out), expected);
		buf_free(&out);
	}
}

static void test_numbers(void **state)
{
	(void)state;
	struct buf out = { 0 };
	text_add_number(&out, 0);
	buf_putc(&out, ' ');
	text_add_number(&out, UINT64_MAX);
	buf_putc(&out, ' ');
	text_add_signed(&out, INT64_MIN);
	buf_putc(&out, ' ');
	text_add_signed(&out, 1234567890);
	buf_putc(&out, ' ');
	text_add_padded(&out, 42, 5);
	buf_putc(&out, ' ');
	text_add_padded(&out, 123456, 3);
	assert_string_equal(buf_text(&out), "0 18446744073709551615 -9223372036854775808 1234567890 00042 123456");
	buf_free(&out);
}

static void test_times(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *expected;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000000000Z" },
		{ -1, "1969-12-31T23:59:59.999999999Z" },
		{ 1795197731123456789, "2026-11-20T18:02:11.123456789Z" },
		{ 951782400000000000, "2000-02-29T00:00:00.000000000Z" },
		{ 4107542400000000000, "2100-03-01T00:00:00.000000000Z" },
		{ INT64_MAX, "2262-04-11T23:47:16.854775807Z" },
		{ INT64_MIN, "1677-09-21T00:12:43.145224192Z" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_add_time(&out, cases[i].ns);
		assert_string_equal(buf_text(&out), cases[i].expected);
		buf_free(&out);
	}
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *expected;
	} cases[] = {
		{ -5, "0 s" }, { 0, "0 s" }, { 417, "417 ns" }, { 40000, "40 us" }, { 1200000, "1.2 ms" }, { 417000000, "417 ms" },
		{ 3500000000, "3.50 s" }, { 59999999999, "59.99 s" }, { 245000000000, "4 min 5 s" }, { 7440000000000, "2 h 4 min" },
		{ 266400000000000, "3 d 2 h" }, { INT64_MAX, "106751 d 23 h" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_add_duration(&out, cases[i].ns);
		assert_string_equal(buf_text(&out), cases[i].expected);
		buf_free(&out);
	}
}

static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		uint64_t bytes;
		const char *expected;
	} cases[] = {
		{ 0, "0 B" }, { 417, "417 B" }, { 999, "999 B" }, { 1000, "1.0 kB" }, { 12400, "12.4 kB" }, { 999999, "999.9 kB" },
		{ 3100000, "3.1 MB" }, { UINT64_MAX, "18.4 EB" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_add_bytes(&out, cases[i].bytes);
		assert_string_equal(buf_text(&out), cases[i].expected);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printable), cmocka_unit_test(test_every_byte), cmocka_unit_test(test_width),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_ipv6), cmocka_unit_test(test_numbers), cmocka_unit_test(test_times), cmocka_unit_test(test_durations), cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
