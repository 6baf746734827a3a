/* SPDX-License-Identifier: GPL-3.0-or-later
 * pairs: which segment at one vantage point is which at another. Pure: two lists in, their pairs out; O(n log n). */
#ifndef TCPWHY_VANTAGE_PAIRS_H
#define TCPWHY_VANTAGE_PAIRS_H

#include "vantage/clocks.h"
#include "vantage/sights.h"

/* How the numbers of the flow there are to be read here. */
struct alignment {
	bool swapped;              /* who is client there is server here: it was guessed */
	uint32_t shift[2];         /* sequence number there minus the one here, by side here: a device may rewrite them */
	const struct clock_fit *clock; /* NULL: not known yet; then only what is unmistakable is paired */
};

/* SAME: all that makes a segment is the same. CHANGED: it was rewritten on the way. RESIZED: its bytes are there in segments of another
 * size (offload, a device that cuts or joins). COPY: the very packet is there, but fewer times than here: the network doubled it. */
enum pair_kind { PAIR_NONE, PAIR_SAME, PAIR_CHANGED, PAIR_RESIZED, PAIR_COPY };

struct pair {
	uint32_t other;            /* index in the other list; of the first of several */
	uint8_t kind;              /* enum pair_kind */
};

struct pairs {
	struct pair *here, *there; /* as long as the lists */
	int hops[2];               /* TTL here minus TTL there of most segments, by side here that sent them */
	bool hops_known[2];
};

/* False: out of memory. Free in any case. */
bool pairs_make(const struct sights *here, const struct sights *there, const struct alignment *a, struct pairs *out);
void pairs_free(struct pairs *p);

/* What changed on the way between two sights of one segment, besides the hop count of an ordinary way. */
enum { CHANGE_OPTIONS = 1, CHANGE_SEQ = 2, CHANGE_WINDOW = 4, CHANGE_LENGTH = 8, CHANGE_TTL = 16, CHANGE_FLAGS = 32, CHANGE_TOS = 64,
       CHANGE_IP_ID = 128, CHANGE_TIMESTAMP = 256, CHANGE_COUNT = 9 };
unsigned pair_changes(const struct sight *here, const struct sight *there, const struct pairs *p);
const char *change_name(unsigned bit_index); /* "TCP options"… */

#endif
