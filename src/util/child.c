/* SPDX-License-Identifier: GPL-3.0-or-later
 * child: descriptors of a forked process. */
#include "util/child.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STANDARD = 3, DESCRIPTORS = 65536, ASIDE = CHILD_FIRST_FD + CHILD_FDS_MOST };

static void close_from(unsigned first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, ~0u, 0) == 0)
		return;
#endif
	for (unsigned fd = first; fd < DESCRIPTORS; fd++)
		close((int)fd);
}

void child_keep(const int *fds, size_t n)
{
	int aside[CHILD_FDS_MOST], null = open("/dev/null", O_RDWR);
	for (size_t i = 0; i < n && i < CHILD_FDS_MOST; i++)
		aside[i] = fds[i] >= 0 ? fcntl(fds[i], F_DUPFD, ASIDE) : -1;
	for (int i = 0; i < STANDARD && null >= 0; i++)
		dup2(null, i);
	for (size_t i = 0; i < n && i < CHILD_FDS_MOST; i++) {
		close(CHILD_FIRST_FD + (int)i);
		if (aside[i] >= 0)
			dup2(aside[i], CHILD_FIRST_FD + (int)i);
	}
	close_from(CHILD_FIRST_FD + (unsigned)n);
}
