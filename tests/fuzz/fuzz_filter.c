/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_filter: any text as a filter: refused with a sentence and a place inside it, or it decides about each flow, the same each time; and a
 * text quoted by the program is a pattern that finds itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"
#include "query/filter.h"
#include "stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two flows: one refused, one with a host name that is then reset. */
static struct session *open_flows(void)
{
	static const uint8_t steps[] = {
		0, 1, 2, 0, 0, 0, 0, 9, 0, 64, 7, 1, 1, 0, /* SYN */
		1, 9, 20, 0, 0, 0, 0, 0, 0, 50, 0, 0, 0, 0, /* RST ACK */
		2, 1, 2, 0, 0, 0, 0, 9, 0, 64, 7, 1, 1, 0, 3, 9, 18, 0, 0, 0, 0, 9, 0, 50, 7, 1, 1, 0, /* SYN, SYN ACK */
		2, 1, 24, 0, 0, 0, 33, 9, 0, 64, 0, 0, 0, 0, /* 33 bytes of a request */
		'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1', '.', '1', '\r', '\n', 'H', 'o', 's', 't', ':', ' ', 'a', '.', 'e', 'x', '.',
		'n', 'e', 't', '\r', '\n', '\n',
		3, 9, 20, 0, 0, 0, 0, 9, 0, 50, 0, 0, 0, 0, /* RST ACK */
	};
	struct buf capture = { 0 }, error = { 0 };
	char name[40];
	stream_capture(steps, sizeof steps, &capture);
	int fd = stream_file(capture.data, capture.len, name);
	struct session *s = session_open(name, NULL, &error);
	CHECK(s != NULL && session_read(s, 0) == SESSION_END && flow_table_count(session_flows(s)) == 2);
	close(fd);
	buf_free(&capture);
	buf_free(&error);
	return s;
}

static void decide(struct filter *f, struct flow_view *view, bool answers[2])
{
	for (uint32_t i = 0; i < 2; i++) {
		flow_view_set(view, i);
		answers[i] = filter_matches(f, view);
	}
}

static void check_quoted(const char *text, struct flow_view *view)
{
	struct buf quoted = { 0 }, error = { 0 };
	size_t offset;
	filter_quote(&quoted, text);
	struct filter *f = filter_compile(buf_text(&quoted), &error, &offset);
	bool answers[2];
	CHECK(f != NULL || text[0] == '\0' || strlen(text) > 1000 || plain_until(text, strlen(text), "") != strlen(text));
	if (f != NULL)
		decide(f, view, answers);
	filter_free(f);
	buf_free(&quoted);
	buf_free(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct session *session; /* a fuzzer calls this many times; the flows are always the same */
	struct buf text = { 0 }, error = { 0 };
	size_t offset = SIZE_MAX;
	if (session == NULL)
		session = open_flows();
	struct flow_view view = { .session = session, .table = session_flows(session) };
	buf_add(&text, data, size);
	struct filter *f = filter_compile(buf_text(&text), &error, &offset);
	if (f == NULL) {
		CHECK(error.len > 0 && offset <= strlen(buf_text(&text)) && plain_until(buf_text(&error), error.len, "") == error.len);
	} else {
		bool once[2], again[2];
		decide(f, &view, once);
		decide(f, &view, again);
		CHECK(error.len == 0 && memcmp(once, again, sizeof once) == 0 && (!filter_empty(f) || (once[0] && once[1])));
	}
	filter_free(f);
	check_quoted(buf_text(&text), &view);
	buf_free(&text);
	buf_free(&error);
	return 0;
}
