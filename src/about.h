/* SPDX-License-Identifier: GPL-3.0-or-later
 * about: what --version tells: the program, its licence, and what it is built on and finds on this machine. */
#ifndef TCPWHY_ABOUT_H
#define TCPWHY_ABOUT_H

#include "util/buf.h"

void about_version(struct buf *out);

#endif
