/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_report: the pieces that reports are made of: identifiers, JSON text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "report/ids.h"
#include "report/json.h"

static void read_address(uint8_t out[16], const char *text)
{
	memset(out, 0, 16);
	if (strchr(text, ':')) {
		assert_int_equal(inet_pton(AF_INET6, text, out), 1);
		return;
	}
	out[10] = out[11] = 0xff;
	assert_int_equal(inet_pton(AF_INET, text, out + 12), 1);
}

/* FNV-1a's published values of 64 bits: of "" cbf29ce484222325, of "a" af63dc4c8601ec8c, of "foobar" 85944171f73967e8. */
static void test_shard(void **state)
{
	(void)state;
	static const struct { const char *text; uint64_t hash; } vectors[] = {
		{ "", UINT64_C(0xcbf29ce484222325) }, { "a", UINT64_C(0xaf63dc4c8601ec8c) }, { "foobar", UINT64_C(0x85944171f73967e8) },
	};
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		assert_int_equal(community_id_shard(vectors[i].text, UINT32_MAX), vectors[i].hash % UINT32_MAX);
		assert_int_equal(community_id_shard(vectors[i].text, 7), vectors[i].hash % 7);
		assert_int_equal(community_id_shard(vectors[i].text, 1), 0);
	}
}

/* The first two are the TCP flows of the specification's baseline (corelight/community-id-spec, baseline_deflt.json), the third is its
 * example; the others were computed by Wireshark 4.0. */
static void test_community_id(void **state)
{
	(void)state;
	static const struct { const char *a; uint16_t a_port; const char *b; uint16_t b_port; const char *id; } vectors[] = {
		{ "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
		{ "10.0.0.1", 10, "10.0.0.2", 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM=" },
		{ "2001:db8:30::10", 49160, "2001:db8:30::20", 443, "1:wvPSHy7TSA+3DTibu56cIara/8k=" },
		{ "::16.0.0.1", 41668, "::48.0.0.1", 554, "1:fcI6mhhlrYk7oioVbbO6D40pHyg=" },
	};
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		uint8_t a[16], b[16];
		struct buf there = { 0 }, back = { 0 };
		read_address(a, vectors[i].a);
		read_address(b, vectors[i].b);
		community_id_add(&there, a, vectors[i].a_port, b, vectors[i].b_port);
		community_id_add(&back, b, vectors[i].b_port, a, vectors[i].a_port);
		assert_string_equal(buf_text(&there), vectors[i].id);
		assert_string_equal(buf_text(&back), vectors[i].id);
		buf_free(&there);
		buf_free(&back);
	}
}

static void test_flow_id(void **state)
{
	(void)state;
	static const struct { const char *vantage, *community; int64_t first; uint32_t path; } others[] = {
		{ "gw1", "1:a=", 5, 0 }, { "gw2", "1:a=", 5, 0 }, { "gw1", "1:b=", 5, 0 }, { "gw1", "1:a=", 6, 0 }, { "gw1", "1:a=", 5, 7 },
	};
	enum { COUNT = sizeof others / sizeof *others };
	struct buf ids[COUNT] = { { 0 } }, again = { 0 };
	for (size_t i = 0; i < COUNT; i++) {
		flow_id_add(&ids[i], others[i].vantage, others[i].community, others[i].first, others[i].path);
		assert_int_equal(ids[i].len, 16);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(buf_text(&ids[k]), buf_text(&ids[i]));
	}
	flow_id_add(&again, others[0].vantage, others[0].community, others[0].first, others[0].path);
	assert_string_equal(buf_text(&again), buf_text(&ids[0]));
	for (size_t i = 0; i < COUNT; i++)
		buf_free(&ids[i]);
	buf_free(&again);
}

/* Whatever two bytes a text holds, its JSON has no control character, no bare quote and no escape but \" and \\. */
static void test_json_any_bytes(void **state)
{
	(void)state;
	for (unsigned pair = 0x100; pair <= 0xffff; pair++) {
		char text[3] = { (char)(pair >> 8), (char)(pair & 0xff), '\0' };
		struct buf out = { 0 };
		struct json j;
		json_begin(&j, &out);
		json_text(&j, "k", text);
		json_end(&j);
		assert_false(out.failed);
		assert_memory_equal(out.data, "{\"k\":\"", 6);
		assert_string_equal(out.data + out.len - 3, "\"}\n");
		for (size_t i = 6; i < out.len - 3; i++) {
			assert_true((unsigned char)out.data[i] >= 0x20 && out.data[i] != 0x7f);
			assert_int_not_equal(out.data[i], '"');
			if (out.data[i] == '\\') {
				i++;
				assert_true(i < out.len - 3 && (out.data[i] == '"' || out.data[i] == '\\'));
			}
		}
		buf_free(&out);
	}
}

static void test_json_numbers(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct json j;
	json_begin(&j, &out);
	json_unsigned(&j, "most", UINT64_MAX);
	json_seconds(&j, "zero", 0);
	json_seconds(&j, "one", 1);
	json_seconds(&j, "half", 1500000000);
	json_seconds(&j, "least", INT64_MIN);
	json_time(&j, "epoch", 0);
	json_array_begin(&j, "none");
	json_array_end(&j);
	json_array_begin(&j, "two");
	json_bool(&j, NULL, true);
	json_bool(&j, NULL, false);
	json_array_end(&j);
	json_end(&j);
	assert_string_equal(buf_text(&out), "{\"most\":18446744073709551615,\"zero\":0,\"one\":0.000000001,\"half\":1.5,"
	                                    "\"least\":-9223372036.854775808,\"epoch\":\"1970-01-01T00:00:00.000000000Z\",\"none\":[],"
	                                    "\"two\":[true,false]}\n");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_community_id),
		cmocka_unit_test(test_shard),
		cmocka_unit_test(test_flow_id),
		cmocka_unit_test(test_json_any_bytes),
		cmocka_unit_test(test_json_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
