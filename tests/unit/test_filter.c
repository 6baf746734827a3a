/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_filter: the filter language: what matches, what is refused and where, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "query/field.h"
#include "query/filter.h"

/* 10.0.0.5:51000 -> 10.0.0.80:443, 2.5 s, 1.5 MB, 40 segments, RTT 12 ms, two resets by the server, cause of the catalogue's first row. */
static struct flow sample_flow(void)
{
	struct flow f = { 0 };
	static const uint8_t client[16] = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 5 };
	static const uint8_t server[16] = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 80 };

	memcpy(f.addr[0], client, 16);
	memcpy(f.addr[1], server, 16);
	f.port[0] = 51000;
	f.port[1] = 443;
	f.first = INT64_C(5000000000);
	f.last = f.first + INT64_C(2500000000);
	f.tracker.rtt_us = 12000;
	f.segments[0] = 15;
	f.segments[1] = 25;
	f.bytes[0] = 500000;
	f.bytes[1] = 1000000;
	f.syn = f.synack = 1;
	f.established = f.first + 1;
	f.rst = 2;
	f.rst_from = SIDE_SERVER;
	return f;
}

static struct flow_view view_of(const struct flow *f, const struct verdict_brief *brief)
{
	return (struct flow_view){ .flow = f, .number = 7, .brief = brief, .brief_known = true, .origin = INT64_C(4000000000) };
}

static bool matches(const char *text)
{
	struct flow f = sample_flow();
	struct verdict_brief brief = { .cause = cause_at(0), .emitter = EMITTER_SERVER, .confidence = CONFIDENCE_LIKELY };
	struct flow_view view = view_of(&f, &brief);
	struct buf error = { 0 };
	size_t offset;
	struct filter *filter = filter_compile(text, &error, &offset);

	if (filter == NULL)
		fail_msg("%s: %s at %zu", text, buf_text(&error), offset);
	bool result = filter_matches(filter, &view);
	filter_free(filter);
	buf_free(&error);
	return result;
}

