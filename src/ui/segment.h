/* SPDX-License-Identifier: GPL-3.0-or-later
 * segment: one segment in every detail. */
#ifndef TCPWHY_UI_SEGMENT_H
#define TCPWHY_UI_SEGMENT_H

#include "session/session.h"

/* The text of the segment screen: every header field, then the payload in hex and text, `bytes` a line. Appends; false when the packet
 * cannot be read again. */
bool segment_text(struct session *s, uint32_t flow, uint32_t ordinal, unsigned bytes, struct buf *out);

#endif
