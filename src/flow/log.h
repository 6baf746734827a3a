/* SPDX-License-Identifier: GPL-3.0-or-later
 * log: where the segments of a flow are in the store, as a delta-coded list of bytes in a chain of chunks that grow from 16 bytes to
 * 1 KiB. The first chunk is part of the flow: one of two segments, as a scan has them by the million, needs no other. The others come from
 * one arena and are addressed in units of 16 bytes, so that 32 bits reach 64 GiB. */
#ifndef TCPWHY_FLOW_LOG_H
#define TCPWHY_FLOW_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where one flow's segments are. */
struct segment_log {
	uint64_t last_offset;
	uint64_t last_frame;
	uint32_t count;           /* segments logged */
	uint32_t tail;            /* chunk of the arena; 0 = the first, in here */
	uint16_t tail_used;       /* bytes of the tail chunk in use */
	uint8_t size;             /* of the tail: 16 << size bytes */
	uint8_t first[16];
};

/* A walk over the places, in the order in which they were appended. Zero-initialise. */
struct log_cursor {
	uint32_t chunk;       /* as the log's tail */
	uint16_t used;
	uint8_t size;
	bool begun;
	uint32_t ordinal;     /* of the segment just returned, from 0 */
	uint64_t offset, frame;
};

struct arena {
	uint8_t **blocks;
	size_t block_count, block_capacity;
	uint32_t used;            /* units in the last block */
	uint32_t free[7];         /* chunks given back, of 1, 2, 4 … 64 units; linked by their first bytes, 0 = none */
	uint64_t free_units;      /* in all of these */
};

void arena_free(struct arena *a);
size_t arena_memory(const struct arena *a); /* bytes, without what was given back */

static inline uint8_t *arena_at(const struct arena *a, uint32_t unit)
{
	return a->blocks[unit >> 16] + ((size_t)(unit & 0xffff) << 4);
}

/* Appends a place. False: out of memory (the log stays as it was). */
bool log_append(struct arena *a, struct segment_log *log, uint64_t offset, uint64_t frame);

/* Takes the last append back: the log becomes what it was before it (a copy of the struct), nothing else having been appended since. */
void log_undo(const struct arena *a, struct segment_log *log, const struct segment_log *before);

/* Gives the chunks of a log back, to be used again. */
void log_free(struct arena *a, struct segment_log *log);

/* The next place into the cursor; false after the last. */
bool log_next(const struct arena *a, const struct segment_log *log, struct log_cursor *cursor);

#endif
