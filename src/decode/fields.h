/* SPDX-License-Identifier: GPL-3.0-or-later
 * fields: where the fixed fields of headers stand, and how each is written for a reader. */
#ifndef TCPWHY_DECODE_FIELDS_H
#define TCPWHY_DECODE_FIELDS_H

#include "decode/frame.h"
#include "util/buf.h"

/* Appends a line "LABEL  Field: value" for every field of the layer that is within its captured bytes. */
void fields_describe(const struct layer *layer, struct buf *out);

/* The beginning of such a line, up to and with the colon and the space. */
void fields_begin(enum proto proto, const char *name, struct buf *out);

#endif
