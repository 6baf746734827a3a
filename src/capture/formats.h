/* SPDX-License-Identifier: GPL-3.0-or-later
 * formats: capture and archive formats that are not read here, told by their first bytes so that the user can be told what to do. */
#ifndef TCPWHY_CAPTURE_FORMATS_H
#define TCPWHY_CAPTURE_FORMATS_H

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* Bytes of the beginning that are worth giving to formats_explain(). */
enum { FORMATS_HEAD = 1024 };

/* Appends what the bytes are taken for and the command that makes a readable file of it. libpcap: what it said of the file, NULL when it
 * was not asked. */
void formats_explain(const uint8_t *bytes, size_t n, const char *name, const char *libpcap, struct buf *out);

#endif
