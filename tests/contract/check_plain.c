/* SPDX-License-Identifier: GPL-3.0-or-later
 * check-plain: is standard input a plain text of lines (plain.h)? With an argument: and does it hold this nowhere? */
#include <stdio.h>
#include <string.h>

#include "plain.h"
#include "util/buf.h"

int main(int argc, char **argv)
{
	struct buf text = { 0 };
	char piece[4096];
	for (size_t n; (n = fread(piece, 1, sizeof piece, stdin)) > 0;)
		buf_add(&text, piece, n);
	size_t at = plain_until(buf_text(&text), text.len, "\r\n");
	bool good = at == text.len && !text.failed;
	if (!good)
		printf("# byte %zu: %02x, after \"%.*s\"\n", at, (unsigned char)buf_text(&text)[at], (int)(at < 60 ? at : 60),
		       buf_text(&text) + (at < 60 ? 0 : at - 60));
	if (good && argc > 1 && strstr(buf_text(&text), argv[1]) != NULL)
		good = false;
	buf_free(&text);
	return good ? 0 : 1;
}
