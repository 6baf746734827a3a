/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_tracker: lists of segments and what the reducer must say of each: both ends' states and the marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lines.h"

enum { C = TCP_CLOSED, L = TCP_LISTEN, SS = TCP_SYN_SENT, SR = TCP_SYN_RECEIVED, E = TCP_ESTABLISHED, F1 = TCP_FIN_WAIT_1, F2 = TCP_FIN_WAIT_2,
       CW = TCP_CLOSE_WAIT, CG = TCP_CLOSING, LA = TCP_LAST_ACK, TW = TCP_TIME_WAIT, U = TCP_UNKNOWN };

#define HANDSHAKE \
	{ 'c', "S", 100, 0, 0, 0, SS, L }, { 's', "SA", 500, 101, 0, 0, SS, SR }, { 'c', "A", 101, 501, 0, 0, E, E }

static void run_lines(const char *name, const struct line *lines, size_t n, uint32_t shift)
{
	struct tracker t;
	int64_t time = 1000 * MS;
	tracker_init(&t);
	for (unsigned i = 0; i < n; i++) {
		const struct line *l = &lines[i];
		struct segment s = line_segment(l, i, &time);
		bool refusal = (s.flags & TCP_RST) != 0 && s.seq == 0;
		s.seq += refusal ? 0 : shift;
		s.ack += (s.flags & TCP_ACK) != 0 ? shift : 0;
		uint32_t marks = tracker_step(&t, &s, l->from == 'c' ? SIDE_CLIENT : SIDE_SERVER);
		if (marks == l->marks && t.end[0].state == l->client && t.end[1].state == l->server)
			continue;
		printf("# %s, shifted by %u, line %u: client %s server %s, not %s %s; marks:", name, shift, i + 1,
		       tcp_state_name((enum tcp_state)t.end[0].state), tcp_state_name((enum tcp_state)t.end[1].state),
		       tcp_state_name((enum tcp_state)l->client), tcp_state_name((enum tcp_state)l->server));
		for (unsigned bit = 0; bit < MARK_COUNT; bit++)
			if (((marks ^ l->marks) & 1u << bit) != 0)
				printf(" %c%s", (marks & 1u << bit) != 0 ? '+' : '-', mark_name(bit));
		printf("\n");
		fail();
	}
}

