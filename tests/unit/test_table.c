/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_table: finding flows, where a new one begins, batches, growth, notes, histories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/neighbours.h"
#include "flow/slots.h"
#include "flow/table.h"
#include "flow/tells.h"
#include "draw.h"
#include "lines.h"

static struct flow_table *table_of_lines(const struct line *lines, size_t n)
{
	struct flow_table *t = flow_table_new(true);
	int64_t time = 1000 * MS;
	assert_non_null(t);
	for (unsigned i = 0; i < n; i++) {
		struct segment s = line_segment(&lines[i], i, &time);
		assert_true(flow_table_add(t, &s));
	}
	assert_true(flow_table_flush(t));
	return t;
}

#define HANDSHAKE(c, s) { 'c', "S", c, 0 }, { 's', "SA", s, (c) + 1 }, { 'c', "A", (c) + 1, (s) + 1 }
#define CLOSE(c, s) { 'c', "FA", (c) + 1, (s) + 1 }, { 's', "FA", (s) + 1, (c) + 2 }, { 'c', "A", (c) + 2, (s) + 2 }

/* How many segments each flow must have, in order; 0 ends. */
struct split {
	const char *name;
	const struct line *lines;
	size_t n;
	unsigned segments[6];
};
#define LINES(...) (const struct line[]){ __VA_ARGS__ }, sizeof((const struct line[]){ __VA_ARGS__ }) / sizeof(struct line)

static void test_reuse(void **state)
{
	(void)state;
	const struct split splits[] = {
		{ "one", LINES(HANDSHAKE(100, 500), CLOSE(100, 500)), { 6 } },
		{ "closed, other ISN", LINES(HANDSHAKE(100, 500), CLOSE(100, 500), HANDSHAKE(900, 2500)), { 6, 3 } },
		{ "closed, same ISN", LINES(HANDSHAKE(100, 500), CLOSE(100, 500), HANDSHAKE(100, 2500)), { 6, 3 } },
		{ "reset, same ISN", LINES(HANDSHAKE(100, 500), { 's', "R", 501, 0 }, HANDSHAKE(100, 2500)), { 4, 3 } },
		{ "refused thrice, same ISN", LINES({ 'c', "S", 100, 0 }, { 's', "RA", 0, 101 }, { 'c', "S", 100, 0 }, { 's', "RA", 0, 101 }), { 4 } },
		{ "refused, other ISN", LINES({ 'c', "S", 100, 0 }, { 's', "RA", 0, 101 }, { 'c', "S", 700, 0 }, { 's', "RA", 0, 701 }), { 2, 2 } },
		{ "half open, other ISN", LINES({ 'c', "S", 100, 0 }, { 'c', "S", 700, 0 }, { 's', "SA", 500, 701 }), { 1, 2 } },
		{ "SYN retried", LINES({ 'c', "S", 100, 0 }, { 'c', "S", 100, 0 }, { 's', "SA", 500, 101 }), { 3 } },
		{ "SYN into a living flow, challenged, reset, again",
		  LINES(HANDSHAKE(100, 500), { 'c', "S", 900, 0 }, { 's', "A", 501, 101 }, { 'c', "R", 101, 0 }, HANDSHAKE(900, 2500)), { 6, 3 } },
		{ "SYN into a living flow, accepted", LINES(HANDSHAKE(100, 500), HANDSHAKE(900, 2500)), { 3, 3 } },
		{ "SYN into a living flow, challenged only", LINES(HANDSHAKE(100, 500), { 'c', "S", 900, 0 }, { 's', "A", 501, 101 },
		  { 'c', "A", 101, 501, 10 }), { 6 } },
		{ "SYN into a living flow, repeated, accepted", LINES(HANDSHAKE(100, 500), { 'c', "S", 900, 0 }, { 'c', "S", 900, 0 },
		  { 's', "SA", 2500, 901 }), { 4, 2 } },
		{ "one direction", LINES({ 'c', "S", 100, 0 }, { 'c', "A", 101, 501 }, { 'c', "FA", 101, 501 }, { 'c', "S", 900, 0 }, { 'c', "A", 901, 44 }), { 3, 2 } },
		{ "one direction, server", LINES({ 's', "SA", 500, 101 }, { 's', "A", 501, 200 }, { 's', "SA", 900, 301 }), { 2, 1 } },
		{ "SYN/ACK before SYN", LINES({ 's', "SA", 500, 101 }, { 'c', "S", 100, 0 }, { 'c', "A", 101, 501 }), { 3 } },
		{ "simultaneous open", LINES({ 'c', "S", 100, 0 }, { 's', "S", 500, 0 }, { 'c', "SA", 100, 501 }, { 's', "SA", 500, 101 }), { 4 } },
		{ "reuse from the other end", LINES(HANDSHAKE(100, 500), CLOSE(100, 500), { 's', "S", 9000, 0 }), { 6, 1 } },
		{ "middle of a connection", LINES({ 's', "A", 501, 101, 10 }, { 'c', "A", 101, 511 }), { 2 } },
	};
	for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
		struct flow_table *t = table_of_lines(splits[i].lines, splits[i].n);
		unsigned flows = 0;
		for (; splits[i].segments[flows] != 0; flows++) {
			const struct flow *f = flow_table_get(t, flows);
			unsigned got = f == NULL ? 0 : f->segments[0] + f->segments[1];
			if (got != splits[i].segments[flows])
				fail_msg("%s: flow %u has %u segments, not %u", splits[i].name, flows, got, splits[i].segments[flows]);
			assert_int_equal(f->log.count, got);
			assert_int_equal(f->previous, flows == 0 ? FLOW_NONE : flows - 1);
		}
		if (flow_table_count(t) != flows)
			fail_msg("%s: %u flows, not %u", splits[i].name, flow_table_count(t), flows);
		flow_table_free(t);
	}
}

