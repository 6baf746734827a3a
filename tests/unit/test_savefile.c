/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_savefile: files that libpcap reads. What it reads, our own reader reads the same; what only it reads is handed over. Of that kind no
 * libpcap of today knows any, so this program has one that does: a pcap file behind four bytes. */
#include "capture_file.h"

#include <pcap/pcap.h>
#include <stdio.h>

#include "capture/savefile.h"

#define NEW_MAGIC "NEWF"

pcap_t *__real_pcap_fopen_offline_with_tstamp_precision(FILE *stream, u_int precision, char *error);
pcap_t *__wrap_pcap_fopen_offline_with_tstamp_precision(FILE *stream, u_int precision, char *error);

pcap_t *__wrap_pcap_fopen_offline_with_tstamp_precision(FILE *stream, u_int precision, char *error)
{
	char magic[4];
	if (fread(magic, 1, 4, stream) != 4 || memcmp(magic, NEW_MAGIC, 4) != 0)
		rewind(stream);
	return __real_pcap_fopen_offline_with_tstamp_precision(stream, precision, error);
}

static bool old_lengths; /* the one on the wire stands first, as before version 2.3 */

static void record(unsigned seconds, unsigned caplen, unsigned len, unsigned more, int big)
{
	bytes_number(&file, seconds, 4, big);
	bytes_number(&file, 999999, 4, big);
	bytes_number(&file, old_lengths ? len : caplen, 4, big);
	bytes_number(&file, old_lengths ? caplen : len, 4, big);
	for (unsigned i = 0; i < caplen + more; i++)
		bytes_number(&file, i + seconds, 1, big);
}

/* Three packets, of 20, 300 and no bytes. more: bytes between the head of a record and its packet. */
static void write_file(uint32_t magic, unsigned major, unsigned minor, uint32_t network, unsigned more, int big)
{
	bytes_number(&file, magic, 4, big);
	bytes_number(&file, major, 2, big);
	bytes_number(&file, minor, 2, big);
	bytes_number(&file, 0, 8, big);
	bytes_number(&file, 65535, 4, big);
	bytes_number(&file, network, 4, big);
	old_lengths = minor < 3;
	record(1, 20, 60, more, big);
	record(2000000000, 300, 300, more, big);
	record(3, 0, 0, more, big);
}

/* Ours reads the bytes as libpcap does. */
static void same_as_libpcap(struct savefile *f)
{
	struct source *s = open_file();
	struct buf why = { 0 };
	struct packet theirs, ours;
	for (;;) {
		enum source_status status = savefile_next(f, &theirs, &why);
		assert_int_equal(source_next(s, &ours), status);
		if (status != SOURCE_PACKET)
			break;
		assert_true(ours.time == theirs.time);
		assert_int_equal(ours.caplen, theirs.caplen);
		assert_int_equal(ours.len, theirs.len);
		assert_int_equal(ours.link_type, theirs.link_type);
		assert_memory_equal(ours.data, theirs.data, ours.caplen);
	}
	assert_string_equal(buf_text(&why), "");
	assert_int_equal(source_interface(s, 0)->link_type, savefile_interface(f).link_type);
	source_close(s);
	buf_free(&why);
}

/* Every magic number that a header of libpcap names, in every version and both byte orders. */
static void test_ours_reads_what_libpcap_reads(void **state)
{
	(void)state;
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0xa1b234cd, 0xa12b3c4d };
	static const unsigned versions[][2] = { { 2, 0 }, { 2, 1 }, { 2, 2 }, { 2, 3 }, { 2, 4 }, { 2, 5 }, { 3, 0 }, { 543, 0 }, { 1, 4 } };
	static const uint32_t networks[] = { 1, 101, 113, 228, 276, 0x14000001 };
	unsigned read = 0;
	for (size_t m = 0; m < sizeof magics / sizeof magics[0]; m++)
		for (size_t v = 0; v < sizeof versions / sizeof versions[0]; v++)
			for (size_t n = 0; n < 2 * sizeof networks / sizeof networks[0]; n++) {
				struct buf why = { 0 };
				bytes_new(&file);
				write_file(magics[m], versions[v][0], versions[v][1], networks[n / 2], magics[m] == 0xa1b2cd34 ? 8 : 0, n % 2);
				char *name = save(bytes_at(&file), bytes_length(&file));
				FILE *stream = fopen(name, "rb");
				assert_non_null(stream);
				struct savefile *f = savefile_open(fileno(stream), &why);
				assert_int_equal(f == NULL, why.len != 0);
				if (f != NULL)
					same_as_libpcap(f);
				read += f != NULL;
				savefile_close(f);
				fclose(stream);
				unlink(name);
				free(name);
				buf_free(&why);
			}
	assert_true(read >= 3 * 6 * 6 * 2); /* three magics, at least six versions */
}

