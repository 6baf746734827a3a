/* SPDX-License-Identifier: GPL-3.0-or-later
 * like: a scenario that is another one with something changed: a near miss. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

/* The other scenario's lines without what it expects. */
static bool load(struct scenario *s, const char *name)
{
	struct buf path = { 0 };
	const char *slash = strrchr(s->path, '/');
	buf_add(&path, s->path, slash != NULL ? (size_t)(slash + 1 - s->path) : 0);
	buf_puts(&path, name);
	FILE *f = fopen(buf_text(&path), "r");
	char *line = NULL;
	size_t room = 0;
	bool good = f != NULL || scenario_fail(s, "%s: %s", buf_text(&path), strerror(errno));
	while (f != NULL && getline(&line, &room, f) > 0)
		if (strncmp(line, "expect", 6) != 0)
			buf_puts(&s->model, line);
	free(line);
	if (f != NULL)
		fclose(f);
	buf_free(&path);
	return good;
}

/* Puts new_text in the place of what is from `at` to `end`. */
static void replace(struct scenario *s, const char *at, const char *end, const char *new_text)
{
	struct buf changed = { 0 };
	buf_add(&changed, s->model.data, (size_t)(at - s->model.data));
	buf_puts(&changed, new_text);
	buf_puts(&changed, end);
	buf_free(&s->model);
	s->model = changed;
}

bool like_line(struct scenario *s, const struct token *tokens, int n, bool *known)
{
	bool like = strcmp(tokens[0].text, "like") == 0 && n == 2;
	bool change = strcmp(tokens[0].text, "change") == 0 && n == 3, drop = strcmp(tokens[0].text, "drop") == 0 && n == 2;
	*known = like || change || drop;
	if (!change && !drop)
		return !like || load(s, tokens[1].text);
	const char *at = strstr(buf_text(&s->model), tokens[1].text);
	if (at == NULL || strstr(at + 1, tokens[1].text) != NULL)
		return scenario_fail(s, "\"%s\" is %s in what this is like", tokens[1].text, at == NULL ? "not" : "more than once");
	const char *end = at + strlen(tokens[1].text);
	if (drop) {
		while (at > s->model.data && at[-1] != '\n')
			at--;
		end += strcspn(end, "\n");
	}
	replace(s, at, end, drop ? "" : tokens[2].text);
	return true;
}