static void test_roles(void **state)
{
	(void)state;
	static const struct { struct line line; uint16_t client_port; bool seen; } firsts[] = {
		{ { 'c', "S", 1, 0 }, 40000, true }, { { 's', "S", 1, 0 }, 80, true }, { { 's', "SA", 1, 2 }, 40000, true },
		{ { 's', "A", 1, 2 }, 40000, false }, { { 'c', "R", 1, 2 }, 40000, false },
	};
	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
		struct flow_table *t = table_of_lines(&firsts[i].line, 1);
		const struct flow *f = flow_table_get(t, 0);
		assert_int_equal(flow_port(f, SIDE_CLIENT), firsts[i].client_port);
		assert_int_equal(f->roles_seen, firsts[i].seen);
		flow_table_free(t);
	}
}

/* The SYN that was accepted moves to the new flow, log and counts alike. */
static void test_accepted_syn_moves(void **state)
{
	(void)state;
	static const struct line lines[] = { HANDSHAKE(100, 500), HANDSHAKE(900, 2500) };
	struct flow_table *t = table_of_lines(lines, 6);
	for (unsigned i = 0; i < 2; i++) {
		struct log_cursor at = { 0 };
		const struct flow *f = flow_table_get(t, i);
		assert_int_equal(f->syn, 1);
		assert_int_equal(f->tracker.end[SIDE_CLIENT].isn, i == 0 ? 100 : 900);
		for (unsigned n = 0; n < 3; n++) {
			assert_true(flow_table_log_next(t, f, &at));
			assert_int_equal(at.frame, i * 3 + n + 1);
			assert_int_equal(at.offset, 24 + 100 * (i * 3 + n));
		}
		assert_false(flow_table_log_next(t, f, &at));
	}
	assert_int_equal(flow_table_segments(t), 6);
	flow_table_free(t);
}

