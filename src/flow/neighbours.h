/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours: which flows share a host or a service with a given one, the nearest in time first. Built when first asked for and extended
 * as flows come in, so that a capture without resets pays nothing. */
#ifndef TCPWHY_FLOW_NEIGHBOURS_H
#define TCPWHY_FLOW_NEIGHBOURS_H

#include "flow/table.h"
#include "flow/tells.h"

struct neighbours;

enum { NEAR_LOOKS = 128 };

/* Another flow of a host or a service: what it tells, and the side at which the host stands in it (of a service: always the server's). */
struct neighbour {
	uint32_t number;
	uint32_t bits;                  /* TELL_ bits, and: */
};
#define NEIGHBOUR_SERVER (1u << 31)     /* the side is the server's */

static inline enum side neighbour_side(const struct neighbour *n)
{
	return (n->bits & NEIGHBOUR_SERVER) != 0 ? SIDE_SERVER : SIDE_CLIENT;
}

/* Flows near one in time (in order of their first segments) with which it shares a service or a host: the nearest first, those before it
 * and after it in turn. The same connection seen at another place is not among them. */
struct near {
	struct neighbour at[NEAR_LOOKS];
	uint32_t twin;                  /* that connection, where it has other addresses or ports (the other side of a NAT); or FLOW_NONE */
	unsigned count;
	uint32_t any;                   /* all their bits in one */
	bool all;                       /* there are no others */
	uint32_t base;                  /* the flow that `tells` begin with */
	const struct flow_tells *tells; /* NULL: not noted down */
};

struct neighbours *neighbours_new(const struct flow_table *table);
void neighbours_free(struct neighbours *n);

/* Takes in flows that came since the last call. False: out of memory. */
bool neighbours_update(struct neighbours *n);

/* The same for so many of them; *more: there are others. */
bool neighbours_step(struct neighbours *n, uint32_t most, bool *more);

/* When all are taken in and the table will not change any more: notes down what its flows tell, so that they need not be looked at for it.
 * About `most` flows at a time; *more: call again. False: out of memory, and they are looked at. */
bool neighbours_note(struct neighbours *n, uint32_t most, bool *more);

/* What a flow tells: as noted down, or as it is now, then in *room. */
const struct flow_tells *neighbours_tells(const struct neighbours *n, uint32_t flow, struct flow_tells *room);

/* The same of the i-th near one: a judgment asks some hundred times. */
static inline const struct flow_tells *near_tells(const struct neighbours *n, const struct near *near, unsigned i, struct flow_tells *room)
{
	return near->tells != NULL ? &near->tells[near->at[i].number - near->base] : neighbours_tells(n, near->at[i].number, room);
}

/* Asks the processor for what neighbours_service() and neighbours_host() read of flows that are looked at soon: first for the chains of one,
 * then for the neighbours in them, which its chains tell. Either may be FLOW_NONE. */
void neighbours_fetch(const struct neighbours *n, uint32_t chains, uint32_t pool);

/* Do two flows go to the same server address and port? */
bool neighbours_same_service(const struct neighbours *n, uint32_t a, uint32_t b);

/* The flows that do. */
void neighbours_service(const struct neighbours *n, uint32_t flow, struct near *out);

/* Those in which the host at this side of the flow takes part, on either side. */
void neighbours_host(const struct neighbours *n, uint32_t flow, enum side side, struct near *out);

#endif
