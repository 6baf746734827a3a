/* SPDX-License-Identifier: GPL-3.0-or-later
 * scenario: reads the lines of a scenario and keeps what they make. */
#include "scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool scenario_fail(struct scenario *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_printf(s->error, "%sline %u: ", s->error->len ? "; " : "", s->line);
	buf_vprintf(s->error, format, args);
	va_end(args);
	return false;
}

static bool take_line(struct scenario *s, char *line);

/* The lines of the scenario that this one is like, once all changes of them are known. */
static bool take_model(struct scenario *s)
{
	struct buf model = s->model;
	bool good = true;
	s->model = (struct buf){ 0 };
	for (char *line = model.data, *end; good && line != NULL && *line != '\0'; line = end) {
		end = line + strcspn(line, "\n");
		if (*end != '\0')
			*end++ = '\0';
		good = take_line(s, line);
	}
	buf_free(&model);
	return good;
}

static bool take_line(struct scenario *s, char *line)
{
	struct token tokens[MAX_TOKENS];
	if (s->title == NULL && line[0] == '#') {
		line[strcspn(line, "\r\n")] = '\0';
		s->title = strdup(line + 1 + strspn(line + 1, " "));
	}
	int n = parse_line(line, tokens);
	if (n < 0)
		return scenario_fail(s, "a string without end, or more than %d words", MAX_TOKENS);
	if (n == 0)
		return true;
	bool known;
	bool good = like_line(s, tokens, n, &known);
	if (good && !known)
		good = take_model(s) && declare(s, tokens, n, &known);
	if (good && !known)
		good = segment_line(s, tokens, n);
	free_tokens(tokens, n);
	return good;
}

static bool read_lines(struct scenario *s, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	bool good = f != NULL;
	if (!good)
		return scenario_fail(s, "%s: %s", path, strerror(errno));
	while (good && getline(&line, &room, f) > 0) {
		s->line++;
		good = take_line(s, line);
	}
	free(line);
	fclose(f);
	good = good && take_model(s);
	if (good && s->frames == 0)
		good = scenario_fail(s, "no frame was captured");
	return good;
}

struct scenario *scenario_load(const char *path, struct buf *error)
{
	struct scenario *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->error = error;
	s->path = path;
	s->interfaces[0].link = 1;
	s->interface_count = 1;
	s->start = s->now = INT64_C(1772442000) * 1000000000; /* 2026-03-02T09:00:00Z */
	if (!read_lines(s, path) || !points_write(s)) {
		scenario_free(s);
		return NULL;
	}
	if (s->truncate < s->file.len)
		s->file.len -= s->truncate;
	return s;
}

void scenario_free(struct scenario *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->host_count; i++) {
		free(s->hosts[i]->name);
		free(s->hosts[i]);
	}
	for (size_t i = 0; i < s->flow_count; i++) {
		free(s->flows[i]->name);
		free(s->flows[i]);
	}
	for (size_t i = 0; i < s->segment_count; i++) {
		free(s->segments[i].name);
		buf_free(&s->segments[i].payload);
		buf_free(&s->segments[i].ip);
	}
	for (size_t i = 0; i < s->expectation_count; i++)
		free(s->expectations[i].text);
	for (size_t i = 0; i < s->interface_count; i++)
		free(s->interfaces[i].name);
	points_free(s);
	free(s->segments);
	free(s->expectations);
	free(s->title);
	buf_free(&s->model);
	buf_free(&s->file);
	free(s);
}
