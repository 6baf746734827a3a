/* SPDX-License-Identifier: GPL-3.0-or-later
 * passage: what became of one flow's segments on the way between two vantage points: seen at both, lost between, made between, changed.
 * Pure: it works on what was read of both. */
#ifndef TCPWHY_VANTAGE_PASSAGE_H
#define TCPWHY_VANTAGE_PASSAGE_H

#include "vantage/clocks.h"
#include "vantage/pairs.h"
#include "vantage/sights.h"

/* What the other point says of a segment seen here.
 * SEEN: it has it. ABSENT: it was captured at that time and does not have it. SILENT: it does not have it, but may have ended before, or lost
 * packets. MISSED: it must have passed there, and was not captured. COPIED: it passed there fewer times: the network doubled it.
 * UNKNOWN: that capture does not cover the time, or nothing ties the clocks. */
enum fate { FATE_UNKNOWN, FATE_SEEN, FATE_ABSENT, FATE_SILENT, FATE_MISSED, FATE_COPIED };

struct passing {
	uint8_t fate;             /* enum fate */
	uint16_t changes;         /* CHANGE_ bits, when seen */
	bool resized;             /* its bytes are there in segments of another size */
	uint64_t frame;           /* there, when seen or copied */
	int64_t time;             /* likewise: when it was there, by the clock here */
};

/* When the other capture was taken, by its own clock, ns since 1970. */
struct coverage {
	int64_t first, last;
};

/* What becomes of the segments of `here`, one entry each, into out (here->count of them); clock: from here to there. order: passage_order().
 * Returns how many that capture missed; SIZE_MAX when out of memory. */
size_t passage_make(const struct sights *here, const struct sights *there, const struct pairs *p, const struct alignment *a,
                    const struct coverage *cover, int order, struct passing *out);

/* Positive: the other point is nearer to the server (of the flow here); negative: nearer to the client; 0: not to be told. By hop counts,
 * else by turns: the nearer to an end, the sooner after a segment to it the answer comes. */
int passage_order(const struct sights *here, const struct sights *there, const struct pairs *p);

#endif
