/* SPDX-License-Identifier: GPL-3.0-or-later
 * slots: open addressing over tags and flow numbers. */
#include "flow/slots.h"

#include <stdlib.h>

bool path_is(const struct flow_table *t, const struct flow *f, uint32_t path)
{
	if (path == (uint32_t)PATH_ANY)
		return f->path != 0;
	return f->extra != 0 && t->extras[f->extra].has_back && t->extras[f->extra].back_path == path;
}

/* The table is never full, so this ends. */
struct slot *slot_find(const struct flow_table *t, const struct key *k, uint32_t tag)
{
	for (uint32_t at = tag & t->mask;; at = (at + 1) & t->mask) {
		struct slot *slot = &t->slots[at];
		if (slot->flow == 0 || (slot->tag == tag && key_is(t, pool_flow(t, slot->flow - 1), k)))
			return slot;
	}
}

/* Twice the slots, in place: so only the new half is fresh memory, whose pages cost most of the pause that growing makes. Each tag moves to
 * where its one bit more says: at or before where it stands, or into the new half. What stands in a row is moved from its beginning on, so
 * that no gap comes to be before one that was moved; hence the round begins behind a free slot. */
static bool slots_grow(struct flow_table *t)
{
	uint32_t count = t->mask + 1, at = 0;
	struct slot *slots = count > UINT32_MAX / 2 ? NULL : reallocarray(t->slots, count, 2 * sizeof *slots);
	if (slots == NULL)
		return false;
	memset(slots + count, 0, count * sizeof *slots);
	t->slots = slots;
	t->mask = 2 * count - 1;
	while (slots[at].flow != 0)
		at++;
	for (uint32_t n = 0; n < count; n++, at = (at + 1) & (count - 1)) {
		struct slot moved = slots[at];
		slots[at].flow = 0;
		uint32_t to = moved.tag & t->mask;
		while (moved.flow != 0 && slots[to].flow != 0)
			to = (to + 1) & t->mask;
		if (moved.flow != 0)
			slots[to] = moved;
	}
	return true;
}

bool slots_reserve(struct flow_table *t)
{
	return ((uint64_t)t->used_slots + 1) * 8 < ((uint64_t)t->mask + 1) * 5 || slots_grow(t);
}

uint32_t slot_set(struct flow_table *t, const struct key *k, uint32_t tag, uint32_t flow)
{
	struct slot *slot = slot_find(t, k, tag);
	uint32_t before = slot->flow - 1; /* FLOW_NONE when free */
	t->used_slots += slot->flow == 0;
	*slot = (struct slot){ .tag = tag, .flow = flow + 1 };
	return before;
}

unsigned slots_longest_probe(const struct flow_table *t)
{
	uint32_t longest = 0;
	for (uint32_t i = 0; i <= t->mask; i++) {
		uint32_t far = (i - (t->slots[i].tag & t->mask)) & t->mask;
		if (t->slots[i].flow != 0 && far > longest)
			longest = far;
	}
	return longest;
}
