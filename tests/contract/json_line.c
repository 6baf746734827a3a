/* SPDX-License-Identifier: GPL-3.0-or-later
 * json_line: the strict reader. */
#include "json_line.h"

#include <stdlib.h>
#include <string.h>

#include "plain.h"

struct reader {
	const char *at, *end;
	struct buf *why;
};

static bool fail(struct reader *r, const char *what)
{
	if (r->why->len == 0)
		buf_printf(r->why, "%s before \"%.*s\"", what, (int)(r->end - r->at > 20 ? 20 : r->end - r->at), r->at);
	return false;
}

static bool take(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool read_string(struct reader *r, struct buf *out)
{
	if (!take(r, '"'))
		return fail(r, "no string");
	while (r->at < r->end && *r->at != '"') {
		if (*r->at == '\\') {
			r->at++;
			if (r->at == r->end || (*r->at != '"' && *r->at != '\\'))
				return fail(r, "an escape that the report never writes");
		}
		size_t length = plain_utf8((const unsigned char *)r->at, (size_t)(r->end - r->at));
		if (length == 0)
			return fail(r, "no UTF-8");
		if (plain_until(r->at, length, "") != length)
			return fail(r, "a control character");
		buf_add(out, r->at, length);
		r->at += length;
	}
	return take(r, '"') || fail(r, "the line ended within a string");
}

static size_t read_digits(struct reader *r)
{
	const char *begin = r->at;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return (size_t)(r->at - begin);
}

/* RFC 8259 section 6; without exponents, which the report never writes. */
static bool read_number(struct reader *r, struct buf *out)
{
	const char *begin = r->at;
	take(r, '-');
	const char *digits = r->at;
	size_t n = read_digits(r);
	if (n == 0 || (n > 1 && *digits == '0'))
		return fail(r, "no number");
	if (take(r, '.') && read_digits(r) == 0)
		return fail(r, "no digits after the point");
	buf_add(out, begin, (size_t)(r->at - begin));
	return true;
}

static bool read_word(struct reader *r, const char *word, struct buf *out)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	buf_puts(out, word);
	return true;
}

static bool read_scalar(struct reader *r, struct json_field *f)
{
	struct json_value *values = realloc(f->values, (f->count + 1) * sizeof *values);
	if (values == NULL)
		return fail(r, "out of memory");
	f->values = values;
	struct json_value *v = &values[f->count++];
	*v = (struct json_value){ .kind = JSON_STRING };
	if (r->at < r->end && *r->at == '"')
		return read_string(r, &v->text);
	v->kind = JSON_BOOL;
	if (read_word(r, "true", &v->text) || read_word(r, "false", &v->text))
		return true;
	v->kind = JSON_NUMBER;
	return read_number(r, &v->text);
}

static bool read_value(struct reader *r, struct json_field *f)
{
	f->is_array = take(r, '[');
	if (!f->is_array)
		return read_scalar(r, f);
	if (take(r, ']'))
		return true;
	do
		if (!read_scalar(r, f))
			return false;
	while (take(r, ','));
	return take(r, ']') || fail(r, "an array without its end");
}

static bool read_field(struct reader *r, struct json_line *out)
{
	struct json_field *fields = realloc(out->fields, (out->count + 1) * sizeof *fields);
	if (fields == NULL)
		return fail(r, "out of memory");
	out->fields = fields;
	struct json_field *f = &fields[out->count];
	*f = (struct json_field){ 0 };
	out->count++;
	if (!read_string(r, &f->name))
		return false;
	for (size_t i = 0; i + 1 < out->count; i++)
		if (strcmp(buf_text(&fields[i].name), buf_text(&f->name)) == 0)
			return fail(r, "a name used twice");
	return (take(r, ':') || fail(r, "no colon")) && read_value(r, f);
}

bool json_line_read(const char *bytes, size_t n, struct json_line *out, struct buf *why)
{
	struct reader r = { .at = bytes, .end = bytes + n, .why = why };
	*out = (struct json_line){ 0 };
	if (!take(&r, '{'))
		return fail(&r, "no object");
	do
		if (!read_field(&r, out))
			return false;
	while (take(&r, ','));
	if (!take(&r, '}'))
		return fail(&r, "an object without its end");
	return r.at == r.end || fail(&r, "more after the object");
}

void json_line_free(struct json_line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		for (size_t k = 0; k < line->fields[i].count; k++)
			buf_free(&line->fields[i].values[k].text);
		free(line->fields[i].values);
		buf_free(&line->fields[i].name);
	}
	free(line->fields);
	*line = (struct json_line){ 0 };
}

const struct json_field *json_line_get(const struct json_line *line, const char *name)
{
	for (size_t i = 0; i < line->count; i++)
		if (strcmp(buf_text(&line->fields[i].name), name) == 0)
			return &line->fields[i];
	return NULL;
}
