/* SPDX-License-Identifier: GPL-3.0-or-later
 * preview: the why of the selected flow beside or under the list, worked out when the cursor rests. */
#ifndef TCPWHY_UI_PREVIEW_H
#define TCPWHY_UI_PREVIEW_H

#include "ui/view.h"
#include "ui/why.h"

struct preview {
	struct why why;
	uint32_t flow;
	uint32_t segments;     /* it had when the preview was made */
	size_t capture;
	bool ended;            /* the capture had: what is absent will not come, and verdicts may differ */
	bool settled;              /* session_settled() then */
	bool made;
};

/* Draws the preview of a flow (FLOW_NONE: nothing). While keys come in, what was there before stays. */
void preview_draw(struct preview *p, struct ui *ui, uint32_t flow, struct area a);
void preview_free(struct preview *p);

/* The same as text, with the line of the flow before it. Appends. */
void preview_text(struct ui *ui, uint32_t flow, struct buf *out);

/* What is to be said of a flow without resets: how it stands, how much went each way, what went wrong on the way; a line each. Appends. */
void preview_no_reset(const struct flow_table *table, uint32_t flow, struct buf *out);

#endif
