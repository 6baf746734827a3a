/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladderdraw: the ladder screen's data, and how it is drawn. */
#ifndef TCPWHY_UI_LADDERDRAW_H
#define TCPWHY_UI_LADDERDRAW_H

#include "ladder/ladder.h"
#include "ui/view.h"
#include "ui/why.h"

struct ladder_view {
	struct view view;
	struct session *session;
	uint32_t flow;
	struct ladder ladder;
	struct findings findings[LADDER_SIGHTS]; /* by source of the ladder: stretches, places */
	bool readable;             /* the packets could be read again */
	uint32_t segments;         /* the flow had when the ladder was built */
	int64_t built_at;
	const struct capture *capture;
	bool ended;                /* the capture had when the ladder was built */
	const struct vantage *vantage; /* that it was part of then; NULL = it stood alone */
	bool settled;              /* session_settled() then */
	struct buf kernel[2];      /* by side: what this machine's kernel says of its socket; "" = nothing */
	int64_t kernel_at;         /* when it was asked */
	uint32_t *unfolded;        /* ordinals of first segments of runs */
	size_t unfolded_count, unfolded_room;
	bool unfold_all;
	bool to_scale;             /* rows as far apart as their times */
	int zoom;
	struct why why;
	const struct verdict *verdict; /* that `why` is made of, NULL = none */
	struct list why_list;      /* cursor over the wrapped rows of the why panel */
	struct why_row *wrapped;   /* rows of the why panel as drawn last, why_list.count of them */
	bool focus_why;
	struct area rows, why_rows; /* where they were drawn, for clicks */
};

/* Draws header, rows, step panel and why panel. */
void ladder_draw(struct ladder_view *l, struct area a);

/* The verdict on the reset of a row, NULL when there is none. *all: those of its flow. */
const struct verdict *ladder_verdict_of(const struct ladder_view *l, const struct ladder_row *row, const struct findings **all);

/* Segments and folds among the first so many rows. */
size_t ladder_steps(const struct ladder_view *l, size_t rows);

/* Whether the frame is one of a row's. Of a capture's stretches any will do; of places of capture each has frames of its own. */
bool ladder_row_has(const struct ladder *ladder, const struct ladder_row *row, unsigned source, uint64_t frame);

/* The source of the ladder that the verdict in the why panel is of; the ladder's own when there is none. */
unsigned ladder_verdict_source(const struct ladder_view *l);

#endif
