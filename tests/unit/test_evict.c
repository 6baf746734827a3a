/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_evict: flows let go: who stays, what is found afterwards, that memory is used again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/neighbours.h"
#include "flow/pool.h"
#include "flow/table.h"
#include "lines.h"

enum { LIVING = 5 };

/* Every so many flows is a long one: its places fill chunks of every size. */
enum { LONG_EVERY = 4099, LONG = 700 };

static int64_t now = 1000 * MS;
static unsigned lines;

static void address_of(uint8_t address[16], uint32_t host)
{
	line_address(address, 0);
	for (unsigned i = 0; i < 4; i++)
		address[12 + i] = (uint8_t)(host >> (24 - 8 * i));
}

/* Client number i, from 10.x.x.x, to 192.0.2.1. */
static void add(struct flow_table *t, uint32_t i, const struct line *line)
{
	struct segment s = line_segment(line, lines++, &now);
	bool client = line->from == 'c';
	address_of(client ? s.src : s.dst, 0x0a000000 + i);
	address_of(client ? s.dst : s.src, 0xc0000201);
	assert_true(flow_table_add(t, &s));
}

static void refused(struct flow_table *t, uint32_t i)
{
	const struct line syn = { 'c', "S", 100, 0, .after_ms = 0 }, rst = { 's', "RA", 0, 101 };
	add(t, i, &syn);
	add(t, i, &rst);
	now -= 2 * MS - 1000; /* many of them in little time */
}

static void established(struct flow_table *t, uint32_t i)
{
	const struct line all[] = { { 'c', "S", 100, 0 }, { 's', "SA", 500, 101 }, { 'c', "A", 101, 501 }, { 'c', "PA", 101, 501, 7 } };
	for (size_t k = 0; k < sizeof all / sizeof *all; k++)
		add(t, i, &all[k]);
}

static uint32_t find(const struct flow_table *t, uint32_t i)
{
	uint8_t client[16], server[16];
	address_of(client, 0x0a000000 + i);
	address_of(server, 0xc0000201);
	return flow_table_find(t, client, 40000, server, 80, 0);
}

static void fill(struct flow_table *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		(i == LIVING ? established : refused)(t, i);
		const struct line data = { 's', "R", 0, 0 };
		for (unsigned k = 0; i % LONG_EVERY == LONG_EVERY - 1 && k < LONG; k++) {
			add(t, i, &data);
			lines += 1000; /* far apart: several bytes a place */
			now -= MS;
		}
	}
	assert_true(flow_table_flush(t));
}

static void test_who_stays(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(true);
	fill(t, 0, 2 * FLOW_BLOCK - 1);
	assert_false(flow_table_evict(t, now));
	assert_int_equal(flow_table_first(t), 0);
	fill(t, 2 * FLOW_BLOCK - 1, 2 * FLOW_BLOCK + 10);
	int64_t begin = flow_table_get(t, 0)->first;
	assert_true(flow_table_evict(t, now));
	assert_int_equal(flow_table_first(t), FLOW_BLOCK);
	assert_int_equal(flow_table_evicted(t), FLOW_BLOCK - 1);
	assert_int_equal(flow_table_count(t), 2 * FLOW_BLOCK + 11);
	assert_int_equal(flow_table_seen(t), 2 * FLOW_BLOCK + 10); /* one has two numbers */

	/* one that is gone: found no more, harmless to look at */
	assert_int_equal(find(t, 7), FLOW_NONE);
	assert_int_equal(flow_table_get(t, 7)->rst, 0);
	assert_int_equal(flow_table_get(t, 7)->first, begin);
	struct log_cursor none = { 0 };
	assert_false(flow_table_log_next(t, flow_table_get(t, 7), &none));

	/* one that lives: another number, and all that it was */
	uint32_t number = find(t, LIVING);
	assert_int_equal(number, 2 * FLOW_BLOCK + 10);
	const struct flow *f = flow_table_get(t, number);
	assert_int_equal(f->segments[SIDE_CLIENT], 3);
	assert_int_equal(f->bytes[SIDE_CLIENT], 7);
	struct log_cursor at = { 0 };
	for (unsigned i = 0; i < 4; i++) {
		assert_true(flow_table_log_next(t, f, &at));
		assert_int_equal(at.frame, 2 * LIVING + i + 1);
	}
	assert_false(flow_table_log_next(t, f, &at));
	const struct line more = { 'c', "PA", 108, 501, 5 };
	add(t, LIVING, &more);
	refused(t, 7); /* the endpoints of one that is gone: a new flow, with none before it */
	assert_true(flow_table_flush(t));
	assert_int_equal(f->segments[SIDE_CLIENT], 4);
	assert_int_equal(flow_table_get(t, find(t, 7))->previous, FLOW_NONE);
	assert_int_equal(find(t, FLOW_BLOCK + 3), FLOW_BLOCK + 3);
	flow_table_free(t);
}

