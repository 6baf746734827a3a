/* SPDX-License-Identifier: GPL-3.0-or-later
 * kernel_word: what follows for a verdict from what this machine's kernel said of a reset. Internal to explain/. */
#ifndef TCPWHY_EXPLAIN_KERNEL_WORD_H
#define TCPWHY_EXPLAIN_KERNEL_WORD_H

#include "explain/cause.h"

enum { KERNEL_WORD_CAUSES = 14 };

/* A row of the table: what a reason, in a state of the socket, means. Several causes share one reason: it only tells which ones can be. */
struct kernel_word {
	const char *reason;                       /* as in enum sk_rst_reason of Linux, without SK_RST_REASON_ */
	uint16_t states;                          /* bits 1 << enum kernel_state in which it holds; 0 = any */
	enum mechanism mechanism;
	const char *certain;                      /* the cause that is certain when it comes out best; NULL = none */
	const char *leaves;                       /* what is not known although the kernel told this; NULL = the cause's own unknowns are all */
	const char *causes[KERNEL_WORD_CAUSES];   /* that it can mean, the plainest first; none: all of the mechanism */
};

/* NULL: a reason that tells nothing. */
const struct kernel_word *kernel_word_find(const char *reason, unsigned state);
bool kernel_word_admits(const struct kernel_word *word, const struct cause *cause);
/* The rows, for tests and documentation; NULL behind the last. */
const struct kernel_word *kernel_word_at(size_t index);

#endif
