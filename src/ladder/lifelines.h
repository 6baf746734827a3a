/* SPDX-License-Identifier: GPL-3.0-or-later
 * lifelines: the vertical lines of a ladder's picture: the ends of a connection and what stands between (hops.c), or the places at which it
 * was captured (places.c), or the ends of a proxy's two connections (legs.c). */
#ifndef TCPWHY_LADDER_LIFELINES_H
#define TCPWHY_LADDER_LIFELINES_H

#include "ladder/row.h"

enum { LADDER_ROWS = 20000, LIFELINES_MOST = LADDER_SIGHTS };

/* An end of the connection, what stands between two stretches of its way, or a place of capture. */
struct lifeline {
	const char *what;              /* "client", "NAT", the place's name; printable */
	uint8_t address[16];           /* as the nearer end sees it; port 0: there is none to name */
	uint16_t port;
};

/* All of them, from the client to the server. A row's sights (ladder_row.seen) are by source: by stretch, of which there is one less than
 * lines; or by place, of which each is a line. */
struct lifelines {
	struct lifeline line[LIFELINES_MOST];
	unsigned count;
	struct session *session[LADDER_SIGHTS]; /* by source: where its segments are read */
	uint32_t flow[LADDER_SIGHTS];
	unsigned sources;
	unsigned own;                  /* the source that the ladder was asked of */
	bool places;                   /* lines are places of capture */
	unsigned more;                 /* likewise: places that have the flow and for which there is no line */
	bool legs;                     /* lines are client, proxy and server; the sources are the two connections of the proxy (legs.c) */
	uint8_t legs_sure;             /* likewise: enum confidence that they belong together */
	unsigned legs_passed;          /* likewise: payloads that went on unchanged */
	int64_t legs_clock;            /* likewise: ns that the clock of the other leg's capture may be off by; -1: it is the same capture */
	bool alone;                    /* there are other sources, but the flow is too long to be laid beside them */
};

/* Spaces between the lines, at least 1. */
static inline unsigned lifelines_lanes(const struct lifelines *l)
{
	return l->count > 1 ? l->count - 1 : 1;
}

/* Of a proxy's two connections the one that a row is of: 0 the client's, 1 the server's. */
static inline unsigned lifelines_leg(const struct lifelines *l, const struct ladder_row *r)
{
	return l->legs && r->begin + r->end > 4;
}

#endif
