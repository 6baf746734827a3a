/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_capture: pcap and pcapng in all their forms, from a file, compressed, and through a pipe; cut and damaged; read again by offset. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "bytes.h"
#include "capture/source.h"

static struct bytes file;

/* A name for the bytes: a temporary file that the caller removes and frees. */
static char *save(const void *bytes, size_t n)
{
	char *name = strdup("/tmp/tcpwhy-test-XXXXXX");
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
	return name;
}

static struct source *open_bytes(const void *bytes, size_t n, struct buf *error)
{
	char *name = save(bytes, n);
	struct source *s = source_open_file(name, true, error);
	unlink(name);
	free(name);
	return s;
}

static struct source *open_file(void)
{
	struct buf error = { 0 };
	struct source *s = open_bytes(bytes_at(&file), bytes_length(&file), &error);
	assert_string_equal(buf_text(&error), "");
	assert_non_null(s);
	buf_free(&error);
	return s;
}

static void refused_because(const char *part)
{
	struct buf error = { 0 };
	assert_null(open_bytes(bytes_at(&file), bytes_length(&file), &error));
	assert_non_null(strstr(buf_text(&error), part));
	buf_free(&error);
}

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

/* The next packet, which must be there, and the same when it is read again. */
static struct packet next(struct source *s, uint64_t number, int64_t time, uint32_t caplen, uint32_t len)
{
	struct packet packet, again;
	assert_int_equal(source_next(s, &packet), SOURCE_PACKET);
	assert_int_equal(packet.number, number);
	assert_true(packet.time == time);
	assert_int_equal(packet.caplen, caplen);
	assert_int_equal(packet.len, len);
	assert_non_null(source_store(s));
	assert_true(store_read(source_store(s), packet.offset, &again));
	assert_true(again.time == time && again.caplen == caplen && again.len == len && again.link_type == packet.link_type &&
	            again.interface == packet.interface);
	assert_memory_equal(again.data, packet.data, caplen);
	return packet;
}

