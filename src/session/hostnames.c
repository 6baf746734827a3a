/* SPDX-License-Identifier: GPL-3.0-or-later
 * hostnames: a bounded table from addresses to names. */
#include "session/hostnames.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "util/seed.h"
#include "util/text.h"

enum { ADDRESSES_MOST = 65536, SLOTS_FIRST = 256 };

struct hostname_slot {
	uint8_t address[16];
	uint32_t name;            /* in texts, 0 = it has none */
	bool used;
};

void hostnames_free(struct hostnames *h)
{
	free(h->slots);
	names_free(&h->texts);
	*h = (struct hostnames){ 0 };
}

/* The address's slot, or the free one where it belongs. The table is never full. */
static struct hostname_slot *find(const struct hostnames *h, const uint8_t address[16])
{
	size_t at = (size_t)hash_bytes(address, 16, h->seed) & (h->slot_count - 1);
	while (h->slots[at].used && memcmp(h->slots[at].address, address, 16) != 0)
		at = (at + 1) & (h->slot_count - 1);
	return &h->slots[at];
}

static bool grow(struct hostnames *h)
{
	struct hostnames bigger = *h;
	bigger.slot_count = h->slot_count != 0 ? h->slot_count * 2 : SLOTS_FIRST;
	bigger.slots = calloc(bigger.slot_count, sizeof *bigger.slots);
	if (bigger.slots == NULL)
		return false;
	if (h->slot_count == 0)
		seed_draw(&bigger.seed, 1);
	for (size_t i = 0; i < h->slot_count; i++)
		if (h->slots[i].used)
			*find(&bigger, h->slots[i].address) = h->slots[i];
	free(h->slots);
	*h = bigger;
	return true;
}

void hostnames_put(struct hostnames *h, const uint8_t address[16], const char *name, size_t n)
{
	if (h->used == ADDRESSES_MOST || (h->used * 2 >= h->slot_count && !grow(h)))
		return;
	struct hostname_slot *slot = find(h, address);
	if (slot->used)
		return;
	struct buf text = { 0 };
	text_add_printable(&text, name, n);
	memcpy(slot->address, address, 16);
	slot->name = text.failed ? 0 : names_add(&h->texts, buf_text(&text), text.len, h->seed);
	slot->used = true;
	h->used++;
	buf_free(&text);
}

bool hostnames_get(const struct hostnames *h, const uint8_t address[16], const char **name)
{
	const struct hostname_slot *slot = h->slot_count != 0 ? find(h, address) : NULL;
	if (slot == NULL || !slot->used)
		return false;
	*name = names_get(&h->texts, slot->name);
	return true;
}
