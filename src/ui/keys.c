/* SPDX-License-Identifier: GPL-3.0-or-later
 * keys: look-ups in the table of keys and the help made from it. */
#include "ui/keys.h"

#include <string.h>

static const struct key_row rows[] = {
	{ "NONE", 0, "", NULL, "" },
#define X(name, scopes, keys, bar, help) { #name, scopes, keys, bar, help },
	KEY_TABLE(X)
#undef X
};

static const struct { unsigned scope; const char *name; } scopes[] = {
	{ SCOPE_FLOWS, "Flows" }, { SCOPE_LADDER, "Ladder" }, { SCOPE_SUMMARY, "Summary" }, { SCOPE_TEXT, "Segment and help" },
	{ SCOPE_MENU, "Choices" },
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

enum action key_action(const char *key, unsigned scope)
{
	for (unsigned a = 1; a < ACTION_COUNT; a++)
		if ((rows[a].scopes & scope) != 0 && has_key(rows[a].keys, key))
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

static void help_row(struct buf *out, const struct key_row *row)
{
	/* "1 2 3 ... 9" is wider than any other: its ends tell as much. */
	if (strlen(row->keys) > 10)
		buf_printf(out, "  %c .. %-5c %s\n", row->keys[0], row->keys[strlen(row->keys) - 1], row->help);
	else
		buf_printf(out, "  %-10s %s\n", row->keys, row->help);
}

void key_help(struct buf *out)
{
	for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
		bool begun = false;
		for (unsigned a = 1; a < ACTION_COUNT; a++) {
			if (rows[a].scopes == SCOPE_ALL || (rows[a].scopes & scopes[i].scope) == 0)
				continue;
			if (!begun)
				buf_printf(out, "%s\n", scopes[i].name);
			begun = true;
			help_row(out, &rows[a]);
		}
		if (begun)
			buf_putc(out, '\n');
	}
	buf_puts(out, "Everywhere\n");
	for (unsigned a = 1; a < ACTION_COUNT; a++)
		if (rows[a].scopes == SCOPE_ALL)
			help_row(out, &rows[a]);
}
