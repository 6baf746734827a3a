/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_kernel: formats, pages and events of the kernel's trace, whole, cut at every length and damaged; names of processes; answers of
 * inet_diag. */
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "kernel/comm.h"
#include "kernel/diag.h"
#include "kernel/event.h"
#include "kernel/taker.h"
#include "trace_page.h"
#include "util/text.h"

#define PLAN(event, text) event_plan(event, text, sizeof(text) - 1, &plan)

static void test_format(void **state)
{
	(void)state;
	struct format f;
	uint32_t value;
	assert_true(format_parse(sent_format, sizeof sent_format - 1, &f));
	assert_int_equal(f.id, 601);
	struct format_field field = format_field(&f, "daddr");
	assert_int_equal(field.offset, 60);
	assert_int_equal(field.size, 28);
	assert_int_equal(format_field(&f, "skbaddr").size, 8);
	assert_int_equal(format_field(&f, "no").size, 0);
	assert_string_equal(format_symbol(&f, 14), "TCP_STATE");
	assert_null(format_symbol(&f, 15));
	assert_true(format_value(&f, "TCP_FLAGS", &value) && value == 6);
	assert_false(format_value(&f, "TCP_LISTEN", &value));
	format_free(&f);
}

static void test_format_damaged(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "\n\n", "field", "\tfield:;offset:1;size:2;", "\tfield:int x", "\tfield:int x;\toffset:70000;\tsize:4;\n",
		"\tfield:int x;\toffset:1;\tsize:99999999999999999999;\n", "\tfield:int [4];\toffset:1;\tsize:4;\n",
		"\tfield:int a_name_that_is_longer_than_any_that_a_kernel_was_ever_seen_to_use;\toffset:1;\tsize:4;\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct format f;
		assert_false(format_parse(bad[i], strlen(bad[i]), &f));
		format_free(&f);
	}
	for (size_t n = 0; n < sizeof sent_format; n++) {
		struct format f;
		char *cut = malloc(n + 1); /* of this size, so that a checker sees what lies behind */
		assert_non_null(cut);
		memcpy(cut, sent_format, n);
		(void)format_parse(cut, n, &f);
		format_free(&f);
		free(cut);
	}
}

static void test_number(void **state)
{
	(void)state;
	const uint8_t bytes[8] = { 1, 0, 0, 0, 0, 0, 0, 1 };
	struct format_field field = { .offset = 4, .size = 4 };
	uint64_t value;
	assert_true(format_number(&field, bytes, 8, &value));
	assert_false(format_number(&field, bytes, 7, &value));
	field = (struct format_field){ .offset = 65535, .size = 2 };
	assert_false(format_number(&field, bytes, 8, &value));
	field = (struct format_field){ .offset = 0, .size = 3 };
	assert_false(format_number(&field, bytes, 8, &value));
	field = (struct format_field){ .offset = 0, .size = 0 };
	assert_false(format_number(&field, bytes, 8, &value));
}

static struct page_layout layout_of(const char *text)
{
	struct format header;
	struct page_layout layout;
	assert_true(format_parse(text, strlen(text), &header));
	assert_true(page_layout(&header, &layout));
	format_free(&header);
	return layout;
}

/* An event of each kind of length, between times and padding. */
static void make_events(struct bytes_made *events)
{
	events->n = 0;
	made_head(events, 2, 100);
	made_put(events, "eight...", 8);
	made_head(events, 30, 5);        /* 5 + 1 << 27 more */
	made_32(events, 1);
	made_head(events, 0, 7);         /* the length follows, and counts itself */
	made_32(events, 4 + 12);
	made_put(events, "twelve......", 12);
	made_head(events, 29, 3);        /* an event that was taken back: 8 bytes */
	made_32(events, 8);
	made_32(events, 0);
	made_head(events, 31, 9);        /* the time itself */
	made_32(events, 2);
	made_head(events, 1, 1);
	made_put(events, "four", 4);
	made_head(events, 29, 0);        /* the rest is nothing */
	made_put(events, "rubbish.", 8);
}

