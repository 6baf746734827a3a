/* SPDX-License-Identifier: GPL-3.0-or-later
 * command_line: read and checked, and told. */
#ifndef TCPWHY_COMMAND_LINE_H
#define TCPWHY_COMMAND_LINE_H

#include "options.h"

/* Fills *out from the command line, to be freed in any case; strings point into argv. False: what is wrong and what to try is appended to error. */
bool command_line_read(int argc, char **argv, struct options *out, struct buf *error);

/* The text of --help. */
void command_line_help(struct buf *out);

/* For completions and tests: a line for each option, of letter ("-r"), name ("--read"), argument and help with tabs between them; what an
 * option does not have is empty. */
void command_line_list(struct buf *out);

#endif
