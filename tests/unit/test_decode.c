/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_decode: IP lengths and fields, fragments, TCP options, checksums, ICMP errors, and what cannot be decoded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "decode/decode.h"
#include "decode/joined.h"
#include "frames.h"

static struct bytes frame;

static void test_padding(void **state)
{
	(void)state;
	struct decoded decoded;
	ipv4_segment(&frame);
	bytes_behind(&frame, "\0\0\0\0\0\0", 6); /* Ethernet padding is no payload */
	bytes_ethernet(&frame, 0x0800);
	struct packet packet = packet_of(&frame, 1);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	is_the_segment(&decoded.segment);
	assert_memory_equal(decoded.segment.src_mac, "\x02\0\0\0\0\x01", 6);
	ipv4_segment(&frame);
	bytes_set_be16(&frame, 2, 0); /* total length 0: segmentation offload */
	packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	assert_int_equal(decoded.segment.len, 5);
	ipv4_segment(&frame);
	bytes_set_be16(&frame, 2, 1500); /* the tool forgot the original length: IP still knows */
	bytes_ipv4_checksum(&frame);
	packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	assert_int_equal(decoded.segment.len, 1460);
	assert_int_equal(decoded.segment.captured, 5);
	bytes_set_be16(&frame, 2, 1400); /* … but not when its header is damaged */
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	assert_int_equal(decoded.segment.len, 5);
}

static void test_jumbogram(void **state)
{
	(void)state;
	struct decoded decoded;
	bytes_new(&frame);
	bytes_tcp(&frame);
	bytes_front(&frame, "06 00 c2 04 00020000");
	bytes_ipv6(&frame, 0);
	bytes_set_be16(&frame, 4, 0);
	struct packet packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	assert_int_equal(decoded.segment.len, 0x20000 - 8 - 20); /* RFC 2675: the length counts from the option's header on */
	assert_int_equal(decoded.segment.captured, 5);
}

static void segment_with_options(const char *options, struct decoded *decoded)
{
	uint8_t bytes[64];
	size_t n = bytes_from_hex(options, bytes);
	bytes_new(&frame);
	bytes_behind(&frame, bytes, n);
	bytes_front(&frame, "9c40 0050 000003e8 00000000 5002 0200 0000 0000");
	frame.data[frame.begin + 12] = (uint8_t)((5 + n / 4) << 4);
	bytes_ipv4(&frame, 6);
	struct packet packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, decoded), DECODE_SEGMENT);
	assert_int_equal(decoded->segment.len, 0);
	struct buf out = { 0 };
	decode_describe(&packet, &out);
	assert_non_null(strstr(buf_text(&out), "TCP  Sequence number: 1000\n"));
	assert_non_null(strstr(buf_text(&out), "TCP  Flag names: SYN\n"));
	buf_free(&out);
}

static void test_options(void **state)
{
	(void)state;
	struct decoded decoded;
	const struct tcp_options *o = &decoded.segment.options;
	segment_with_options("020405b4 0402 080a 00000001 00000002 01 030307", &decoded);
	assert_int_equal(o->present, OPT_MSS | OPT_SACK_OK | OPT_TS | OPT_WSCALE);
	assert_true(o->mss == 1460 && o->wscale == 7 && o->tsval == 1 && o->tsecr == 2);
	segment_with_options("0101 0512 00000001 00000002 00000003 00000004", &decoded);
	assert_int_equal(o->present, OPT_SACK);
	assert_true(o->sack_count == 2 && o->sack[0].left == 1 && o->sack[1].right == 4);
	segment_with_options("1e0c 1001 01020304 05060708", &decoded);
	assert_int_equal(o->present, OPT_MPTCP);
	assert_int_equal(o->mptcp_subtypes, 1u << 1);
	assert_int_equal(o->mptcp_token, 0x01020304);
	segment_with_options("1e04 8106", &decoded);
	assert_true(o->mptcp_subtypes == 1u << 8 && o->mptcp_reason == 6 && o->mptcp_flags == 1);
	segment_with_options("2206 01020304 0101", &decoded);
	assert_true(o->present == OPT_TFO && o->tfo_length == 4);
	segment_with_options("fe04 f989", &decoded);
	assert_true(o->present == OPT_TFO && o->tfo_length == 0);
	segment_with_options("1312 00000000000000000000000000000000 0101", &decoded);
	assert_int_equal(o->present, OPT_MD5_AO);
	segment_with_options("fd04 0000", &decoded);
	assert_int_equal(o->present, OPT_OTHER);
	segment_with_options("00 0204 05", &decoded); /* nothing is read after the end of the list */
	assert_int_equal(o->present, 0);
}

