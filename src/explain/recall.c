/* SPDX-License-Identifier: GPL-3.0-or-later
 * recall: a table of fixed size in which a newer key takes the place of an older one. */
#include "explain/recall.h"

#include <stdlib.h>
#include <string.h>

#include "explain/evidence.h"
#include "explain/explain.h"
#include "util/hash.h"

enum { PLACES = 1024 };

struct recall {
	struct {
		struct recall_key key;
		struct recalled what;
	} at[PLACES];
};

struct recall *recall_new(void)
{
	return calloc(1, sizeof(struct recall));
}

void recall_free(struct recall *r)
{
	free(r);
}

/* Eight states at a time: a byte of them holds when it is positive, bit 0 without bit 7. The product gathers those bits in its highest byte. */
struct recall_key recall_key(const int8_t *states, enum form form)
{
	struct recall_key key = { .form = form };
	for (size_t i = 0; i < FACT_STATES; i += 8) {
		uint64_t eight;
		memcpy(&eight, states + i, sizeof eight);
		uint64_t hold = eight & ~(eight >> 7) & 0x0101010101010101u;
		key.held[i / 64] |= (hold * 0x0102040810204080u) >> 56 << i % 64;
	}
	return key;
}

static size_t place(const struct recall_key *key)
{
	return (size_t)hash_bytes(key, sizeof *key, 0) % PLACES;
}

struct recalled recall_find(const struct recall *r, const struct recall_key *key)
{
	size_t at = place(key);
	return memcmp(&r->at[at].key, key, sizeof *key) == 0 ? r->at[at].what : (struct recalled){ 0 };
}

void recall_keep(struct recall *r, const struct recall_key *key, struct recalled what)
{
	size_t at = place(key);
	r->at[at].key = *key;
	r->at[at].what = what;
}
