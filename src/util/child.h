/* SPDX-License-Identifier: GPL-3.0-or-later
 * child: a process of the program's own, forked and not executed. */
#ifndef TCPWHY_UTIL_CHILD_H
#define TCPWHY_UTIL_CHILD_H

#include <stddef.h>

enum { CHILD_FIRST_FD = 3, CHILD_FDS_MOST = 8 };

/* In the child: keeps these n descriptors alone (-1: none there), which become CHILD_FIRST_FD and those after it in their order; the
 * standard ones lead to /dev/null. Who reads what the program writes must not have to wait for the child's end, nor an interface be held
 * open by it. */
void child_keep(const int *fds, size_t n);

#endif
