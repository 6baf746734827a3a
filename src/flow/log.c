/* SPDX-License-Identifier: GPL-3.0-or-later
 * log: chunks of a growing chain that hold entries as a stream of bytes. A chunk is all data as long as it is the last; when another
 * follows, its last four bytes move there and make room for the link. So two segments fit into the first 16 bytes. An entry
 * is two variable-length numbers (LEB128): frames since the one before, and zigzag of the bytes in the store since. */
#include "flow/log.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

enum { UNIT = 16, LINK = 4, BLOCK_UNITS = 1 << 16, SIZE_MOST = 6, ENTRY_MOST = 20 };

void arena_free(struct arena *a)
{
	for (size_t i = 0; i < a->block_count; i++)
		free(a->blocks[i]);
	free(a->blocks);
	*a = (struct arena){ 0 };
}

size_t arena_memory(const struct arena *a)
{
	return (a->block_count * (size_t)BLOCK_UNITS - (size_t)a->free_units) * UNIT;
}

static bool arena_grow(struct arena *a)
{
	if (a->block_count >= BLOCK_UNITS)
		return false;
	uint8_t **blocks = array_grow(a->blocks, a->block_count, &a->block_capacity, sizeof *blocks, 16);
	if (blocks == NULL)
		return false;
	a->blocks = blocks;
	uint8_t *block = malloc((size_t)BLOCK_UNITS * UNIT);
	if (block == NULL)
		return false;
	a->blocks[a->block_count++] = block;
	a->used = a->block_count == 1; /* unit 0 is nobody's: 0 says "none" */
	return true;
}

/* A chunk of 16 << size bytes; 0: out of memory. */
static uint32_t arena_take(struct arena *a, unsigned size)
{
	uint32_t *free_list = &a->free[size], units = 1u << size;
	if (*free_list != 0) {
		uint32_t again = *free_list;
		memcpy(free_list, arena_at(a, again), LINK);
		a->free_units -= units;
		return again;
	}
	if ((a->block_count == 0 || a->used + units > BLOCK_UNITS) && !arena_grow(a))
		return 0;
	uint32_t unit = (uint32_t)(a->block_count - 1) << 16 | a->used;
	a->used += units;
	return unit;
}

static inline unsigned size_after(unsigned size)
{
	return size + (size < SIZE_MOST);
}

/* Where a chunk of this size that is not the last has the link to the next. */
static inline unsigned link_place(unsigned size)
{
	return (UNIT << size) - LINK;
}

void log_free(struct arena *a, struct segment_log *log)
{
	unsigned size = 1;
	uint32_t chunk = 0, next = 0;
	if (log->tail != 0)
		memcpy(&chunk, log->first + link_place(0), LINK);
	for (; chunk != 0; chunk = next, size = size_after(size)) {
		next = 0;
		if (chunk != log->tail)
			memcpy(&next, arena_at(a, chunk) + link_place(size), LINK);
		memcpy(arena_at(a, chunk), &a->free[size], LINK);
		a->free[size] = chunk;
		a->free_units += 1u << size;
	}
	*log = (struct segment_log){ 0 };
}

static inline uint8_t *tail_of(const struct arena *a, struct segment_log *log)
{
	return log->tail == 0 ? log->first : arena_at(a, log->tail);
}

static inline size_t put_number(uint8_t *out, uint64_t v)
{
	size_t n = 0;
	while (v >= 0x80) {
		out[n++] = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	out[n++] = (uint8_t)v;
	return n;
}

/* Makes room behind the full tail: a further chunk, twice as long as the last. */
static bool log_extend(struct arena *a, struct segment_log *log)
{
	unsigned size = size_after(log->size);
	uint32_t chunk = arena_take(a, size);
	if (chunk == 0)
		return false;
	uint8_t *link = tail_of(a, log) + link_place(log->size);
	memcpy(arena_at(a, chunk), link, LINK);
	memcpy(link, &chunk, LINK);
	log->tail_used = LINK;
	log->tail = chunk;
	log->size = (uint8_t)size;
	return true;
}

void log_undo(const struct arena *a, struct segment_log *log, const struct segment_log *before)
{
	if (log->tail != before->tail && before->tail != 0) {
		uint8_t *link = arena_at(a, before->tail) + link_place(before->size);
		uint32_t chunk;
		memcpy(&chunk, link, LINK);
		memcpy(link, arena_at(a, chunk), LINK);
	}
	*log = *before;
}

/* The bytes of an entry that may not fit into the tail chunk whole. */
static bool log_spill(struct arena *a, struct segment_log *log, const uint8_t *entry, size_t n)
{
	struct segment_log before = *log;
	for (size_t done = 0; done < n;) {
		size_t room = ((size_t)UNIT << log->size) - log->tail_used;
		if (room == 0) {
			if (!log_extend(a, log)) {
				log_undo(a, log, &before);
				return false;
			}
			continue;
		}
		size_t part = n - done < room ? n - done : room;
		memcpy(tail_of(a, log) + log->tail_used, entry + done, part);
		log->tail_used = (uint16_t)(log->tail_used + part);
		done += part;
	}
	return true;
}

bool log_append(struct arena *a, struct segment_log *log, uint64_t offset, uint64_t frame)
{
	uint64_t delta = offset - log->last_offset, step = frame - log->last_frame;
	uint64_t z = delta << 1 ^ (0 - (delta >> 63));
	if (log->tail_used + (size_t)ENTRY_MOST <= (size_t)UNIT << log->size) {
		uint8_t *to = arena_at(a, log->tail) + log->tail_used; /* never the first chunk, which is shorter than that */
		size_t n = put_number(to, step);
		n += put_number(to + n, z);
		log->tail_used = (uint16_t)(log->tail_used + n);
	} else {
		uint8_t entry[ENTRY_MOST];
		size_t n = put_number(entry, step);
		n += put_number(entry + n, z);
		size_t room = ((size_t)UNIT << log->size) - log->tail_used;
		if (n > room) {
			if (!log_spill(a, log, entry, n))
				return false;
		} else {
			memcpy(tail_of(a, log) + log->tail_used, entry, n);
			log->tail_used = (uint16_t)(log->tail_used + n);
		}
	}
	log->last_offset = offset;
	log->last_frame = frame;
	log->count++;
	return true;
}

static uint8_t next_byte(const struct arena *a, const struct segment_log *log, struct log_cursor *c)
{
	const uint8_t *bytes = c->chunk == 0 ? log->first : arena_at(a, c->chunk);
	if (c->chunk != log->tail && c->used == link_place(c->size)) {
		memcpy(&c->chunk, bytes + c->used, LINK);
		bytes = arena_at(a, c->chunk);
		c->size = (uint8_t)size_after(c->size);
		c->used = 0;
	}
	return bytes[c->used++];
}

static uint64_t next_number(const struct arena *a, const struct segment_log *log, struct log_cursor *c)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = next_byte(a, log, c);
		v |= (uint64_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			break;
	}
	return v;
}

bool log_next(const struct arena *a, const struct segment_log *log, struct log_cursor *c)
{
	if (c->begun ? c->ordinal + 1 >= log->count : log->count == 0)
		return false;
	c->ordinal += c->begun;
	c->begun = true;
	c->frame += next_number(a, log, c);
	uint64_t z = next_number(a, log, c);
	c->offset += z >> 1 ^ (0 - (z & 1));
	return true;
}