static void test_states_and_histories(void **state)
{
	(void)state;
	static const struct { size_t n; struct line lines[8]; enum flow_state state; const char *conn, *history; } cases[] = {
		{ 6, { HANDSHAKE(100, 500), CLOSE(100, 500) }, FLOW_CLOSED, "SF", "ShAFf" },
		{ 1, { { 'c', "S", 100, 0 } }, FLOW_UNANSWERED, "S0", "S" },
		{ 2, { { 'c', "S", 100, 0 }, { 's', "SA", 500, 101 } }, FLOW_HANDSHAKE, "OTH", "Sh" },
		{ 2, { { 'c', "S", 100, 0 }, { 's', "RA", 0, 101 } }, FLOW_REFUSED, "REJ", "Sr" },
		{ 2, { { 'c', "S", 100, 0 }, { 'c', "R", 101, 0 } }, FLOW_REFUSED, "RSTOS0", "SR" },
		{ 3, { HANDSHAKE(100, 500) }, FLOW_OPEN, "S1", "ShA" },
		{ 4, { HANDSHAKE(100, 500), { 'c', "FA", 101, 501 } }, FLOW_CLOSING, "S2", "ShAF" },
		{ 4, { HANDSHAKE(100, 500), { 's', "FA", 501, 101 } }, FLOW_CLOSING, "S3", "ShAf" },
		{ 5, { HANDSHAKE(100, 500), { 'c', "A", 101, 501, 10 }, { 's', "R", 501, 0 } }, FLOW_RESET, "RSTR", "ShADr" },
		{ 4, { HANDSHAKE(100, 500), { 'c', "RA", 101, 501 } }, FLOW_RESET, "RSTO", "ShAR" },
		{ 4, { HANDSHAKE(100, 500), { 'c', "R", 9, 0 } }, FLOW_OPEN, "RSTO", "ShAR" },
		{ 1, { { 'c', "R", 9, 0 } }, FLOW_RESET, "OTH", "R" },
		/* as Zeek's baseline of conn_state-RST-behavior has them */
		{ 3, { { 'c', "S", 100, 0 }, { 's', "A", 501, 100 }, { 'c', "R", 100, 0 } }, FLOW_UNANSWERED, "RSTOS0", "SaR" },
		{ 4, { { 'c', "S", 100, 0 }, { 's', "A", 501, 100 }, { 'c', "F", 100, 0 }, { 'c', "R", 100, 0 } }, FLOW_UNANSWERED, "OTH", "SaFR" },
		{ 7, { HANDSHAKE(100, 500), CLOSE(100, 500), { 'c', "R", 102, 0 } }, FLOW_CLOSED, "SF", "ShAFfR" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct flow_table *t = table_of_lines(cases[i].lines, cases[i].n);
		const struct flow *f = flow_table_get(t, 0);
		assert_string_equal(flow_table_history(t, f), cases[i].history);
		assert_string_equal(flow_conn_state(f), cases[i].conn);
		assert_string_equal(flow_state_name(flow_state(f)), flow_state_name(cases[i].state));
		flow_table_free(t);
	}
}

/* --- many segments, made up --- */

static struct segment made_up(uint32_t *seed, unsigned number, unsigned hosts)
{
	static const char *const kinds[] = { "S", "SA", "A", "PA", "FA", "R", "RA", "A" };
	struct line l = { .from = draw(seed) % 2 ? 'c' : 's', .flags = kinds[draw(seed) % 8] };
	int64_t time = (int64_t)number * MS;
	l.seq = draw(seed) % 4 * 100;
	l.ack = draw(seed) % 4 * 100;
	l.len = draw(seed) % 3 * 50;
	struct segment s = line_segment(&l, number, &time);
	uint32_t host = draw(seed) % hosts;
	uint8_t *client = l.from == 'c' ? s.src : s.dst;
	memcpy(client + 12, &host, 4);
	s.path = draw(seed) % 16 == 0;
	return s;
}

static void compare_tables(const struct flow_table *a, const struct flow_table *b)
{
	assert_int_equal(flow_table_count(a), flow_table_count(b));
	for (uint32_t i = 0; i < flow_table_count(a); i++) {
		const struct flow *x = flow_table_get(a, i), *y = flow_table_get(b, i);
		assert_memory_equal(&x->tracker, &y->tracker, sizeof x->tracker);
		assert_memory_equal(x->segments, y->segments, sizeof x->segments);
		assert_int_equal(x->log.count, y->log.count);
		assert_int_equal(x->log.last_offset, y->log.last_offset);
		assert_int_equal(x->previous, y->previous);
		assert_int_equal(x->next, y->next);
		assert_int_equal(x->history, y->history);
		assert_memory_equal(flow_table_detail(a, x, SIDE_CLIENT), flow_table_detail(b, y, SIDE_CLIENT), sizeof(struct flow_detail));
	}
}

static void test_batches(void **state)
{
	(void)state;
	static const unsigned batches[] = { 1, 7, 64 };
	struct flow_table *t[3];
	for (unsigned b = 0; b < 3; b++) {
		uint32_t seed = 42;
		t[b] = flow_table_new(true);
		assert_non_null(t[b]);
		assert_true(flow_table_set_batch(t[b], batches[b]));
		for (unsigned i = 0; i < 40000; i++) {
			struct segment s = made_up(&seed, i, 300);
			assert_true(flow_table_add(t[b], &s));
		}
		assert_true(flow_table_flush(t[b]));
	}
	assert_true(flow_table_count(t[0]) > 1000);
	compare_tables(t[0], t[1]);
	compare_tables(t[0], t[2]);
	for (unsigned b = 0; b < 3; b++)
		flow_table_free(t[b]);
}

static struct segment numbered_syn(uint32_t i)
{
	struct line l = { 'c', "S", i, 0 };
	int64_t time = 0;
	struct segment s = line_segment(&l, i, &time);
	memcpy(s.src + 12, &i, 4);
	return s;
}

static void test_growth(void **state)
{
	(void)state;
	enum { FLOWS = 150000 };
	struct flow_table *t = flow_table_new(true);
	const struct flow *first = NULL;
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct segment s = numbered_syn(i);
		assert_true(flow_table_add(t, &s));
		if (i == 100)
			first = flow_table_get(t, 0);
	}
	assert_true(flow_table_flush(t));
	assert_int_equal(flow_table_count(t), FLOWS);
	assert_ptr_equal(first, flow_table_get(t, 0));
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct segment s = numbered_syn(i);
		assert_int_equal(flow_table_find(t, s.src, s.src_port, s.dst, s.dst_port, 0), i);
		assert_int_equal(flow_table_find(t, s.dst, s.dst_port, s.src, s.src_port, 0), i);
		assert_int_equal(flow_table_find(t, s.dst, s.dst_port, s.src, s.src_port, 1), FLOW_NONE);
	}
	assert_null(flow_table_get(t, FLOWS));
	assert_true(flow_table_memory(t) < (size_t)FLOWS * 400 + (4u << 20));
	flow_table_free(t);
}

