/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool_file: a spool's file with a name: made before privileges go, removed on every end but a kill. */
#ifndef TCPWHY_CAPTURE_SPOOL_FILE_H
#define TCPWHY_CAPTURE_SPOOL_FILE_H

#include <stdint.h>

#include "util/buf.h"

/* A file in the user's folder (spool_folder.h), with its head, locked. source: the interface or the pipe. limit: bytes of --spool; where what
 * killed programs left takes so much already, or is SPOOL_FILES_LEFT files, there is to be no more of it. From now on SIGINT, SIGTERM,
 * SIGHUP, SIGQUIT and SIGPIPE remove the file before they end the program, and a crash names it. -1: there is none, *note says why where
 * that can be mended. */
enum { SPOOL_FILES_LEFT = 16 };
int spool_file_new(const char *source, uint64_t limit, struct buf *note);

/* Before fd is closed. Where the folder is root's and the program is root no more, an empty file stays until root's next start. Other
 * descriptors are left alone. */
void spool_file_remove(int fd);

/* Records before `begin` are no longer there. */
void spool_file_begin(int fd, uint64_t begin);

/* The folder of the files there are now; -1 = there are none. */
int spool_file_folder(void);

#endif
