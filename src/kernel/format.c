/* SPDX-License-Identifier: GPL-3.0-or-later
 * format: the lines of a format file, and the names in its print format. */
#include "kernel/format.h"

#include <string.h>

#include "util/endian.h"

/* What is left of a text. */
struct rest {
	const char *at, *end;
};

static bool take(struct rest *r, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

static void skip_blanks(struct rest *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		r->at++;
}

/* A decimal number of at most `most`. */
static bool take_number(struct rest *r, uint32_t most, uint32_t *value)
{
	uint64_t number = 0;
	const char *start = r->at;
	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
		if ((number = number * 10 + (uint64_t)(*r->at - '0')) > most)
			return false;
	*value = (uint32_t)number;
	return r->at > start;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "field:__u8 saddr[28];<tab>offset:32;<tab>size:28;…": the name is the last word before the brackets. */
static void take_field(struct rest line, struct format *f)
{
	struct format_field field = { .name = "" };
	const char *declared = line.at, *end = memchr(line.at, ';', (size_t)(line.end - line.at));
	uint32_t offset, size;
	if (end == NULL || f->field_count == FORMAT_FIELDS)
		return;
	line.at = end + 1;
	skip_blanks(&line);
	if (!take(&line, "offset:") || !take_number(&line, UINT16_MAX, &offset) || !take(&line, ";"))
		return;
	skip_blanks(&line);
	if (!take(&line, "size:") || !take_number(&line, UINT16_MAX, &size))
		return;
	const char *bracket = memchr(declared, '[', (size_t)(end - declared));
	end = bracket != NULL ? bracket : end;
	const char *name = end;
	while (name > declared && is_name(name[-1]))
		name--;
	if (name == end || end - name >= FORMAT_NAME)
		return;
	memcpy(field.name, name, (size_t)(end - name));
	field.offset = (uint16_t)offset;
	field.size = (uint16_t)size;
	f->fields[f->field_count++] = field;
}

/* "{ 1, "NO_SOCKET" }, { 2, …": until something else comes. */
static void take_symbols(struct rest r, struct format *f)
{
	uint32_t value;
	while (f->symbol_count < FORMAT_SYMBOLS) {
		if (!take(&r, "{ ") || !take_number(&r, UINT32_MAX, &value) || !take(&r, ", \""))
			return;
		const char *name = r.at;
		while (r.at < r.end && is_name(*r.at))
			r.at++;
		size_t n = (size_t)(r.at - name);
		if (n == 0 || n >= FORMAT_NAME || !take(&r, "\" }"))
			return;
		f->symbols[f->symbol_count].value = value;
		f->symbols[f->symbol_count++].at = (uint32_t)f->names.len;
		buf_add(&f->names, name, n);
		buf_putc(&f->names, '\0');
		if (!take(&r, ", "))
			return;
	}
}

static void take_print(struct rest line, struct format *f)
{
	static const char begin[] = "__print_symbolic(REC->reason, ";
	for (; line.at < line.end; line.at++) {
		if (take(&line, begin)) {
			take_symbols(line, f);
			return;
		}
	}
}

bool format_parse(const char *text, size_t n, struct format *out)
{
	*out = (struct format){ .id = 0 };
	struct rest all = { text, text + n };
	while (all.at < all.end) {
		const char *end = memchr(all.at, '\n', (size_t)(all.end - all.at));
		struct rest line = { all.at, end != NULL ? end : all.end };
		uint32_t id;
		all.at = end != NULL ? end + 1 : all.end;
		skip_blanks(&line);
		if (take(&line, "field:"))
			take_field(line, out);
		else if (take(&line, "ID: ") && take_number(&line, UINT16_MAX, &id))
			out->id = (uint16_t)id;
		else if (take(&line, "print fmt:"))
			take_print(line, out);
	}
	if (out->names.failed)
		out->symbol_count = 0;
	return out->field_count > 0;
}

void format_free(struct format *f)
{
	buf_free(&f->names);
	*f = (struct format){ .id = 0 };
}

struct format_field format_field(const struct format *f, const char *name)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return f->fields[i];
	return (struct format_field){ .size = 0 };
}

const char *format_symbol(const struct format *f, uint32_t value)
{
	for (size_t i = 0; i < f->symbol_count; i++)
		if (f->symbols[i].value == value)
			return f->names.data + f->symbols[i].at;
	return NULL;
}

bool format_value(const struct format *f, const char *name, uint32_t *value)
{
	for (size_t i = 0; i < f->symbol_count; i++) {
		if (strcmp(f->names.data + f->symbols[i].at, name) == 0) {
			*value = f->symbols[i].value;
			return true;
		}
	}
	return false;
}

bool format_number(const struct format_field *field, const uint8_t *event, size_t n, uint64_t *value)
{
	if (field->size == 0 || field->offset > n || field->size > n - field->offset)
		return false;
	const uint8_t *at = event + field->offset;
	switch (field->size) {
	case 1:
		*value = *at;
		return true;
	case 2:
		*value = get_16(at, false);
		return true;
	case 4:
		*value = get_32(at, false);
		return true;
	case 8:
		*value = get_64(at, false);
		return true;
	default:
		return false;
	}
}