static void ends(struct source *s, enum source_status how, const char *message)
{
	struct packet packet;
	assert_int_equal(source_next(s, &packet), how);
	assert_int_equal(source_next(s, &packet), how);
	if (message == NULL)
		assert_string_equal(source_message(s), "");
	else
		assert_non_null(strstr(source_message(s), message));
	source_close(s);
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

static void block_begin(uint32_t type, int big, size_t *at)
{
	*at = bytes_length(&file);
	bytes_number(&file, type, 4, big);
	bytes_number(&file, 0, 4, big);
}

static void block_end(size_t at, int big)
{
	while (bytes_length(&file) % 4 != 0)
		bytes_number(&file, 0, 1, big);
	size_t length = bytes_length(&file) - at + 4, end = file.end;
	bytes_number(&file, length, 4, big);
	file.end = file.begin + at + 4;
	bytes_number(&file, length, 4, big);
	file.end = end + 4;
}

static void section(int big)
{
	size_t at;
	block_begin(0x0a0d0d0a, big, &at);
	bytes_number(&file, 0x1a2b3c4d, 4, big);
	bytes_number(&file, 1, 2, big);
	bytes_number(&file, 0, 2, big);
	bytes_number(&file, UINT64_MAX, 8, big);
	block_end(at, big);
}

static void option(unsigned code, const void *value, size_t n, int big)
{
	bytes_number(&file, code, 2, big);
	bytes_number(&file, n, 2, big);
	bytes_behind(&file, value, n);
	while (bytes_length(&file) % 4 != 0)
		bytes_number(&file, 0, 1, big);
}

static void interface(uint16_t link_type, uint32_t snaplen, const char *name, int resolution, int big)
{
	size_t at;
	block_begin(1, big, &at);
	bytes_number(&file, link_type, 2, big);
	bytes_number(&file, 0, 2, big);
	bytes_number(&file, snaplen, 4, big);
	if (name != NULL)
		option(2, name, strlen(name), big);
	if (resolution >= 0)
		option(9, &(uint8_t){ (uint8_t)resolution }, 1, big);
	option(0, "", 0, big);
	block_end(at, big);
}

static void enhanced(uint32_t id, uint64_t time, uint32_t caplen, uint32_t len, int big)
{
	size_t at;
	block_begin(6, big, &at);
	bytes_number(&file, id, 4, big);
	bytes_number(&file, time >> 32, 4, big);
	bytes_number(&file, time & 0xffffffff, 4, big);
	bytes_number(&file, caplen, 4, big);
	bytes_number(&file, len, 4, big);
	for (uint32_t i = 0; i < caplen; i++)
		bytes_number(&file, i, 1, big);
	while (bytes_length(&file) % 4 != 0)
		bytes_number(&file, 0, 1, big);
	option(1, "a comment", 9, big);
	option(0, "", 0, big);
	block_end(at, big);
}

static void simple(uint32_t len, uint32_t here, int big)
{
	size_t at;
	block_begin(3, big, &at);
	bytes_number(&file, len, 4, big);
	for (uint32_t i = 0; i < here; i++)
		bytes_number(&file, i, 1, big);
	block_end(at, big);
}

static void test_pcapng_interfaces(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		bytes_new(&file);
		section(big);
		interface(1, 0, "eth0", -1, big);
		interface(101, 96, "ev\x1bil", 9, big);
		interface(276, 20, NULL, 0x80 | 10, big);
		enhanced(0, 1000001, 5, 60, big);
		enhanced(1, 1000001, 120, 120, big); /* more than its snaplen */
		enhanced(2, 1536, 7, 7, big);
		simple(50, 50, big);
		section(1 - big); /* another section: other byte order, interfaces begin again */
		interface(228, 16, NULL, 3, 1 - big);
		enhanced(0, 5, 8, 8, 1 - big);
		simple(50, 16, 1 - big); /* cut by the snaplen */
		struct source *s = open_file();
		assert_int_equal(next(s, 1, 1000001000, 5, 60).link_type, 1);
		struct packet packet = next(s, 2, 1000001, 120, 120);
		assert_true(packet.link_type == 101 && packet.interface == 1);
		next(s, 3, 1500000000, 7, 7);
		assert_int_equal(next(s, 4, 0, 50, 50).link_type, 1);
		packet = next(s, 5, 5000000, 8, 8);
		assert_true(packet.link_type == 228 && packet.interface == 3);
		next(s, 6, 0, 16, 50);
		assert_int_equal(source_interface_count(s), 4);
		assert_string_equal(source_interface(s, 0)->name, "eth0");
		assert_string_equal(source_interface(s, 1)->name, "ev\\x1bil");
		assert_null(source_interface(s, 2)->name);
		ends(s, SOURCE_END, NULL);
	}
}

static void test_pcapng_time_offset(void **state)
{
	(void)state;
	bytes_new(&file);
	section(0);
	size_t at;
	block_begin(1, 0, &at);
	bytes_number(&file, 1, 4, 0);
	bytes_number(&file, 0, 4, 0);
	option(14, "\x10\0\0\0\0\0\0\0", 8, 0);
	block_end(at, 0);
	enhanced(0, 1, 4, 4, 0);
	enhanced(0, UINT64_MAX, 4, 4, 0); /* in the far future: clamped, no overflow */
	struct source *s = open_file();
	next(s, 1, 16000001000, 4, 4);
	struct packet packet;
	assert_int_equal(source_next(s, &packet), SOURCE_PACKET);
	assert_true(packet.time > 0);
	ends(s, SOURCE_END, NULL);
}

