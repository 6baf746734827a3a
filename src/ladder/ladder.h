/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladder: a flow as rows. Which rows there are, what each says, which runs of data are folded: data that the screen and the exports
 * draw alike. */
#ifndef TCPWHY_LADDER_LADDER_H
#define TCPWHY_LADDER_LADDER_H

#include "decode/app.h"
#include "session/session.h"

enum { LADDER_ROWS = 20000 };

enum ladder_kind { LADDER_SEGMENT, LADDER_FOLD };

struct ladder_row {
	enum ladder_kind kind;
	uint32_t ordinal;              /* index of the (first) segment in the flow */
	uint32_t count;                /* segments in the row: 1, or how many are folded */
	uint64_t frame, offset;
	int64_t time;
	enum side from;
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
	struct app_note note;          /* what its payload begins with; without the pointers into it */
};

struct ladder {
	struct ladder_row *rows;
	size_t count;
	bool cut;                      /* longer than LADDER_ROWS: only its beginning, resets after that, and its end are here */
};

struct ladder_options {
	bool unfold_all;
	const uint32_t *unfolded;      /* ordinals of first segments of runs to show unfolded */
	size_t unfolded_count;
};

/* Handshake, teardown and resets are always rows; runs of data and ACKs between are folded unless asked for, as are long runs of
 * keepalives and window probes. The first payload of each side and what comes right before a reset stay visible. False: out of memory, or
 * a packet could not be read again (what could be is in *out, which the caller frees in any case). */
bool ladder_build(struct session *s, uint32_t flow, const struct ladder_options *options, struct ladder *out);
void ladder_free(struct ladder *l);

/* All segments of a flow, one row each, whatever their number: take gets them in capture order, a bounded number later than they were
 * read. Stops when it returns false. False as ladder_build(). */
typedef bool ladder_take(void *context, const struct ladder_row *row);
bool ladder_stream(struct session *s, uint32_t flow, ladder_take *take, void *context);

/* What the segment of a row does, one plain sentence, for the step panel and --steps. */
void ladder_explain_row(const struct ladder_row *row, struct buf *out);

#endif
