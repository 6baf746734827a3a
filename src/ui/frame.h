/* SPDX-License-Identifier: GPL-3.0-or-later
 * frame: what stands around a view: title, status line, key bar; and the text of the help screen. */
#ifndef TCPWHY_UI_FRAME_H
#define TCPWHY_UI_FRAME_H

#include "ui/view.h"

/* Draws the whole screen: frame and the view on top, or what a screen too small for it says. */
void frame_draw(struct ui *ui);

/* The help: keys, those of the scope first, the filter language, signs of the screens. Appends. */
void frame_help(const struct keymap *keys, unsigned scope, struct buf *out);

#endif
