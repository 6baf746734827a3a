/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/texts.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 8192 };

struct texts_block {
	struct texts_block *next;
	size_t used, size;
	char bytes[];
};

const char *texts_keep(struct texts *t, const char *text, size_t n)
{
	struct texts_block *b = t->blocks;
	if (b == NULL || b->size - b->used < n + 1) {
		size_t size = n + 1 > BLOCK ? n + 1 : BLOCK;
		b = malloc(sizeof *b + size);
		if (b == NULL) {
			t->failed = true;
			return NULL;
		}
		*b = (struct texts_block){ .next = t->blocks, .size = size };
		t->blocks = b;
	}
	char *at = b->bytes + b->used;
	memcpy(at, text, n);
	at[n] = '\0';
	b->used += n + 1;
	return at;
}

void texts_free(struct texts *t)
{
	while (t->blocks != NULL) {
		struct texts_block *next = t->blocks->next;
		free(t->blocks);
		t->blocks = next;
	}
}
