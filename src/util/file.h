/* SPDX-License-Identifier: GPL-3.0-or-later
 * file: files written whole or not at all: into one of another name beside it, which takes the place when everything is in it. */
#ifndef TCPWHY_UTIL_FILE_H
#define TCPWHY_UTIL_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "util/buf.h"

enum file_outcome { FILE_DONE, FILE_EXISTS /* and may not be replaced */, FILE_FAILED };

/* A file being written. `stream` is to be written to until file_commit() or file_drop(). */
struct file {
	FILE *stream;
	char *name, *temporary;
};

/* Begins to write `name`. It is neither created nor touched before file_commit(). What exists is only replaced where `replace` says so, and
 * never when it is a symbolic link or no regular file. FILE_FAILED: one sentence is appended to error. */
enum file_outcome file_create(struct file *f, const char *name, bool replace, struct buf *error);

/* Puts the file in its place and closes it. Not FILE_DONE: nothing of it is left. replace as for file_create(). */
enum file_outcome file_commit(struct file *f, bool replace, struct buf *error);

/* Gives it up: nothing of it is left. */
void file_drop(struct file *f);

/* The three in one, for a text. */
enum file_outcome file_put(const char *name, bool replace, const char *text, size_t n, struct buf *error);

/* The whole of a file of at most `most` bytes, appended to out. False: errno says why (EFBIG: larger). */
bool file_get(const char *name, size_t most, struct buf *out);

#endif
