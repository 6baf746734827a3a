/* SPDX-License-Identifier: GPL-3.0-or-later
 * rc: the file of settings: where it is, reading it, and changing what the program changed, other lines and comments kept. */
#ifndef TCPWHY_UI_RC_H
#define TCPWHY_UI_RC_H

#include "ui/settings.h"

/* Appends the file's name: $XDG_CONFIG_HOME/tcpwhy/config, else ~/.config/tcpwhy/config. False when there is neither. */
bool rc_name(struct buf *out);

/* Reads it into s, which holds the defaults. No file is no error. False: error has a line "FILE:LINE: why" for each that makes no sense;
 * the others hold. */
bool rc_read(const char *name, struct settings *s, struct buf *error);

/* One line to be set in the file. */
struct rc_line {
	const char *name, *value;
};

/* Sets lines (n of them) in the file, in their places where they are there, else at its end; folder and file are made where they are
 * missing. Written whole or not at all. False: error says why. */
bool rc_write(const char *name, const struct rc_line *lines, size_t n, struct buf *error);

#endif
