/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_config: any bytes as the file of settings: what makes no sense is said, line by line and printable; what is dumped and read again
 * gives the same settings. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"
#include "stream.h"
#include "ui/rc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_bytes(const void *bytes, size_t n, struct settings *s)
{
	struct buf error = { 0 };
	char name[40];
	int fd = stream_file(bytes, n, name);
	settings_init(s);
	bool good = rc_read(name, s, &error);
	CHECK(good == (error.len == 0) && plain_until(buf_text(&error), error.len, "\n") == error.len);
	close(fd);
	buf_free(&error);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings s, again;
	struct buf first = { 0 }, second = { 0 };
	bool good = read_bytes(data, size, &s);
	CHECK(s.column_count >= 1 && s.column_count <= COLUMN_COUNT);
	settings_dump(&s, &first);
	CHECK(plain_until(buf_text(&first), first.len, "\n") == first.len);
	bool good_again = read_bytes(buf_text(&first), first.len, &again);
	settings_dump(&again, &second);
	CHECK(!good || good_again);
	CHECK(first.len == second.len && strcmp(buf_text(&first), buf_text(&second)) == 0);
	settings_free(&s);
	settings_free(&again);
	buf_free(&first);
	buf_free(&second);
	return 0;
}
