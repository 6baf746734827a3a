/* SPDX-License-Identifier: GPL-3.0-or-later
 * option_rows: the options, one row each: name, argument, help, and what it does to struct options. */
#ifndef TCPWHY_OPTION_ROWS_H
#define TCPWHY_OPTION_ROWS_H

#include "options.h"

/* What is known while the command line is read. */
struct option_parse {
	struct options *out;
	struct buf *error;
	const char *output_name; /* option that chose the output, NULL = none so far */
	bool read;               /* -r was given: words are no files but a capture filter */
};

struct option_row {
	char letter;             /* 0 = none */
	const char *name;        /* NULL = none */
	const char *argument;    /* NULL = takes none */
	const char *help;        /* NULL: told with another */
	bool (*take)(struct option_parse *p, const struct option_row *row, const char *argument);
	int value;
	bool half;               /* two such stand on a line of the help */
};

/* A row without `take` ends the table. take: false: the argument is none for it, as p->error tells. argument: argv's; NULL when it takes none. */
enum { OPTION_ROWS_MOST = 64 };
extern const struct option_row option_rows[];

#endif
