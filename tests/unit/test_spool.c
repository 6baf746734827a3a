/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_spool: what is kept of packets that come only once: given back when it grows too large, whole records when the disk is full; found
 * again when its program was killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <dirent.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/source.h"
#include "capture/spool.h"
#include "capture/spool_file.h"
#include "capture/spool_folder.h"
#include "capture/store.h"
#include "util/file.h"

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

static char folder[] = "/var/tmp/tcpwhy-spool-test-XXXXXX";

/* Nothing is left in memory. */
static void need_disk(void)
{
	struct statfs status;
	assert_int_equal(statfs(folder, &status), 0);
	if ((unsigned long)status.f_type == TMPFS_MAGIC || (unsigned long)status.f_type == RAMFS_MAGIC)
		skip();
}

/* The only one in the folder; *path is set to its name. */
static struct spool *named(uint64_t limit, struct buf *path)
{
	struct buf note = { 0 }, error = { 0 };
	struct spool_folder f;
	struct dirent *entry;
	struct spool *s = spool_new_named("if\033ace", limit, &note, &error);
	assert_non_null(s);
	assert_string_equal(buf_text(&note), "");
	assert_true(spool_folder_enter(&f, false, &note));
	DIR *all = opendir(buf_text(&f.path));
	assert_non_null(all);
	while ((entry = readdir(all)) != NULL)
		if (entry->d_name[0] != '.') {
			assert_true(path->len == 0);
			buf_printf(path, "%s/%s", buf_text(&f.path), entry->d_name);
		}
	closedir(all);
	spool_folder_leave(&f);
	return s;
}

static void look(struct spool_left *left)
{
	struct buf note = { 0 };
	struct spool_folder f;
	assert_true(spool_folder_enter(&f, false, &note));
	spool_folder_look(&f, left);
	spool_folder_leave(&f);
}

/* What is in the file at any moment is a capture of the packets since the oldest that is kept; while it is in use it is not one left behind,
 * and then it is gone. */
static void test_named(void **state)
{
	enum { COUNT = 400 };
	struct buf path = { 0 }, error = { 0 };
	struct packet packets[COUNT], again;
	struct spool_left left;
	uint64_t most;
	(void)state;
	need_disk();
	struct spool *s = named(8 << 20, &path);
	unsigned gone = fill_limited(s, packets, COUNT, SIZE, &most);
	assert_true(gone > 0 && gone < COUNT);
	look(&left);
	assert_int_equal(left.count, 0);
	spool_left_free(&left);
	struct source *source = source_open_file(path.data, true, &error);
	assert_non_null(source);
	for (unsigned i = gone; i < COUNT; i++) {
		assert_int_equal(source_next(source, &again), SOURCE_PACKET);
		memset(bytes, (int)i, SIZE);
		assert_true(again.offset == packets[i].offset && again.time == packets[i].time && again.len == SIZE + 1 && again.link_type == 1);
		assert_int_equal(again.caplen, SIZE);
		assert_memory_equal(again.data, bytes, SIZE);
	}
	assert_int_equal(source_next(source, &again), SOURCE_END);
	assert_true(store_read(source_store(source), packets[COUNT - 1].offset, &again) && again.time == packets[COUNT - 1].time);
	source_close(source);
	spool_free(s);
	assert_int_equal(access(path.data, F_OK), -1);
	buf_free(&path);
	buf_free(&error);
}

static void put(const struct buf *path, const char *name, const char *text, size_t n)
{
	struct buf whole = { 0 }, error = { 0 };
	buf_add(&whole, path->data, (size_t)(strrchr(path->data, '/') + 1 - path->data));
	buf_puts(&whole, name);
	assert_int_equal(file_put(buf_text(&whole), true, text, n, &error), FILE_DONE);
	buf_free(&whole);
}

/* As if programs had been killed: copies that nobody holds. What is called so but is no spool does not count, and what is empty goes. */
static void test_left(void **state)
{
	struct buf path = { 0 }, error = { 0 }, all = { 0 }, text = { 0 };
	struct packet packet = packet_of(7, SIZE);
	struct spool_left left;
	(void)state;
	need_disk();
	struct spool *s = named(0, &path);
	assert_true(spool_append(s, &packet, &error) && spool_flush(s));
	assert_true(file_get(path.data, 1 << 20, &all));
	spool_free(s);
	for (unsigned i = 0; i < SPOOL_HEAD_SIZE; i++)
		buf_puts(&text, "text");
	put(&path, "spool-text", text.data, text.len);
	put(&path, "spool-empty", all.data, SPOOL_HEAD_SIZE);
	put(&path, "another", all.data, all.len);
	look(&left);
	assert_int_equal(left.count, 0);
	spool_left_free(&left);
	put(&path, "spool-1", all.data, all.len);
	put(&path, "spool-2", all.data, all.len);
	look(&left);
	assert_int_equal(left.count, 2);
	assert_true(left.bytes == 2 * (SPOOL_RECORD_SIZE + SIZE) && left.room >= left.bytes);
	assert_string_equal(left.head.source, "if\033ace");
	spool_left_free(&left);
	assert_int_equal(spool_file_new("x", left.room, &error), -1);
	assert_non_null(strstr(buf_text(&error), "as much as --spool grants"));
	int fd = spool_file_new("x", left.room + 1, &error);
	assert_true(fd >= 0);
	spool_file_remove(fd);
	close(fd);
	look(&left);
	assert_int_equal(left.count, 2);
	spool_left_free(&left);
	buf_free(&path);
	buf_free(&error);
	buf_free(&all);
	buf_free(&text);
}

/* No head that does not say where its records begin, behind itself. */
static void test_head(void **state)
{
	static const uint64_t begins[] = { 0, SPOOL_HEAD_SIZE - 1, SPOOL_HEAD_SIZE, INT64_MAX - 1, INT64_MAX, UINT64_MAX };
	char name[200];
	struct spool_head read;
	(void)state;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	struct spool_head head = spool_head_of(name);
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
		head.begin = begins[i];
		assert_int_equal(spool_parse_head((const uint8_t *)&head, &read), i == 2 || i == 3);
	}
	head.begin = SPOOL_HEAD_SIZE;
	assert_int_equal(strlen(head.source), sizeof head.source - 1);
	memset(head.source, 'n', sizeof head.source);
	assert_false(spool_parse_head((const uint8_t *)&head, &read));
}

static void end_folder(void)
{
	struct buf command = { 0 };
	buf_printf(&command, "rm -rf %s", folder);
	if (system(buf_text(&command)) != 0)
		fputs("a folder in /var/tmp is left\n", stderr);
	buf_free(&command);
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
		cmocka_unit_test(test_head), cmocka_unit_test(test_named), cmocka_unit_test(test_left),
	};
	if (mkdtemp(folder) == NULL || setenv("TMPDIR", folder, 1) != 0)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	end_folder();
	return failed;
}
