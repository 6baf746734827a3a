/* SPDX-License-Identifier: GPL-3.0-or-later
 * options: what they own, and what they say together. */
#include "options.h"

#include <stdlib.h>
#include <unistd.h>

void options_free(struct options *o)
{
	option_points_free(&o->points);
	free(o->files);
	free(o->words);
	*o = (struct options){ 0 };
}

bool options_screen(const struct options *o)
{
	return o->output == OUTPUT_AUTO && o->fail_on == NULL && isatty(STDOUT_FILENO);
}