static void test_page(void **state)
{
	(void)state;
	struct bytes_made events, page;
	struct page_layout layout = layout_of(header_page);
	struct page p;
	const uint8_t *event;
	size_t n;
	make_events(&events);
	made_page(&page, UINT64_C(3) << 59 | 1000, &events, 0);
	assert_true(page_begin(&layout, page.at, page.n, &p));
	assert_false(p.lost);
	assert_true(page_next(&p, &event, &n) && n == 8 && memcmp(event, "eight...", 8) == 0);
	assert_true(p.time == (UINT64_C(3) << 59 | 1100));
	assert_true(page_next(&p, &event, &n) && n == 12 && memcmp(event, "twelve", 6) == 0);
	assert_true(p.time == (UINT64_C(3) << 59) + 1100 + 5 + (UINT64_C(1) << 27) + 7);
	assert_true(page_next(&p, &event, &n) && n == 4 && memcmp(event, "four", 4) == 0);
	assert_true(p.time == (UINT64_C(3) << 59 | UINT64_C(2) << 27 | 9) + 1);
	assert_false(page_next(&p, &event, &n));
	made_page(&page, 1, &events, UINT64_C(1) << 31);
	assert_true(page_begin(&layout, page.at, page.n, &p) && p.lost);
}

static void test_page_cut(void **state)
{
	(void)state;
	struct bytes_made events, page;
	struct page_layout layout = layout_of(header_page);
	make_events(&events);
	for (size_t whole = 0; whole < 2; whole++) {
		for (size_t n = 0; n <= events.n + 16; n++) {
			struct page p;
			const uint8_t *event;
			size_t length, all = 0;
			made_page(&page, 1, &events, 0);
			uint8_t *cut = malloc(n + 1);
			assert_non_null(cut);
			memcpy(cut, page.at, n);
			for (bool good = page_begin(&layout, cut, n, &p); good && page_next(&p, &event, &length); all += length)
				assert_true(event >= cut && event + length <= cut + n);
			assert_true(all <= n);
			free(cut);
		}
		events.at[0] ^= 0x1f; /* and with a first length that is wrong */
	}
}

static void test_layout(void **state)
{
	(void)state;
	static const char *const odd[] = {
		"\tfield: u64 timestamp;\toffset:4;\tsize:8;\n"
		"\tfield: local_t commit;\toffset:12;\tsize:8;\n\tfield: char data;\toffset:20;\tsize:4076;\n",
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\n"
		"\tfield: local_t commit;\toffset:4;\tsize:8;\n\tfield: char data;\toffset:16;\tsize:4076;\n",
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\n"
		"\tfield: local_t commit;\toffset:8;\tsize:8;\n\tfield: char data;\toffset:12;\tsize:4076;\n",
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\n\tfield: local_t commit;\toffset:8;\tsize:8;\n",
	};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct format header;
		struct page_layout layout;
		assert_true(format_parse(odd[i], strlen(odd[i]), &header));
		assert_false(page_layout(&header, &layout));
		format_free(&header);
	}
}

/* An event of `n` bytes with number, flags and process. */
static struct bytes_made begin_event(uint16_t id, uint8_t flags, uint32_t pid, size_t n)
{
	struct bytes_made event = { .n = n };
	memcpy(event.at, &id, 2);
	event.at[2] = flags;
	memcpy(event.at + 4, &pid, 4);
	return event;
}

static void put_at(struct bytes_made *event, size_t at, const void *bytes, size_t n)
{
	memcpy(event->at + at, bytes, n);
}

static void ends_are(const struct kernel_record *record, const char *here, const char *there)
{
	struct buf text = { 0 };
	text_add_endpoint(&text, record->address[KERNEL_HERE], record->port[KERNEL_HERE]);
	assert_string_equal(buf_text(&text), here);
	buf_clear(&text);
	text_add_endpoint(&text, record->address[KERNEL_THERE], record->port[KERNEL_THERE]);
	assert_string_equal(buf_text(&text), there);
	buf_free(&text);
}

