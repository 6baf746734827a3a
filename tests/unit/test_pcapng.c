/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_pcapng: sections, interfaces, every kind of packet block, names, blocks to be passed over, damage. */
#include "capture_file.h"

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

/* Blocks whose own heads are wrong: what came before is read, and it is said where and what. */
static void test_pcapng_heads(void **state)
{
	(void)state;
	static const struct {
		const char *block, *message;
	} cases[] = {
		{ "0a0d0d0a 1c000000 01020304 0100 0000 ffffffffffffffff 1c000000", "a section header without byte-order magic" },
		{ "0a0d0d0a 18000000 4d3c2b1a 0100 0000 ffffffffffffffff 18000000", "shorter than its own header" },
		{ "04000000 feffffff 00000000 feffffff", "an impossible length" },
		{ "06000000 10000000 00000000 10000000", "shorter than its own header" },
		{ "01000000 10000000 01000000 10000000", "an interface block that is too short" },
		{ "0a0d0d0a 1c000000 4d3c2b1a 0200 0000 ffffffffffffffff 1c000000", "an unknown pcapng version" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t block[64];
		bytes_new(&file);
		section(0);
		interface(1, 0, NULL, -1, 0);
		enhanced(0, 1, 4, 4, 0);
		bytes_behind(&file, block, bytes_from_hex(cases[i].block, block));
		enhanced(0, 2, 4, 4, 0);
		struct source *s = open_file();
		next(s, 1, 1000, 4, 4);
		ends(s, SOURCE_DAMAGED, cases[i].message);
	}
}

/* As many names, of any length, as a stranger likes: the first 65536 are kept and none beyond 4 MiB, the packets are read all the same. */
static void test_pcapng_many_names(void **state)
{
	(void)state;
	static const struct {
		unsigned names, length, kept;
	} cases[] = { { 70000, 1, 65536 }, { 100, 60000, 70 } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		static char value[4 + 60000];
		struct buf bytes = { 0 }, error = { 0 };
		size_t at, kept = 0;
		memset(value + 4, 'n', sizeof value - 4);
		bytes_new(&file);
		section(0);
		interface(1, 0, NULL, -1, 0);
		buf_add(&bytes, bytes_at(&file), bytes_length(&file));
		for (unsigned k = 0; k < cases[i].names; k++) {
			bytes_new(&file);
			block_begin(4, 0, &at);
			memcpy(value, &k, 4);
			option(1, value, 4 + cases[i].length, 0);
			block_end(at, 0);
			buf_add(&bytes, bytes_at(&file), bytes_length(&file));
		}
		bytes_new(&file);
		enhanced(0, 1, 4, 4, 0);
		buf_add(&bytes, bytes_at(&file), bytes_length(&file));
		struct source *s = open_bytes(bytes.data, bytes.len, &error);
		assert_non_null(s);
		next(s, 1, 1000, 4, 4);
		const uint8_t *address;
		const char *name;
		while (source_name(s, kept, &address, &name))
			kept++;
		assert_int_equal(kept, cases[i].kept);
		ends(s, SOURCE_END, NULL);
		buf_free(&bytes);
		buf_free(&error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcapng_interfaces), cmocka_unit_test(test_pcapng_time_offset), cmocka_unit_test(test_pcapng_other_blocks),
		cmocka_unit_test(test_pcapng_damage), cmocka_unit_test(test_pcapng_heads), cmocka_unit_test(test_pcapng_many_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