static void test_pcapng_other_blocks(void **state)
{
	(void)state;
	bytes_new(&file);
	section(0);
	size_t at;
	block_begin(4, 0, &at); /* names */
	option(1, "\x0a\0\0\x01one.example", 16, 0);
	option(2, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02two", 20, 0);
	option(0, "", 0, 0);
	block_end(at, 0);
	block_begin(0x0a, 0, &at); /* secrets, larger than any buffer here need be */
	file.end += 200000;
	block_end(at, 0);
	interface(1, 0, NULL, -1, 0);
	block_begin(2, 0, &at); /* obsolete packet block */
	bytes_number(&file, 0, 2, 0);
	bytes_number(&file, 3, 2, 0);
	bytes_number(&file, 0, 4, 0);
	bytes_number(&file, 7, 4, 0);
	bytes_number(&file, 4, 4, 0);
	bytes_number(&file, 9, 4, 0);
	bytes_number(&file, 0x01020304, 4, 0);
	block_end(at, 0);
	block_begin(0xbad, 0, &at); /* a custom block has a frame number in Wireshark */
	bytes_number(&file, 1, 4, 0);
	block_end(at, 0);
	enhanced(0, 1, 4, 4, 0);
	struct source *s = open_file();
	next(s, 1, 7000, 4, 9);
	next(s, 3, 1000, 4, 4);
	const uint8_t *address;
	const char *name;
	assert_true(source_name(s, 0, &address, &name));
	assert_string_equal(name, "one.example");
	assert_memory_equal(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\x01", 16);
	assert_true(source_name(s, 1, &address, &name));
	assert_string_equal(name, "two");
	assert_false(source_name(s, 2, &address, &name));
	ends(s, SOURCE_END, NULL);
}

static void test_pcapng_damage(void **state)
{
	(void)state;
	bytes_new(&file);
	section(0);
	enhanced(0, 1, 4, 4, 0); /* of an interface that is not there */
	ends(open_file(), SOURCE_DAMAGED, "damaged at byte 28");
	bytes_new(&file);
	section(0);
	interface(1, 0, NULL, -1, 0);
	size_t good = bytes_length(&file);
	enhanced(0, 1, 4, 4, 0);
	size_t whole = bytes_length(&file);
	enhanced(0, 2, 40, 40, 0);
	file.data[file.begin + whole + 4] = 40; /* smaller than its packet */
	struct source *s = open_file();
	next(s, 1, 1000, 4, 4);
	ends(s, SOURCE_DAMAGED, "larger than its block");
	file.end = file.begin + good + 30;
	ends(open_file(), SOURCE_CUT, "byte 52");
	bytes_new(&file);
	section(0);
	file.data[file.begin + 12] = 9; /* major version */
	refused_because("unknown pcapng version");
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
		{ "ffffffffffffffffffffffff", "neither pcap nor pcapng" },
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
	uint64_t seen = 0;
	for (const uint8_t *p = bytes_at(&file); p < file.data + file.end; p++) { /* a byte at a time: never blocks, never loses */
		assert_int_equal(write(ends_of_pipe[1], p, 1), 1);
		enum source_status status = source_next(s, &packet);
		if (status == SOURCE_PACKET)
			assert_int_equal(packet.number, ++seen);
		else
			assert_int_equal(status, SOURCE_WAIT);
	}
	assert_int_equal(seen, 3);
	assert_int_equal(source_fd(s), STDIN_FILENO);
	close(ends_of_pipe[1]);
	assert_int_equal(source_next(s, &packet), SOURCE_END);
	assert_int_equal(source_fd(s), -1);
	struct packet again;
	assert_true(store_read(source_store(s), 0, &again)); /* the spool has them all */
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
		cmocka_unit_test(test_every_cut), cmocka_unit_test(test_damage), cmocka_unit_test(test_pcapng_interfaces),
		cmocka_unit_test(test_pcapng_time_offset), cmocka_unit_test(test_pcapng_other_blocks), cmocka_unit_test(test_pcapng_damage),
		cmocka_unit_test(test_unknown_formats), cmocka_unit_test(test_gzip), cmocka_unit_test(test_zstd), cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_store_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