static void new_format(void)
{
	bytes_new(&file);
	bytes_behind(&file, NEW_MAGIC, 4);
	write_file(0xa1b23c4d, 2, 4, 1, 0, 1);
}

static void test_handed_over(void **state)
{
	(void)state;
	new_format();
	struct source *s = open_file();
	uint64_t done, total;
	assert_int_equal(source_interface_count(s), 1);
	assert_int_equal(source_interface(s, 0)->link_type, 1);
	uint64_t first = next(s, 1, 1000999999, 20, 60).offset;
	next(s, 2, 2000000000000999999, 300, 300);
	next(s, 3, 3000999999, 0, 0);
	struct packet again;
	assert_true(store_read(source_store(s), first, &again) && again.caplen == 20);
	source_progress(s, &done, &total);
	assert_int_equal(total, bytes_length(&file));
	assert_int_equal(done, total);
	ends(s, SOURCE_END, NULL);
}

static void test_cut(void **state)
{
	(void)state;
	new_format();
	file.end -= 20;
	struct source *s = open_file();
	next(s, 1, 1000999999, 20, 60);
	ends(s, SOURCE_DAMAGED, "the 1 packets before it were read");
}

/* As one of several files, whose first packets are looked at to sort them. */
static void test_joined(void **state)
{
	(void)state;
	char *names[2];
	new_format();
	names[0] = save(bytes_at(&file), bytes_length(&file));
	bytes_new(&file);
	write_file(0xa1b23c4d, 2, 4, 1, 0, 0);
	file.data[file.begin + 24] = 0; /* first packet of a second before */
	names[1] = save(bytes_at(&file), bytes_length(&file));
	const struct source_options options = { .names = (const char *const *)names, .name_count = 2, .spool = true, .write_fd = -1 };
	enum source_refusal refusal;
	struct buf error = { 0 };
	struct source *s = source_open(&options, &refusal, &error);
	assert_non_null(s);
	assert_true(source_start(s, &error));
	next(s, 1, 999999, 20, 60);
	next(s, 2, 2000000000000999999, 300, 300);
	next(s, 3, 3000999999, 0, 0);
	next(s, 4, 1000999999, 20, 60);
	next(s, 5, 2000000000000999999, 300, 300);
	next(s, 6, 3000999999, 0, 0);
	ends(s, SOURCE_END, NULL);
	for (int i = 0; i < 2; i++) {
		unlink(names[i]);
		free(names[i]);
	}
	buf_free(&error);
}

/* libpcap reads neither a pipe without waiting, nor a file that still grows. */
static void test_not_handed_over(void **state)
{
	(void)state;
	new_format();
	char *name = save(bytes_at(&file), bytes_length(&file));
	const char *const growing = name;
	const struct source_options options = { .names = &growing, .name_count = 1, .spool = true, .follow = true, .write_fd = -1 };
	enum source_refusal refusal;
	struct buf error = { 0 };
	struct source *s = source_open(&options, &refusal, &error);
	assert_non_null(s);
	assert_false(source_start(s, &error));
	assert_non_null(strstr(buf_text(&error), "neither pcap nor pcapng (plain, gzip or zstd); if Wireshark reads it, try: editcap"));
	source_close(s);
	buf_free(&error);
	unlink(name);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours_reads_what_libpcap_reads), cmocka_unit_test(test_handed_over), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_joined), cmocka_unit_test(test_not_handed_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
