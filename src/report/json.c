/* SPDX-License-Identifier: GPL-3.0-or-later
 * json: the writer. */
#include "report/json.h"

#include <inttypes.h>
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
	if (!j->in_array)
		buf_printf(j->out, "\"%s\":", key);
}

/* Bytes that a JSON string may hold as they are and that a terminal shows as they are. */
static bool plain(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] >= 0x7f || text[i] == '"' || text[i] == '\\')
			return false;
	return true;
}

void json_text(struct json *j, const char *key, const char *text)
{
	size_t n = strlen(text);
	item(j, key);
	buf_putc(j->out, '"');
	if (plain(text, n)) {
		buf_add(j->out, text, n);
	} else {
		struct buf printable = { 0 };
		text_add_printable(&printable, text, n);
		for (const char *c = buf_text(&printable); *c; c++) {
			if (*c == '"' || *c == '\\')
				buf_putc(j->out, '\\');
			buf_putc(j->out, *c);
		}
		j->out->failed |= printable.failed;
		buf_free(&printable);
	}
	buf_putc(j->out, '"');
}

void json_unsigned(struct json *j, const char *key, uint64_t value)
{
	item(j, key);
	buf_printf(j->out, "%" PRIu64, value);
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
	int digits = fraction ? 9 : 0;
	while (digits && fraction % 10 == 0) {
		fraction /= 10;
		digits--;
	}
	item(j, key);
	buf_printf(j->out, "%s%" PRIu64, ns < 0 ? "-" : "", magnitude / 1000000000u);
	if (digits)
		buf_printf(j->out, ".%0*" PRIu32, digits, fraction);
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
