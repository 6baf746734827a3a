/* SPDX-License-Identifier: GPL-3.0-or-later
 * harmless: what the program has sent to its terminal, byte by byte: nothing of a stranger's is to be obeyed, to hide or to turn text round. */
#include <string.h>

#include "plain.h"
#include "screen.h"
#include "util/text.h"

bool terminal_harmless(struct terminal *t, struct buf *why)
{
	enum { BEFORE = 60 };
	/* Curses itself rings, moves the cursor and begins sequences; a title it does not set. */
	static const char controls[] = "\a\b\t\n\r\016\017\033", title[] = "\033]0;title";
	const struct buf *raw = &t->raw;

	terminal_settle(t, 300);
	size_t at = plain_until(buf_text(raw), raw->len, controls);
	if (at == raw->len && (raw->len == 0 || memmem(raw->data, raw->len, title, strlen(title)) == NULL))
		return true;
	if (at < raw->len)
		buf_printf(why, "byte %02x was sent, after: ", (unsigned char)raw->data[at]);
	else
		buf_puts(why, "a title was sent; last: ");
	text_add_printable(why, raw->data + (at > BEFORE ? at - BEFORE : 0), at > BEFORE ? BEFORE : at);
	return false;
}
