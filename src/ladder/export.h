/* SPDX-License-Identifier: GPL-3.0-or-later
 * export: a flow's ladder as text, as a Mermaid sequence diagram and as a picture (SVG), folded as the screen shows it at first; and its
 * time-sequence graph as text. */
#ifndef TCPWHY_LADDER_EXPORT_H
#define TCPWHY_LADDER_EXPORT_H

#include "ladder/ladder.h"

/* Appends to out; options as for ladder_build(), NULL = none; Mermaid is never to scale. utf8: arrows in Unicode, else in ASCII. False: as
 * ladder_build(); what could be read is in out all the same. */
bool ladder_export_text(struct session *s, uint32_t flow, const struct ladder_options *options, bool utf8, struct buf *out);
bool ladder_export_mermaid(struct session *s, uint32_t flow, const struct ladder_options *options, struct buf *out);
bool ladder_export_svg(struct session *s, uint32_t flow, const struct ladder_options *options, struct buf *out);
/* 80 columns by 24 lines, from one time to another (ns since the flow's first segment; to 0 = its end); utf8: in braille. */
bool ladder_export_graph(struct session *s, uint32_t flow, uint64_t from, uint64_t to, bool utf8, struct buf *out);

/* "Flow 3   client …   server …", a line. Appends. */
void ladder_add_title(uint32_t flow, const struct flow *f, const struct lifeline *client, const struct lifeline *server, struct buf *out);

/* "PSH, ACK 84 B", "8 segments": what stands on the arrow. Appends. */
void ladder_row_label(const struct ladder_row *r, struct buf *out);

#endif