static void test_malformed_options(void **state)
{
	(void)state;
	static const char *const cases[] = { "02000000", "02010000", "0207 0000", "01010102", "0402 0809", "0402 0803" };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct decoded decoded;
		segment_with_options(cases[i], &decoded);
		assert_true((decoded.segment.options.present & OPT_MALFORMED) != 0);
		assert_false(decoded.segment.malformed);
	}
	struct decoded decoded;
	segment_with_options("0203 05 01", &decoded); /* a known kind with another length */
	assert_int_equal(decoded.segment.options.present, OPT_OTHER);
	segment_with_options("020405b4 080a 00000001 00000002 0101", &decoded);
	struct packet packet = packet_of(&frame, 101);
	packet.caplen = 20 + 20 + 6;
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	assert_int_equal(decoded.segment.options.present, OPT_MSS | OPT_CUT);
}

static void test_data_offset(void **state)
{
	(void)state;
	for (unsigned offset = 0; offset < 16; offset++) { /* in words; the segment has 25 bytes */
		struct decoded decoded;
		ipv4_segment(&frame);
		frame.data[frame.begin + 20 + 12] = (uint8_t)(offset << 4);
		struct packet packet = packet_of(&frame, 101);
		enum decode_result result = decode_packet(&packet, 0, &decoded);
		assert_int_equal(result, offset < 5 ? DECODE_FAILED : DECODE_SEGMENT);
		assert_int_equal(decoded.reason, offset < 5 ? REASON_TCP_MALFORMED : REASON_NONE);
		if (offset < 5)
			continue;
		assert_int_equal(decoded.segment.malformed, offset > 6);
		assert_int_equal(decoded.segment.len, offset > 6 ? 0 : 25 - 4 * offset);
		assert_int_equal(decoded.segment.src_port, 40000);
	}
}

static uint32_t word_sum(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static enum checksum checksum_with(uint32_t value, uint8_t flags, unsigned options)
{
	struct decoded decoded;
	ipv4_segment(&frame);
	frame.data[frame.begin + 20 + 13] = flags;
	bytes_set_be16(&frame, 20 + 16, value);
	struct packet packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, options, &decoded), DECODE_SEGMENT);
	return decoded.segment.checksum;
}

static void test_checksum(void **state)
{
	(void)state;
	uint8_t pseudo[12] = { 10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0, 25 };
	ipv4_segment(&frame);
	frame.data[frame.begin + 20 + 13] = TCP_RST | TCP_ACK;
	uint32_t partial = word_sum(pseudo, sizeof pseudo), whole = word_sum(bytes_at(&frame) + 20, 25) + partial;
	whole = (whole & 0xffff) + (whole >> 16);
	uint32_t good = ~whole & 0xffff;
	assert_int_equal(checksum_with(good, TCP_RST | TCP_ACK, 0), CHECKSUM_GOOD);
	assert_int_equal(checksum_with(good ^ 1, TCP_RST | TCP_ACK, 0), CHECKSUM_BAD);
	assert_int_equal(checksum_with(partial, TCP_RST | TCP_ACK, 0), CHECKSUM_PARTIAL);
	assert_int_equal(checksum_with(good, TCP_PSH | TCP_ACK, 0), CHECKSUM_UNKNOWN); /* only resets without being asked */
	assert_int_equal(checksum_with(good, TCP_PSH | TCP_ACK, DECODE_CHECKSUM), CHECKSUM_BAD);
}

