/* SPDX-License-Identifier: GPL-3.0-or-later
 * segment: one segment in every detail. */
#ifndef TCPWHY_LADDER_SEGMENT_H
#define TCPWHY_LADDER_SEGMENT_H

#include "session/session.h"

/* What the segment screen shows: every header field, then the payload in hex and text, `bytes` a line. Appends; false when the packet
 * cannot be read again. */
bool segment_text(struct session *s, uint32_t flow, uint32_t ordinal, unsigned bytes, struct buf *out);

/* The same of a segment by the number of its frame, after a line that names its flow. Appends. NONE: no flow has such a frame; UNREADABLE:
 * it cannot be read again. */
enum segment_found { SEGMENT_READ, SEGMENT_NONE, SEGMENT_UNREADABLE };
enum segment_found segment_of_frame(struct session *s, uint64_t frame, unsigned bytes, struct buf *out);

#endif
