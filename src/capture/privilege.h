/* SPDX-License-Identifier: GPL-3.0-or-later
 * privilege: giving up, once everything is open, what a process that reads hostile bytes must not have. */
#ifndef TCPWHY_CAPTURE_PRIVILEGE_H
#define TCPWHY_CAPTURE_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

/* Creates or empties a file for writing and reading. As root it is made in the name of who called sudo, else of whoever a folder on the way
 * there belongs to: nobody can lead root to write elsewhere. A link, or a file of somebody else, is refused. -1: *error says why. */
int privilege_create(const char *name, struct buf *error);

/* Whose files are made that nobody named: root acts as who called sudo until privilege_step_back(), to be given what *aside was set to. False:
 * it cannot, or nobody did and folder, or one on the way there, is not root's; to step back all the same. */
bool privilege_step_aside(const char *folder, bool *aside);

void privilege_step_back(bool aside);

/* What the process still has to reach by name afterwards. */
struct privilege_needs {
	const char *const *readable; /* files in whose folders new ones may have to be read (--follow) */
	size_t readable_count;
	bool settings;               /* the folder of the configuration: made when there is none */
	int spools;                  /* folder in which files of its own are removed; -1 = none */
	bool live;                   /* an interface is open: root becomes another user even when there is no sudo */
};

/* For the rest of the process: as root, uid and groups become those of SUDO_UID and SUDO_GID, else (live) nobody's; all capabilities go;
 * no program that it starts gets more; and by Landlock, where the kernel has it, only files that a terminal program needs can be opened,
 * and files be written only below the current folder, the configuration's and that of temporary files. False: *error says what could
 * not be given up; nothing must be read then. */
bool privilege_drop(const struct privilege_needs *needs, struct buf *error);

/* Appends what of it this system has. */
void privilege_sandbox(struct buf *out);

#endif
