/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowsdraw: the home screen's data, and how it is drawn. */
#ifndef TCPWHY_UI_FLOWSDRAW_H
#define TCPWHY_UI_FLOWSDRAW_H

#include "ui/columns.h"
#include "ui/preview.h"
#include "ui/view.h"

struct flows {
	struct view view;
	struct preview preview;
	uint8_t widths[COLUMN_COUNT];  /* widest cell seen since the screen changed: columns grow, they do not jump */
	int width;                     /* of the screen that they are for */
	size_t capture;                /* the list stands for */
	int columns_x[COLUMN_COUNT];   /* where columns are, for clicks; COLUMN_HIDDEN = not shown */
	struct area rows;
};

/* Draws the list and the panel. */
void flows_draw(struct view *v, struct area a);

/* Number of the flow under the cursor, FLOW_NONE when the list is empty. */
uint32_t flows_selected(const struct flows *f);

#endif
