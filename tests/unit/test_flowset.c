/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_flowset: filtering, sorting and counting the flows of the shipped demonstration capture, in slices of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "query/flowset.h"
#include "query/tally.h"

static struct session *session;

static int open_demo(void **state)
{
	const char *source = getenv("TOP_SRCDIR");
	struct buf name = { 0 }, error = { 0 };

	(void)state;
	buf_printf(&name, "%s/captures/demo.pcapng", source != NULL ? source : ".");
	session = session_open(buf_text(&name), NULL, &error);
	while (session != NULL && session_read(session, 0) != SESSION_END)
		continue;
	buf_free(&name);
	buf_free(&error);
	return session != NULL ? 0 : -1;
}

static int close_demo(void **state)
{
	(void)state;
	session_close(session);
	return 0;
}

/* A slice of a nanosecond is one look at the clock: work must go on all the same. */
static struct flowset *settled(struct flowset *set)
{
	while (flowset_step(set, 1))
		continue;
	assert_int_equal(flowset_percent(set), 100);
	return set;
}

static void set_filter(struct flowset *set, const char *text)
{
	struct buf error = { 0 };
	size_t offset;
	struct filter *filter = filter_compile(text, &error, &offset);

	assert_non_null(filter);
	flowset_filter(set, filter);
	settled(set);
	buf_free(&error);
}

static const struct flow *flow_at(const struct flowset *set, size_t i)
{
	return flow_table_get(session_flows(session), flowset_at(set, i));
}

static void test_all(void **state)
{
	struct flowset *set = settled(flowset_new(session));

	(void)state;
	assert_int_equal(flowset_count(set), flow_table_count(session_flows(session)));
	for (size_t i = 0; i < flowset_count(set); i++) {
		assert_int_equal(flowset_at(set, i), i);
		assert_int_equal(flowset_find(set, (uint32_t)i), i);
	}
	assert_true(flowset_changed(set));
	assert_false(flowset_changed(set));
	flowset_free(set);
}

static void test_filter(void **state)
{
	struct flowset *set = settled(flowset_new(session));
	uint32_t all = flow_table_count(session_flows(session)), resets = 0;

	(void)state;
	for (uint32_t i = 0; i < all; i++)
		resets += flow_table_get(session_flows(session), i)->rst > 0;
	set_filter(set, "resets>0");
	assert_int_equal(flowset_count(set), resets);
	for (size_t i = 0; i < flowset_count(set); i++)
		assert_true(flow_at(set, i)->rst > 0);
	assert_int_equal(flowset_find(set, 0), flowset_count(set)); /* flow 0 has none */
	set_filter(set, "resets>0 first_reset>3h");
	assert_int_equal(flowset_count(set), 0);
	set_filter(set, "");
	assert_int_equal(flowset_count(set), all);
	flowset_free(set);
}

/* Every column, both ways: neighbours are in the order of the keys, ties by number, and each flow is there once. */
static void test_sort(void **state)
{
	struct flowset *set = settled(flowset_new(session));
	struct flow_view a = { 0 }, b = { 0 };

	(void)state;
	flowset_view(set, &a);
	flowset_view(set, &b);
	for (unsigned c = 0; c < COLUMN_COUNT * 2; c++) {
		const struct flow_column *column = flow_column((enum flow_column_id)(c / 2));
		bool descending = c % 2 == 1;
		uint64_t seen = 0;
		flowset_sort(set, (enum flow_column_id)(c / 2), descending);
		settled(set);
		for (size_t i = 0; i < flowset_count(set); i++)
			seen |= UINT64_C(1) << flowset_at(set, i);
		assert_int_equal(seen, (UINT64_C(1) << flow_table_count(session_flows(session))) - 1);
		for (size_t i = 1; i < flowset_count(set); i++) {
			int order = 0;
			flow_view_set(&a, flowset_at(set, i - 1));
			flow_view_set(&b, flowset_at(set, i));
			for (unsigned w = 0; w < column->key_words && order == 0; w++)
				order = column->key(&a, w) < column->key(&b, w) ? -1 : column->key(&a, w) > column->key(&b, w);
			if (order == 0 ? a.number > b.number : descending ? order < 0 : order > 0)
				fail_msg("%s%s: flow %u before flow %u", column->id, descending ? " descending" : "", a.number, b.number);
		}
	}
	flowset_free(set);
}

