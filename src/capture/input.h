/* SPDX-License-Identifier: GPL-3.0-or-later
 * input: a file or pipe as a bounded run of bytes in memory: a reader asks for n contiguous bytes, looks, and takes them. Compression is
 * taken off on the way. Reads in large pieces; never more than INPUT_MOST bytes are held. */
#ifndef TCPWHY_CAPTURE_INPUT_H
#define TCPWHY_CAPTURE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/codec.h"
#include "util/buf.h"

enum {
	INPUT_PIECE = 256 * 1024,           /* bytes asked of read(2) at a time: fits the second-level cache */
	INPUT_MOST = 256 * 1024 + 4 * 1024  /* the most that input_need() may be asked for: the largest packet and its headers */
};

enum input_status {
	INPUT_OK,
	INPUT_WAIT,  /* a pipe has nothing more at the moment: ask again after polling */
	INPUT_END,   /* the input ends before so many bytes; what is left is input_have() */
	INPUT_CUT,   /* the same, inside compressed data */
	INPUT_ERROR  /* reading or decompressing failed: see message */
};

struct input {
	int fd;
	bool own_fd;
	bool follow;            /* a regular file's end is INPUT_WAIT: it may grow */
	bool regular;           /* a regular file; when also codec == NULL it can be read again by offset */
	bool ended;             /* final is the answer to every need beyond what is here */
	enum input_status final;
	uint8_t *data;
	size_t begin, end;      /* what is here: data[begin..end) */
	uint64_t base;          /* offset of data[begin] in the uncompressed input */
	uint64_t skipping;      /* bytes still to be passed over before the next one asked for */
	uint64_t raw_done;      /* bytes read from fd */
	uint64_t total;         /* size of a regular file when it was opened, else 0 */
	struct codec *codec;
	int copy_fd;            /* what is read, uncompressed, is written there as well, byte for byte; -1 = none */
	int copy_error;         /* errno of that, after which nothing more is written; 0 = none */
	uint8_t *raw;           /* compressed bytes not yet used: raw[raw_begin..raw_end) */
	size_t raw_begin, raw_end;
	struct buf message;     /* after INPUT_ERROR */
};

/* Opens name ("-" is standard input) without blocking; reads nothing. False: *error says what, to what and why. */
bool input_open(struct input *in, const char *name, struct buf *error);
void input_close(struct input *in);

/* From now on what is read goes to this file as well, which is empty; the caller's. Before anything was read. */
void input_copy(struct input *in, int fd);

/* The first four bytes of a regular file of which nothing was read yet. False: there are not so many. */
bool input_magic(const struct input *in, uint8_t magic[4]);

/* Back to the beginning of a regular file. False: it cannot be read from there again. */
bool input_rewind(struct input *in);

/* Gives the buffers back; reading on then finds the end. The descriptor stays open. */
void input_rest(struct input *in);

/* What is here from now on is compressed so. Only at the very beginning, before anything was taken. False: out of memory. */
bool input_decompress(struct input *in, enum codec_kind kind);

/* Fetches until n bytes are here. n <= INPUT_MOST. Use input_need(). */
enum input_status input_fetch(struct input *in, size_t n);

static inline size_t input_have(const struct input *in) { return in->end - in->begin; }
static inline const uint8_t *input_at(const struct input *in) { return in->data + in->begin; }

/* Makes n contiguous bytes stand at input_at(). */
static inline enum input_status input_need(struct input *in, size_t n)
{
	return in->skipping == 0 && input_have(in) >= n ? INPUT_OK : input_fetch(in, n);
}

/* Passes over n bytes, of which any number may not be here yet: the next input_need() waits for them. */
static inline void input_take(struct input *in, uint64_t n)
{
	if (n <= input_have(in)) {
		in->begin += (size_t)n;
	} else {
		in->skipping += n - input_have(in);
		in->begin = in->end;
	}
	in->base += n;
}

/* Passes over what stands before this offset (of the uncompressed input, no less than base), of a regular file without reading it. */
void input_go_on(struct input *in, uint64_t offset);

#endif