static void test_icmp(void **state)
{
	(void)state;
	struct decoded decoded;
	ipv4_segment(&frame);
	frame.end = frame.begin + 28; /* the IP header and eight bytes are quoted (RFC 792) */
	bytes_front(&frame, "0304 0000 0000 0578");
	bytes_ipv4(&frame, 1);
	bytes_from_hex("c0000201", frame.data + frame.begin + 12);
	struct packet packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_ICMP_ERROR);
	assert_true(decoded.icmp.version == 4 && decoded.icmp.type == 3 && decoded.icmp.code == 4 && decoded.icmp.mtu == 1400);
	assert_memory_equal(decoded.icmp.from, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01", 16);
	assert_true(decoded.segment.src_port == 40000 && decoded.segment.dst_port == 80 && decoded.segment.seq == 1000);
	assert_int_equal(decoded.segment.src[15], 1);
	packet.caplen -= 1; /* not even the sequence number */
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_NOT_TCP);
	ipv6_segment(&frame);
	bytes_front(&frame, "0200 0000 00000500");
	bytes_ipv6(&frame, 58);
	packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_ICMP_ERROR);
	assert_true(decoded.icmp.version == 6 && decoded.icmp.type == 2 && decoded.icmp.mtu == 1280);
	assert_int_equal(decoded.segment.flags, TCP_PSH | TCP_ACK);
	ipv4_segment(&frame);
	bytes_front(&frame, "0000 0000 0000 0000"); /* an echo reply quotes nothing */
	bytes_ipv4(&frame, 1);
	packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_NOT_TCP);
}

static void test_ip_fields(void **state)
{
	(void)state;
	struct decoded decoded;
	const struct segment *s = &decoded.segment;
	ipv4_segment(&frame);
	bytes_front(&frame, "0800");
	bytes_front(&frame, "8100 0005");
	bytes_front(&frame, "020000000002 020000000001");
	struct packet packet = packet_of(&frame, 1);
	decode_packet(&packet, 0, &decoded);
	assert_true(s->ip_version == 4 && s->ttl == 64 && s->ip_id == 0x1234 && s->ip_bits == IP_DF);
	assert_true(s->vlan_count == 1 && s->vlan[0] == 5);
	ipv6_segment(&frame);
	packet = packet_of(&frame, 101);
	decode_packet(&packet, 0, &decoded);
	assert_true(s->ip_version == 6 && s->ttl == 63 && s->flow_label == 0x12345 && s->src[0] == 0xfd && s->ip_bits == 0 && s->ip_label == 0);
	ipv4_segment(&frame); /* with a security option (RFC 1108) */
	memmove(frame.data + frame.begin - 4, frame.data + frame.begin, 20);
	frame.begin -= 4;
	bytes_from_hex("82030000", frame.data + frame.begin + 20);
	frame.data[frame.begin] = 0x46;
	bytes_set_be16(&frame, 2, bytes_length(&frame));
	packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	uint16_t label = s->ip_label;
	assert_true(s->ip_bits == IP_DF && label != 0);
	is_the_segment(s);
	frame.data[frame.begin + 22] = 1; /* another level */
	packet = packet_of(&frame, 101);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	assert_true(s->ip_label != 0 && s->ip_label != label);
}

static void fails_as(uint16_t link_type, enum decode_result result, enum decode_reason reason)
{
	struct decoded decoded;
	struct packet packet = packet_of(&frame, link_type);
	assert_int_equal(decode_packet(&packet, 0, &decoded), result);
	assert_int_equal(decoded.reason, reason);
}

static void ethernet_frame(const char *hex)
{
	bytes_new(&frame);
	bytes_front(&frame, hex);
	bytes_front(&frame, "020000000002 020000000001");
}

/* A datagram of samples that begin so; more: to be added to its version. */
static void sflow(const char *samples, unsigned more)
{
	bytes_new(&frame);
	bytes_front(&frame, "00000000 00000000 00000000");
	bytes_front(&frame, samples);
	bytes_front(&frame, "00000001 0a000001 00000000 00000001 00000001 00000001");
	bytes_front(&frame, more == 0 ? "00000005" : "00000006");
	bytes_udp(&frame, 6343);
	bytes_ipv4(&frame, 17);
}