/* Addresses chosen so that sums, exclusive ors and low bits of the words all agree: the key makes them fall apart all the same. */
static void test_chosen_addresses(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(false);
	for (uint32_t i = 0; i < 20000; i++) {
		struct segment s = numbered_syn(0);
		uint32_t other = ~i;
		memset(s.src, 0, 16);
		memset(s.dst, 0, 16);
		memcpy(s.src, &i, 4);
		memcpy(s.src + 8, &other, 4);
		memcpy(s.dst, &other, 4);
		memcpy(s.dst + 8, &i, 4);
		s.src_port = s.dst_port = 7;
		assert_true(flow_table_add(t, &s));
	}
	assert_true(flow_table_flush(t));
	assert_int_equal(flow_table_count(t), 20000);
	assert_true(slots_longest_probe(t) < 200);
	flow_table_free(t);
}

/* Lines with their paths; how many flows there must be, and how many segments the first has. */
static void check_paths(const struct line *lines, const uint32_t *paths, unsigned n, unsigned flows, unsigned first)
{
	static const unsigned batches[] = { 1, 64 };
	for (unsigned b = 0; b < 2; b++) {
		struct flow_table *t = flow_table_new(true);
		int64_t time = 0;
		assert_true(flow_table_set_batch(t, batches[b]));
		for (unsigned i = 0; i < n; i++) {
			struct segment s = line_segment(&lines[i], i, &time);
			s.path = paths[i];
			assert_true(flow_table_add(t, &s));
		}
		assert_true(flow_table_flush(t));
		assert_int_equal(flow_table_count(t), flows);
		assert_int_equal(flow_table_get(t, 0)->log.count, first);
		flow_table_free(t);
	}
}