/* Each list as it is, and with numbers that wrap around at each point of it. */
#define RUN(lines) \
	do { \
		for (uint32_t shift_ = 0; shift_ <= 1200; shift_ += 50) \
			run_lines(#lines, lines, sizeof lines / sizeof *lines, 0u - shift_); \
	} while (0)

static const struct line close_client_first[] = {
	HANDSHAKE,
	{ 'c', "PA", 101, 501, 50, 0, E, E },
	{ 's', "A", 501, 151, 0, 0, E, E },
	{ 's', "PA", 501, 151, 200, 0, E, E },
	{ 'c', "FA", 151, 701, 0, 0, F1, CW },
	{ 's', "A", 701, 152, 0, 0, F2, CW },
	{ 's', "FA", 701, 152, 0, 0, TW, LA },
	{ 'c', "A", 152, 702, 0, 0, TW, C },
	{ 's', "FA", 701, 152, 0, MARK_RETRANSMISSION | MARK_SPURIOUS | MARK_AFTER_CLOSE, TW, C, .after_ms = 300 },
};
static const struct line close_server_first_at_once[] = {
	HANDSHAKE,
	{ 's', "FA", 501, 101, 10, 0, CW, F1 },
	{ 'c', "FA", 101, 512, 0, 0, LA, TW },
	{ 's', "A", 512, 102, 0, 0, C, TW },
};
static const struct line close_crossing[] = {
	HANDSHAKE,
	{ 'c', "FA", 101, 501, 0, 0, F1, CW },
	{ 's', "FA", 501, 101, 0, 0, CG, F1 },
	{ 'c', "A", 102, 502, 0, 0, CG, TW },
	{ 's', "A", 502, 102, 0, 0, TW, TW },
};
static const struct line half_close[] = {
	HANDSHAKE,
	{ 'c', "FA", 101, 501, 20, 0, F1, CW },
	{ 's', "A", 501, 122, 0, 0, F2, CW },
	{ 's', "A", 501, 122, 300, MARK_LATE_DATA, F2, CW },
	{ 'c', "A", 122, 801, 0, 0, F2, CW },
	{ 's', "FA", 801, 122, 0, 0, TW, LA },
	{ 'c', "A", 122, 802, 0, 0, TW, C },
};
static const struct line fin_before_its_data[] = {
	HANDSHAKE,
	{ 'c', "FA", 201, 501, 0, MARK_HOLE_BEFORE, F1, E },
	{ 's', "A", 501, 101, 0, MARK_DUP_ACK, F1, E },
	{ 'c', "A", 101, 501, 100, MARK_OUT_OF_ORDER, F1, CW },
	{ 's', "A", 501, 202, 0, 0, F2, CW },
};
static const struct line open_simultaneous[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "S", 500, 0, 0, MARK_SIMULTANEOUS_OPEN, SR, SR },
	{ 'c', "SA", 100, 501, 0, 0, SR, E },
	{ 's', "SA", 500, 101, 0, 0, E, E },
	{ 'c', "A", 101, 501, 10, 0, E, E },
};
static const struct line open_split[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "S", 500, 0, 0, MARK_SIMULTANEOUS_OPEN, SR, SR },
	{ 'c', "SA", 100, 501, 0, 0, SR, E },
	{ 's', "A", 501, 101, 0, 0, E, E },
};
static const struct line open_retried[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 'c', "S", 100, 0, 0, MARK_RETRANSMISSION | MARK_SYN_RETRANSMISSION, SS, L, .after_ms = 1000 },
	{ 's', "SA", 500, 101, 0, 0, SS, SR },
	{ 's', "SA", 500, 101, 0, MARK_RETRANSMISSION | MARK_SYN_RETRANSMISSION, SS, SR, .after_ms = 1000 },
	{ 'c', "A", 101, 501, 0, 0, E, E },
	{ 's', "SA", 500, 101, 0, MARK_RETRANSMISSION | MARK_SYN_RETRANSMISSION, E, SR, .after_ms = 1000 },
	{ 'c', "A", 101, 501, 0, 0, E, E },
};
static const struct line open_fast[] = {
	{ 'c', "S", 100, 0, 30, MARK_TFO_DATA, SS, L },
	{ 's', "SA", 500, 131, 0, 0, SS, SR },
	{ 's', "A", 501, 131, 70, 0, SS, SR },
	{ 'c', "A", 131, 571, 0, 0, E, E },
};
static const struct line open_fast_refused[] = {
	{ 'c', "S", 100, 0, 30, MARK_TFO_DATA, SS, L },
	{ 's', "RA", 0, 131, 0, MARK_RST_EXACT, C, C },
};
static const struct line refused_thrice[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "RA", 0, 101, 0, MARK_RST_EXACT, C, C, .ip_id = NO_ID },
	{ 'c', "S", 100, 0, 0, MARK_RETRANSMISSION | MARK_SYN_RETRANSMISSION, SS, L, .after_ms = 500 },
	{ 's', "RA", 0, 101, 0, MARK_RST_EXACT, C, C, .ip_id = NO_ID },
	{ 'c', "S", 100, 0, 0, MARK_RETRANSMISSION | MARK_SYN_RETRANSMISSION, SS, L, .after_ms = 500 },
	{ 's', "RA", 0, 101, 0, MARK_RST_EXACT, C, C, .ip_id = NO_ID },
};
static const struct line syn_sent_ignores[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "R", 77, 0, 0, MARK_RST_OUTSIDE, SS, L },
	{ 's', "RA", 0, 100, 0, MARK_RST_OUTSIDE, SS, L },
	{ 's', "RA", 0, 102, 0, MARK_RST_OUTSIDE, SS, L },
	{ 's', "SA", 500, 101, 0, 0, SS, SR },
	{ 'c', "A", 101, 501, 0, 0, E, E },
};
static const struct line syn_sent_refuses_answer[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "SA", 900, 55, 0, MARK_SYN_OTHER_ISN, SS, SR },
	{ 'c', "R", 55, 0, 0, MARK_RST_EXACT, SS, C, .ip_id = NO_ID },
	{ 's', "SA", 500, 101, 0, 0, SS, SR },
	{ 'c', "A", 101, 501, 0, 0, E, E },
};
static const struct line attempt_given_up[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "SA", 500, 101, 0, 0, SS, SR },
	{ 'c', "R", 101, 0, 0, MARK_RST_EXACT, C, C },
};
static const struct line syn_received_wants_exact[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "SA", 500, 101, 0, 0, SS, SR },
	{ 'c', "R", 100, 0, 0, MARK_RST_OUTSIDE, SS, SR },
	{ 'c', "R", 200, 0, 0, MARK_RST_IN_WINDOW, SS, SR },
	{ 'c', "R", 1102, 0, 0, MARK_RST_OUTSIDE, SS, SR },
	{ 'c', "R", 101, 0, 0, MARK_RST_EXACT, C, C },
};
static const struct line reset_established[] = {
	HANDSHAKE,
	{ 's', "RA", 501, 101, 0, MARK_RST_EXACT, C, C },
	{ 'c', "A", 101, 501, 10, MARK_AFTER_CLOSE, C, C },
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT | MARK_AFTER_CLOSE, C, C },
};
static const struct line reset_in_window_then_exact[] = {
	HANDSHAKE,
	{ 's', "RA", 700, 101, 0, MARK_RST_IN_WINDOW, E, E },
	{ 'c', "A", 101, 501, 0, MARK_CHALLENGE_ACK, E, E },
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT, C, C },
};
static const struct line reset_outside[] = {
	HANDSHAKE,
	{ 's', "R", 500, 0, 0, MARK_RST_OUTSIDE, E, E },
	{ 's', "R", 1501, 0, 0, MARK_RST_OUTSIDE, E, E },
	{ 's', "R", 1500, 0, 0, MARK_RST_IN_WINDOW, E, E },
	{ 's', "A", 501, 101, 10, 0, E, E },
};
static const struct line reset_did_not_take[] = {
	HANDSHAKE,
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT, C, C },
	{ 's', "A", 501, 101, 10, MARK_AFTER_CLOSE, C, C },
	{ 'c', "A", 101, 511, 0, MARK_AFTER_CLOSE, E, E },
	{ 'c', "A", 101, 511, 20, 0, E, E },
};
static const struct line reset_at_fin[] = {
	HANDSHAKE,
	{ 's', "FA", 501, 101, 0, 0, CW, F1 },
	{ 'c', "A", 101, 502, 0, 0, CW, F2 },
	{ 'c', "A", 101, 502, 9, MARK_LATE_DATA, CW, F2 },
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT, C, C },
};
static const struct line reset_of_time_wait[] = {
	HANDSHAKE,
	{ 'c', "FA", 101, 501, 0, 0, F1, CW },
	{ 's', "FA", 501, 102, 0, 0, TW, LA },
	{ 'c', "A", 102, 502, 0, 0, TW, C },
	{ 's', "R", 502, 0, 0, MARK_RST_EXACT | MARK_AFTER_CLOSE, C, C },
};
static const struct line lone_reset[] = {
	{ 's', "RA", 501, 101, 0, MARK_RST_UNKNOWN, C, C },
};
static const struct line midstream[] = {
	{ 'c', "PA", 101, 501, 20, 0, E, U },
	{ 's', "A", 501, 121, 0, 0, E, E },
	{ 's', "FA", 501, 121, 0, 0, CW, F1 },
};
static const struct line scaled_window[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L, .wscale = 1 + 4 },
	{ 's', "SA", 500, 101, 0, 0, SS, SR, .wscale = 1 + 1 },
	{ 'c', "A", 101, 501, 0, 0, E, E },
	{ 's', "R", 501 + 15999, 0, 0, MARK_RST_IN_WINDOW, E, E },
	{ 's', "R", 501 + 16000, 0, 0, MARK_RST_OUTSIDE, E, E },
};
static const struct line midstream_scale_unknown[] = {
	{ 'c', "A", 101, 501, 20, 0, E, U },
	{ 's', "R", 502, 0, 0, MARK_RST_IN_WINDOW, E, U },
	{ 's', "R", 501 + 5000, 0, 0, MARK_RST_UNKNOWN, E, U },
	{ 's', "R", 501 + (1000 << 14), 0, 0, MARK_RST_OUTSIDE, E, U },
};
static const struct line loss[] = {
	HANDSHAKE,
	{ 's', "A", 501, 101, 100, 0, E, E },
	{ 's', "A", 701, 101, 100, MARK_HOLE_BEFORE, E, E },
	{ 'c', "A", 101, 601, 0, 0, E, E },
	{ 'c', "A", 101, 601, 0, MARK_DUP_ACK, E, E },
	{ 's', "A", 601, 101, 100, MARK_RETRANSMISSION, E, E, .after_ms = 200 },
	{ 'c', "A", 101, 801, 0, 0, E, E },
	{ 's', "A", 601, 101, 100, MARK_RETRANSMISSION | MARK_SPURIOUS, E, E, .after_ms = 200 },
	{ 's', "A", 801, 101, 100, 0, E, E },
	{ 's', "A", 801, 101, 100, MARK_RETRANSMISSION, E, E, .after_ms = 200 },
};
static const struct line overtaken[] = {
	HANDSHAKE,
	{ 's', "A", 601, 101, 100, MARK_HOLE_BEFORE, E, E },
	{ 's', "A", 501, 101, 100, MARK_OUT_OF_ORDER, E, E },
	{ 's', "RA", 701, 101, 0, MARK_RST_EXACT, C, C },
};
static const struct line not_captured[] = {
	HANDSHAKE,
	{ 'c', "A", 101, 900, 0, MARK_ACKS_UNSEEN, E, E },
	{ 's', "A", 900, 101, 10, MARK_HOLE_BEFORE, E, E },
	{ 's', "RA", 910, 101, 0, MARK_RST_EXACT, C, C },
};
static const struct line keepalives[] = {
	HANDSHAKE,
	{ 'c', "A", 100, 501, 0, 0, E, E, .after_ms = 5 },
	{ 'c', "A", 101, 501, 10, 0, E, E },
	{ 's', "A", 501, 111, 0, 0, E, E },
	{ 'c', "A", 110, 501, 0, MARK_KEEPALIVE, E, E, .after_ms = 7200000 },
	{ 's', "A", 501, 111, 0, MARK_KEEPALIVE_ACK, E, E },
	{ 'c', "A", 110, 501, 1, MARK_KEEPALIVE, E, E, .after_ms = 7200000 },
	{ 's', "A", 501, 111, 0, MARK_KEEPALIVE_ACK, E, E },
};
static const struct line zero_window[] = {
	HANDSHAKE,
	{ 's', "A", 501, 101, 1000, MARK_WINDOW_FULL, E, E },
	{ 'c', "A", 101, 1501, 0, MARK_ZERO_WINDOW, E, E, .window = NO_WINDOW },
	{ 's', "A", 1500, 101, 0, MARK_WINDOW_PROBE, E, E, .after_ms = 200 },
	{ 'c', "A", 101, 1501, 0, MARK_ZERO_WINDOW | MARK_WINDOW_PROBE_ACK, E, E, .window = NO_WINDOW },
	{ 's', "A", 1501, 101, 1, MARK_WINDOW_PROBE, E, E, .after_ms = 200 },
	{ 'c', "A", 101, 1501, 0, MARK_ZERO_WINDOW | MARK_WINDOW_PROBE_ACK, E, E, .window = NO_WINDOW },
	{ 'c', "A", 101, 1501, 0, MARK_WINDOW_UPDATE, E, E, .after_ms = 900 },
};
static const struct line syn_into_living[] = {
	HANDSHAKE,
	{ 'c', "S", 7000, 0, 0, MARK_SYN_OTHER_ISN, E, E },
	{ 's', "A", 501, 101, 0, MARK_CHALLENGE_ACK, E, E },
	{ 'c', "R", 101, 0, 0, MARK_RST_EXACT, C, C },
};
static const struct line copies[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L, .ip_id = 7 },
	{ 'c', "S", 100, 0, 0, MARK_DUPLICATE, SS, L, .ip_id = 7, .ttl = 63 },
	{ 's', "SA", 500, 101, 0, 0, SS, SR, .ip_id = NO_ID, .ttl = 63 },
	{ 's', "SA", 500, 101, 0, MARK_DUPLICATE, SS, SR, .ip_id = NO_ID, .ttl = 64 },
	{ 'c', "A", 101, 501, 50, 0, E, E, .ip_id = 8 },
	{ 'c', "A", 101, 501, 50, MARK_DUPLICATE, E, E, .ip_id = 8 },
	{ 'c', "A", 101, 501, 50, MARK_RETRANSMISSION, E, E, .ip_id = 9 },
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT, C, C, .ip_id = NO_ID },
	{ 's', "R", 501, 0, 0, MARK_DUPLICATE | MARK_RST_EXACT, C, C, .ip_id = NO_ID },
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT | MARK_AFTER_CLOSE, C, C, .ip_id = NO_ID },
};
static const struct line equal_resets_are_no_copies[] = {
	HANDSHAKE,
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT, C, C, .ip_id = NO_ID },
	{ 's', "R", 501, 0, 0, MARK_RST_EXACT | MARK_AFTER_CLOSE, C, C, .ip_id = NO_ID },
};
static const struct line probes_without_ack[] = {
	{ 'c', "F", 100, 0, 0, 0, U, U },
	{ 's', "RA", 0, 101, 0, MARK_RST_UNKNOWN, C, C },
};
static const struct line one_direction[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 'c', "A", 101, 501, 0, 0, E, E },
	{ 'c', "PA", 101, 501, 20, 0, E, E },
	{ 'c', "FA", 121, 801, 0, 0, F1, CW },
	{ 'c', "R", 122, 0, 0, MARK_RST_EXACT, C, C },
};

