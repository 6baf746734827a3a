/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_plain: what plain.c decodes in one go is what the steps make of it, whatever is changed or cut in the frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "decode/frame.h"
#include "frames.h"
#include "same_segment.h"

static struct bytes frame;

/* Decodes the packet both ways, into what held other bytes before: the same segment, where there is a plain one. Was there? */
static bool plain_as_steps(const struct packet *packet)
{
	struct decoded plain, steps;
	struct trail trail = { .count = 0 }; /* with a trail the steps decode */
	memset(&plain, 0xa5, sizeof plain);
	memset(&steps, 0x5a, sizeof steps);
	bool is_plain = plain_decode(packet, DECODE_CHECKSUM, &plain);
	enum decode_result result = frame_decode(packet, DECODE_CHECKSUM, NULL, &steps, &trail);
	assert_true(!is_plain || (result == DECODE_SEGMENT && same_segment(&plain.segment, &steps.segment) && plain.reason == steps.reason));
	if (is_plain) {
		assert_true(plain_decode(packet, 0, &plain));
		assert_int_equal(frame_decode(packet, 0, NULL, &steps, &trail), DECODE_SEGMENT);
		assert_true(same_segment(&plain.segment, &steps.segment));
	}
	return is_plain;
}

/* The frame as it is, cut at every length, longer on the wire, and with each byte changed in several ways. Returns how many were plain. */
static unsigned vary(void)
{
	static const uint8_t changes[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff };
	struct packet packet = packet_of(&frame, 1);
	uint32_t whole = packet.caplen;
	unsigned plain = plain_as_steps(&packet);
	for (packet.caplen = 0; packet.caplen < whole; packet.caplen++)
		plain += plain_as_steps(&packet);
	for (packet.len = whole - 20; packet.len < whole + 20; packet.len++)
		plain += plain_as_steps(&packet);
	packet.len = whole;
	for (size_t at = frame.begin; at < frame.end; at++)
		for (size_t i = 0; i < sizeof changes; i++) {
			frame.data[at] ^= changes[i];
			plain += plain_as_steps(&packet);
			frame.data[at] ^= changes[i];
		}
	return plain;
}

/* A segment with these options (a multiple of four bytes) and flags and n bytes of payload, in IP of this version. */
static void build(unsigned version, const char *options, uint8_t flags, const char *payload, size_t n)
{
	uint8_t bytes[64];
	size_t length = bytes_from_hex(options, bytes);
	bytes_new(&frame);
	bytes_behind(&frame, bytes, length);
	bytes_behind(&frame, payload, n);
	bytes_front(&frame, "9c40 0050 000003e8 00000001 5000 0200 1234 0007");
	frame.data[frame.begin + 12] = (uint8_t)((5 + length / 4) << 4);
	frame.data[frame.begin + 13] = flags;
	if (version == 4)
		bytes_ipv4(&frame, 6);
	else
		bytes_ipv6(&frame, 6);
}

static void test_same(void **state)
{
	(void)state;
	static const char *const options[] = {
		"", "0101080a 00000001 00000002", "020405b4 0402 080a 00000001 00000002 01 030307", "0101 0512 00000001 00000002 00000003 00000004",
		"1e0c 1001 01020304 05060708", "02000000", "01010102", "00 0204 05",
	};
	static const uint8_t flags[] = { TCP_ACK, TCP_SYN, TCP_RST, TCP_RST | TCP_ACK, TCP_FIN | TCP_ACK | TCP_PSH };
	unsigned plain = 0, cases = 0;
	for (unsigned version = 4; version <= 6; version += 2)
		for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
			for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++)
				for (size_t n = 0; n <= 9; n += 3) {
					build(version, options[i], flags[k], "\0\0\0\0\0\0hello", n);
					bytes_ethernet(&frame, version == 4 ? 0x0800 : 0x86dd);
					unsigned these = vary();
					assert_int_not_equal(these, 0);
					plain += these;
					cases++;
				}
	assert_in_range(plain, cases * 100, cases * 2000); /* most of them, or nothing was compared */
}

static void test_tagged(void **state)
{
	(void)state;
	for (unsigned version = 4; version <= 6; version += 2) {
		build(version, "0101080a 00000001 00000002", TCP_ACK, "hello", 5);
		bytes_front(&frame, version == 4 ? "002a 0800" : "e02a 86dd");
		bytes_ethernet(&frame, 0x8100);
		assert_in_range(vary(), 100, 2000);
		bytes_ethernet(&frame, 0x0800);
		assert_int_equal(vary(), 0); /* Ethernet in what says that it is IP */
	}
}

/* What is odd is left to the steps. */
static void test_not_plain(void **state)
{
	(void)state;
	static const char *const fronts[] = { "45000000 0000 2000 40060000 0a000001 0a000002", "45000000 0000 0001 40060000 0a000001 0a000002",
		"46000000 0000 4000 40060000 0a000001 0a000002 01010100", "45000000 0000 4000 40110000 0a000001 0a000002" };
	for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
		bytes_new(&frame);
		bytes_tcp(&frame);
		bytes_front(&frame, fronts[i]);
		bytes_set_be16(&frame, 2, bytes_length(&frame));
		bytes_ethernet(&frame, 0x0800);
		struct packet packet = packet_of(&frame, 1);
		assert_false(plain_as_steps(&packet));
	}
	ipv4_segment(&frame);
	struct packet packet = packet_of(&frame, 101);
	assert_false(plain_as_steps(&packet));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same), cmocka_unit_test(test_tagged), cmocka_unit_test(test_not_plain) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
