/* SPDX-License-Identifier: GPL-3.0-or-later
 * lines: breaking text at spaces. */
#include "report/lines.h"

#include <string.h>

#include "util/text.h"

static void indent(struct buf *out, size_t columns)
{
	while (columns-- > 0)
		buf_putc(out, ' ');
}

void lines_add(struct buf *out, const char *lead, const char *text)
{
	size_t margin = text_width(lead, strlen(lead));
	size_t column = margin;
	bool fresh = true;
	buf_puts(out, lead);
	while (*text) {
		size_t spaces = strspn(text, " ");
		const char *word = text + spaces;
		size_t n = strcspn(word, " \n");
		size_t width = text_width(word, n);
		if (!fresh && column + spaces + width > LINES_WIDTH) {
			buf_putc(out, '\n');
			indent(out, margin);
			column = margin;
			fresh = true;
		}
		if (!fresh && n) {
			indent(out, spaces);
			column += spaces;
		}
		buf_add(out, word, n);
		column += width;
		fresh = fresh && n == 0;
		text = word + n;
		if (*text == '\n') {
			buf_putc(out, '\n');
			indent(out, text[1] ? margin : 0);
			column = margin;
			fresh = true;
			text++;
		}
	}
	if (!fresh || column == margin)
		buf_putc(out, '\n');
}

void lines_join(struct buf *out, const char *lead, const struct buf *text)
{
	lines_add(out, lead, buf_text(text));
	out->failed |= text->failed;
}
