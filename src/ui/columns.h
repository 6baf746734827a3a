/* SPDX-License-Identifier: GPL-3.0-or-later
 * columns: which columns of the flow list stand where, for the room that there is. */
#ifndef TCPWHY_UI_COLUMNS_H
#define TCPWHY_UI_COLUMNS_H

#include "ui/settings.h"

enum { COLUMN_HIDDEN = -1 };

/* Lays the columns out that the settings show, in their order. natural: width of the widest cell of each column, by its id. *offset: how
 * many are scrolled off behind the first (made smaller when that is too many). Fills widths (0 = not shown) and x (from the left of the
 * list, COLUMN_HIDDEN = not shown), COLUMN_COUNT of each, by id. */
void columns_lay_out(const struct settings *settings, const uint8_t *natural, int room, int *offset, int *widths, int *x);

#endif