#define TEST(name) static void test_##name(void **state) { (void)state; RUN(name); }
TEST(close_client_first) TEST(close_server_first_at_once) TEST(close_crossing) TEST(half_close) TEST(fin_before_its_data)
TEST(open_simultaneous) TEST(open_split) TEST(open_retried) TEST(open_fast) TEST(open_fast_refused) TEST(refused_thrice)
TEST(syn_sent_ignores) TEST(syn_sent_refuses_answer) TEST(attempt_given_up) TEST(syn_received_wants_exact) TEST(reset_established)
TEST(reset_in_window_then_exact) TEST(reset_outside) TEST(reset_did_not_take) TEST(reset_at_fin) TEST(reset_of_time_wait) TEST(lone_reset)
TEST(midstream) TEST(scaled_window) TEST(midstream_scale_unknown) TEST(loss) TEST(overtaken) TEST(not_captured) TEST(keepalives)
TEST(zero_window) TEST(syn_into_living) TEST(copies) TEST(equal_resets_are_no_copies) TEST(probes_without_ack) TEST(one_direction)

/* A RST with a wrong checksum is dropped by its receiver: nothing changes but the marks. */
static void test_bad_checksum(void **state)
{
	(void)state;
	static const struct line lines[] = { HANDSHAKE, { 's', "R", 501, 0, 0, 0, 0, 0 } };
	struct tracker t;
	int64_t time = 0;
	tracker_init(&t);
	for (unsigned i = 0; i < 4; i++) {
		struct segment s = line_segment(&lines[i], i, &time);
		struct tracker before = t;
		s.checksum = i == 3 ? CHECKSUM_BAD : CHECKSUM_UNKNOWN;
		uint32_t marks = tracker_step(&t, &s, lines[i].from == 'c' ? SIDE_CLIENT : SIDE_SERVER);
		if (i < 3)
			continue;
		assert_int_equal(marks, MARK_RST_EXACT);
		assert_memory_equal(before.end, t.end, sizeof t.end);
		assert_false(t.reset);
	}
}

