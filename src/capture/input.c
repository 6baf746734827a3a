/* SPDX-License-Identifier: GPL-3.0-or-later
 * input: read(2) into one buffer, with the decompressor between where there is one. */
#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/text.h"

enum { BUFFER_SIZE = INPUT_MOST + INPUT_PIECE };

static bool open_failed(struct buf *error, const char *name, const char *why)
{
	buf_puts(error, "cannot open ");
	text_add_printable(error, name, strlen(name));
	buf_puts(error, ": ");
	buf_puts(error, why);
	return false;
}

static const char *kind_refused(const struct stat *status, int fd)
{
	if (S_ISDIR(status->st_mode))
		return "it is a directory; name the capture files in it";
	if (S_ISBLK(status->st_mode))
		return "it is a block device, not a capture file";
	if (isatty(fd))
		return "it is a terminal; pipe a capture into it (tcpdump -U -w - | tcpwhy -)";
	return NULL;
}

bool input_open(struct input *in, const char *name, struct buf *error)
{
	bool standard = strcmp(name, "-") == 0;
	*in = (struct input){ .fd = STDIN_FILENO, .own_fd = !standard, .copy_fd = -1 };
	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	if (!standard && (in->fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) < 0) {
		in->own_fd = false;
		return open_failed(error, name, strerror(errno));
	}
	struct stat status;
	const char *why = fstat(in->fd, &status) != 0 ? strerror(errno) : kind_refused(&status, in->fd);
	if (why != NULL) {
		input_close(in);
		return open_failed(error, standard ? "standard input" : name, why);
	}
	in->regular = S_ISREG(status.st_mode);
	if (in->regular && standard) {
		/* Offsets count from the file's beginning; a shell may have handed us the file further in. */
		off_t at = lseek(in->fd, 0, SEEK_CUR);
		in->regular = at == 0;
	}
	if (in->regular)
		in->total = status.st_size > 0 ? (uint64_t)status.st_size : 0;
	return true;
}

void input_close(struct input *in)
{
	if (in->own_fd)
		close(in->fd);
	codec_free(in->codec);
	free(in->data);
	free(in->raw);
	buf_free(&in->message);
	*in = (struct input){ .fd = -1, .copy_fd = -1 };
}

void input_copy(struct input *in, int fd)
{
	in->copy_fd = fd;
}

bool input_magic(const struct input *in, uint8_t magic[4])
{
	for (size_t have = 0; have < 4;) {
		ssize_t n = in->regular ? pread(in->fd, magic + have, 4 - have, (off_t)have) : 0;
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		have += n > 0 ? (size_t)n : 0;
	}
	return true;
}

void input_go_on(struct input *in, uint64_t offset)
{
	uint64_t n = offset - in->base;
	if (n <= input_have(in) || !in->regular || in->codec != NULL || offset > in->total || lseek(in->fd, (off_t)offset, SEEK_SET) < 0) {
		input_take(in, n);
		return;
	}
	in->begin = in->end = 0;
	in->base = in->raw_done = offset;
}

void input_rest(struct input *in)
{
	codec_free(in->codec);
	free(in->data);
	free(in->raw);
	in->codec = NULL;
	in->data = in->raw = NULL;
	in->begin = in->end = in->raw_begin = in->raw_end = 0;
	in->ended = true;
	in->final = INPUT_END;
}

bool input_rewind(struct input *in)
{
	input_rest(in);
	in->ended = false;
	in->base = in->skipping = in->raw_done = 0;
	buf_clear(&in->message);
	return in->regular && lseek(in->fd, 0, SEEK_SET) == 0;
}

bool input_decompress(struct input *in, enum codec_kind kind)
{
	in->raw = malloc(BUFFER_SIZE);
	in->codec = codec_new(kind);
	if (in->raw == NULL || in->codec == NULL)
		return false;
	if (in->copy_fd >= 0 && (ftruncate(in->copy_fd, 0) != 0 || lseek(in->copy_fd, 0, SEEK_SET) != 0)) { /* what was copied so far is packed */
		in->copy_error = errno;
		in->copy_fd = -1;
	}
	in->raw_end = input_have(in);
	memcpy(in->raw, input_at(in), in->raw_end);
	in->begin = in->end = 0;
	in->ended = false; /* the end of the compressed bytes is not the end of what they hold */
	return true;
}

