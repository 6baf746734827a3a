/* SPDX-License-Identifier: GPL-3.0-or-later
 * capture_file: a capture built in memory, opened as a file, and read with each packet read twice. */
#ifndef TCPWHY_TESTS_CAPTURE_FILE_H
#define TCPWHY_TESTS_CAPTURE_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes.h"
#include "capture/source.h"

static struct bytes file;

/* A name for the bytes: a temporary file that the caller removes and frees. */
static inline char *save(const void *bytes, size_t n)
{
	char *name = strdup("/tmp/tcpwhy-test-XXXXXX");
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
	return name;
}

static inline struct source *open_bytes(const void *bytes, size_t n, struct buf *error)
{
	char *name = save(bytes, n);
	struct source *s = source_open_file(name, true, error);
	unlink(name);
	free(name);
	return s;
}

static inline struct source *open_file(void)
{
	struct buf error = { 0 };
	struct source *s = open_bytes(bytes_at(&file), bytes_length(&file), &error);
	assert_string_equal(buf_text(&error), "");
	assert_non_null(s);
	buf_free(&error);
	return s;
}

static inline void refused_because(const char *part)
{
	struct buf error = { 0 };
	assert_null(open_bytes(bytes_at(&file), bytes_length(&file), &error));
	assert_non_null(strstr(buf_text(&error), part));
	buf_free(&error);
}

/* The next packet, which must be there, and the same when it is read again. */
static inline struct packet next(struct source *s, uint64_t number, int64_t time, uint32_t caplen, uint32_t len)
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

static inline void ends(struct source *s, enum source_status how, const char *message)
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

#endif