/* Data whose end is selectively acknowledged: Linux takes a RST there although a hole lies before it. */
static void test_sack_edge(void **state)
{
	(void)state;
	static const struct line lines[] = {
		HANDSHAKE, { 's', "A", 601, 101, 100, 0, 0, 0 }, { 'c', "A", 101, 501, 0, 0, 0, 0 }, { 's', "RA", 701, 101, 0, 0, 0, 0 },
	};
	for (unsigned sacked = 0; sacked < 2; sacked++) {
		struct tracker t;
		int64_t time = 0;
		uint32_t marks = 0;
		tracker_init(&t);
		for (unsigned i = 0; i < 6; i++) {
			struct segment s = line_segment(&lines[i], i, &time);
			if (i == 4 && sacked) {
				s.options.present = OPT_SACK;
				s.options.sack_count = 1;
				s.options.sack[0] = (struct sack_block){ 601, 701 };
			}
			marks = tracker_step(&t, &s, lines[i].from == 'c' ? SIDE_CLIENT : SIDE_SERVER);
		}
		assert_int_equal(marks, sacked ? MARK_RST_EXACT : MARK_RST_IN_WINDOW);
		assert_int_equal(t.end[SIDE_CLIENT].state, sacked ? C : E);
	}
}

/* Millions of refusals: none is taken for a copy of the SYN that it answers, whatever the numbers. */
static void test_refusals_are_no_copies(void **state)
{
	(void)state;
	static const struct line syn = { 'c', "S" }, refusal = { 's', "RA" };
	uint32_t isn = 1;
	for (unsigned i = 0; i < 2000000; i++) {
		struct tracker t;
		int64_t time = 0;
		tracker_init(&t);
		struct segment s = line_segment(&syn, 0, &time), r = line_segment(&refusal, 1, &time);
		isn = isn * 1664525u + 1013904223u;
		s.seq = isn;
		r.ack = isn + 1;
		s.dst_mac[5] = r.src_mac[5] = 1;
		s.src_mac[5] = r.dst_mac[5] = 2;
		r.ip_id = 0;
		tracker_step(&t, &s, SIDE_CLIENT);
		assert_int_equal(tracker_step(&t, &r, SIDE_SERVER), MARK_RST_EXACT);
		assert_true(t.reset);
	}
}

