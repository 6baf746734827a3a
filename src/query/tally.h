/* SPDX-License-Identifier: GPL-3.0-or-later
 * tally: resets counted by cause, by service within a cause, by client within a service; and over time. Worked out in slices. */
#ifndef TCPWHY_QUERY_TALLY_H
#define TCPWHY_QUERY_TALLY_H

#include "explain/incident.h"
#include "session/session.h"

#define TALLY_NONE UINT32_MAX

enum tally_level { TALLY_CAUSE, TALLY_SERVICE, TALLY_CLIENT };

/* One branch. Counts are of flows whose primary reset has this cause. */
struct tally_node {
	enum tally_level level;
	const struct cause *cause; /* NULL: none was found */
	uint32_t flow;             /* one of its flows: its endpoints name the branch */
	uint32_t flows;
	uint64_t resets;           /* RST segments */
	int64_t first, last;       /* time of the first reset of the first and last of them */
	uint32_t child, next;      /* nodes; TALLY_NONE = none */
	bool open;                 /* the owner's: children are shown */
};

struct tally;

/* s stays the caller's and must outlive the tally. NULL: out of memory. */
struct tally *tally_new(struct session *s);
void tally_free(struct tally *t);

/* Begins anew: the nodes stay until the new ones are there. Branches keep `open` where they are found again. */
void tally_restart(struct tally *t);

/* Works for about budget_ns. True when there is more to do. */
bool tally_step(struct tally *t, int64_t budget_ns);
unsigned tally_percent(const struct tally *t);

uint32_t tally_first(const struct tally *t);                    /* most resets first; TALLY_NONE when there are none */
struct tally_node *tally_node(struct tally *t, uint32_t node);
uint64_t tally_resets(const struct tally *t);
uint32_t tally_flows(const struct tally *t);

/* Incidents among them, by time, *count of them; valid until the next tally_step(). */
const struct incident *tally_incidents(const struct tally *t, size_t *count);
void tally_incident_filter(const struct tally *t, const struct incident *incident, struct buf *out); /* appends; as below */

/* Resets over time in n equal bins from the first to the last reset (of flows: each at its first reset). */
void tally_histogram(const struct tally *t, uint32_t *bins, size_t n, int64_t *from, int64_t *to);

/* Appends a filter that only the flows of a branch pass: its own level's term and those above it. */
void tally_filter(const struct tally *t, const struct tally_node *node, struct buf *out);

#endif
