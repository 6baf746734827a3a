/* SPDX-License-Identifier: GPL-3.0-or-later
 * json: the writer. */
#include "report/json.h"

#include <string.h>

#include "util/text.h"

void json_begin(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
	buf_putc(out, '{');
}

void json_end(struct json *j)
{
	buf_puts(j->out, "}\n");
}

static void item(struct json *j, const char *key)
{
	if (j->more)
		buf_putc(j->out, ',');
	j->more = true;
	if (j->in_array)
		return;
	size_t n = strlen(key);
	char *at = buf_room(j->out, n + 3);
	if (at == NULL)
		return;
	at[0] = '"';
	memcpy(at + 1, key, n);
	at[n + 1] = '"';
	at[n + 2] = ':';
	buf_wrote(j->out, n + 3);
}

/* Bytes from text on that a JSON string may hold as they are and that a terminal shows as they are. */
static size_t plain(const char *text)
{
	static const bool other[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x7f ... 0xff] = true };
	size_t n = 0;
	while (!other[(unsigned char)text[n]])
		n++;
	return n;
}

/* Printable text with its quotes and backslashes escaped. */
static void add_escaped(struct buf *out, const char *text)
{
	for (size_t n; *text; text += n) {
		n = strcspn(text, "\"\\");
		buf_add(out, text, n);
		if (text[n] == '\0')
			break;
		buf_putc(out, '\\');
		buf_putc(out, text[n++]);
	}
}

void json_text(struct json *j, const char *key, const char *text)
{
	size_t n = plain(text);
	item(j, key);
	buf_putc(j->out, '"');
	buf_add(j->out, text, n);
	if (text[n] != '\0') {
		struct buf printable = { 0 };
		text_add_printable(&printable, text + n, strlen(text + n));
		add_escaped(j->out, buf_text(&printable));
		j->out->failed |= printable.failed;
		buf_free(&printable);
	}
	buf_putc(j->out, '"');
}

void json_buf(struct json *j, const char *key, const struct buf *text)
{
	json_text(j, key, buf_text(text));
	j->out->failed |= text->failed;
}

void json_unsigned(struct json *j, const char *key, uint64_t value)
{
	item(j, key);
	text_add_number(j->out, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	item(j, key);
	buf_puts(j->out, value ? "true" : "false");
}

void json_seconds(struct json *j, const char *key, int64_t ns)
{
	uint64_t magnitude = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	uint32_t fraction = (uint32_t)(magnitude % 1000000000u);
	size_t digits = fraction ? 9 : 0;
	while (digits && fraction % 10 == 0) {
		fraction /= 10;
		digits--;
	}
	item(j, key);
	if (ns < 0)
		buf_putc(j->out, '-');
	text_add_number(j->out, magnitude / 1000000000u);
	if (digits) {
		buf_putc(j->out, '.');
		text_add_padded(j->out, fraction, digits);
	}
}

void json_time(struct json *j, const char *key, int64_t ns)
{
	item(j, key);
	buf_putc(j->out, '"');
	text_add_time(j->out, ns);
	buf_putc(j->out, '"');
}

void json_array_begin(struct json *j, const char *key)
{
	item(j, key);
	buf_putc(j->out, '[');
	j->more = false;
	j->in_array = true;
}

void json_array_end(struct json *j)
{
	buf_putc(j->out, ']');
	j->more = true;
	j->in_array = false;
}