/* Two processors, one capture: an ACK that stood before its sender's RST and is captured after it says nothing new. */
static const struct line ack_overtaken_by_its_rst[] = {
	HANDSHAKE,
	{ 's', "PA", 501, 101, 50, 0, E, E },
	{ 'c', "RA", 101, 551, 0, MARK_RST_EXACT, C, C },
	{ 'c', "A", 101, 551, 0, MARK_AFTER_CLOSE, C, C },
};

TEST(ack_overtaken_by_its_rst)

/* Evasion: a reset and a FIN with numbers of their own before the SYN/ACK that both ends go on from. */
static const struct line handshake_in_spite_of_forgeries[] = {
	{ 'c', "S", 100, 0, 0, 0, SS, L },
	{ 's', "RA", 26001, 101, 0, MARK_RST_EXACT, C, C },
	{ 's', "FA", 26001, 101, 0, MARK_AFTER_CLOSE, C, C },
	{ 'c', "R", 101, 0, 0, MARK_RST_EXACT | MARK_AFTER_CLOSE, C, C },
	{ 's', "SA", 500, 101, 0, 0, C, SR },
	{ 'c', "A", 101, 501, 0, 0, E, E },
	{ 'c', "PA", 101, 501, 20, 0, E, E },
};

TEST(handshake_in_spite_of_forgeries)

