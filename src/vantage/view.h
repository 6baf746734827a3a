/* SPDX-License-Identifier: GPL-3.0-or-later
 * view: a flow of one point as the others saw it. */
#ifndef TCPWHY_VANTAGE_VIEW_H
#define TCPWHY_VANTAGE_VIEW_H

#include "vantage/groups.h"
#include "vantage/passage.h"

struct vantage_other {
	size_t point;
	uint32_t flow;            /* there */
	int order;                /* positive: that point is nearer to the server, negative: nearer to the client; the more, the farther */
	size_t missed;            /* segments that its capture missed */
	bool swapped;             /* client and server are taken for each other there */
	struct clock_fit clock;   /* from here to there */
	struct sights sights;
	struct pairs pairs;
	struct passing *passing;  /* by segment here */
};

struct vantage_view {
	struct sights here;
	struct vantage_other other[VANTAGE_MOST]; /* from the client's end to the server's; those of order 0 last */
	size_t count;
};

#endif
