/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_capture: pcap in all its forms, from a file, compressed, and through a pipe; cut and damaged; formats that are not read. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "capture_file.h"

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

static void pcap_header(uint32_t magic, unsigned minor, uint32_t network, int big)
{
	bytes_new(&file);
	bytes_number(&file, magic, 4, big);
	bytes_number(&file, 2, 2, big);
	bytes_number(&file, minor, 2, big);
	bytes_number(&file, 0, 8, big);
	bytes_number(&file, 100, 4, big);
	bytes_number(&file, network, 4, big);
}

static void pcap_record(uint32_t seconds, uint32_t fraction, uint32_t caplen, uint32_t len, int big)
{
	bytes_number(&file, seconds, 4, big);
	bytes_number(&file, fraction, 4, big);
	bytes_number(&file, caplen, 4, big);
	bytes_number(&file, len, 4, big);
	for (uint32_t i = 0; i < caplen; i++)
		bytes_number(&file, i + seconds, 1, big);
}

static void test_pcap_kinds(void **state)
{
	(void)state;
	static const struct {
		uint32_t magic;
		int64_t unit;
	} kinds[] = { { 0xa1b2c3d4, 1000 }, { 0xa1b23c4d, 1 }, { 0xa12b3c4d, 1000 } };
	for (size_t i = 0; i < 3; i++)
		for (int big = 0; big < 2; big++) {
			pcap_header(kinds[i].magic, 4, 0x14000001, big); /* with the length of a check sequence in the link type */
			pcap_record(1, 2, 3, 60, big);
			pcap_record(2, 1500000, 200, 200, big); /* more than the snaplen, and a fraction of more than a second in us */
			struct source *s = open_file();
			assert_int_equal(next(s, 1, 1000000000 + 2 * kinds[i].unit, 3, 60).link_type, 1);
			next(s, 2, 2000000000 + 1500000 * kinds[i].unit, 200, 200);
			assert_int_equal(source_interface_count(s), 1);
			assert_int_equal(source_interface(s, 0)->snaplen, 100);
			assert_null(source_interface(s, 1));
			ends(s, SOURCE_END, NULL);
		}
}

static void test_pcap_old_lengths(void **state)
{
	(void)state;
	pcap_header(0xa1b2c3d4, 2, 1, 0); /* before 2.3: the original length stands first */
	bytes_number(&file, 1, 4, 0);
	bytes_number(&file, 0, 4, 0);
	bytes_number(&file, 60, 4, 0);
	bytes_number(&file, 4, 4, 0);
	bytes_number(&file, 0, 4, 0);
	struct source *s = open_file();
	next(s, 1, 1000000000, 4, 60);
	ends(s, SOURCE_END, NULL);
	pcap_header(0xa1b2c3d4, 4, 1, 0);
	pcap_record(1, 0, 10, 4, 0); /* len below caplen */
	s = open_file();
	next(s, 1, 1000000000, 10, 10);
	ends(s, SOURCE_END, NULL);
}

static void test_pcap_modified(void **state)
{
	(void)state;
	pcap_header(0xa1b2cd34, 4, 1, 0);
	for (int i = 1; i < 3; i++) {
		bytes_number(&file, (uint64_t)i, 4, 0);
		bytes_number(&file, 0, 4, 0);
		bytes_number(&file, 2, 4, 0);
		bytes_number(&file, 2, 4, 0);
		bytes_number(&file, 0, 8, 0); /* interface, protocol, type */
		bytes_number(&file, 0xabcd, 2, 0);
	}
	struct source *s = open_file();
	next(s, 1, 1000000000, 2, 2);
	next(s, 2, 2000000000, 2, 2);
	ends(s, SOURCE_END, NULL);
}

static void test_every_cut(void **state)
{
	(void)state;
	pcap_header(0xa1b2c3d4, 4, 1, 0);
	pcap_record(1, 0, 20, 20, 0);
	pcap_record(2, 0, 30, 30, 0);
	size_t whole = bytes_length(&file), second = 24 + 36;
	for (size_t n = 24; n < whole; n++) {
		file.end = file.begin + n;
		struct source *s = open_file();
		if (n >= second)
			next(s, 1, 1000000000, 20, 20);
		if (n == 24 || n == second)
			ends(s, SOURCE_END, NULL);
		else
			ends(s, SOURCE_CUT, n > second ? "after packet 1 (byte 60)" : "after packet 0 (byte 24)");
	}
	for (size_t n = 0; n < 24; n++) {
		file.end = file.begin + n;
		refused_because("cannot read /tmp/tcpwhy-test-");
	}
}

static void test_damage(void **state)
{
	(void)state;
	pcap_header(0xa1b2c3d4, 4, 1, 0);
	pcap_record(1, 0, 20, 20, 0);
	bytes_number(&file, 0x7fffffff00000000, 8, 0);
	bytes_number(&file, 0x7fffffff, 4, 0);
	bytes_number(&file, 0x7fffffff, 4, 0);
	pcap_record(2, 0, 20, 20, 0);
	struct source *s = open_file();
	next(s, 1, 1000000000, 20, 20);
	ends(s, SOURCE_DAMAGED, "damaged at byte 60");
}