static void test_paths(void **state)
{
	(void)state;
	static const struct line life[] = { HANDSHAKE(100, 500), { 's', "A", 501, 101, 10 }, { 'c', "R", 101, 0 }, HANDSHAKE(900, 2500) };
	static const uint32_t asymmetric[] = { 80, 81, 80, 81, 80, 80, 81, 80 };
	check_paths(life, asymmetric, 8, 2, 5);
	static const uint32_t untagged_back[] = { 80, 0, 80, 0, 80 };
	check_paths(life, untagged_back, 5, 1, 5);
	static const uint32_t untagged_out[] = { 0, 81, 0, 81, 0, 0, 81, 0 };
	check_paths(life, untagged_out, 8, 2, 5);
	static const struct line refused[] = { { 'c', "S", 100, 0 }, { 's', "RA", 0, 101 } };
	check_paths(refused, asymmetric, 2, 1, 2);
	static const struct line middle[] = { { 'c', "A", 100, 500, 10 }, { 's', "A", 500, 110, 10 }, { 's', "A", 510, 110, 10 } };
	check_paths(middle, asymmetric, 2, 1, 2);
	/* the same packets in two networks, as a router's both sides show them: each network a flow of its own */
	static const struct line twice[] = {
		{ 'c', "S", 100, 0 }, { 'c', "S", 100, 0 }, { 's', "SA", 500, 101 }, { 's', "SA", 500, 101 }, { 'c', "A", 101, 501 }, { 'c', "A", 101, 501 },
	};
	static const uint32_t both[] = { 80, 81, 81, 80, 80, 81 };
	check_paths(twice, both, 6, 2, 3);
	/* numbers that have nothing to do with each other: two connections */
	static const struct line strangers[] = { { 'c', "S", 100, 0 }, { 's', "SA", 500, 7777 }, { 's', "A", 501, 90000000 } };
	check_paths(strangers, asymmetric, 2, 2, 1);
}

static void test_self_connect(void **state)
{
	(void)state;
	static const struct line lines[] = { { 'c', "S", 100, 0 }, { 'c', "SA", 100, 101 }, { 'c', "A", 101, 101 }, { 'c', "PA", 101, 101, 5 } };
	struct flow_table *t = flow_table_new(true);
	int64_t time = 0;
	for (unsigned i = 0; i < 4; i++) {
		struct segment s = line_segment(&lines[i], i, &time);
		memcpy(s.dst, s.src, 16);
		s.dst_port = s.src_port;
		assert_true(flow_table_add(t, &s));
	}
	assert_true(flow_table_flush(t));
	assert_int_equal(flow_table_count(t), 1);
	assert_int_equal(flow_table_segments(t), 4);
	flow_table_free(t);
}

/* --- notes and neighbours --- */

static void test_icmp(void **state)
{
	(void)state;
	static const struct line lines[] = { HANDSHAKE(100, 500) };
	struct flow_table *t = table_of_lines(lines, 3);
	struct decoded d = { .icmp = { .version = 4, .type = 3, .code = 4, .mtu = 1400 } };
	struct icmp_note notes[8];
	int64_t time = 0;
	d.segment = line_segment(&lines[2], 9, &time);
	for (unsigned i = 0; i < 6; i++) {
		d.segment.frame = 10 + i;
		assert_true(flow_table_icmp(t, &d));
	}
	d.segment.src_port = 9;
	assert_true(flow_table_icmp(t, &d));
	assert_int_equal(flow_table_count(t), 1);
	assert_int_equal(flow_table_icmp_notes(t, 0, notes, 8), 4);
	assert_int_equal(flow_table_icmp_notes(t, 0, notes, 2), 2);
	assert_int_equal(flow_table_icmp_notes(t, 5, notes, 8), 0);
	assert_int_equal(notes[1].frame, 11);
	assert_int_equal(notes[1].mtu, 1400);
	assert_int_equal(notes[1].quoted_from, SIDE_CLIENT);
	assert_int_equal(notes[1].quoted_seq, 101);
	flow_table_free(t);
}