static void test_matches(void **state)
{
	static const struct { const char *text; bool expected; } cases[] = {
		{ "", true }, { "   ", true },
		{ "10\\.0\\.0\\.80", true }, { "10.0.0.81", false }, { "443", true }, { "!443", false }, { "!444", true },
		{ "10.0.0.5 443", true }, { "10.0.0.5 444", false },
		{ "client:^10.0.0.5:", true }, { "client:443", false }, { "server:443$", true }, { "!server:443$", false },
		{ "server=10.0.0.80:443", true }, { "server=10.0.0.80", false }, { "server!=10.0.0.80", true },
		{ "port=443", true }, { "port:443", true }, { "port=51000", true }, { "port=80", false }, { "port!=443", false }, { "port!=80", true },
		{ "server_port=443", true }, { "client_port=443", false }, { "port>50000", true },
		{ "resets>0", true }, { "resets>2", false }, { "resets>=2", true }, { "resets<2", false }, { "resets<=2", true }, { "resets=2", true },
		{ "resets!=2", false }, { "!resets>2", true },
		{ "duration<3s", true }, { "duration<2500ms", false }, { "duration<=2500ms", true }, { "duration>2.4", true }, { "duration=2.5s", true },
		{ "duration<1m", true }, { "duration>1h", false }, { "start=1s", true }, { "rtt>11ms", true }, { "rtt<12000us", false },
		{ "bytes>1M", true }, { "bytes=1.5M", true }, { "bytes>1500k", false }, { "bytes>=1500000B", true }, { "bytes<1G", true },
		{ "segments=40", true }, { "segments>1k", false }, { "flow=7", true },
		{ "flags:^S.SA.A", true }, { "flags:R$", true }, { "from=server", true }, { "from=Server", true }, { "from=client", false },
		{ "sender=server", true }, { "confidence:likely", true }, { "confidence=certain", false }, { "cause:.", true },
		{ "\"S SA A\"", true }, { "\"S SA R\"", false }, { "flags:\"S SA A\"", true }, { "!\"S SA A\"", false },
		{ "\"server:443\"", false }, { "fe80::1", false }, { "::1", false }, { "10.0.0.80:443", true },
		{ "LIKELY", false }, { "confidence:LIKELY", false }, { "confidence:\\w", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (matches(cases[i].text) != cases[i].expected)
			fail_msg("%s should%s match", cases[i].text, cases[i].expected ? "" : " not");
}

static void test_errors(void **state)
{
	static const struct { const char *text; size_t offset; const char *says; } cases[] = {
		{ "abc(", 4, "parenthesis" }, { "443 abc(", 8, "parenthesis" }, { "server:a[", 9, "character class" }, { "*", 0, "quantifier" },
		{ "bytes>x", 6, "bytes wants" }, { "bytes>12q", 8, "bytes wants" }, { "duration<10MB", 11, "time" }, { "resets>", 7, "missing" },
		{ "nosuch:1", 0, "no field nosuch" }, { "443 clent=5", 4, "no field clent" }, { "!", 1, "missing" }, { "\"abc", 0, "quote" },
		{ "443 \"abc", 4, "quote" }, { "state>5", 6, "is a text" }, { "duration>99999999999h", 9, "time" }, { "server:\"a b(\"", 12, "parenthesis" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf error = { 0 };
		size_t offset = 9999;
		struct filter *filter = filter_compile(cases[i].text, &error, &offset);
		if (filter != NULL)
			fail_msg("%s should be refused", cases[i].text);
		if (offset != cases[i].offset || strstr(buf_text(&error), cases[i].says) == NULL)
			fail_msg("%s: \"%s\" at %zu, expected \"%s\" at %zu", cases[i].text, buf_text(&error), offset, cases[i].says, cases[i].offset);
		buf_free(&error);
	}
}

static void test_bounds(void **state)
{
	struct buf text = { 0 }, error = { 0 };
	size_t offset;

	(void)state;
	for (unsigned i = 0; i < 65; i++)
		buf_puts(&text, "a ");
	assert_null(filter_compile(buf_text(&text), &error, &offset));
	assert_int_equal(offset, 128);
	buf_clear(&text);
	for (unsigned i = 0; i < 5000; i++)
		buf_putc(&text, 'a');
	assert_null(filter_compile(buf_text(&text), &error, &offset));
	buf_free(&text);
	buf_free(&error);
}

/* A pattern that backtracks for ever must come back, be counted, and not let the flow through under a negation either. */
static void test_limit(void **state)
{
	struct flow f = sample_flow();
	struct flow_view view = view_of(&f, NULL);
	struct buf error = { 0 };
	size_t offset;

	(void)state;
	const char *const patterns[] = { "^(.|..)+[@#]", "!^(.|..)+[@#]" };
	for (unsigned i = 0; i < 2; i++) {
		struct filter *filter = filter_compile(patterns[i], &error, &offset);
		assert_non_null(filter);
		assert_false(filter_matches(filter, &view));
		assert_int_equal(filter_limited(filter), 1);
		filter_free(filter);
	}
	buf_free(&error);
}

static void test_quote(void **state)
{
	static const char *const names[] = { "a b", "10.0.0.1:80", "[fd00::1]:443", "we\"ird\\", "(x)*", "!a" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct buf text = { 0 }, error = { 0 };
		size_t offset;
		filter_quote(&text, names[i]);
		struct filter *filter = filter_compile(buf_text(&text), &error, &offset);
		if (filter == NULL)
			fail_msg("%s: %s", buf_text(&text), buf_text(&error));
		filter_free(filter);
		buf_free(&text);
		buf_free(&error);
	}
}

static void cell_is(void (*make)(struct buf *, int64_t), int64_t value, const char *expected)
{
	struct buf out = { 0 };

	make(&out, value);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void bytes_cell(struct buf *out, int64_t value) { cell_bytes(out, (uint64_t)value); }

static void test_cells(void **state)
{
	(void)state;
	cell_is(cell_duration, 0, "0us");
	cell_is(cell_duration, 999999, "999us");
	cell_is(cell_duration, 1234567, "1.2ms");
	cell_is(cell_duration, 999999999, "999ms");
	cell_is(cell_duration, INT64_C(1234567890), "1.23s");
	cell_is(cell_duration, INT64_C(119900000000), "119.9s");
	cell_is(cell_duration, INT64_C(124000000000), "2m4s");
	cell_is(cell_duration, INT64_C(7500) * 1000000000, "2h5m");
	cell_is(cell_duration, -5, "0us");
	cell_is(cell_seconds, INT64_C(1234567890), "1.234567");
	cell_is(cell_seconds, INT64_C(-1500000000), "-1.500000");
	cell_is(cell_seconds, INT64_MIN, "-9223372036.854775");
	cell_is(bytes_cell, 999, "999");
	cell_is(bytes_cell, 1000, "1.0k");
	cell_is(bytes_cell, 123456, "123k");
	cell_is(bytes_cell, 12345678, "12.3M");
	cell_is(bytes_cell, INT64_MAX, "9.2E");
}

static void test_line(void **state)
{
	struct flow f = sample_flow();
	struct flow_view view = view_of(&f, NULL);
	struct buf out = { 0 };

	(void)state;
	flow_line(&view, &out);
	assert_non_null(strstr(buf_text(&out), "7  1.000000  2.50s  10.0.0.5:51000  10.0.0.80:443  "));
	assert_non_null(strstr(buf_text(&out), "  S SA A ~ R  40  1.5M  12.0ms  2  "));
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches), cmocka_unit_test(test_errors), cmocka_unit_test(test_bounds), cmocka_unit_test(test_limit),
		cmocka_unit_test(test_quote), cmocka_unit_test(test_cells), cmocka_unit_test(test_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
