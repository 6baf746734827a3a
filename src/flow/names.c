/* SPDX-License-Identifier: GPL-3.0-or-later
 * names: interning of short texts. */
#include "flow/names.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

enum { NAMES_MOST = 64 << 20 };

void names_free(struct names *t)
{
	buf_free(&t->bytes);
	free(t->slots);
	*t = (struct names){ 0 };
}

static bool names_grow(struct names *t, uint64_t seed)
{
	size_t count = t->slot_count ? t->slot_count * 2 : 256;
	uint32_t *slots = calloc(count, sizeof *slots);
	if (slots == NULL) {
		t->bytes.failed = true;
		return false;
	}
	for (size_t i = 0; i < t->slot_count; i++) {
		if (t->slots[i] == 0)
			continue;
		const char *text = t->bytes.data + t->slots[i];
		size_t at = (size_t)hash_bytes(text, strlen(text), seed) & (count - 1);
		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
	return true;
}

uint32_t names_add(struct names *t, const char *text, size_t n, uint64_t seed)
{
	if (n == 0 || t->bytes.len + n + 1 > NAMES_MOST || memchr(text, 0, n) != NULL)
		return 0;
	if ((t->slot_count == 0 || t->used * 8 >= t->slot_count * 5) && !names_grow(t, seed))
		return 0;
	size_t at = (size_t)hash_bytes(text, n, seed) & (t->slot_count - 1);
	for (; t->slots[at] != 0; at = (at + 1) & (t->slot_count - 1)) {
		const char *other = t->bytes.data + t->slots[at];
		if (strlen(other) == n && memcmp(other, text, n) == 0)
			return t->slots[at];
	}
	if (t->bytes.len == 0)
		buf_putc(&t->bytes, '\0');
	uint32_t number = (uint32_t)t->bytes.len;
	buf_add(&t->bytes, text, n);
	buf_putc(&t->bytes, '\0');
	if (t->bytes.failed)
		return 0;
	t->slots[at] = number;
	t->used++;
	return number;
}

const char *names_get(const struct names *t, uint32_t number)
{
	return number == 0 || number >= t->bytes.len ? NULL : t->bytes.data + number;
}
