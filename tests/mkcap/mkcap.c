/* SPDX-License-Identifier: GPL-3.0-or-later
 * mkcap: writes the capture of a scenario: mkcap SCENARIO OUTPUT. */
#include <stdio.h>

#include "scenario.h"

int main(int argc, char **argv)
{
	struct buf error = { 0 };
	int status = 1;
	if (argc != 3) {
		fputs("usage: mkcap SCENARIO OUTPUT\n", stderr);
		return 2;
	}
	struct scenario *s = scenario_load(argv[1], &error);
	if (s == NULL) {
		fprintf(stderr, "mkcap: %s: %s\n", argv[1], buf_text(&error));
	} else {
		FILE *f = fopen(argv[2], "wb");
		bool good = f && fwrite(s->file.data, 1, s->file.len, f) == s->file.len;
		if (f && fclose(f) != 0)
			good = false;
		if (!good)
			perror(argv[2]);
		status = !good;
	}
	scenario_free(s);
	buf_free(&error);
	return status;
}