/* No event is read beyond its end. */
static void cut_event(const struct event_plan *plan, const struct bytes_made *event)
{
	for (size_t n = 0; n < event->n; n++) {
		struct kernel_record record;
		struct event_extra extra;
		uint8_t *cut = malloc(n + 1);
		assert_non_null(cut);
		memcpy(cut, event->at, n);
		assert_false(event_decode(plan, cut, n, &record, &extra));
		free(cut);
	}
}

static void test_sent(void **state)
{
	(void)state;
	struct event_plan plan;
	struct kernel_record record;
	struct event_extra extra;
	uint64_t type;
	assert_true(PLAN(KERNEL_SENT_RESET, sent_format));
	struct bytes_made event = begin_event(601, 0, 4711, 88);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(0xc0000201) };
	struct sockaddr_in6 there = { .sin6_family = AF_INET6, .sin6_port = htons(40000), .sin6_addr.s6_addr = { 0xfd, [15] = 1 } };
	put_at(&event, 32, &here, sizeof here);
	put_at(&event, 60, &there, sizeof there);
	put_at(&event, 24, &(uint32_t){ KERNEL_CLOSE }, 4);
	put_at(&event, 28, &(uint32_t){ 14 }, 4);
	assert_true(event_type(&plan, event.at, event.n, &type) && type == 601);
	assert_true(event_decode(&plan, event.at, event.n, &record, &extra));
	ends_are(&record, "192.0.2.1:80", "[fd00::1]:40000");
	assert_int_equal(record.state, KERNEL_CLOSE);
	assert_int_equal(record.pid, 4711);
	assert_true(extra.has_reason && extra.reason == 14);
	cut_event(&plan, &event);
	event.at[2] = 0x10; /* in a soft interrupt: the process only happened to run */
	assert_true(event_decode(&plan, event.at, event.n, &record, &extra) && record.pid == 0);
	memset(event.at + 32, 0, 28);
	assert_false(event_decode(&plan, event.at, event.n, &record, &extra)); /* no family that is known */
	/* a listener on all addresses, of either family */
	here = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(80) };
	put_at(&event, 32, &here, sizeof here);
	here.sin_port = 0;
	put_at(&event, 60, &here, sizeof here);
	assert_true(event_decode(&plan, event.at, event.n, &record, &extra));
	ends_are(&record, "[::]:80", "[::]:0");
	format_free(&plan.format);
}

static void test_older(void **state)
{
	(void)state;
	struct event_plan plan;
	struct kernel_record record;
	struct event_extra extra;
	assert_true(PLAN(KERNEL_SENT_RESET, old_sent_format));
	struct bytes_made event = begin_event(602, 0, 1, 72);
	put_at(&event, 8, &(uint64_t){ 0xabcd }, 8);
	put_at(&event, 24, &(uint32_t){ 99 }, 4); /* a state that is none */
	put_at(&event, 28, &(uint16_t){ 80 }, 2);
	put_at(&event, 30, &(uint16_t){ 40000 }, 2);
	put_at(&event, 40, (const uint8_t[16]){ [10] = 0xff, 0xff, 192, 0, 2, 1 }, 16);
	put_at(&event, 56, (const uint8_t[16]){ [10] = 0xff, 0xff, 192, 0, 2, 2 }, 16);
	assert_true(event_decode(&plan, event.at, event.n, &record, &extra));
	ends_are(&record, "192.0.2.1:80", "192.0.2.2:40000");
	assert_false(extra.has_reason);
	assert_true(extra.skb == 0xabcd);
	assert_int_equal(record.state, KERNEL_STATE_NONE);
	cut_event(&plan, &event);
	format_free(&plan.format);
}

