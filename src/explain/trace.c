/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace: segments copied with as much of their payload as the rules look at; alone or in sets. */
#include "explain/trace.h"

#include <stdlib.h>
#include <string.h>

#include "decode/tls.h"
#include "explain/trace_item.h"
#include "util/array.h"
#include "util/prefetch.h"

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
	if (t->cap > TRACE_KEPT && !t->lent) {
		free(t->items);
		t->items = NULL;
		t->cap = 0;
	}
	t->count = 0;
	t->cut = t->bad_reset = false;
	buf_clear(&t->texts);
}

struct trace_set {
	struct trace *traces;
	size_t count;
	struct trace_item *items;
	size_t cap;                  /* of items */
};

struct trace_set *trace_set_new(void)
{
	return calloc(1, sizeof(struct trace_set));
}

void trace_set_free(struct trace_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->count; i++)
		buf_free(&set->traces[i].texts);
	free(set->traces);
	free(set->items);
	free(set);
}

static bool set_reserve(struct trace_set *set, size_t traces, size_t items)
{
	if (traces > set->count) {
		struct trace *larger = realloc(set->traces, traces * sizeof *larger);
		if (larger == NULL)
			return false;
		memset(larger + set->count, 0, (traces - set->count) * sizeof *larger);
		set->traces = larger;
		set->count = traces;
	}
	if (items > set->cap) {
		free(set->items);
		set->items = malloc(items * sizeof *set->items);
		set->cap = set->items != NULL ? items : 0;
	}
	return set->items != NULL;
}

bool trace_set_begin(struct trace_set *set, const uint32_t *segments, size_t n)
{
	size_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += segments[i];
	if (!set_reserve(set, n, total))
		return false;
	for (size_t i = 0, at = 0; i < n; at += segments[i++]) {
		struct trace *t = &set->traces[i];
		buf_clear(&t->texts);
		t->items = set->items + at;
		t->cap = segments[i];
		t->count = 0;
		t->lent = true;
		t->cut = t->bad_reset = false;
	}
	return true;
}

struct trace *trace_set_at(const struct trace_set *set, size_t i)
{
	return &set->traces[i];
}

void trace_fetch(const struct trace *t)
{
	prefetch_write(&t->items[t->count], sizeof *t->items);
}

static uint32_t keep_text(struct trace *t, const void *bytes, size_t n, uint16_t *length)
{
	if (bytes == NULL || n == 0)
		return 0;
	if (n > TRACE_TEXT)
		n = TRACE_TEXT;
	uint32_t at = (uint32_t)t->texts.len + 1;
	buf_add(&t->texts, bytes, n);
	*length = (uint16_t)n;
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
	item->tls_maybe_alert = note.tls_maybe_alert || (segment->captured < segment->len && tls_is_cut_alert(&note, segment->len));
	item->http_has_body = note.http_has_body;
	item->http_length = note.http_length;
	item->text = keep_text(t, note.line, note.line_length, &item->text_length);
	item->name = keep_text(t, note.name, note.name_length, &item->name_length);
}

static struct trace_segment shorten(const struct segment *s)
{
	struct trace_segment out = {
		.frame = s->frame, .time = s->time, .seq = s->seq, .ack = s->ack, .len = s->len, .captured = s->captured, .flow_label = s->flow_label,
		.options = { .tsval = s->options.tsval, .tsecr = s->options.tsecr, .present = s->options.present,
		             .mptcp_subtypes = s->options.mptcp_subtypes, .mptcp_reason = s->options.mptcp_reason, .mptcp_flags = s->options.mptcp_flags },
		.flags = s->flags, .window = s->window, .ip_id = s->ip_id, .ip_label = s->ip_label, .interface = s->interface,
		.has_mac = s->has_mac, .ip_version = s->ip_version, .ttl = s->ttl, .tos = s->tos, .ip_bits = s->ip_bits, .checksum = s->checksum,
	};
	memcpy(out.src_mac, s->src_mac, sizeof out.src_mac);
	memcpy(out.dst_mac, s->dst_mac, sizeof out.dst_mac);
	return out;
}

bool trace_add(struct trace *t, const struct segment *segment, enum side from, uint32_t marks, const struct tracker *before,
               const struct tracker *after)
{
	(void)after;
	if (t->count >= TRACE_MAX) {
		t->cut = true;
		return false;
	}
	if (t->count == t->cap && t->lent)
		return false;
	struct trace_item *items = array_grow(t->items, t->count, &t->cap, sizeof *items, 32);
	if (items == NULL)
		return false;
	t->items = items;
	struct trace_item *item = &t->items[t->count];
	*item = (struct trace_item){ .segment = shorten(segment), .marks = marks, .from = (uint8_t)from,
		                     .before = { .end = { before->end[0], before->end[1] }, .handshake_seen = before->handshake_seen,
		                                 .synack_seen = before->synack_seen, .reset = before->reset } };
	t->bad_reset = t->bad_reset || ((segment->flags & TCP_RST) != 0 && segment->checksum == CHECKSUM_BAD);
	keep_app(t, item, segment);
	if (t->texts.failed)
		return false;
	t->count++;
	return true;
}
