/* SPDX-License-Identifier: GPL-3.0-or-later
 * recall: what equal facts were weighed to before. Thousands of refused connections differ in addresses, ports and times alone: for them
 * the rows of the catalogue are weighed once. Only for judging without sentences; internal to explain/. */
#ifndef TCPWHY_EXPLAIN_RECALL_H
#define TCPWHY_EXPLAIN_RECALL_H

#include "explain/cause.h"

struct recall; /* made and freed by its owner: explain.h */

enum { RECALL_WORDS = (FACT_COUNT + 63) / 64 };

/* All that weighing looks at: the facts that hold, and the form of the reset. */
struct recall_key {
	uint64_t held[RECALL_WORDS];
	uint64_t form;
};

struct recalled {
	const struct cause *cause;      /* NULL: not known */
	enum confidence confidence;
};

/* The key of facts by their states (evidence.state, whose length is FACT_STATES). */
struct recall_key recall_key(const int8_t *states, enum form form);

struct recalled recall_find(const struct recall *r, const struct recall_key *key);
void recall_keep(struct recall *r, const struct recall_key *key, struct recalled what);

#endif