static void test_others(void **state)
{
	(void)state;
	struct event_plan plan;
	struct kernel_record record;
	struct event_extra extra;
	assert_true(PLAN(KERNEL_STATE, state_format));
	struct bytes_made event = begin_event(603, 0, 1, 40);
	put_at(&event, 16, &(uint32_t){ KERNEL_ESTABLISHED }, 4);
	put_at(&event, 20, &(uint32_t){ KERNEL_CLOSE }, 4);
	put_at(&event, 30, &(uint16_t){ IPPROTO_TCP }, 2);
	put_at(&event, 32, (const uint8_t[4]){ 192, 0, 2, 1 }, 4);
	put_at(&event, 36, (const uint8_t[4]){ 192, 0, 2, 2 }, 4);
	assert_true(event_decode(&plan, event.at, event.n, &record, &extra));
	ends_are(&record, "192.0.2.1:0", "192.0.2.2:0");
	assert_int_equal(record.state, KERNEL_CLOSE);
	assert_int_equal(record.old_state, KERNEL_ESTABLISHED);
	put_at(&event, 30, &(uint16_t){ IPPROTO_SCTP }, 2);
	assert_false(event_decode(&plan, event.at, event.n, &record, &extra));
	format_free(&plan.format);
	assert_true(PLAN(KERNEL_DROPPED, drop_format));
	event = begin_event(604, 0, 1, 40);
	put_at(&event, 36, &(uint32_t){ 12 }, 4);
	assert_true(event_decode(&plan, event.at, event.n, &record, &extra));
	assert_string_equal(format_symbol(&plan.format, extra.reason), "NETFILTER_DROP");
	cut_event(&plan, &event);
	format_free(&plan.format);
	/* what lacks addresses or a reason is of no use */
	assert_false(PLAN(KERNEL_TOOK_RESET, drop_format));
	format_free(&plan.format);
	assert_false(PLAN(KERNEL_DROPPED, old_sent_format));
	format_free(&plan.format);
}

static struct bytes_made old_reset(uint64_t skb)
{
	struct bytes_made event = begin_event(602, 0x10, 1, 72);
	put_at(&event, 8, &skb, 8);
	put_at(&event, 28, &(uint16_t){ 80 }, 2);
	put_at(&event, 30, &(uint16_t){ 40000 }, 2);
	put_at(&event, 40, (const uint8_t[16]){ [10] = 0xff, 0xff, 192, 0, 2, 1 }, 16);
	put_at(&event, 56, (const uint8_t[16]){ [10] = 0xff, 0xff, 192, 0, 2, 2 }, 16);
	return event;
}

static struct bytes_made drop(uint64_t skb, uint32_t reason)
{
	struct bytes_made event = begin_event(604, 0x10, 1, 40);
	put_at(&event, 8, &skb, 8);
	put_at(&event, 36, &reason, 4);
	return event;
}

static void add_event(struct bytes_made *events, uint32_t delta, const struct bytes_made *event)
{
	made_head(events, (unsigned)event->n / 4, delta);
	made_put(events, event->at, event->n);
}

