/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema: the language of report.schema is told at its head. */
#include "schema.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/verdict.h"

enum { MAX_SAME = 8, COMMUNITY_LENGTH = 30 };

struct rule {
	char *name;
	char *kind;          /* without the brackets */
	bool optional, is_array;
};

struct type {
	char *name;
	struct rule *rules;
	size_t count;
	char *same[MAX_SAME]; /* lines "same …", as they stand */
	size_t same_count;
};

struct schema {
	struct type *types;
	size_t count;
};

static bool is_count(const char *text, unsigned long long most)
{
	char *end = NULL;
	return text[0] >= '0' && text[0] <= '9' && strtoull(text, &end, 10) <= most && *end == '\0';
}

static bool is_made_of(const char *text, size_t n, const char *letters)
{
	return strlen(text) == n && strspn(text, letters) == n;
}

static bool is_time(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.dddddddddZ";
	size_t i = 0;
	for (; text[i] && form[i]; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return text[i] == form[i];
}

static bool is_community(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
	return strncmp(text, "1:", 2) == 0 && is_made_of(text + 2, COMMUNITY_LENGTH - 2, letters);
}

static bool is_address(const char *text)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_tally(const char *text)
{
	const char *colon = strrchr(text, ':');
	return colon && colon > text && colon[1] == ' ' && is_count(colon + 2, UINT64_MAX);
}

static bool is_word_of(const char *text, const char *words)
{
	size_t n = strlen(text);
	for (const char *at = words; n && at; at = strchr(at, '|'), at += at != NULL)
		if (strncmp(at, text, n) == 0 && (at[n] == '|' || at[n] == '\0'))
			return true;
	return false;
}

static bool is_number(const struct json_value *v, const char *kind)
{
	const char *text = buf_text(&v->text);
	if (strcmp(kind, "seconds") == 0)
		return v->kind == JSON_NUMBER && text[0] != '-';
	if (strcmp(kind, "number") == 0)
		return v->kind == JSON_NUMBER;
	unsigned long long most = strcmp(kind, "port") == 0 ? 65535 : strcmp(kind, "u32") == 0 ? UINT32_MAX : strcmp(kind, "1") == 0 ? 1 : UINT64_MAX;
	return v->kind == JSON_NUMBER && is_count(text, most) && (most != 1 || text[0] == '1');
}

static bool is_kind(const struct json_value *v, const char *kind)
{
	static const char *const numbers[] = { "1", "count", "port", "u32", "seconds", "number" };
	const char *text = buf_text(&v->text);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (strcmp(kind, numbers[i]) == 0)
			return is_number(v, kind);
	if (strcmp(kind, "bool") == 0)
		return v->kind == JSON_BOOL;
	if (v->kind != JSON_STRING)
		return false;
	if (strcmp(kind, "free") == 0)
		return true;
	if (strcmp(kind, "text") == 0)
		return text[0] != '\0';
	if (strcmp(kind, "time") == 0)
		return is_time(text);
	if (strcmp(kind, "cause") == 0)
		return cause_find(text) != NULL;
	if (strcmp(kind, "id") == 0)
		return is_made_of(text, 16, "0123456789abcdef");
	if (strcmp(kind, "community") == 0)
		return is_community(text);
	if (strcmp(kind, "address") == 0)
		return is_address(text);
	if (strcmp(kind, "tally") == 0)
		return is_tally(text);
	return is_word_of(text, kind);
}

/* --- the file --- */

static bool add_rule(struct type *t, const char *name, const char *kind)
{
	struct rule *rules = realloc(t->rules, (t->count + 1) * sizeof *rules);
	if (rules == NULL)
		return false;
	t->rules = rules;
	struct rule *r = &rules[t->count++];
	size_t n = strlen(name), k = strlen(kind);
	r->optional = n > 0 && name[n - 1] == '?';
	r->is_array = k > 2 && kind[0] == '[' && kind[k - 1] == ']';
	r->name = strndup(name, n - r->optional);
	r->kind = strndup(kind + r->is_array, k - 2 * (size_t)r->is_array);
	return r->name && r->kind;
}

static bool add_type(struct schema *s, const char *name)
{
	struct type *types = realloc(s->types, (s->count + 1) * sizeof *types);
	if (types == NULL)
		return false;
	s->types = types;
	types[s->count] = (struct type){ .name = strdup(name) };
	return types[s->count++].name != NULL;
}

static bool add_line(struct schema *s, char *line)
{
	char *rest = line + strcspn(line, " ");
	if (*rest)
		*rest++ = '\0';
	if (strcmp(line, "type") == 0)
		return *rest && add_type(s, rest);
	if (s->count == 0 || *rest == '\0')
		return false;
	struct type *t = &s->types[s->count - 1];
	if (strcmp(line, "same") != 0)
		return add_rule(t, line, rest);
	if (t->same_count == MAX_SAME)
		return false;
	t->same[t->same_count] = strdup(rest);
	return t->same[t->same_count++] != NULL;
}

struct schema *schema_load(const char *path, struct buf *error)
{
	FILE *f = fopen(path, "r");
	struct schema *s = calloc(1, sizeof *s);
	char *line = NULL;
	size_t room = 0;
	bool good = f && s;
	while (good && getline(&line, &room, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		good = *line == '\0' || *line == '#' || add_line(s, line);
	}
	free(line);
	if (f)
		fclose(f);
	if (good && s->count)
		return s;
	buf_printf(error, "%s is not there or makes no sense", path);
	schema_free(s);
	return NULL;
}

void schema_free(struct schema *s)
{
	for (size_t i = 0; s && i < s->count; i++) {
		struct type *t = &s->types[i];
		for (size_t k = 0; k < t->count; k++) {
			free(t->rules[k].name);
			free(t->rules[k].kind);
		}
		for (size_t k = 0; k < t->same_count; k++)
			free(t->same[k]);
		free(t->rules);
		free(t->name);
	}
	if (s)
		free(s->types);
	free(s);
}

/* --- lines --- */

static void check_field(const struct rule *r, const struct json_field *f, struct buf *why)
{
	if (f == NULL) {
		if (!r->optional)
			buf_printf(why, "; %s is missing", r->name);
		return;
	}
	if (f->is_array != r->is_array)
		buf_printf(why, "; %s is %s array", r->name, f->is_array ? "an" : "no");
	for (size_t i = 0; i < f->count; i++)
		if (!is_kind(&f->values[i], r->kind))
			buf_printf(why, "; %s is \"%s\", no %s", r->name, buf_text(&f->values[i].text), r->kind);
}

static void check_same(const char *names, const struct json_line *line, struct buf *why)
{
	size_t length = SIZE_MAX;
	for (const char *at = names; *at;) {
		struct buf name = { 0 };
		size_t n = strcspn(at, " ");
		buf_add(&name, at, n);
		const struct json_field *f = json_line_get(line, buf_text(&name));
		if (f && length == SIZE_MAX)
			length = f->count;
		if (f == NULL || f->count != length)
			buf_printf(why, "; %s has another length", buf_text(&name));
		buf_free(&name);
		at += n + (at[n] == ' ');
	}
}

static bool knows(const struct type *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->rules[i].name, name) == 0)
			return true;
	return strcmp(name, "type") == 0;
}

bool schema_meets(const struct schema *s, const struct json_line *line, struct buf *why)
{
	const struct json_field *type = json_line_get(line, "type");
	const struct type *t = NULL;
	size_t before = why->len;
	for (size_t i = 0; i < s->count && type && type->count; i++)
		if (strcmp(s->types[i].name, buf_text(&type->values[0].text)) == 0)
			t = &s->types[i];
	if (t == NULL) {
		buf_puts(why, "; there is no such type of lines");
		return false;
	}
	for (size_t i = 0; i < t->count; i++)
		check_field(&t->rules[i], json_line_get(line, t->rules[i].name), why);
	for (size_t i = 0; i < line->count; i++)
		if (!knows(t, buf_text(&line->fields[i].name)))
			buf_printf(why, "; %s is not in the schema", buf_text(&line->fields[i].name));
	for (size_t i = 0; i < t->same_count; i++)
		check_same(t->same[i], line, why);
	return why->len == before;
}
