/* SPDX-License-Identifier: GPL-3.0-or-later
 * check_contract: has tcpwhy ($TCPWHY) report on captures and on scenarios (*.txt) with --json --steps, and holds every line against
 * report.schema and the lines against each other. One TAP line a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../mkcap/scenario.h"
#include "schema.h"

enum { LATEST_FAULTS = 10 };

/* What the lines of a report told so far. */
struct told {
	unsigned long long line, flows, resets, summaries, captures;
	unsigned long long first;              /* flows before this capture */
	unsigned long long rst, steps;         /* of the flow at hand: still to come */
	struct buf flow_id, cause, reset_frame; /* of the flow at hand; cause "" = none */
	struct buf capture;                    /* whose flows these are */
	bool cause_seen;                       /* on the line of the reset that the flow names */
	unsigned faults;
};

static const char *text_of(const struct json_line *line, const char *name)
{
	const struct json_field *f = json_line_get(line, name);
	return f && f->count ? buf_text(&f->values[0].text) : "";
}

static unsigned long long count_of(const struct json_line *line, const char *name)
{
	return strtoull(text_of(line, name), NULL, 10);
}

static void keep(struct buf *b, const char *text)
{
	buf_clear(b);
	buf_puts(b, text);
}

/* The flow before this line is complete. */
static void end_flow(struct told *t, struct buf *why)
{
	if (t->rst || t->steps)
		buf_printf(why, "; of the flow before, %llu reset and %llu step lines are missing", t->rst, t->steps);
	if (t->cause.len && !t->cause_seen)
		buf_puts(why, "; the flow before names a reset that has no line");
	t->rst = t->steps = 0;
	t->cause_seen = false;
	buf_clear(&t->cause);
}

static void take_flow(struct told *t, const struct json_line *line, struct buf *why)
{
	end_flow(t, why);
	if (strcmp(buf_text(&t->capture), text_of(line, "capture")) != 0)
		t->first = t->flows;
	keep(&t->capture, text_of(line, "capture"));
	if (count_of(line, "flow") + t->first != t->flows)
		buf_puts(why, "; flow numbers do not count up from 0");
	if (strcmp(text_of(line, "first"), text_of(line, "last")) > 0)
		buf_puts(why, "; first is after last");
	t->flows++;
	t->rst = count_of(line, "rst");
	t->steps = count_of(line, "client_segments") + count_of(line, "server_segments");
	keep(&t->flow_id, text_of(line, "flow_id"));
	keep(&t->cause, text_of(line, "cause"));
	keep(&t->reset_frame, text_of(line, "reset_frame"));
	if ((t->rst > 0) != (t->cause.len > 0) || (t->cause.len > 0) != (t->reset_frame.len > 0))
		buf_puts(why, "; cause and reset_frame are there if and only if there is a reset");
}

static void take_reset(struct told *t, const struct json_line *line, struct buf *why)
{
	const char *cause = text_of(line, "cause");
	const struct json_field *alternatives = json_line_get(line, "alternatives");
	t->resets++;
	if (strcmp(text_of(line, "flow_id"), buf_text(&t->flow_id)) != 0)
		buf_puts(why, "; another flow than the flow line before it");
	if (t->rst-- == 0)
		buf_puts(why, "; more reset lines than the flow has resets");
	if (strcmp(text_of(line, "frame"), buf_text(&t->reset_frame)) == 0) {
		t->cause_seen = true;
		if (strcmp(cause, buf_text(&t->cause)) != 0)
			buf_puts(why, "; another cause than the flow line gives for this frame");
	}
	for (size_t i = 0; alternatives && i < alternatives->count; i++)
		if (strcmp(buf_text(&alternatives->values[i].text), cause) == 0)
			buf_puts(why, "; the cause is among its alternatives");
	if (alternatives && alternatives->count > 4)
		buf_puts(why, "; more than four alternatives");
}

static void take_step(struct told *t, const struct json_line *line, struct buf *why)
{
	if (count_of(line, "flow") + t->first + 1 != t->flows)
		buf_puts(why, "; another flow than the flow line before it");
	if (t->steps-- == 0)
		buf_puts(why, "; more step lines than the flow has segments");
}

