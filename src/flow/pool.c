/* SPDX-License-Identifier: GPL-3.0-or-later
 * pool: flows in blocks that never move; what few flows have apart from them. */
#include "flow/pool.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static bool blocks_grow(struct flow_table *t)
{
	struct flow **blocks = array_grow(t->blocks, t->block_count, &t->block_capacity, sizeof *blocks, 16);
	if (blocks == NULL)
		return false;
	t->blocks = blocks;
	/* not cleared: pages come into being as flows do; on cache lines, so that what every segment touches (FLOW_HOT) is four of them */
	struct flow *block = aligned_alloc(CACHE_LINE, (size_t)FLOW_BLOCK * sizeof *block);
	if (block == NULL)
		return false;
	t->blocks[t->block_count++] = block;
	return true;
}

uint32_t pool_add(struct flow_table *t)
{
	if (t->count >= FLOW_NONE - 1 || ((t->count & (FLOW_BLOCK - 1)) == 0 && !blocks_grow(t)))
		return FLOW_NONE;
	uint32_t number = t->count++;
	struct flow *f = pool_flow(t, number);
	memset(f, 0, sizeof *f);
	f->next = f->previous = FLOW_NONE;
	return number;
}

/* The index of one that nobody has; 0: out of memory. */
static uint32_t take_extra(struct flow_table *t)
{
	uint32_t taken = t->free_extra;
	if (taken != 0) {
		t->free_extra = t->extras[taken].note;
		return taken;
	}
	size_t first = t->extra_count == 0; /* 0 is nobody's */
	struct extra *extras = t->extra_count + first >= UINT32_MAX ? NULL :
		array_reserve(t->extras, t->extra_count + first + 1, &t->extra_capacity, sizeof *extras);
	if (extras == NULL)
		return 0;
	t->extras = extras;
	t->extra_count += first + 1;
	return (uint32_t)(t->extra_count - 1);
}

struct extra *pool_extra(struct flow_table *t, struct flow *f)
{
	if (f->extra != 0)
		return &t->extras[f->extra];
	f->extra = take_extra(t);
	if (f->extra == 0) {
		t->broken = true; /* its details would be counted too low */
		return NULL;
	}
	t->extras[f->extra] = (struct extra){ 0 };
	return &t->extras[f->extra];
}

const struct flow_detail *pool_detail(const struct flow_table *t, const struct flow *f, enum side side)
{
	static const struct flow_detail none = { 0 };
	return f->extra == 0 ? &none : &t->extras[f->extra].detail[side];
}

size_t pool_memory(const struct flow_table *t)
{
	size_t bytes = sizeof *t + HISTORY_TEXT + t->names.bytes.cap + t->names.slot_count * sizeof *t->names.slots;
	bytes += ((size_t)t->mask + 1) * sizeof *t->slots + (size_t)(t->count - t->first) * sizeof(struct flow) + arena_memory(&t->arena);
	bytes += t->extra_capacity * sizeof *t->extras + t->note_capacity * sizeof *t->notes;
	return bytes + (t->pending != NULL ? PENDING * sizeof *t->pending : 0);
}

void pool_free(struct flow_table *t)
{
	for (size_t i = 0; i < t->block_count; i++)
		free(t->blocks[i]);
	free(t->blocks);
	free(t->slots);
	free(t->extras);
	free(t->notes);
	free(t->gone);
	free(t->pending);
	free(t->history_text);
	buf_free(&t->batch_hosts);
	names_free(&t->names);
	arena_free(&t->arena);
}
