/* SPDX-License-Identifier: GPL-3.0-or-later
 * page: 32 bits before each event: 5 of type or length, 27 of time since the event before. */
#include "kernel/page.h"

#include "kernel/format.h"
#include "util/endian.h"

enum {
	LENGTH_MASK = (1 << 27) - 1, /* of the commit field: the rest is flags */
	TYPE_LENGTH_MOST = 28,       /* such a type is a length in words of 4 bytes; 0: the length follows */
	TYPE_PADDING = 29,
	TYPE_TIME_EXTEND = 30,       /* 32 higher bits of the time that passed follow */
	TYPE_TIME_STAMP = 31,        /* the time itself, but for its 5 highest bits */
	DELTA_BITS = 27,
	TIME_BITS = 59
};

#define LOST_EVENTS (UINT64_C(1) << 31)

bool page_layout(const struct format *header, struct page_layout *out)
{
	struct format_field time = format_field(header, "timestamp"), commit = format_field(header, "commit");
	struct format_field data = format_field(header, "data");
	*out = (struct page_layout){ .commit_at = commit.offset, .commit_size = commit.size, .data_at = data.offset,
		                     .data_size = data.size };
	return time.offset == 0 && time.size == 8 && (commit.size == 4 || commit.size == 8) && commit.offset >= 8 &&
	       data.offset >= commit.offset + commit.size && data.size >= 512;
}

bool page_begin(const struct page_layout *layout, const uint8_t *bytes, size_t n, struct page *page)
{
	if (n < layout->data_at)
		return false;
	uint64_t commit = layout->commit_size == 8 ? get_64(bytes + layout->commit_at, false) : get_32(bytes + layout->commit_at, false);
	size_t length = commit & LENGTH_MASK;
	page->at = bytes + layout->data_at;
	page->end = page->at + (length < n - layout->data_at ? length : n - layout->data_at);
	page->time = get_64(bytes, false);
	page->lost = (commit & LOST_EVENTS) != 0;
	return true;
}

/* The bit-field that comes first stands in the low bits on little-endian machines, in the high ones on others. */
static void split(uint32_t word, unsigned *type, uint32_t *delta)
{
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	*type = little ? word & 31 : word >> DELTA_BITS;
	*delta = little ? word >> 5 : word & LENGTH_MASK;
}

/* How many bytes stand behind the first word; the first of them is 4 further on when the length stands there. False: damaged. */
static bool extent(const struct page *page, unsigned type, size_t *length, size_t *skip)
{
	size_t left = (size_t)(page->end - page->at);
	*skip = 0;
	if (type >= 1 && type <= TYPE_LENGTH_MOST) {
		*length = (size_t)type * 4;
	} else if (left < 4) {
		return false;
	} else if (type == 0) {
		*length = get_32(page->at, false);
		*skip = 4; /* the length counts itself */
	} else {
		*length = type == TYPE_PADDING ? get_32(page->at, false) : 4;
	}
	return *length >= *skip && *length <= left && (type != TYPE_PADDING || *length >= 4);
}

bool page_next(struct page *page, const uint8_t **event, size_t *n)
{
	while (page->end - page->at >= 4) {
		unsigned type;
		uint32_t delta;
		size_t length, skip;
		split(get_32(page->at, false), &type, &delta);
		page->at += 4;
		if ((type == TYPE_PADDING && delta == 0) || !extent(page, type, &length, &skip))
			break;
		const uint8_t *body = page->at;
		page->at += (length + 3) & ~(size_t)3 & LENGTH_MASK;
		if (page->at > page->end)
			page->at = page->end;
		if (type == TYPE_TIME_STAMP) {
			uint64_t time = (uint64_t)get_32(body, false) << DELTA_BITS | delta;
			page->time = (page->time >> TIME_BITS << TIME_BITS) | time;
			continue;
		}
		page->time += delta + (type == TYPE_TIME_EXTEND ? (uint64_t)get_32(body, false) << DELTA_BITS : 0);
		if (type > TYPE_LENGTH_MOST)
			continue;
		*event = body + skip;
		*n = length - skip;
		return true;
	}
	page->at = page->end;
	return false;
}