/* Notes how the input ended; what is here stays usable. */
static enum input_status ended(struct input *in, enum input_status how)
{
	in->ended = true;
	in->final = how;
	return how;
}

/* One read(2) of at most size bytes. INPUT_OK with *got > 0, or WAIT, END or ERROR. */
static enum input_status read_raw(struct input *in, uint8_t *to, size_t size, size_t *got)
{
	if (!in->regular) {
		struct pollfd poll_fd = { .fd = in->fd, .events = POLLIN };
		if (poll(&poll_fd, 1, 0) == 0)
			return INPUT_WAIT;
	}
	for (;;) {
		ssize_t n = read(in->fd, to, size < INPUT_PIECE ? size : INPUT_PIECE);
		if (n > 0) {
			*got = (size_t)n;
			in->raw_done += (uint64_t)n;
			return INPUT_OK;
		}
		if (n == 0)
			return in->follow ? INPUT_WAIT : INPUT_END;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return INPUT_WAIT;
		if (errno != EINTR) {
			buf_printf(&in->message, "reading failed at byte %llu: %s", (unsigned long long)in->raw_done, strerror(errno));
			return INPUT_ERROR;
		}
	}
}

/* Decompresses some more. As read_raw(). */
static enum input_status read_codec(struct input *in, uint8_t *to, size_t size, size_t *got)
{
	for (;;) {
		size_t used = 0;
		const char *wrong = codec_run(in->codec, in->raw + in->raw_begin, in->raw_end - in->raw_begin, &used, to, size, got);
		in->raw_begin += used;
		if (*got > 0)
			return INPUT_OK; /* what was made before the damage is used first; the damage shows again */
		if (wrong != NULL) {
			uint64_t at = in->raw_done - (in->raw_end - in->raw_begin);
			buf_printf(&in->message, "%s at byte %llu of the compressed file", wrong, (unsigned long long)at);
			return INPUT_ERROR;
		}
		if (in->raw_begin < in->raw_end && used > 0)
			continue;
		if (in->raw_begin > 0) {
			memmove(in->raw, in->raw + in->raw_begin, in->raw_end - in->raw_begin);
			in->raw_end -= in->raw_begin;
			in->raw_begin = 0;
		}
		size_t more = 0;
		enum input_status status = read_raw(in, in->raw + in->raw_end, BUFFER_SIZE - in->raw_end, &more);
		if (status == INPUT_END && !codec_at_boundary(in->codec))
			return INPUT_CUT;
		if (status != INPUT_OK)
			return status;
		in->raw_end += more;
	}
}

static void copy(struct input *in, const uint8_t *bytes, size_t n)
{
	while (in->copy_fd >= 0 && n > 0) {
		ssize_t done = write(in->copy_fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			in->copy_error = done == 0 ? ENOSPC : errno;
			in->copy_fd = -1;
			return;
		}
		bytes += done;
		n -= (size_t)done;
	}
}

enum input_status input_fetch(struct input *in, size_t n)
{
	while (in->skipping > 0 || input_have(in) < n) {
		if (in->ended)
			return in->final;
		if (in->data == NULL && (in->data = malloc(BUFFER_SIZE)) == NULL) {
			buf_puts(&in->message, "out of memory");
			return ended(in, INPUT_ERROR);
		}
		if (in->begin > 0) {
			memmove(in->data, in->data + in->begin, input_have(in));
			in->end -= in->begin;
			in->begin = 0;
		}
		size_t got = 0, space = BUFFER_SIZE - in->end;
		enum input_status status =
			in->codec != NULL ? read_codec(in, in->data + in->end, space, &got) : read_raw(in, in->data + in->end, space, &got);
		if (status == INPUT_WAIT)
			return status;
		if (status != INPUT_OK)
			return ended(in, status);
		copy(in, in->data + in->end, got);
		in->end += got;
		uint64_t pass = in->skipping < input_have(in) ? in->skipping : input_have(in);
		in->begin += (size_t)pass;
		in->skipping -= pass;
	}
	return INPUT_OK;
}
