/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_pairs: segments of two captures known again, and what became of those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "vantage/passage.h"

#define MS INT64_C(1000000)

enum { MOST = 64 };

static struct sight room[2][MOST];
static struct sights list[2];
static const int64_t start = INT64_C(1772442000) * 1000000000;

static void begin(void)
{
	for (int i = 0; i < 2; i++)
		list[i] = (struct sights){ .of = room[i], .room = MOST };
}

/* A segment as the place `at` (0 here, at the client; 1 there, 10 ms and 3 hops further) has it. time: ms after the start, here. */
static struct sight *add(int at, enum side from, int time, uint16_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
	struct sight *s = &list[at].of[list[at].count++];
	bool c = from == SIDE_CLIENT;
	*s = (struct sight){ .frame = list[at].count, .time = start + (time + (at == 0 ? 0 : c ? 10 : -10)) * MS, .seq = seq, .ack = ack, .len = len,
		             .flags = flags, .window = 500, .ttl = (uint8_t)((c ? 64 : 61) + (at == 0 ? 0 : c ? -3 : 3)), .from = (uint8_t)from };
	return s;
}

static void add_both(enum side from, int time, uint16_t flags, uint32_t seq, uint32_t ack, uint32_t len, uint16_t ip_id)
{
	for (int at = 0; at < 2; at++)
		add(at, from, time, flags, seq, ack, len)->ip_id = ip_id;
}

static void handshake(void)
{
	begin();
	add_both(SIDE_CLIENT, 0, TCP_SYN, 1000, 0, 0, 1);
	add_both(SIDE_SERVER, 20, TCP_SYN | TCP_ACK, 5000, 1001, 0, 0);
	add_both(SIDE_CLIENT, 21, TCP_ACK, 1001, 5001, 0, 2);
}

static const struct clock_fit same_clock = { .known = true, .two_way = true, .origin = INT64_C(1772442000) * 1000000000, .uncertainty = 10 * MS };
static const struct coverage always = { 0, INT64_MAX / 2 };

static struct passing fates[MOST];
static struct pairs pairs;

static size_t look(const struct coverage *cover)
{
	const struct alignment a = { .clock = &same_clock };
	assert_true(pairs_make(&list[0], &list[1], &a, &pairs));
	int order = passage_order(&list[0], &list[1], &pairs);
	assert_true(order > 0);
	size_t missed = passage_make(&list[0], &list[1], &pairs, &a, cover, order, fates);
	pairs_free(&pairs);
	return missed;
}

static enum fate last(void)
{
	return (enum fate)fates[list[0].count - 1].fate;
}

static void test_seen(void **state)
{
	(void)state;
	handshake();
	assert_int_equal(look(&always), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fates[i].fate, FATE_SEEN);
		assert_int_equal(fates[i].frame, i + 1);
		assert_int_equal(fates[i].changes, 0);
	}
	assert_int_equal(fates[0].time, list[0].of[0].time + 10 * MS);
}

/* Lost on its way; repeated, it arrives: the first is the lost one, by its IP ID and without one by its time. */
static void test_lost(void **state)
{
	(void)state;
	for (uint16_t id = 0; id < 2; id++) {
		handshake();
		add(0, SIDE_CLIENT, 30, TCP_ACK | TCP_PSH, 1001, 5001, 100)->ip_id = id * 7;
		add_both(SIDE_CLIENT, 230, TCP_ACK | TCP_PSH, 1001, 5001, 100, id * 8);
		add_both(SIDE_SERVER, 250, TCP_ACK, 5001, 1101, 0, 9);
		assert_int_equal(look(&always), 0);
		assert_int_equal(fates[3].fate, FATE_ABSENT);
		assert_int_equal(fates[4].fate, FATE_SEEN);
	}
}

/* Acknowledged, but never captured there: that capture lost it, and what else it lacks proves nothing. */
static void test_missed(void **state)
{
	(void)state;
	handshake();
	add(0, SIDE_CLIENT, 30, TCP_ACK | TCP_PSH, 1001, 5001, 100)->ip_id = 7;
	add_both(SIDE_SERVER, 50, TCP_ACK, 5001, 1101, 0, 9);
	add(0, SIDE_SERVER, 60, TCP_RST, 5001, 0, 0);
	assert_int_equal(look(&always), 1);
	assert_int_equal(fates[3].fate, FATE_MISSED);
	assert_int_equal(last(), FATE_SILENT);
}