/* What is larger than any packet with TCP in it is cut where its link may have such (USB), the packet after it is found; else it is damage. */
static void test_large_packet(void **state)
{
	(void)state;
	enum { LARGE = 300000, CUT = 256 * 1024 };
	static const uint8_t zeros[LARGE];
	static const uint32_t links[] = { 220, 1 };
	for (size_t i = 0; i < 2; i++) {
		struct buf bytes = { 0 }, error = { 0 };
		pcap_header(0xa1b2c3d4, 4, links[i], 0);
		bytes_number(&file, 7, 8, 0);
		bytes_number(&file, LARGE, 4, 0);
		bytes_number(&file, LARGE + 5, 4, 0);
		buf_add(&bytes, bytes_at(&file), bytes_length(&file));
		buf_add(&bytes, zeros, LARGE);
		bytes_new(&file);
		pcap_record(8, 0, 20, 20, 0);
		buf_add(&bytes, bytes_at(&file), bytes_length(&file));
		struct source *s = open_bytes(bytes.data, bytes.len, &error);
		assert_non_null(s);
		if (links[i] == 220) {
			next(s, 1, 7000000000, CUT, LARGE + 5);
			next(s, 2, 8000000000, 20, 20);
			ends(s, SOURCE_END, NULL);
		} else {
			ends(s, SOURCE_DAMAGED, "impossible length");
		}
		buf_free(&bytes);
		buf_free(&error);
	}
}

/* A capture filter that asks for what a link does not have leaves its packets out, and that is said once. */
static void test_filter_of_another_link(void **state)
{
	(void)state;
	static const struct {
		uint32_t link;
		const char *message;
	} cases[] = { { 1, NULL }, { 101, "the capture filter does not fit link type 101, whose packets are left out: " } };
	for (size_t i = 0; i < 2; i++) {
		pcap_header(0xa1b2c3d4, 4, cases[i].link, 0);
		pcap_record(1, 0, 60, 60, 0); /* bytes that count up: the destination is 01:02:03:04:05:06 */
		pcap_record(2, 0, 60, 60, 0);
		pcap_record(1, 0, 60, 60, 0);
		char *name = save(bytes_at(&file), bytes_length(&file));
		const char *names[] = { name };
		const struct source_options options = { .names = names, .name_count = 1, .write_fd = -1, .bpf = "ether dst 01:02:03:04:05:06" };
		enum source_refusal refusal;
		struct buf error = { 0 };
		struct source *s = source_open(&options, &refusal, &error);
		assert_true(s != NULL && source_start(s, &error));
		if (cases[i].message == NULL) {
			next(s, 1, 1000000000, 60, 60);
			next(s, 3, 1000000000, 60, 60);
		}
		ends(s, SOURCE_END, cases[i].message);
		unlink(name);
		free(name);
		buf_free(&error);
	}
}

