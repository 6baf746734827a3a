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

static bool slots_grow(struct flow_table *t)
{
	uint32_t count = (t->mask + 1) * 2;
	struct slot *slots = count == 0 ? NULL : calloc(count, sizeof *slots);
	if (slots == NULL)
		return false;
	for (uint32_t i = 0; i <= t->mask; i++) {
		if (t->slots[i].flow == 0)
			continue;
		uint32_t at = t->slots[i].tag & (count - 1);
		while (slots[at].flow != 0)
			at = (at + 1) & (count - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->mask = count - 1;
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