/* The length of an inner packet where a tunnel's own is there to be believed, and where mirrors cut what they carry. */
static void test_inner_length(void **state)
{
	(void)state;
	struct decoded decoded;
	for (unsigned vxlan = 0; vxlan < 2; vxlan++) {
		ipv4_segment(&frame);
		bytes_set_be16(&frame, 2, 1480);
		bytes_ipv4_checksum(&frame);
		if (vxlan)
			bytes_ethernet(&frame, 0x0800);
		bytes_front(&frame, vxlan ? "08000000 00002a00" : "30ff 002d 00000005");
		bytes_udp(&frame, vxlan ? 4789 : 2152);
		bytes_ipv4(&frame, 17);
		struct packet packet = packet_of(&frame, 101);
		assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
		assert_int_equal(decoded.segment.len, vxlan ? 1480 - 20 - 20 : 5);
	}
}

static void test_failures(void **state)
{
	(void)state;
	ipv4_segment(&frame);
	fails_as(147, DECODE_FAILED, REASON_LINK_TYPE);
	ethernet_frame("0806 0001 0800 0604");
	fails_as(1, DECODE_NOT_TCP, REASON_NONE);
	ethernet_frame("08");
	fails_as(1, DECODE_FAILED, REASON_LINK_CUT);
	ethernet_frame("88e5 2c 00 00000001 0000000000000000 0000");
	fails_as(1, DECODE_FAILED, REASON_ENCRYPTED);
	ipv4_segment(&frame);
	frame.data[frame.begin] = 0x44;
	fails_as(101, DECODE_FAILED, REASON_IP_MALFORMED);
	ipv4_segment(&frame);
	bytes_set_be16(&frame, 2, 19);
	fails_as(101, DECODE_FAILED, REASON_IP_MALFORMED);
	ipv4_segment(&frame);
	bytes_set_be16(&frame, 2, 39); /* 19 bytes of TCP by the IP length */
	fails_as(101, DECODE_FAILED, REASON_TCP_MALFORMED);
	bytes_new(&frame);
	bytes_front(&frame, "00000001 00000001 0000000000000000");
	bytes_ipv4(&frame, 50);
	fails_as(101, DECODE_FAILED, REASON_ENCRYPTED);
	bytes_new(&frame);
	bytes_front(&frame, "06 00 0002 0000000000000000"); /* IPComp, DEFLATE */
	bytes_ipv4(&frame, 108);
	fails_as(101, DECODE_FAILED, REASON_ENCRYPTED);
	sflow("00000001", 0);
	fails_as(101, DECODE_FAILED, REASON_SAMPLED);
	sflow("00000002 00000008 0000000000000000 00000003", 0);
	fails_as(101, DECODE_FAILED, REASON_SAMPLED);
	sflow("00000002 00000008 0000000000000000", 0);
	fails_as(101, DECODE_NOT_TCP, REASON_NONE);
	sflow("00000001", 1);
	fails_as(101, DECODE_NOT_TCP, REASON_NONE);
	bytes_new(&frame);
	bytes_tcp(&frame);
	for (int i = 0; i < 60; i++) /* bounded, whatever is nested */
		bytes_ipv4(&frame, i == 0 ? 6 : 4);
	fails_as(101, DECODE_FAILED, REASON_TOO_DEEP);
	for (int reason = 0; reason < REASON_COUNT; reason++)
		assert_true(strlen(decode_reason_name((enum decode_reason)reason)) > 3);
}

/* Sends the payload from `from` to `to` of the datagram in `whole` (headers of 20 bytes) as a fragment of its own. */
static enum decode_result send_fragment(struct fragments *f, const struct bytes *whole, size_t from, size_t to, uint64_t number,
                                        struct decoded *decoded)
{
	static struct bytes part;
	bytes_new(&part);
	bytes_behind(&part, bytes_at(whole) + 20 + from, to - from);
	bytes_ipv4(&part, 6);
	bytes_set_be16(&part, 6, (to < bytes_length(whole) - 20 ? 0x2000u : 0) | from / 8);
	struct packet packet = packet_of(&part, 101);
	packet.number = packet.offset = number;
	return decode_packet_joined(&packet, DECODE_CHECKSUM, f, decoded);
}

