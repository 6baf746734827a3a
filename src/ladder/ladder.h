/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladder: a flow as rows. Which rows there are, what each says, which runs of data are folded: data that the screen and the exports
 * draw alike. */
#ifndef TCPWHY_LADDER_LADDER_H
#define TCPWHY_LADDER_LADDER_H

#include "ladder/way.h"

struct ladder {
	struct ladder_row *rows;
	size_t count;
	struct lifelines lines;
	int64_t unit;                  /* ns that a row stands for, 0 = rows are not to scale */
	bool cut;                      /* longer than LADDER_ROWS: only its beginning, resets after that, and its end are here */
};

struct ladder_options {
	bool unfold_all;
	const uint32_t *unfolded;      /* ordinals of first segments of runs to show unfolded */
	size_t unfolded_count;
	bool to_scale;                 /* with empty rows where time passes, see axis.h */
	int zoom;
};

/* Handshake, teardown and resets are always rows; runs of data and ACKs between are folded unless asked for, as are long runs of
 * keepalives and window probes. The first payload of each side and what comes right before a reset stay visible. False: out of memory, or
 * a packet could not be read again (what could be is in *out, which the caller frees in any case). */
bool ladder_build(struct session *s, uint32_t flow, const struct ladder_options *options, struct ladder *out);
void ladder_free(struct ladder *l);

/* What the segment of a row does, one plain sentence, for the step panel and --steps. */
void ladder_explain_row(const struct ladder_row *row, struct buf *out);

#endif