static void test_silent_goes(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(true);
	fill(t, 0, 2 * FLOW_BLOCK);
	assert_true(flow_table_evict(t, now + 301 * 1000 * MS));
	assert_int_equal(flow_table_evicted(t), FLOW_BLOCK);
	assert_int_equal(find(t, LIVING), FLOW_NONE);
	flow_table_free(t);
}

/* However many flows come by, no more memory is taken than two blocks need. */
static void test_memory(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(true);
	size_t most = 0;
	for (uint32_t round = 2; round < 8; round++) {
		fill(t, round == 2 ? 0 : round * FLOW_BLOCK, (round + 1) * FLOW_BLOCK);
		assert_true(flow_table_evict(t, now));
		if (round == 3)
			most = t->arena.block_count;
	}
	/* what is left reads back from chunks that were others' before */
	for (uint32_t n = flow_table_first(t); n < flow_table_count(t); n++) {
		const struct flow *f = flow_table_get(t, n);
		struct log_cursor at = { 0 };
		uint32_t places = 0;
		while (flow_table_log_next(t, f, &at)) {
			assert_int_equal(at.offset, 24 + (at.frame - 1) * 100);
			places++;
		}
		assert_int_equal(places, f->segments[0] + f->segments[1]);
	}
	/* the places of segments: one chunk of 16 bytes for each of at most three blocks of flows, and no more after ever so many */
	assert_in_range(most, 1, 4);
	assert_in_range(t->arena.block_count, 1, most);
	assert_in_range(flow_table_memory(t), 1, (size_t)3 * FLOW_BLOCK * 400);
	flow_table_free(t);
}

static void test_neighbours(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(true);
	fill(t, 0, 2 * FLOW_BLOCK);
	struct neighbours *n = neighbours_new(t);
	struct near near;
	bool more;
	assert_true(neighbours_update(n) && neighbours_note(n, UINT32_MAX, &more));
	neighbours_service(n, FLOW_BLOCK, &near);
	assert_int_equal(near.at[0].number, FLOW_BLOCK - 1);
	assert_true(flow_table_evict(t, now));
	assert_true(neighbours_update(n));
	neighbours_service(n, FLOW_BLOCK, &near);
	assert_int_equal(near.at[0].number, FLOW_BLOCK + 1); /* none before it */
	assert_int_equal(near.at[1].number, FLOW_BLOCK + 2);
	neighbours_service(n, FLOW_BLOCK + 1, &near);
	assert_int_equal(near.at[0].number, FLOW_BLOCK);
	neighbours_service(n, 2 * FLOW_BLOCK - 1, &near);
	assert_int_equal(near.at[1].number, find(t, LIVING));
	neighbours_service(n, 3, &near);
	assert_int_equal(near.count, 0);
	neighbours_free(n);
	flow_table_free(t);
}

/* ICMP notes of flows that are gone make room for those of others. */
static void test_notes(void **state)
{
	(void)state;
	struct flow_table *t = flow_table_new(true);
	fill(t, 0, 2 * FLOW_BLOCK);
	for (uint32_t i = 0; i < 100; i++) {
		struct decoded d = { .icmp = { .version = 4, .type = 3, .code = 1 } };
		address_of(d.segment.src, 0x0a000000 + i);
		address_of(d.segment.dst, 0xc0000201);
		d.segment.src_port = 40000;
		d.segment.dst_port = 80;
		assert_true(flow_table_icmp(t, &d));
	}
	assert_int_equal(t->notes_used, 100);
	assert_true(flow_table_evict(t, now));
	assert_int_equal(t->notes_used, 1);
	struct icmp_note note;
	assert_int_equal(flow_table_icmp_notes(t, find(t, LIVING), &note, 1), 1);
	assert_int_equal(note.code, 1);
	flow_table_free(t);
}

int main(void)
{
#define T(name) cmocka_unit_test(test_##name)
	const struct CMUnitTest tests[] = { T(who_stays), T(silent_goes), T(memory), T(neighbours), T(notes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
