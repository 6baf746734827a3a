/* SPDX-License-Identifier: GPL-3.0-or-later
 * complain: one sentence on standard error. */
#ifndef TCPWHY_COMPLAIN_H
#define TCPWHY_COMPLAIN_H

#include "util/buf.h"

/* Says it, with the program's name in front. What could not be put into words for want of memory says that. */
void complain(const struct buf *error);

#endif