/* A copy comes within 2 ms. What has the same IP ID later is a retransmission, however its time looks modulo a power of two. */
static void test_late_repetitions_are_no_copies(void **state)
{
	(void)state;
	static const struct line opening[] = { HANDSHAKE, { 'c', "PA", 101, 501, 50, 0, E, E, .ip_id = 7 } };
	static const struct line again = { 'c', "PA", 101, 501, 50, 0, E, E, .ip_id = 7, .after_ms = 5 };
	struct tracker t;
	tracker_init(&t);
	int64_t time = 1000 * MS;
	for (unsigned i = 0; i < sizeof opening / sizeof *opening; i++) {
		struct segment s = line_segment(&opening[i], i, &time);
		tracker_step(&t, &s, opening[i].from == 'c' ? SIDE_CLIENT : SIDE_SERVER);
	}
	for (unsigned n = 0; n < 2000; n++) {
		struct segment s = line_segment(&again, 10 + n, &time);
		time += n * 100000;
		assert_int_equal(tracker_step(&t, &s, SIDE_CLIENT) & (MARK_DUPLICATE | MARK_RETRANSMISSION), MARK_RETRANSMISSION);
	}
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TCP_STATE_COUNT; i++)
		assert_non_null(tcp_state_name((enum tcp_state)i));
	for (unsigned i = 0; i < MARK_COUNT; i++) {
		assert_true(mark_name(i)[0] != '\0');
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(mark_name(i), mark_name(j));
	}
}

int main(void)
{
#define T(name) cmocka_unit_test(test_##name)
	const struct CMUnitTest tests[] = {
		T(close_client_first), T(close_server_first_at_once), T(close_crossing), T(half_close), T(fin_before_its_data), T(open_simultaneous),
		T(open_split), T(open_retried), T(open_fast), T(open_fast_refused), T(refused_thrice), T(syn_sent_ignores), T(syn_sent_refuses_answer),
		T(attempt_given_up), T(syn_received_wants_exact), T(reset_established), T(reset_in_window_then_exact), T(reset_outside),
		T(reset_did_not_take), T(reset_at_fin), T(reset_of_time_wait), T(lone_reset), T(midstream), T(scaled_window),
		T(midstream_scale_unknown), T(loss), T(overtaken), T(not_captured), T(keepalives), T(zero_window), T(syn_into_living), T(copies),
		T(equal_resets_are_no_copies), T(probes_without_ack), T(one_direction), T(bad_checksum), T(sack_edge), T(refusals_are_no_copies),
		T(ack_overtaken_by_its_rst), T(handshake_in_spite_of_forgeries), T(late_repetitions_are_no_copies), T(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
