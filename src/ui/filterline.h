/* SPDX-License-Identifier: GPL-3.0-or-later
 * filterline: typing a filter: a line editor that applies the filter at each key, with history. */
#ifndef TCPWHY_UI_FILTERLINE_H
#define TCPWHY_UI_FILTERLINE_H

#include "ui/view.h"

/* Opens the line with the filter that holds. */
void filterline_open(struct ui *ui);

/* Takes a key by name while the line is open. */
void filterline_key(struct ui *ui, const char *key);

/* Draws the line at row y and, when the filter is in error, caret and message in the row below. */
void filterline_draw(struct ui *ui, int y);

void filterline_free(struct filterline *line);

#endif