static void take_summary(struct told *t, const struct json_line *line, struct buf *why)
{
	end_flow(t, why);
	t->summaries++;
	t->captures += count_of(line, "captures");
	if (count_of(line, "flows") != t->flows || count_of(line, "resets") != t->resets)
		buf_puts(why, "; other counts of flows and resets than there were lines");
}

static void take_incident(struct told *t, const struct json_line *line, struct buf *why)
{
	(void)line;
	end_flow(t, why);
}

static void take_line(struct told *t, const struct schema *schema, const char *text, size_t n)
{
	static const struct { const char *type; void (*take)(struct told *t, const struct json_line *line, struct buf *why); } types[] = {
		{ "flow", take_flow }, { "reset", take_reset }, { "step", take_step }, { "incident", take_incident }, { "summary", take_summary },
	};
	struct json_line line;
	struct buf why = { 0 };
	t->line++;
	if (t->summaries)
		buf_puts(&why, "; a line after the summary");
	if (json_line_read(text, n, &line, &why) && schema_meets(schema, &line, &why))
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (strcmp(text_of(&line, "type"), types[i].type) == 0)
				types[i].take(t, &line, &why);
	if (why.len && t->faults++ < LATEST_FAULTS)
		printf("# line %llu: %s\n", t->line, buf_text(&why) + (strncmp(why.data, "; ", 2) == 0 ? 2 : 0));
	json_line_free(&line);
	buf_free(&why);
}

/* Damaged input ends with 1 and a whole report all the same. */
static bool check_captures(const char *program, char *const *captures, size_t count, const struct schema *schema)
{
	char *arguments[4 + MAX_POINTS] = { (char *)program, (char *)"--json", (char *)"--steps" };
	for (size_t i = 0; i < count && i < MAX_POINTS; i++)
		arguments[3 + i] = captures[i];
	struct told told = { 0 };
	int ends[2];
	if (pipe(ends) != 0)
		return false;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execv(program, arguments);
		_exit(127);
	}
	close(ends[1]);
	FILE *f = fdopen(ends[0], "r");
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	while (f && (n = getline(&text, &room, f)) > 0)
		take_line(&told, schema, text, (size_t)n - (text[n - 1] == '\n'));
	free(text);
	if (f)
		fclose(f);
	int status = 0;
	bool ended = pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) <= 1;
	bool good = ended && told.faults == 0 && told.summaries == 1 && told.captures == count;
	if (!good)
		printf("# exit status %d, %llu lines, %llu summaries, %u faults\n", status, told.line, told.summaries, told.faults);
	buf_free(&told.flow_id);
	buf_free(&told.cause);
	buf_free(&told.reset_frame);
	buf_free(&told.capture);
	return good;
}

static bool check_scenario(const char *program, const char *path, const struct schema *schema)
{
	struct buf error = { 0 };
	struct scenario *s = scenario_load(path, &error);
	struct scenario_files files = { .count = 0 };
	bool good = s && scenario_save(s, &files) && check_captures(program, files.arguments, files.count, schema);
	if (s == NULL)
		printf("# %s\n", buf_text(&error));
	scenario_unlink(&files);
	scenario_free(s);
	buf_free(&error);
	return good;
}

int main(int argc, char **argv)
{
	const char *program = getenv("TCPWHY");
	struct buf error = { 0 };
	if (program == NULL || argc < 3) {
		fputs("usage: TCPWHY=PROGRAM check-contract SCHEMA CAPTURE|SCENARIO...\n", stderr);
		return 2;
	}
	struct schema *schema = schema_load(argv[1], &error);
	if (schema == NULL) {
		printf("Bail out! %s\n", buf_text(&error));
		buf_free(&error);
		return 99;
	}
	bool all = true;
	printf("1..%d\n", argc - 2);
	for (int i = 2; i < argc; i++) {
		size_t n = strlen(argv[i]);
		bool scenario = n > 4 && strcmp(argv[i] + n - 4, ".txt") == 0;
		bool good = scenario ? check_scenario(program, argv[i], schema) : check_captures(program, &argv[i], 1, schema);
		const char *slash = strrchr(argv[i], '/');
		printf("%sok %d - %s\n", good ? "" : "not ", i - 1, slash ? slash + 1 : argv[i]);
		all &= good;
	}
	schema_free(schema);
	return all ? 0 : 1;
}
