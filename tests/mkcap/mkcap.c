/* SPDX-License-Identifier: GPL-3.0-or-later
 * mkcap: writes the capture of a scenario: mkcap SCENARIO OUTPUT; with a name behind, that of a further point of it. mkcap SCENARIO
 * lists the names of those. */
#include <stdio.h>
#include <string.h>

#include "scenario.h"

int main(int argc, char **argv)
{
	struct buf error = { 0 };
	int status = 1;
	if (argc < 2 || argc > 4) {
		fputs("usage: mkcap SCENARIO [OUTPUT [POINT]]\n", stderr);
		return 2;
	}
	struct scenario *s = scenario_load(argv[1], &error);
	if (s == NULL) {
		fprintf(stderr, "mkcap: %s: %s\n", argv[1], buf_text(&error));
	} else if (argc == 2) {
		for (size_t i = 1; i < s->point_count; i++)
			puts(s->points[i].name);
		status = 0;
	} else if (argc == 4 && scenario_point(s, argv[3], strlen(argv[3])) == NULL) {
		fprintf(stderr, "mkcap: %s: there is no point \"%s\"\n", argv[1], argv[3]);
	} else {
		const struct point *p = argc == 4 ? scenario_point(s, argv[3], strlen(argv[3])) : NULL;
		const struct buf *file = p == NULL || p == s->points ? &s->file : &p->file;
		FILE *f = fopen(argv[2], "wb");
		bool good = f && fwrite(file->data, 1, file->len, f) == file->len;
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
