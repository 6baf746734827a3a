/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/trace.h"

#include <stdlib.h>
#include <string.h>

#include "util/buf.h"

struct trace *trace_new(void)
{
	return calloc(1, sizeof(struct trace));
}

void trace_free(struct trace *t)
{
	if (t == NULL)
		return;
	free(t->items);
	buf_free(&t->texts);
	free(t);
}

void trace_clear(struct trace *t)
{
	if (t->cap > TRACE_KEPT) {
		free(t->items);
		t->items = NULL;
		t->cap = 0;
	}
	t->count = 0;
	t->cut = false;
	buf_clear(&t->texts);
}

static uint32_t keep_text(struct trace *t, const void *bytes, size_t n, uint32_t *length)
{
	if (bytes == NULL || n == 0)
		return 0;
	if (n > TRACE_TEXT)
		n = TRACE_TEXT;
	uint32_t at = (uint32_t)t->texts.len + 1;
	buf_add(&t->texts, bytes, n);
	*length = (uint32_t)n;
	return at;
}

/* Requests in one segment: each ends with an empty line. Only where the first has no body, which could hold anything. */
static uint8_t count_requests(const struct app_note *note, const uint8_t *payload, size_t n)
{
	unsigned found = 0;
	if (note->kind != APP_HTTP_REQUEST)
		return 0;
	if (note->http_has_body)
		return 1;
	for (size_t i = 0; i + 4 <= n && found < 255; i++)
		found += memcmp(payload + i, "\r\n\r\n", 4) == 0;
	return found > 0 ? (uint8_t)found : 1;
}

/* What the application said in it, as far as a rule asks. */
static void keep_app(struct trace *t, struct trace_item *item, const struct segment *segment)
{
	if (segment->payload == NULL || segment->captured == 0)
		return;
	if (segment->flags & TCP_RST) {
		item->text = keep_text(t, segment->payload, segment->captured, &item->text_length);
		return;
	}
	struct app_note note;
	app_classify(segment->payload, segment->captured, &note);
	item->app = note.kind;
	item->alert_level = note.alert_level;
	item->alert_code = note.alert_code;
	item->requests = count_requests(&note, segment->payload, segment->captured);
	item->status = note.status;
	item->tls_last_type = note.tls_last_type;
	item->tls_last_length = note.tls_last_length;
	item->tls_maybe_alert = note.tls_maybe_alert;
	item->http_has_body = note.http_has_body;
	item->http_length = note.http_length;
	item->text = keep_text(t, note.line, note.line_length, &item->text_length);
	item->name = keep_text(t, note.name, note.name_length, &item->name_length);
}

bool trace_add(struct trace *t, const struct segment *segment, enum side from, uint32_t marks, const struct tracker *before,
               const struct tracker *after)
{
	(void)after;
	if (t->count >= TRACE_MAX) {
		t->cut = true;
		return false;
	}
	if (t->count == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 32;
		struct trace_item *items = realloc(t->items, cap * sizeof *items);
		if (items == NULL)
			return false;
		t->items = items;
		t->cap = cap;
	}
	struct trace_item *item = &t->items[t->count];
	memset(item, 0, sizeof *item);
	item->segment = *segment;
	item->segment.payload = NULL;
	item->before = *before;
	item->marks = marks;
	item->from = (uint8_t)from;
	keep_app(t, item, segment);
	if (t->texts.failed)
		return false;
	t->count++;
	return true;
}