static void test_fragments(void **state)
{
	(void)state;
	/* Orders in which three fragments (8 + 8 + 9 bytes) arrive: the TCP header is split over all of them. */
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	static const size_t ends[4] = { 0, 8, 16, 25 };
	ipv4_segment(&frame);
	for (size_t i = 0; i < 6; i++) {
		struct fragments *f = fragments_new(false);
		struct decoded decoded;
		for (int j = 0; j < 3; j++) {
			int which = orders[i][j];
			enum decode_result result = send_fragment(f, &frame, ends[which], ends[which + 1], (uint64_t)j + 1, &decoded);
			assert_int_equal(result, j < 2 ? DECODE_HELD : DECODE_SEGMENT);
		}
		is_the_segment(&decoded.segment);
		assert_int_equal(decoded.segment.frame, 3);
		assert_int_equal(fragments_waiting(f), 0);
		fragments_free(f);
	}
}

static void test_fragments_refused(void **state)
{
	(void)state;
	struct decoded decoded;
	struct fragments *f = fragments_new(false);
	ipv4_segment(&frame);
	assert_int_equal(send_fragment(f, &frame, 0, 16, 1, &decoded), DECODE_HELD);
	assert_int_equal(send_fragment(f, &frame, 0, 16, 2, &decoded), DECODE_HELD); /* twice the same */
	assert_int_equal(send_fragment(f, &frame, 16, 25, 3, &decoded), DECODE_SEGMENT);
	is_the_segment(&decoded.segment);
	assert_int_equal(send_fragment(f, &frame, 0, 12, 4, &decoded), DECODE_FAILED); /* only the last may end anywhere */
	assert_int_equal(decoded.reason, REASON_FRAGMENT);
	assert_int_equal(send_fragment(f, &frame, 16, 25, 5, &decoded), DECODE_HELD);
	frame.end -= 3;
	assert_int_equal(send_fragment(f, &frame, 16, 22, 6, &decoded), DECODE_FAILED); /* two ends that differ */
	assert_int_equal(fragments_dropped(f), 1);
	assert_int_equal(send_fragment(NULL, &frame, 0, 16, 7, &decoded), DECODE_SEGMENT); /* not joined: the first alone */
	assert_int_equal(decoded.segment.ip_bits & (IP_FRAGMENT | IP_MF), IP_FRAGMENT | IP_MF);
	assert_int_equal(send_fragment(NULL, &frame, 16, 22, 8, &decoded), DECODE_FAILED);
	assert_int_equal(decoded.reason, REASON_FRAGMENT);
	fragments_free(f);
}

static void test_fragments_bounded(void **state)
{
	(void)state;
	struct decoded decoded;
	struct fragments *f = fragments_new(false);
	static struct bytes part;
	for (unsigned i = 0; i < 5000; i++) {
		bytes_new(&part);
		part.end += 60000 / 8 * 8;
		bytes_ipv4(&part, 6);
		bytes_set_be16(&part, 4, i);
		bytes_set_be16(&part, 6, 0x2000);
		struct packet packet = packet_of(&part, 101);
		assert_int_equal(decode_packet_joined(&packet, 0, f, &decoded), DECODE_HELD);
		assert_true(fragments_waiting(f) * 60000 <= (5u << 20));
	}
	assert_true(fragments_dropped(f) + fragments_waiting(f) == 5000);
	fragments_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_padding), cmocka_unit_test(test_jumbogram),
		cmocka_unit_test(test_options), cmocka_unit_test(test_malformed_options), cmocka_unit_test(test_data_offset),
		cmocka_unit_test(test_checksum), cmocka_unit_test(test_icmp), cmocka_unit_test(test_ip_fields), cmocka_unit_test(test_failures),
		cmocka_unit_test(test_inner_length),
		cmocka_unit_test(test_fragments), cmocka_unit_test(test_fragments_refused), cmocka_unit_test(test_fragments_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
