/* SPDX-License-Identifier: GPL-3.0-or-later
 * buf: a growable piece of text. All text that tcpwhy makes is made in one of these, so no string is ever copied into a fixed size. */
#ifndef TCPWHY_UTIL_BUF_H
#define TCPWHY_UTIL_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Zero-initialised is empty and valid. data is NUL-terminated whenever it is not NULL. After a failed allocation `failed` stays set and
 * further additions do nothing, so that a caller may add freely and ask once at the end. */
struct buf {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

void buf_free(struct buf *b);

/* Appends what part holds. A part that failed makes the whole fail: it would lack something that nobody sees. */
void buf_join(struct buf *b, const struct buf *part);
void buf_clear(struct buf *b); /* empties, keeps the memory */
void buf_add(struct buf *b, const void *bytes, size_t n);

/* Makes room for `more` bytes and the NUL behind them. Returns where they are to be written, NULL when memory is out: then nothing may be
 * written. buf_wrote() says how many of them were. */
char *buf_room(struct buf *b, size_t more);

static inline void buf_wrote(struct buf *b, size_t n)
{
	b->len += n;
	b->data[b->len] = '\0';
}

static inline void buf_puts(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

/* Inline: reports are made of these. */
static inline void buf_putc(struct buf *b, char c)
{
	char *at = b->cap - b->len > 1 && !b->failed ? b->data + b->len : buf_room(b, 1);
	if (at == NULL)
		return;
	*at = c;
	buf_wrote(b, 1);
}

void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* The text, never NULL ("" when empty). Owned by b; valid until the next addition. */
const char *buf_text(const struct buf *b);

#endif