static void test_from(void **state)
{
	struct flowset *set = settled(flowset_new(session));
	uint32_t all = flow_table_count(session_flows(session));

	(void)state;
	flowset_from(set, 10);
	settled(set);
	assert_int_equal(flowset_count(set), all - 10);
	assert_int_equal(flowset_at(set, 0), 10);
	flowset_sort(set, COLUMN_NUMBER, true);
	settled(set);
	assert_int_equal(flowset_at(set, 0), all - 1);
	flowset_from(set, 0);
	settled(set);
	assert_int_equal(flowset_count(set), all);
	flowset_free(set);
}

/* In every order a flow that the filter leaves out is nearest to the first one behind it, or to the last of all. */
static void test_nearest(void **state)
{
	struct flowset *set = settled(flowset_new(session)), *whole = settled(flowset_new(session));
	uint32_t all = flow_table_count(session_flows(session));

	(void)state;
	set_filter(set, "resets>0 duration>50ms");
	assert_in_range(flowset_count(set), 2, all - 2);
	for (unsigned c = 0; c < COLUMN_COUNT * 2; c++) {
		size_t next = flowset_count(set);
		flowset_sort(set, (enum flow_column_id)(c / 2), c % 2 == 1);
		flowset_sort(whole, (enum flow_column_id)(c / 2), c % 2 == 1);
		settled(set);
		settled(whole);
		for (size_t i = all; i-- > 0;) {
			uint32_t flow = flowset_at(whole, i);
			if (flowset_find(set, flow) < flowset_count(set))
				next = flowset_find(set, flow);
			assert_int_equal(flowset_nearest(set, flow), next < flowset_count(set) ? next : flowset_count(set) - 1);
		}
	}
	set_filter(set, "resets>0 first_reset>3h");
	assert_int_equal(flowset_nearest(set, 3), 0);
	flowset_free(set);
	flowset_free(whole);
}

/* Each level adds up to the one above, and the filter of a branch passes exactly its flows. */
static void test_tally(void **state)
{
	struct tally *tally = tally_new(session);
	struct flowset *set = settled(flowset_new(session));
	uint64_t resets = 0;
	uint32_t flows = 0;

	(void)state;
	while (tally_step(tally, 1))
		continue;
	for (uint32_t a = tally_first(tally); a != TALLY_NONE; a = tally_node(tally, a)->next) {
		const struct tally_node *cause = tally_node(tally, a);
		uint64_t in_services = 0;
		struct buf filter = { 0 };
		for (uint32_t b = cause->child; b != TALLY_NONE; b = tally_node(tally, b)->next)
			in_services += tally_node(tally, b)->resets;
		assert_int_equal(in_services, cause->resets);
		tally_filter(tally, cause, &filter);
		set_filter(set, buf_text(&filter));
		assert_int_equal(flowset_count(set), cause->flows);
		assert_true(cause->next == TALLY_NONE || tally_node(tally, cause->next)->resets <= cause->resets);
		resets += cause->resets;
		flows += cause->flows;
		buf_free(&filter);
	}
	assert_int_equal(tally_resets(tally), resets);
	assert_int_equal(tally_flows(tally), flows);
	assert_int_equal(resets, flow_table_resets(session_flows(session)));
	flowset_free(set);
	tally_free(tally);
}

static void test_histogram(void **state)
{
	struct tally *tally = tally_new(session);
	uint32_t bins[7], sum = 0;
	int64_t from, to;

	(void)state;
	while (tally_step(tally, 0))
		continue;
	tally_histogram(tally, bins, 7, &from, &to);
	for (unsigned i = 0; i < 7; i++)
		sum += bins[i];
	assert_int_equal(sum, tally_flows(tally));
	assert_true(bins[0] > 0 && bins[6] > 0 && from < to);
	tally_free(tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all), cmocka_unit_test(test_filter), cmocka_unit_test(test_sort), cmocka_unit_test(test_nearest), cmocka_unit_test(test_from),
		cmocka_unit_test(test_tally), cmocka_unit_test(test_histogram),
	};

	return cmocka_run_group_tests_name("flowset", tests, open_demo, close_demo);
}
