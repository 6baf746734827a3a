/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladderdraw: the ladder screen's data, and how it is drawn. */
#ifndef TCPWHY_UI_LADDERDRAW_H
#define TCPWHY_UI_LADDERDRAW_H

#include "ladder/ladder.h"
#include "ui/view.h"
#include "ui/why.h"

enum { VERDICT_NONE = -1 };

struct ladder_view {
	struct view view;
	struct session *session;
	uint32_t flow;
	struct ladder ladder;
	struct findings findings;
	bool readable;             /* the packets could be read again */
	uint32_t segments;         /* the flow had when the ladder was built */
	int64_t built_at;
	const struct capture *capture;
	bool ended;                /* the capture had when the ladder was built */
	uint32_t *unfolded;        /* ordinals of first segments of runs */
	size_t unfolded_count, unfolded_room;
	bool unfold_all;
	struct why why;
	int verdict;               /* index in findings that `why` is made of, VERDICT_NONE */
	struct list why_list;      /* cursor over the wrapped rows of the why panel */
	struct why_row *wrapped;   /* rows of the why panel as drawn last, why_list.count of them */
	bool focus_why;
	struct area rows, why_rows; /* where they were drawn, for clicks */
};

/* Draws header, rows, step panel and why panel. */
void ladder_draw(struct ladder_view *l, struct area a);

/* The verdict on a frame, VERDICT_NONE when there is none. */
int ladder_verdict_of(const struct ladder_view *l, uint64_t frame);

/* "SYN ACK", "PSH ACK", "none". Appends. */
void ladder_add_flags(struct buf *out, uint16_t flags);

#endif
