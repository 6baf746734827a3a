/* SPDX-License-Identifier: GPL-3.0-or-later
 * flatjson: a scanner over one line. */
#include "flatjson.h"

#include <string.h>

static const char *spaces(const char *c)
{
	return c + strspn(c, " \t");
}

/* Reads a string at its quote; returns what follows it, NULL if it is not one. */
static const char *string(const char *c, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if (*c++ != '"')
		return NULL;
	for (; *c && *c != '"'; c++) {
		if ((unsigned char)*c < 0x20)
			return NULL;
		if (*c != '\\') {
			buf_putc(out, *c);
			continue;
		}
		const char *at = *++c ? strchr(from, *c) : NULL;
		if (at == NULL) /* \u too: the report never writes it */
			return NULL;
		buf_putc(out, to[at - from]);
	}
	return *c == '"' ? c + 1 : NULL;
}

static const char *scalar(const char *c, struct buf *out)
{
	if (*c == '"')
		return string(c, out);
	size_t n = strspn(c, "+-.0123456789eE");
	if (n == 0 && strncmp(c, "true", 4) == 0)
		n = 4;
	if (n == 0 && strncmp(c, "false", 5) == 0)
		n = 5;
	buf_add(out, c, n);
	return n ? c + n : NULL;
}

static const char *value(const char *c, struct buf *out)
{
	if (*c != '[')
		return scalar(c, out);
	c = spaces(c + 1);
	while (*c != ']') {
		c = scalar(c, out);
		if (c == NULL)
			return NULL;
		buf_putc(out, '\x1f');
		c = spaces(c);
		if (*c == ',' && *spaces(c + 1) != ']')
			c = spaces(c + 1);
		else if (*c != ']')
			return NULL;
	}
	return c + 1;
}

/* Walks all fields; those of key go to out. Returns whether the line is well formed. */
static bool walk(const char *line, const char *key, struct buf *out, bool *found)
{
	struct buf name = { 0 }, ignored = { 0 };
	const char *c = spaces(line);
	bool good = *c == '{';
	c += good;
	while (good && *(c = spaces(c)) != '}') {
		buf_clear(&name);
		buf_clear(&ignored);
		c = string(c, &name);
		if (c)
			c = spaces(c);
		good = c && *c == ':';
		if (!good)
			break;
		bool wanted = key && !*found && strcmp(buf_text(&name), key) == 0;
		c = value(spaces(c + 1), wanted ? out : &ignored);
		*found |= wanted;
		good = c != NULL;
		if (good)
			c = spaces(c);
		good = good && (*c == '}' || (*c == ',' && *spaces(c + 1) == '"'));
		if (good && *c == ',')
			c++;
	}
	buf_free(&name);
	buf_free(&ignored);
	return good && c[1 + strspn(c + 1, " \t\r\n")] == '\0';
}

bool flatjson_valid(const char *line)
{
	struct buf none = { 0 };
	bool found = false;
	bool good = walk(line, NULL, &none, &found);
	buf_free(&none);
	return good;
}

bool flatjson_get(const char *line, const char *key, struct buf *out)
{
	bool found = false;
	walk(line, key, out, &found);
	return found;
}
