/* SPDX-License-Identifier: GPL-3.0-or-later
 * coverage: whether the scripts press every key of the key table where it does something. */
#include "coverage.h"

#include <stdio.h>
#include <string.h>

#include "ui/keys.h"

static const struct { const char *title; unsigned scope; } titles[] = {
	{ "tcpwhy  Flows ", SCOPE_FLOWS }, { "tcpwhy  Ladder ", SCOPE_LADDER }, { "tcpwhy  Summary ", SCOPE_SUMMARY }, { "tcpwhy  Help ", SCOPE_TEXT },
	{ "tcpwhy  Segment ", SCOPE_TEXT }, { "tcpwhy  Text ", SCOPE_TEXT }, { "tcpwhy  Ready filters ", SCOPE_MENU }, { "tcpwhy  Export ", SCOPE_MENU },
	{ "tcpwhy  Settings ", SCOPE_SETTINGS }, { "tcpwhy  Columns ", SCOPE_COLUMNS }, { "tcpwhy  Graph ", SCOPE_GRAPH },
};

void coverage_note(struct coverage *c, const struct terminal *t, const char *name)
{
	struct buf row = { 0 };
	unsigned scope = 0;
	size_t i = 0;

	terminal_row(t, 0, &row);
	for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++)
		if (strncmp(buf_text(&row), titles[k].title, strlen(titles[k].title)) == 0)
			scope |= titles[k].scope;
	buf_free(&row);
	while (i < c->count && strcmp(c->keys[i].name, name) != 0)
		i++;
	if (i == KEYS_MOST || strlen(name) >= sizeof c->keys[i].name)
		return;
	if (i == c->count)
		memcpy(c->keys[c->count++].name, name, strlen(name) + 1);
	c->keys[i].scopes |= scope;
}

static unsigned pressed_in(const struct coverage *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->keys[i].name, name) == 0)
			return c->keys[i].scopes;
	return 0;
}

bool coverage_report(const struct coverage *c)
{
	bool whole = true;

	for (unsigned a = 1; a < ACTION_COUNT; a++) {
		const struct key_row *row = key_row((enum action)a);
		unsigned scopes = 0;
		for (const char *at = row->keys; *at != '\0';) {
			char name[16] = { 0 };
			size_t n = strcspn(at, " ");
			memcpy(name, at, n < sizeof name ? n : sizeof name - 1);
			unsigned in = pressed_in(c, name) & row->scopes;
			if (in == 0) {
				printf("# no script presses %s for %s\n", name, row->name);
				whole = false;
			}
			scopes |= in;
			at += n + (at[n] == ' ');
		}
		for (unsigned i = 0, scope; key_scope_name(i, &scope) != NULL; i++)
			if (row->scopes != SCOPE_ALL && (row->scopes & scope) != 0 && (scopes & scope) == 0) {
				printf("# no script presses a key of %s in %s\n", row->name, key_scope_name(i, &scope));
				whole = false;
			}
	}
	return whole;
}
