/* SPDX-License-Identifier: GPL-3.0-or-later
 * codec: gzip and zstd streams taken off a capture, a piece at a time. */
#ifndef TCPWHY_CAPTURE_CODEC_H
#define TCPWHY_CAPTURE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

enum codec_kind { CODEC_GZIP, CODEC_ZSTD };

struct codec;

/* Is this kind built in? */
bool codec_available(enum codec_kind kind);

/* Appends the name and version of the library for this kind, or that it is not built in. */
void codec_version(enum codec_kind kind, struct buf *out);

/* Do these four bytes begin a compressed stream? *kind: of which kind. */
bool codec_is_magic(const uint8_t magic[4], enum codec_kind *kind);

/* NULL: not built in, or out of memory. */
struct codec *codec_new(enum codec_kind kind);
void codec_free(struct codec *c);

/* Takes from in[0..in_size) and gives to out[0..out_size); *used and *made tell how much of each. Returns NULL, or a static sentence part
 * saying what is wrong with the data. */
const char *codec_run(struct codec *c, const uint8_t *in, size_t in_size, size_t *used, uint8_t *out, size_t out_size, size_t *made);

/* Is the stream between two members or frames, where it may end? */
bool codec_at_boundary(const struct codec *c);

#endif
