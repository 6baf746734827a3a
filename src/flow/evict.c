/* SPDX-License-Identifier: GPL-3.0-or-later
 * evict: the oldest flows let go, a block at a time, so that a capture that goes on for days stays within its memory. Those that still
 * live move to new numbers; places in the log, extras and slots are used again. */
#include "flow/slots.h"
#include "flow/table.h"

#include <stdlib.h>
#include <string.h>

/* SILENT_NS: an open connection that says nothing for so long counts as over. MOVED_MOST: of a block; else a flood of connections that
 * never end would let nothing go. */
#define SILENT_NS INT64_C(300000000000)
enum { MOVED_MOST = FLOW_BLOCK / 8 };

bool flow_table_lives(const struct flow *f, int64_t now)
{
	enum flow_state state = flow_state(f);
	bool ended = state == FLOW_CLOSED || state == FLOW_REFUSED || state == FLOW_RESET;
	return !ended && f->next == FLOW_NONE && now - f->last < SILENT_NS;
}

static void free_notes(struct flow_table *t, struct extra *x)
{
	while (x->note != 0) {
		struct note *n = &t->notes[x->note - 1];
		uint32_t next = n->next;
		n->next = t->free_note;
		t->free_note = x->note;
		x->note = next;
		t->notes_used--;
	}
}

static void let_go(struct flow_table *t, struct flow *f)
{
	log_free(&t->arena, &f->log);
	if (f->extra != 0) {
		struct extra *x = &t->extras[f->extra];
		free_notes(t, x);
		*x = (struct extra){ .note = t->free_extra };
		t->free_extra = f->extra;
	}
	t->evicted++;
}

/* The new number of each flow of the block, FLOW_NONE for those that go. Without memory for a further block all go. */
static void move_living(struct flow_table *t, int64_t now, uint32_t *moved)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < FLOW_BLOCK; i++) {
		struct flow *f = pool_flow(t, t->first + i);
		uint32_t number = count < MOVED_MOST && flow_table_lives(f, now) ? pool_add(t) : FLOW_NONE;
		moved[i] = number;
		if (number == FLOW_NONE) {
			let_go(t, f);
			continue;
		}
		count++;
		struct flow *new = pool_flow(t, number);
		*new = *f;
		new->previous = FLOW_NONE; /* older still: gone with this block */
	}
}

/* Slots name flows by number; those that are gone leave no gap in a row of open addressing only if all are set again. */
static void set_slots_again(struct flow_table *t, struct slot *slots, const uint32_t *moved)
{
	t->used_slots = 0;
	for (uint32_t i = 0; i <= t->mask; i++) {
		struct slot slot = t->slots[i];
		if (slot.flow == 0)
			continue;
		uint32_t number = slot.flow - 1;
		if (number < t->first + FLOW_BLOCK)
			number = moved[number - t->first];
		if (number == FLOW_NONE)
			continue;
		uint32_t at = slot.tag & t->mask;
		while (slots[at].flow != 0)
			at = (at + 1) & t->mask;
		slots[at] = (struct slot){ .tag = slot.tag, .flow = number + 1 };
		t->used_slots++;
	}
	free(t->slots);
	t->slots = slots;
}

static void forget_block(struct flow_table *t)
{
	uint32_t end = t->first + FLOW_BLOCK;
	for (uint32_t n = end; n < t->count; n++) {
		struct flow *f = pool_flow(t, n);
		if (f->previous != FLOW_NONE && f->previous < end)
			f->previous = FLOW_NONE;
	}
	for (size_t i = 0; t->pending != NULL && i < PENDING; i++)
		if (t->pending[i].flow < end)
			t->pending[i].flow = FLOW_NONE;
	free(t->blocks[t->first >> FLOW_BLOCK_SHIFT]);
	t->blocks[t->first >> FLOW_BLOCK_SHIFT] = NULL;
	t->first = end;
}

bool flow_table_evict(struct flow_table *t, int64_t now)
{
	if (!flow_table_flush(t) || !flow_table_can_evict(t))
		return false;
	uint32_t *moved = malloc(FLOW_BLOCK * sizeof *moved);
	struct slot *slots = calloc((size_t)t->mask + 1, sizeof *slots);
	if (t->gone == NULL && (t->gone = calloc(1, sizeof *t->gone)) != NULL) {
		t->gone->first = t->gone->last = pool_flow(t, 0)->first;
		t->gone->next = t->gone->previous = FLOW_NONE;
	}
	if (moved == NULL || slots == NULL || t->gone == NULL) {
		free(moved);
		free(slots);
		return false;
	}
	move_living(t, now, moved);
	set_slots_again(t, slots, moved);
	forget_block(t);
	free(moved);
	return true;
}

bool flow_table_can_evict(const struct flow_table *t)
{
	return t->count - t->first >= 2 * FLOW_BLOCK;
}

uint32_t flow_table_evicts_before(const struct flow_table *t)
{
	return t->first + FLOW_BLOCK;
}

uint32_t flow_table_moves_most(void)
{
	return MOVED_MOST;
}

uint32_t flow_table_first(const struct flow_table *t)
{
	return t->first;
}

uint64_t flow_table_evicted(const struct flow_table *t)
{
	return t->evicted;
}

uint64_t flow_table_seen(const struct flow_table *t)
{
	return flow_table_count(t) - t->first + t->evicted;
}
