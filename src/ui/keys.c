/* SPDX-License-Identifier: GPL-3.0-or-later
 * keys: look-ups in the table of keys and the help made from it. */
#include "ui/keys.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static const struct key_row rows[] = {
	{ "NONE", 0, "", NULL, "" },
#define X(name, scopes, keys, bar, help) { #name, scopes, keys, bar, help },
	KEY_TABLE(X)
#undef X
};

static const struct { unsigned scope; const char *name; } scopes[] = {
	{ SCOPE_FLOWS, "Flows" }, { SCOPE_LADDER, "Ladder" }, { SCOPE_SUMMARY, "Summary" }, { SCOPE_TEXT, "Segment and help" },
	{ SCOPE_MENU, "Choices" }, { SCOPE_SETTINGS, "Settings" }, { SCOPE_COLUMNS, "Columns" }, { SCOPE_GRAPH, "Graph" },
};

const struct key_row *key_row(enum action action)
{
	return &rows[action];
}

static bool has_key(const char *keys, const char *key)
{
	size_t n = strlen(key);

	for (const char *at = keys; *at != '\0'; at += *at == ' ') {
		size_t length = strcspn(at, " ");
		if (length == n && memcmp(at, key, n) == 0)
			return true;
		at += length;
	}
	return false;
}

void keymap_free(struct keymap *map)
{
	for (unsigned i = 0; i < ACTION_COUNT; i++)
		free(map->keys[i]);
	*map = (struct keymap){ 0 };
}

const char *keymap_keys(const struct keymap *map, enum action action)
{
	return map->keys[action] != NULL ? map->keys[action] : rows[action].keys;
}

/* NEXT_RESET is "next-reset" in the file. */
static void add_name(struct buf *out, enum action action)
{
	for (const char *at = rows[action].name; *at != '\0'; at++)
		buf_putc(out, *at == '_' ? '-' : (char)(*at - 'A' + 'a'));
}

static enum action find_name(const char *name)
{
	struct buf text = { 0 };
	enum action found = ACTION_NONE;

	for (unsigned a = 1; a < ACTION_COUNT && found == ACTION_NONE; a++) {
		buf_clear(&text);
		add_name(&text, (enum action)a);
		if (strcmp(buf_text(&text), name) == 0)
			found = (enum action)a;
	}
	buf_free(&text);
	return found;
}

bool keymap_set(struct keymap *map, const char *name, const char *keys, struct buf *error)
{
	enum action action = find_name(name);
	struct buf clean = { 0 };

	if (action == ACTION_NONE) {
		buf_puts(error, "there is no action ");
		text_add_printable(error, name, strlen(name));
		buf_puts(error, "; tcpwhy --dump-config shows those there are");
		return false;
	}
	for (keys += strspn(keys, " \t"); *keys != '\0'; keys += strspn(keys, " \t")) {
		size_t n = strcspn(keys, " \t");
		buf_puts(&clean, clean.len > 0 ? " " : "");
		text_add_printable(&clean, keys, n);
		keys += n;
	}
	char *text = clean.failed ? NULL : strdup(buf_text(&clean)); /* "" takes the keys away: buf has no memory for that */
	buf_free(&clean);
	if (text == NULL) {
		buf_puts(error, "memory ran out");
		return false;
	}
	free(map->keys[action]);
	map->keys[action] = text;
	return true;
}

static bool clash(const struct keymap *map, enum action a, enum action b, struct buf *error)
{
	if ((rows[a].scopes & rows[b].scopes) == 0)
		return false;
	for (const char *at = keymap_keys(map, a); *at != '\0'; at += *at == ' ') {
		struct buf key = { 0 };
		size_t n = strcspn(at, " ");
		buf_add(&key, at, n);
		bool both = has_key(keymap_keys(map, b), buf_text(&key));
		if (both) {
			buf_printf(error, "the key %s is given to both ", buf_text(&key));
			add_name(error, a);
			buf_puts(error, " and ");
			add_name(error, b);
		}
		buf_free(&key);
		if (both)
			return true;
		at += n;
	}
	return false;
}

bool keymap_check(const struct keymap *map, struct buf *error)
{
	for (unsigned a = 1; a < ACTION_COUNT; a++)
		for (unsigned b = a + 1; b < ACTION_COUNT; b++)
			if ((map->keys[a] != NULL || map->keys[b] != NULL) && clash(map, (enum action)a, (enum action)b, error))
				return false;
	return true;
}

void keymap_dump(const struct keymap *map, struct buf *out)
{
	for (unsigned a = 1; a < ACTION_COUNT; a++) {
		buf_puts(out, "key.");
		add_name(out, (enum action)a);
		buf_printf(out, " = %s\n", keymap_keys(map, (enum action)a));
	}
}

enum action key_action(const struct keymap *map, const char *key, unsigned scope)
{
	for (unsigned a = 1; a < ACTION_COUNT; a++)
		if ((rows[a].scopes & scope) != 0 && has_key(keymap_keys(map, (enum action)a), key))
			return (enum action)a;
	return ACTION_NONE;
}

const char *key_scope_name(size_t index, unsigned *scope)
{
	if (index >= sizeof scopes / sizeof scopes[0])
		return NULL;
	*scope = scopes[index].scope;
	return scopes[index].name;
}

static void help_row(struct buf *out, const char *keys, const char *help)
{
	/* "1 2 3 ... 9" is wider than any other: its ends tell as much. */
	if (strlen(keys) > 10)
		buf_printf(out, "  %.*s .. %-5s %s\n", (int)strcspn(keys, " "), keys, strrchr(keys, ' ') != NULL ? strrchr(keys, ' ') + 1 : "", help);
	else
		buf_printf(out, "  %-10s %s\n", keys, help);
}

static void help_scope(const struct keymap *map, size_t scope, struct buf *out)
{
	bool begun = false;

	for (unsigned a = 1; a < ACTION_COUNT; a++) {
		if (rows[a].scopes == SCOPE_ALL || (rows[a].scopes & scopes[scope].scope) == 0)
			continue;
		if (!begun)
			buf_printf(out, "%s\n", scopes[scope].name);
		begun = true;
		help_row(out, keymap_keys(map, (enum action)a), rows[a].help);
	}
	if (begun)
		buf_putc(out, '\n');
}

void key_help(const struct keymap *map, unsigned first, struct buf *out)
{
	for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
		if (scopes[i].scope == first)
			help_scope(map, i, out);
	buf_puts(out, "Everywhere\n");
	for (unsigned a = 1; a < ACTION_COUNT; a++)
		if (rows[a].scopes == SCOPE_ALL)
			help_row(out, keymap_keys(map, (enum action)a), rows[a].help);
	buf_puts(out, "  3 Down     digits before a key that moves say how often; 12 G: row 12\n\n");
	for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
		if (scopes[i].scope != first)
			help_scope(map, i, out);
}
