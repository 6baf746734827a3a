/* SPDX-License-Identifier: GPL-3.0-or-later
 * export: a flow's ladder as text and as a Mermaid sequence diagram, folded as the screen shows it at first. */
#ifndef TCPWHY_LADDER_EXPORT_H
#define TCPWHY_LADDER_EXPORT_H

#include "ladder/ladder.h"

/* Appends to out. utf8: arrows in Unicode, else in ASCII. False: as ladder_build(); what could be read is in out all the same. */
bool ladder_export_text(struct session *s, uint32_t flow, bool utf8, struct buf *out);
bool ladder_export_mermaid(struct session *s, uint32_t flow, struct buf *out);

#endif
