/* SPDX-License-Identifier: GPL-3.0-or-later
 * row: a segment of a flow as a row of a ladder. */
#ifndef TCPWHY_LADDER_ROW_H
#define TCPWHY_LADDER_ROW_H

#include "decode/app.h"
#include "session/hops.h"
#include "session/session.h"

/* Of one row at most: stretches of the way, or places of capture. */
enum { LADDER_SIGHTS = HOPS_MOST + 1 };

/* A segment as it was seen on one stretch, or at one place of capture. */
struct ladder_sight {
	uint64_t frame;                /* 0 = not seen there */
	int64_t time;                  /* by the clock of the ladder's own capture */
	uint32_t ordinal;              /* in the flow of that stretch or place */
	uint16_t changes;              /* of a place: CHANGE_ bits, what is other there */
	uint8_t fate;                  /* of a place: enum fate */
	bool resized;                  /* of a place: its bytes are there in segments of another size */
};

enum ladder_kind { LADDER_SEGMENT, LADDER_FOLD, LADDER_GAP /* nothing but time: axis.h */ };

struct ladder_row {
	enum ladder_kind kind;
	uint32_t ordinal;              /* index of the (first) segment among all */
	uint32_t count;                /* segments in the row: 1, how many are folded, or none in a gap */
	/* From where to where its arrow goes, in half lanes: 0 is the first lifeline, 2 the second; odd numbers lie between two. */
	uint8_t begin, end;
	struct ladder_sight seen[LADDER_SIGHTS]; /* by source: lifelines.h */
	uint64_t passed_frame;         /* of a proxy's leg: the frame on its other leg with the same payload, and its time; 0: none is known */
	int64_t passed_time;
	uint64_t frame, offset;        /* where it was seen first, as all that follows; frame 0: not in this capture */
	int64_t time;
	enum side from;
	const char *ends[2];           /* what the ends of the segment's connection are called, by side; NULL: client, server. Static text */
	uint16_t flags;
	uint32_t seq, ack;             /* relative to the ISN of each side where it is known */
	uint32_t len;
	uint32_t window;               /* scaled where the scale is known */
	uint32_t marks;                /* MARK_ bits, of all segments for a fold */
	uint8_t state_before[2], state_after[2]; /* enum tcp_state by side */
	uint64_t fold_bytes[2];        /* payload by side in a fold */
	uint32_t fold_segments[2];
	bool foldable;                 /* part of a run that can be folded */
	bool window_known;             /* the window is in bytes: its scale is known, or there is none */
	uint16_t option_bits;          /* OPT_ bits */
	uint16_t mss;
	uint8_t wscale;
	uint8_t checksum;              /* enum checksum */
	uint16_t port[2];              /* by side */
	int64_t broken;                /* of a gap: ns that it stands for, not to scale; 0 = it is */
	struct app_note note;          /* what its payload begins with; without the pointers into it */
};

static inline const char *ladder_row_end(const struct ladder_row *r, enum side side)
{
	return r->ends[side] != NULL ? r->ends[side] : side == SIDE_CLIENT ? "client" : "server";
}

/* All segments of one flow, on one stretch, one row each, whatever their number: take gets them in capture order, a bounded number later
 * than they were read. Stops when it returns false. False: out of memory, or a packet could not be read again. */
typedef bool ladder_take(void *context, const struct ladder_row *row);
bool ladder_stream(struct session *s, uint32_t flow, ladder_take *take, void *context);

#endif
