/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool_folder: the folder of the user's own in which spools have names, so that they outlive a kill, and what was left behind in it. It is
 * tcpwhy-UID in $TMPDIR, else in /var/tmp: no home is written into, it is on a disk as a rule, and the system clears it by its own
 * (tmpfiles.d(5)). A spool stands there locked (flock(2)) as long as its program runs. */
#ifndef TCPWHY_CAPTURE_SPOOL_FOLDER_H
#define TCPWHY_CAPTURE_SPOOL_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

enum { SPOOL_HEAD_SIZE = 128 };

#define SPOOL_PREFIX "spool-" /* of a spool's name */

/* What a spool begins with, in the machine's own byte order; records follow at `begin`, as spool_parse_record() reads them. */
struct spool_head {
	uint32_t magic, version;
	uint64_t begin;    /* offset of the oldest record that is kept */
	char source[112];  /* the interface, or the pipe as it was named; NUL-terminated, foreign */
};

/* A head for packets of this source. */
struct spool_head spool_head_of(const char *source);

/* Do these four bytes begin a spool of this machine's byte order? */
bool spool_is_magic(const uint8_t magic[4]);

/* Reads SPOOL_HEAD_SIZE bytes. False: no head of this version. */
bool spool_parse_head(const uint8_t *bytes, struct spool_head *head);

struct spool_folder {
	int fd;
	struct buf path;   /* as the user may name it */
	bool aside;
};

/* Opens it as the user whose it is, who is acted for until spool_folder_leave(); make: if need be it is made, with mode 0700. False: there is
 * none that outlives the program (also where it would stand in memory); *note says so where somebody has seen to that: it is no folder, or
 * not this user's alone. To be left in any case. */
bool spool_folder_enter(struct spool_folder *f, bool make, struct buf *note);

/* Closes f->fd unless that is -1. */
void spool_folder_leave(struct spool_folder *f);

/* What programs that were killed left behind. */
struct spool_left {
	size_t count;
	uint64_t room;          /* bytes that all take on the disk */
	uint64_t bytes;         /* of packets in all */
	int64_t time;           /* of the youngest: seconds since 1970 when it was last written to */
	struct buf name;        /* of the youngest, in the folder */
	struct spool_head head; /* of the youngest */
};

/* Looks at the spools whose program is gone, the user's own regular files, no links; what has no packet is removed. Free with
 * spool_left_free(). */
void spool_folder_look(const struct spool_folder *f, struct spool_left *left);
void spool_left_free(struct spool_left *left);

#endif