/* Kernels without a reason tell why the packet was dropped that the reset answers; and pages tell what was lost before them. */
static void test_taken(void **state)
{
	(void)state;
	static const uint8_t here[16] = { [10] = 0xff, 0xff, 192, 0, 2, 1 }, there[16] = { [10] = 0xff, 0xff, 192, 0, 2, 2 };
	const struct kernel_ends ends = { .address = { here, there }, .port = { 80, 40000 } };
	const struct kernel_record *found[4];
	struct taker taker = { .layout = layout_of(header_page) };
	struct kernel_journal *j = kernel_journal_new(0, &(struct kernel_scope){ .drops = true });
	struct bytes_made events = { .n = 0 }, page, event;
	int64_t latest = 0;
	assert_non_null(j);
	assert_true(event_plan(KERNEL_SENT_RESET, old_sent_format, sizeof old_sent_format - 1, &taker.plans[KERNEL_SENT_RESET]));
	assert_true(event_plan(KERNEL_DROPPED, drop_format, sizeof drop_format - 1, &taker.plans[KERNEL_DROPPED]));
	add_event(&events, 10, (event = old_reset(0xaaaa), &event));
	add_event(&events, 10, (event = drop(0xbbbb, 2), &event));     /* another packet's */
	add_event(&events, 10, (event = drop(0xaaaa, 3), &event));
	add_event(&events, 10, (event = old_reset(0xcccc), &event));
	add_event(&events, 10, (event = drop(0xcccc, 2), &event));     /* no reason is none */
	add_event(&events, 10, (event = drop(0xdddd, 12), &event));    /* the packet filter's */
	made_page(&page, 1000, &events, 0);
	assert_true(taker_page(&taker, page.at, page.n, 5000000, &latest, j));
	assert_true(latest == 5001060);
	assert_int_equal(kernel_journal_find(j, KERNEL_SENT_RESET, &ends, 0, INT64_MAX / 2, found, 4), 2);
	assert_true(found[1]->time == 5001010 && found[0]->time == 5001040);
	assert_string_equal(kernel_journal_reason(j, found[1]->reason), "NO_SOCKET");
	assert_null(kernel_journal_reason(j, found[0]->reason));
	assert_int_equal(kernel_journal_find(j, KERNEL_DROPPED, NULL, 5001060, 5001060, found, 4), 1);
	kernel_journal_until(j, 6000000);
	assert_true(kernel_journal_covers(j, 5001020, 5001050));
	made_page(&page, 900000, &events, UINT64_C(1) << 31);
	assert_true(taker_page(&taker, page.at, page.n, 5000000, &latest, j));
	assert_false(kernel_journal_covers(j, 5800000, 5801000));      /* lost between the pages */
	assert_true(kernel_journal_covers(j, 5001020, 5001050));
	assert_true(kernel_journal_covers(j, 5900050, 5900060));
	assert_false(taker_page(&taker, page.at, 10, 0, &latest, j));
	format_free(&taker.plans[KERNEL_SENT_RESET].format);
	format_free(&taker.plans[KERNEL_DROPPED].format);
	kernel_journal_free(j);
}

/* The oldest records go, and then nothing is known of their time. */
static void test_journal(void **state)
{
	(void)state;
	struct kernel_journal *j = kernel_journal_new(0, &(struct kernel_scope){ .all_resets = true });
	struct kernel_record record = { .event = KERNEL_SENT_RESET, .address = { { 1 }, { 2 } }, .port = { 80, 40000 } };
	const struct kernel_ends ends = { .address = { record.address[0], record.address[1] }, .port = { 80, 40000 } };
	const struct kernel_record *found[4];
	const int64_t second = 1000000000;
	assert_non_null(j);
	record.time = second;
	kernel_journal_add(j, &record);
	kernel_journal_until(j, 1000000 * second);
	assert_int_equal(kernel_journal_find(j, KERNEL_SENT_RESET, &ends, second, second, found, 4), 1);
	assert_true(kernel_journal_covers(j, second, 2 * second) && kernel_journal_settled(j, second));
	assert_false(kernel_journal_is_own(j, record.address[0]));
	record.port[1] = 40001;
	for (int64_t i = 0; i < 1 << 18; i++) {
		record.time = 10 * second + i * 1000000;
		kernel_journal_add(j, &record);
	}
	assert_int_equal(kernel_journal_find(j, KERNEL_SENT_RESET, &ends, 0, INT64_MAX / 2, found, 4), 0);
	assert_false(kernel_journal_covers(j, second, 2 * second));
	assert_true(kernel_journal_covers(j, 200 * second, 201 * second));
	kernel_journal_addresses(j, (const uint8_t (*)[16])record.address, 1);
	assert_true(kernel_journal_is_own(j, record.address[0]) && !kernel_journal_is_own(j, record.address[1]));
	/* no more names than there are numbers */
	for (unsigned i = 0; i < 300; i++) {
		char name[16];
		snprintf(name, sizeof name, "R%u", i);
		uint8_t number = kernel_journal_number(j, name);
		assert_true(number == 0 ? i >= 255 : strcmp(kernel_journal_reason(j, number), name) == 0);
	}
	kernel_journal_free(j);
}

