/* SPDX-License-Identifier: GPL-3.0-or-later
 * segment: a segment read again, and what is said of it. */
#include "ladder/segment.h"

#include <inttypes.h>
#include <string.h>

struct wanted {
	uint32_t ordinal, at;
	unsigned bytes;
	struct buf *out;
	bool found;
};

/* A line of a dump: offset, bytes, text. */
static void dump_line(struct buf *out, const uint8_t *data, size_t offset, size_t n, unsigned bytes)
{
	buf_printf(out, "  %04zx ", offset);
	for (size_t i = 0; i < bytes; i++)
		if (i < n)
			buf_printf(out, " %02x", data[offset + i]);
		else
			buf_puts(out, "   ");
	buf_puts(out, "  ");
	for (size_t i = 0; i < n; i++) {
		uint8_t c = data[offset + i];
		buf_putc(out, c >= 0x20 && c < 0x7f ? (char)c : '.');
	}
	buf_putc(out, '\n');
}

static void dump(struct buf *out, const uint8_t *data, size_t length, unsigned bytes)
{
	for (size_t at = 0; at < length; at += bytes)
		dump_line(out, data, at, length - at < bytes ? length - at : bytes, bytes);
}

/* The lines of decode_describe(), "LAYER  text", with the layer only where it changes. */
static void add_headers(struct buf *out, const struct packet *packet)
{
	struct buf headers = { 0 };
	const char *layer = "";
	size_t layer_length = 0;

	decode_describe(packet, &headers);
	for (const char *at = buf_text(&headers); *at != '\0';) {
		size_t n = strcspn(at, "\n"), name = strcspn(at, " \n");
		const char *text = at + name;
		text += strspn(text, " ");
		bool same = name == layer_length && memcmp(at, layer, name) == 0;
		buf_printf(out, "  %-8.*s %.*s\n", same ? 0 : (int)name, at, (int)(at + n - text), text);
		layer = at;
		layer_length = name;
		at += n + (at[n] == '\n');
	}
	out->failed |= headers.failed;
	buf_free(&headers);
}

static bool visit(void *context, const struct packet *packet, const struct segment *segment, enum side from, uint32_t marks,
                  const struct tracker *before, const struct tracker *after)
{
	struct wanted *w = context;

	(void)before;
	(void)after;
	if (w->at++ != w->ordinal)
		return true;
	w->found = true;
	buf_printf(w->out, "Frame %llu, from the %s", (unsigned long long)segment->frame, from == SIDE_CLIENT ? "client" : "server");
	for (unsigned bit = 0; bit < MARK_COUNT; bit++)
		if ((marks >> bit & 1) != 0)
			buf_printf(w->out, ", %s", mark_name(bit));
	buf_puts(w->out, "\n\nHeaders\n");
	add_headers(w->out, packet);
	buf_printf(w->out, "\nPayload: %u bytes", segment->len);
	if (segment->captured < segment->len)
		buf_printf(w->out, ", %u of them captured", segment->captured);
	buf_putc(w->out, '\n');
	dump(w->out, segment->payload, segment->captured, w->bytes);
	buf_printf(w->out, "\nFrame: %u bytes", packet->len);
	if (packet->caplen < packet->len)
		buf_printf(w->out, ", %u of them captured", packet->caplen);
	buf_putc(w->out, '\n');
	dump(w->out, packet->data, packet->caplen, w->bytes);
	return false;
}

bool segment_text(struct session *s, uint32_t flow, uint32_t ordinal, unsigned bytes, struct buf *out)
{
	struct wanted w = { .ordinal = ordinal, .bytes = bytes, .out = out };

	session_walk(s, flow, visit, &w);
	return w.found;
}

enum segment_found segment_of_frame(struct session *s, uint64_t frame, unsigned bytes, struct buf *out)
{
	const struct flow_table *flows = session_flows(s);

	for (uint32_t i = 0; i < flow_table_count(flows); i++) {
		const struct flow *f = flow_table_get(flows, i);
		struct log_cursor at = { 0 };
		while (f != NULL && flow_table_log_next(flows, f, &at)) {
			if (at.frame != frame)
				continue;
			buf_printf(out, "Flow %" PRIu32 "\n", i);
			return segment_text(s, i, at.ordinal, bytes, out) ? SEGMENT_READ : SEGMENT_UNREADABLE;
		}
	}
	return SEGMENT_NONE;
}