static void test_unknown_formats(void **state)
{
	(void)state;
	static const struct {
		const char *hex, *part;
	} cases[] = {
		{ "736e6f6f70000000 00000002", "snoop capture; try: editcap /tmp/" },
		{ "474d4255 0002", "Network Monitor" },
		{ "04224d18 0000", "lz4 -dc" },
		{ "fd377a585a00", "xz -dc" },
		{ "504b0304", "unzip -p" },
		{ "68656c6c6f20776f726c640a", "it is a text" },
		{ "285c8f0200000000 02 04 0020 0000 0040 00001010101010101010101010101010 2000", "ERF" },
		{ "ffffffffffffffffffffffff", "neither pcap nor pcapng (plain, gzip or zstd), and libpcap cannot read it either (unknown file format); if" },
		{ "a1b2c3d4 0001 0004 00000000 00000000 0000ffff 00000001", "pcap version 1.4" },
		{ "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 02000001", "reserved bits" },
		{ "", "it is empty" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bytes_new(&file);
		bytes_front(&file, cases[i].hex);
		refused_because(cases[i].part);
	}
	struct buf error = { 0 };
	assert_null(source_open_file("/nonexistent/x.pcap", true, &error));
	assert_string_equal(buf_text(&error), "cannot open /nonexistent/x.pcap: No such file or directory");
	buf_clear(&error);
	assert_null(source_open_file("/tmp", true, &error));
	assert_non_null(strstr(buf_text(&error), "directory"));
	buf_free(&error);
}

/* A pcap of `count` packets of 1000 bytes. */
static void many_packets(uint32_t count)
{
	pcap_header(0xa1b2c3d4, 4, 1, 0);
	for (uint32_t i = 0; i < count; i++)
		pcap_record(i, 0, 1000, 1000, 0);
}

#if defined(HAVE_ZLIB) || defined(HAVE_ZSTD)
static void reads_compressed(const uint8_t *bytes, size_t n, uint32_t count)
{
	struct buf error = { 0 };
	struct source *s = open_bytes(bytes, n, &error);
	assert_string_equal(buf_text(&error), "");
	for (uint32_t i = 0; i < count; i++)
		next(s, i + 1, i * 1000000000ll, 1000, 1000);
	uint64_t done, total;
	source_progress(s, &done, &total);
	assert_true(total == n && done <= total);
	ends(s, SOURCE_END, NULL);
	s = open_bytes(bytes, n - 9, &error); /* cut inside the compressed data */
	struct packet packet;
	enum source_status status;
	while ((status = source_next(s, &packet)) == SOURCE_PACKET)
		;
	assert_int_equal(status, SOURCE_CUT);
	source_close(s);
	buf_free(&error);
}
#endif

static void test_gzip(void **state)
{
	(void)state;
#ifdef HAVE_ZLIB
	many_packets(150);
	static uint8_t out[BYTES_SIZE];
	size_t size = 0, half = bytes_length(&file) / 2;
	for (int member = 0; member < 2; member++) { /* two members, as after cat a.gz b.gz */
		z_stream z = { 0 };
		assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
		z.next_in = file.data + file.begin + (member == 0 ? 0 : half);
		z.avail_in = (uInt)(member == 0 ? half : bytes_length(&file) - half);
		z.next_out = out + size;
		z.avail_out = (uInt)(sizeof out - size);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		size += z.total_out;
		deflateEnd(&z);
	}
	reads_compressed(out, size, 150);
	out[size / 2] ^= 0xff;
	struct buf error = { 0 };
	struct source *s = open_bytes(out, size, &error);
	struct packet packet;
	enum source_status status;
	while ((status = source_next(s, &packet)) == SOURCE_PACKET)
		;
	assert_int_equal(status, SOURCE_DAMAGED);
	assert_true(strlen(source_message(s)) > 0);
	source_close(s);
	buf_free(&error);
#else
	skip();
#endif
}

static void test_zstd(void **state)
{
	(void)state;
#ifdef HAVE_ZSTD
	many_packets(150);
	static uint8_t out[BYTES_SIZE];
	size_t size = ZSTD_compress(out, sizeof out, bytes_at(&file), bytes_length(&file), 1);
	assert_false(ZSTD_isError(size));
	reads_compressed(out, size, 150);
#else
	skip();
#endif
}

static void test_pipe(void **state)
{
	(void)state;
	int ends_of_pipe[2], kept = dup(STDIN_FILENO);
	assert_int_equal(pipe(ends_of_pipe), 0);
	assert_int_equal(dup2(ends_of_pipe[0], STDIN_FILENO), STDIN_FILENO);
	struct buf error = { 0 };
	struct source *s = source_open_file("-", true, &error);
	assert_non_null(s);
	struct packet packet;
	many_packets(3);
	uint64_t seen = 0, first = 0;
	for (const uint8_t *p = bytes_at(&file); p < file.data + file.end; p++) { /* a byte at a time: never blocks, never loses */
		assert_int_equal(write(ends_of_pipe[1], p, 1), 1);
		enum source_status status = source_next(s, &packet);
		if (status == SOURCE_PACKET) {
			assert_int_equal(packet.number, ++seen);
			first = seen == 1 ? packet.offset : first;
		} else {
			assert_int_equal(status, SOURCE_WAIT);
		}
	}
	assert_int_equal(seen, 3);
	assert_int_equal(source_fd(s), STDIN_FILENO);
	close(ends_of_pipe[1]);
	assert_int_equal(source_next(s, &packet), SOURCE_END);
	assert_int_equal(source_fd(s), -1);
	struct packet again;
	assert_true(store_read(source_store(s), first, &again)); /* the spool has them all */
	assert_true(again.caplen == 1000 && again.time == 0);
	source_close(s);
	dup2(kept, STDIN_FILENO);
	close(kept);
	close(ends_of_pipe[0]);
	buf_free(&error);
}

static void test_store_bounds(void **state)
{
	(void)state;
	pcap_header(0xa1b2c3d4, 4, 1, 0);
	pcap_record(1, 0, 20, 20, 0);
	struct source *s = open_file();
	struct packet packet;
	static const uint64_t offsets[] = { 50, 60, 61, 1000000, INT64_MAX, UINT64_MAX };
	for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++)
		assert_false(store_read(source_store(s), offsets[i], &packet));
	assert_true(store_read(source_store(s), 24, &packet));
	source_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap_kinds), cmocka_unit_test(test_pcap_old_lengths), cmocka_unit_test(test_pcap_modified),
		cmocka_unit_test(test_every_cut), cmocka_unit_test(test_damage), cmocka_unit_test(test_unknown_formats),
		cmocka_unit_test(test_gzip), cmocka_unit_test(test_zstd), cmocka_unit_test(test_pipe), cmocka_unit_test(test_large_packet),
		cmocka_unit_test(test_filter_of_another_link), cmocka_unit_test(test_store_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
