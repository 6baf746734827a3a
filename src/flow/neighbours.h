/* SPDX-License-Identifier: GPL-3.0-or-later
 * neighbours: which flows share a host or a service with a given one, the nearest in time first. Built when first asked for and extended
 * as flows come in, so that a capture without resets pays nothing. */
#ifndef TCPWHY_FLOW_NEIGHBOURS_H
#define TCPWHY_FLOW_NEIGHBOURS_H

#include "flow/table.h"

struct neighbours;

enum { NEAR_LOOKS = 128 };

/* Flows near one in time (in order of their first segments) with which it shares a service or a host: the nearest first, those before it
 * and after it in turn. The same connection seen at another place is not among them. */
struct near {
	uint32_t number[NEAR_LOOKS];
	uint16_t tells[NEAR_LOOKS];     /* TELL_ bits (flow/tells.h) */
	uint8_t side[NEAR_LOOKS];       /* enum side: of the host in it; of a service always the server's */
	uint32_t twin;                  /* the same connection under other addresses or ports (the other side of a NAT), not among these; or FLOW_NONE */
	unsigned count;
	unsigned any;                   /* all their tells in one */
	bool all;                       /* there are no others */
};

struct neighbours *neighbours_new(const struct flow_table *table);
void neighbours_free(struct neighbours *n);

/* Takes in flows that came since the last call. final: the table will not change any more: what its flows tell is noted down once, and they
 * need not be looked at for it. False: out of memory. */
bool neighbours_update(struct neighbours *n, bool final);

/* The flows to the same server address and port. */
void neighbours_service(const struct neighbours *n, uint32_t flow, struct near *out);

/* Those in which the host at this side of the flow takes part, on either side. */
void neighbours_host(const struct neighbours *n, uint32_t flow, enum side side, struct near *out);

#endif
