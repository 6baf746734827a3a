/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_spool: what is kept of packets that come only once: given back when it grows too large, whole records when the disk is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/spool.h"
#include "capture/store.h"

enum { SIZE = 60000, MANY = 40 };

static uint8_t bytes[CAPTURE_LARGEST_PACKET];

static struct packet packet_of(unsigned number, uint32_t size)
{
	memset(bytes, (int)number, sizeof bytes);
	return (struct packet){ .number = number, .time = (int64_t)number * 1000000007, .caplen = size, .len = size + 1, .link_type = 1, .data = bytes };
}

static void is_there(struct spool *s, const struct packet *p, unsigned number)
{
	struct store store = { .kind = spool_pcap(s) != NULL ? STORE_PCAP : STORE_SPOOL, .fd = spool_fd(s), .spool = s, .pcap = spool_pcap(s) };
	struct packet again;
	assert_true(store_read(&store, p->offset, &again));
	assert_true(again.time == p->time && again.caplen == p->caplen && again.len == p->len && again.data[again.caplen - 1] == (uint8_t)number);
	free(store.window);
}

/* Fills a spool of limited size with packets of this size; most: the room that the file took at most. Returns how many were given back. */
static unsigned fill_limited(struct spool *s, struct packet *packets, unsigned count, uint32_t size, uint64_t *most)
{
	struct buf error = { 0 };
	struct stat status;
	uint64_t until;
	unsigned gone = 0;
	*most = 0;
	for (unsigned i = 0; i < count; i++) {
		packets[i] = packet_of(i, size);
		assert_true(spool_append(s, &packets[i], &error));
		if (spool_is_full(s, &until))
			spool_let_go(s);
		assert_int_equal(fstat(spool_fd(s), &status), 0);
		*most = (uint64_t)status.st_blocks * 512 > *most ? (uint64_t)status.st_blocks * 512 : *most;
	}
	assert_true(spool_flush(s));
	while (gone < count && packets[gone].offset < spool_floor(s))
		gone++;
	buf_free(&error);
	return gone;
}

/* The oldest go in whole records; the file never takes more room than it may, and not much less; what is younger stays where it was. */
static void test_limit(void **state)
{
	enum { LIMIT = 8 << 20, COUNT = 700 };
	static const uint32_t sizes[] = { SIZE, 100000, CAPTURE_LARGEST_PACKET };
	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
		struct buf error = { 0 };
		struct spool *s = spool_new(&error);
		struct packet *packets = calloc(COUNT, sizeof *packets);
		uint64_t most;
		assert_non_null(s);
		spool_limit(s, LIMIT);
		unsigned gone = fill_limited(s, packets, COUNT, sizes[k], &most);
		assert_in_range(most, LIMIT / 2, LIMIT);
		assert_true(gone > 0 && gone < COUNT);
		assert_true(packets[gone].offset == spool_floor(s));
		for (unsigned i = gone; i < COUNT; i++)
			is_there(s, &packets[i], i);
		free(packets);
		spool_free(s);
		buf_free(&error);
	}
}

/* A packet larger than what is written at a time. */
static void test_large(void **state)
{
	struct buf error = { 0 };
	struct spool *s = spool_new(&error);
	struct packet small = packet_of(1, 10), large = packet_of(2, CAPTURE_LARGEST_PACKET);
	(void)state;
	large.data = small.data = bytes;
	assert_true(spool_append(s, &small, &error) && spool_append(s, &large, &error) && spool_flush(s));
	is_there(s, &large, 2);
	spool_free(s);
}

static void test_no_folder(void **state)
{
	struct buf error = { 0 };
	const char *before = getenv("TMPDIR");
	char *kept = before != NULL ? strdup(before) : NULL;
	(void)state;
	setenv("TMPDIR", "/nowhere/at\033all", 1);
	assert_null(spool_new(&error));
	assert_non_null(strstr(buf_text(&error), "cannot make a spool file in /nowhere/at\\x1ball"));
	assert_non_null(strstr(buf_text(&error), "set TMPDIR"));
	if (kept != NULL)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	free(kept);
	buf_free(&error);
}

/* Fills a spool until nothing more can be written; returns how many packets are whole in it. The failure is said once. */
static unsigned fill(struct spool *s, struct packet packets[MANY])
{
	struct buf error = { 0 };
	unsigned refused = 0, whole = 0;
	for (unsigned i = 0; i < MANY; i++) {
		packets[i] = packet_of(i, SIZE);
		refused += !spool_append(s, &packets[i], &error);
	}
	assert_true(refused > 0 && !spool_flush(s));
	const char *said = strstr(buf_text(&error), "cannot grow");
	assert_true(said != NULL && strstr(said + 1, "cannot grow") == NULL);
	struct stat status;
	assert_int_equal(fstat(spool_fd(s), &status), 0);
	while (whole < MANY && packets[whole].offset + 16 + SIZE <= (uint64_t)status.st_size)
		whole++;
	buf_free(&error);
	return whole;
}

static void test_full_disk(void **state)
{
	const char *const names[] = { NULL, "kept.pcap" };
	struct rlimit before, small;
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (unsigned kind = 0; kind < 2; kind++) {
		struct buf error = { 0 };
		struct packet packets[MANY];
		char name[] = "/tmp/tcpwhy-spool-test-XXXXXX";
		struct spool *s = names[kind] == NULL ? spool_new(&error) : spool_new_pcap(mkstemp(name), names[kind], 1, 65535, &error);
		assert_non_null(s);
		small = (struct rlimit){ 9 * SIZE + 100, before.rlim_max };
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		unsigned whole = fill(s, packets);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(whole, 8);
		for (unsigned i = 0; i < whole; i++)
			is_there(s, &packets[i], i);
		spool_free(s);
		if (names[kind] != NULL)
			unlink(name);
		buf_free(&error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit), cmocka_unit_test(test_large), cmocka_unit_test(test_no_folder), cmocka_unit_test(test_full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