static void test_comm(void **state)
{
	(void)state;
	static const char list[] = "1 systemd\n4711 a name of blanks\n\n99999999999999999999 x\n12 \n"
	                           "7 the longest name that there is\n5 cut";
	char comm[KERNEL_COMM];
	assert_true(comm_find(list, sizeof list - 1, 4711, comm));
	assert_string_equal(comm, "a name of blank");
	assert_true(comm_find(list, sizeof list - 1, 5, comm));
	assert_string_equal(comm, "cut");
	assert_false(comm_find(list, sizeof list - 1, 12, comm));
	assert_false(comm_find(list, sizeof list - 1, 2, comm));
	assert_false(comm_find(list, sizeof list - 1, UINT32_MAX, comm));
	for (size_t n = 0; n < sizeof list; n++)
		(void)comm_find(list, n, 7, comm);
}

static void test_diag(void **state)
{
	(void)state;
	struct bytes_made message = { .n = 0 };
	struct inet_diag_msg m = { .idiag_family = AF_INET, .idiag_state = KERNEL_ESTABLISHED, .idiag_timer = 1, .idiag_retrans = 3,
		                   .idiag_expires = 250, .idiag_rqueue = 10, .idiag_wqueue = 20, .idiag_uid = 1000, .idiag_inode = 77 };
	m.id.idiag_sport = htons(80);
	m.id.idiag_dport = htons(40000);
	m.id.idiag_src[0] = htonl(0xc0000201);
	m.id.idiag_dst[0] = htonl(0xc0000202);
	struct tcp_info info = { .tcpi_notsent_bytes = 5, .tcpi_total_retrans = 6 };
	struct rtattr attribute = { .rta_len = (uint16_t)(sizeof attribute + sizeof info), .rta_type = INET_DIAG_INFO };
	made_put(&message, &m, sizeof m);
	made_put(&message, &attribute, sizeof attribute);
	made_put(&message, &info, sizeof info);
	struct kernel_socket s;
	assert_true(diag_read(message.at, message.n, &s));
	ends_are(&s.ends, "192.0.2.1:80", "192.0.2.2:40000");
	assert_int_equal(s.ends.state, KERNEL_ESTABLISHED);
	assert_int_equal(s.timer, KERNEL_TIMER_RETRANSMIT);
	assert_true(s.tries == 3 && s.expires_ms == 250 && s.unread == 10 && s.unacknowledged == 20 && s.uid == 1000 && s.inode == 77);
	assert_true(s.has_info && s.unsent == 5 && s.retransmits == 6);
	for (size_t n = 0; n < message.n; n++) {
		uint8_t *cut = malloc(n + 1);
		assert_non_null(cut);
		memcpy(cut, message.at, n);
		bool good = diag_read(cut, n, &s);
		assert_true(good == (n >= sizeof m && n < sizeof m + sizeof attribute) && (!good || !s.has_info));
		free(cut);
	}
	m.idiag_family = AF_UNIX;
	memcpy(message.at, &m, sizeof m);
	assert_false(diag_read(message.at, message.n, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format), cmocka_unit_test(test_format_damaged), cmocka_unit_test(test_number),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_page_cut), cmocka_unit_test(test_layout), cmocka_unit_test(test_sent), cmocka_unit_test(test_older),
		cmocka_unit_test(test_others), cmocka_unit_test(test_taken), cmocka_unit_test(test_journal),
		cmocka_unit_test(test_comm), cmocka_unit_test(test_diag),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
