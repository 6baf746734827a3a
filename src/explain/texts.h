/* SPDX-License-Identifier: GPL-3.0-or-later
 * texts: many short texts that live and die together (the sentences of a flow's verdicts). */
#ifndef TCPWHY_EXPLAIN_TEXTS_H
#define TCPWHY_EXPLAIN_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

struct texts {
	struct texts_block *blocks;
	bool failed;
};

/* A copy of n bytes, NUL-terminated, that lives until texts_free(); NULL (and failed set) when memory is out. */
const char *texts_keep(struct texts *t, const char *text, size_t n);
void texts_free(struct texts *t);

#endif
