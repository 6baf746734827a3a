/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complain.h"

#include <stdio.h>

void complain(const struct buf *error)
{
	fprintf(stderr, "tcpwhy: %s\n", error->failed ? "memory ran out" : buf_text(error));
}