static void test_neighbours(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(false);
	struct neighbours *n = neighbours_new(t);
	struct near near, told;
	for (uint32_t i = 0; i < 6; i++) { /* three clients in turn, one service */
		struct line l = { 'c', "S", i, 0 };
		int64_t time = i;
		struct segment s = line_segment(&l, i, &time);
		s.src[15] = (uint8_t)(10 + i % 3);
		s.src_port = (uint16_t)(5000 + i);
		assert_true(flow_table_add(t, &s) && flow_table_flush(t));
		assert_true(neighbours_update(n));
	}
	neighbours_host(n, 4, SIDE_CLIENT, &near);
	assert_int_equal(near.count, 1);
	assert_int_equal(near.at[0].number, 1);
	assert_int_equal(neighbour_side(&near.at[0]), SIDE_CLIENT);
	assert_true(near.all);
	neighbours_service(n, 4, &near); /* before and after in turn, the nearest first */
	assert_int_equal(near.count, 5);
	assert_int_equal(near.at[0].number, 3);
	assert_int_equal(near.at[1].number, 5);
	assert_int_equal(near.at[2].number, 2);
	assert_int_equal(near.at[4].number, 0);
	assert_int_equal(neighbour_side(&near.at[0]), SIDE_SERVER);
	/* what they tell, looked at or noted down */
	assert_int_equal(near.any, NEIGHBOUR_SERVER | tell_of(SIDE_CLIENT, TELL_TRAFFIC));
	unsigned calls = 0;
	for (bool more = true; more; calls++) { /* a flow at a time: half of it noted down changes nothing */
		assert_true(neighbours_note(n, 1, &more));
		neighbours_service(n, 4, &told);
		assert_memory_equal(told.at, near.at, near.count * sizeof near.at[0]);
	}
	assert_int_equal(calls, 11); /* six flows; chains of four hosts and a service */
	neighbours_service(n, 4, &told);
	assert_int_equal(told.count, near.count);
	assert_memory_equal(told.at, near.at, near.count * sizeof near.at[0]);
	neighbours_free(n);
	flow_table_free(t);
}

/* Of an end's address and the other's: at which side a host stands in its other flows, also where both are one host. */
static void test_neighbour_sides(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(false);
	struct neighbours *n = neighbours_new(t);
	struct near near;
	static const uint8_t ends[][2] = { { 20, 30 }, { 30, 20 }, { 20, 20 }, { 20, 10 } }; /* client, server */
	for (uint32_t i = 0; i < 4; i++) {
		struct line l = { 'c', "S", i, 0 };
		int64_t time = i;
		struct segment s = line_segment(&l, i, &time);
		s.src[15] = ends[i][0];
		s.dst[15] = ends[i][1];
		s.src_port = (uint16_t)(5000 + i);
		assert_true(flow_table_add(t, &s) && flow_table_flush(t));
	}
	bool more;
	for (more = true; more;)
		assert_true(neighbours_step(n, 1, &more));
	assert_true(neighbours_note(n, UINT32_MAX, &more));
	assert_false(more);
	neighbours_host(n, 0, SIDE_CLIENT, &near); /* 20 */
	assert_int_equal(near.count, 3);
	assert_int_equal(neighbour_side(&near.at[0]), SIDE_SERVER);
	assert_int_equal(neighbour_side(&near.at[1]), SIDE_CLIENT);
	assert_int_equal(neighbour_side(&near.at[2]), SIDE_CLIENT);
	neighbours_host(n, 2, SIDE_SERVER, &near);
	assert_int_equal(near.count, 3);
	neighbours_host(n, 3, SIDE_SERVER, &near); /* 10 */
	assert_int_equal(near.count, 0);
	neighbours_free(n);
	flow_table_free(t);
}

static void test_host(void **state)
{
	(void)state;
	static const char request[] = "GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
	static const struct line lines[] = { HANDSHAKE(100, 500), { 'c', "PA", 101, 501, sizeof request - 1 } };
	struct flow_table *t = flow_table_new(false);
	int64_t time = 0;
	for (unsigned i = 0; i < 4; i++) {
		struct segment s = line_segment(&lines[i], i, &time);
		s.payload = i == 3 ? (const uint8_t *)request : NULL;
		s.captured = i == 3 ? sizeof request - 1 : 0;
		assert_true(flow_table_add(t, &s));
	}
	assert_true(flow_table_flush(t));
	assert_string_equal(flow_table_host(t, flow_table_get(t, 0)), "www.example.org");
	flow_table_free(t);
}

int main(void)
{
#define T(name) cmocka_unit_test(test_##name)
	const struct CMUnitTest tests[] = {
		T(reuse), T(roles), T(accepted_syn_moves), T(states_and_histories), T(batches), T(growth), T(chosen_addresses), T(paths), T(self_connect),
		T(icmp), T(neighbours), T(neighbour_sides), T(host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
