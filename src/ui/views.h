/* SPDX-License-Identifier: GPL-3.0-or-later
 * views: the screens there are, and how each is opened over the one that is shown. */
#ifndef TCPWHY_UI_VIEWS_H
#define TCPWHY_UI_VIEWS_H

#include "ui/view.h"

/* Asks for a name and saves flows (n numbers, copied) of the present capture as pcapng. */
void ui_save(struct ui *ui, const uint32_t *flows, size_t n);

/* Each returns NULL when memory runs out. */
struct view *flows_open(struct ui *ui);
struct view *ladder_open(struct ui *ui, uint32_t flow);
struct view *graph_open(struct ui *ui, uint32_t flow);
struct view *summary_open(struct ui *ui);
struct view *ready_filters_open(struct ui *ui, uint32_t flow); /* flow: the selected one or FLOW_NONE */
struct view *settings_open(struct ui *ui);
struct view *columns_open(struct ui *ui);
struct view *exports_open(struct ui *ui, uint32_t flow);
/* The ladder and the verdicts of a flow as plain text over the whole width, to be selected by hand. */
struct view *plain_open(struct ui *ui, uint32_t flow);
/* A text to scroll through. The view takes the text over (and leaves *text empty). */
struct view *pager_open(struct ui *ui, const char *name, struct buf *text);

#endif
