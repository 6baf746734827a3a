/* SPDX-License-Identifier: GPL-3.0-or-later
 * menu: a list of choices, each with a label and a text that says what it stands for. */
#ifndef TCPWHY_UI_MENU_H
#define TCPWHY_UI_MENU_H

#include "ui/view.h"

/* What happens when a choice is taken; the menu is closed afterwards. */
struct menu_kind {
	const char *name;    /* of the screen */
	const char *heading;
	void (*choose)(struct ui *ui, size_t index, const char *text, uint32_t flow);
};

/* Opens an empty menu; kind is static. NULL: out of memory. flow is handed to choose(). */
struct view *menu_open(struct ui *ui, const struct menu_kind *kind, uint32_t flow);

/* Adds a choice (label: static); its text may be added to the result until the next call. NULL: out of memory. */
struct buf *menu_add(struct view *menu, const char *label);

/* Adds a choice with its text, unless memory is out. */
void menu_add_text(struct view *menu, const char *label, const char *text);

#endif
