/* SPDX-License-Identifier: GPL-3.0-or-later
 * hops: the lifelines of a ladder, and the rows of all flows that are one connection seen on several stretches of its way. */
#ifndef TCPWHY_LADDER_HOPS_H
#define TCPWHY_LADDER_HOPS_H

#include "ladder/row.h"

enum { LADDER_ROWS = 20000, LIFELINES_MOST = HOPS_MOST + 1 };

/* A vertical line of the picture: an end of the connection, or what stands between two stretches of its way. */
struct lifeline {
	const char *what;              /* "client", "NAT" */
	uint8_t address[16];           /* as the nearer end sees it; port 0: there is none to name */
	uint16_t port;
};

/* All of them, from the client to the server. */
struct lifelines {
	struct lifeline line[LIFELINES_MOST];
	unsigned count;
	uint32_t flow[HOPS_MOST];      /* of each stretch: one less than lines */
	bool alone;                    /* there are other stretches, but the flow is too long to be laid beside them */
};

/* Stretches of the way, at least 1. */
static inline unsigned hops_lanes(const struct lifelines *l)
{
	return l->count > 1 ? l->count - 1 : 1;
}

/* Fills in *lines, and hands the rows on in the order of capture: a segment that was seen on several stretches is one row. A flow of more
 * than LADDER_ROWS segments stands alone. False as ladder_stream(), or there is no such flow. */
bool hops_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context);

/* On which stretches a segment was seen, and how long it took between them. Nothing where there is only one. Appends. */
void hops_explain(const struct lifelines *lines, const struct ladder_row *row, struct buf *out);

#endif