static void test_reset(void **state)
{
	static const struct coverage ended = { 0, INT64_C(1772442000) * 1000000000 + 100 * MS }, began = { INT64_C(1772442060) * 1000000000, INT64_MAX / 2 };
	(void)state;
	handshake();
	add(0, SIDE_SERVER, 60, TCP_RST, 5001, 0, 0);
	look(&always);
	assert_int_equal(last(), FATE_ABSENT);
	look(&ended);
	assert_int_equal(last(), FATE_ABSENT); /* it fell silent only just before */
	list[0].of[3].time += 60000 * MS;
	look(&ended);
	assert_int_equal(last(), FATE_SILENT);
	list[0].of[3].time -= 60000 * MS;
	look(&began);
	assert_int_equal(last(), FATE_UNKNOWN);
	add(1, SIDE_SERVER, 60, TCP_RST, 5001, 0, 0);
	look(&always);
	assert_int_equal(last(), FATE_SEEN);
	list[1].of[3].ttl += 9; /* one that came another way is another one */
	look(&always);
	assert_int_equal(last(), FATE_ABSENT);
}

/* The network doubled a packet. */
static void test_copied(void **state)
{
	(void)state;
	handshake();
	add_both(SIDE_SERVER, 60, TCP_ACK | TCP_PSH, 5001, 1001, 50, 77);
	add(0, SIDE_SERVER, 90, TCP_ACK | TCP_PSH, 5001, 1001, 50)->ip_id = 77;
	look(&always);
	assert_int_equal(fates[3].fate, FATE_SEEN);
	assert_int_equal(last(), FATE_COPIED);
}

/* One segment here, five there. */
static void test_resized(void **state)
{
	(void)state;
	handshake();
	add(0, SIDE_CLIENT, 30, TCP_ACK | TCP_PSH, 1001, 5001, 5000)->ip_id = 9;
	for (uint32_t i = 0; i < 5; i++)
		add(1, SIDE_CLIENT, 30, TCP_ACK, 1001 + 1000 * i, 5001, 1000)->ip_id = (uint16_t)(9 + i);
	assert_int_equal(look(&always), 0);
	assert_int_equal(last(), FATE_SEEN);
	assert_true(fates[3].resized);
	assert_int_equal(fates[3].frame, 4);
}

static void test_changed(void **state)
{
	(void)state;
	handshake();
	add_both(SIDE_CLIENT, 30, TCP_ACK | TCP_PSH, 1001, 5001, 100, 7);
	struct sight *there = &list[1].of[list[1].count - 1];
	there->window = 100;
	there->tos = 8;
	there->options = OPT_TS;
	look(&always);
	assert_int_equal(last(), FATE_SEEN);
	assert_int_equal(fates[3].changes, CHANGE_WINDOW | CHANGE_TOS | CHANGE_OPTIONS);
	assert_string_equal(change_name(2), "window");
}

/* Without clocks only what is there once is paired. */
static void test_without_clock(void **state)
{
	const struct alignment a = { .clock = NULL };
	(void)state;
	handshake();
	add(0, SIDE_SERVER, 60, TCP_ACK, 5001, 1001, 0);
	add(0, SIDE_SERVER, 70, TCP_ACK, 5001, 1001, 0);
	add(1, SIDE_SERVER, 70, TCP_ACK, 5001, 1001, 0);
	assert_true(pairs_make(&list[0], &list[1], &a, &pairs));
	assert_int_equal(pairs.here[2].kind, PAIR_SAME);
	assert_int_equal(pairs.here[3].kind, PAIR_NONE);
	assert_int_equal(pairs.here[4].kind, PAIR_NONE);
	pairs_free(&pairs);
}

/* On one link, where no hop counts, the turns tell who is nearer to whom. */
static void test_order_by_turns(void **state)
{
	const struct alignment a = { .clock = &same_clock };
	(void)state;
	handshake();
	for (size_t i = 0; i < 3; i++)
		list[1].of[i].ttl = list[0].of[i].ttl;
	assert_true(pairs_make(&list[0], &list[1], &a, &pairs));
	assert_true(passage_order(&list[0], &list[1], &pairs) > 0);
	pairs_free(&pairs);
	assert_true(pairs_make(&list[1], &list[0], &a, &pairs));
	assert_true(passage_order(&list[1], &list[0], &pairs) < 0);
	pairs_free(&pairs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen), cmocka_unit_test(test_lost), cmocka_unit_test(test_missed), cmocka_unit_test(test_reset),
		cmocka_unit_test(test_copied), cmocka_unit_test(test_resized), cmocka_unit_test(test_changed), cmocka_unit_test(test_without_clock),
		cmocka_unit_test(test_order_by_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
