/* SPDX-License-Identifier: GPL-3.0-or-later
 * check: makes the capture of each scenario, has tcpwhy ($TCPWHY) report on it, and compares the report with the scenario's "expect"
 * lines. One TAP line a scenario. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flatjson.h"
#include "scenario.h"

struct report {
	char **lines;
	size_t count;
	int status;    /* exit status, -1 = killed by a signal */
};

/* What an "expect" line looks at, and its key=value pairs. */
struct expected {
	struct token tokens[MAX_TOKENS];
	int count;
};

static void report_free(struct report *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->lines[i]);
	free(r->lines);
}

static bool run(const char *program, char *const arguments[], struct report *r)
{
	int ends[2];
	if (pipe(ends) != 0)
		return false;
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
	char *line = NULL;
	size_t room = 0;
	while (f && pid > 0 && getline(&line, &room, f) > 0) {
		char **lines = realloc(r->lines, (r->count + 1) * sizeof *lines);
		if (lines == NULL)
			break;
		r->lines = lines;
		r->lines[r->count++] = strdup(line);
	}
	free(line);
	if (f)
		fclose(f);
	int status = 0;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return true;
}

/* "a|b" against a value, or against any item of an array. */
static bool one_of(const char *wanted, const char *value)
{
	for (;;) {
		size_t n = strcspn(wanted, "|");
		const char *item = value;
		for (;;) {
			size_t m = strcspn(item, "\x1f");
			if (m == n && memcmp(item, wanted, n) == 0)
				return true;
			if (item[m] == '\0' || item[m + 1] == '\0')
				break;
			item += m + 1;
		}
		if (wanted[n] == '\0')
			return false;
		wanted += n + 1;
	}
}

/* "7", "name", "none" and alternatives of them: names become frame numbers at the point, none becomes the empty text. */
static void frames_of(const struct scenario *s, size_t point, const char *wanted, struct buf *out)
{
	for (;;) {
		size_t n = strcspn(wanted, "|");
		struct buf name = { 0 };
		buf_add(&name, wanted, n);
		uint64_t frame = scenario_frame_at(s, buf_text(&name), point);
		if (frame)
			buf_printf(out, "%llu", (unsigned long long)frame);
		else if (strcmp(buf_text(&name), "none") != 0)
			buf_puts(out, buf_text(&name));
		buf_free(&name);
		if (wanted[n] == '\0')
			return;
		buf_putc(out, '|');
		wanted += n + 1;
	}
}

static void split(const char *token, struct buf *key, struct buf *value)
{
	size_t n = strcspn(token, "=");
	buf_add(key, token, n);
	buf_puts(value, token[n] ? token + n + 1 : "");
}

static bool is_key(const char *key, const char *name)
{
	return strcmp(key, name) == 0;
}

/* The field of the report that a key of an expectation names. */
static const char *field_name(const char *key)
{
	return is_key(key, "facts") ? "evidence_facts" : is_key(key, "step") ? "frame" : key;
}

/* "1.5..2": a number between. */
static bool in_range(const char *wanted, const char *value)
{
	const char *dots = strstr(wanted, "..");
	return dots != NULL && *value != '\0' && strtod(value, NULL) >= strtod(wanted, NULL) && strtod(value, NULL) <= strtod(dots + 2, NULL);
}

/* Whether one report line meets one key=value; says what it has instead. */
static bool meets(const struct scenario *s, size_t point, const char *line, const char *token, struct buf *why)
{
	struct buf key = { 0 }, value = { 0 }, wanted = { 0 }, has = { 0 };
	split(token, &key, &value);
	const char *k = buf_text(&key);
	if (is_key(k, "trigger") || is_key(k, "frame") || is_key(k, "step") || is_key(k, "reset_frame"))
		frames_of(s, point, buf_text(&value), &wanted);
	else
		buf_puts(&wanted, strcmp(buf_text(&value), "none") == 0 ? "" : buf_text(&value));
	flatjson_get(line, field_name(k), &has);
	bool good = one_of(buf_text(&wanted), buf_text(&has)) || in_range(buf_text(&wanted), buf_text(&has)) ||
	            strcmp(buf_text(&value), buf_text(&has)) == 0; /* "none" may be a word of it */
	for (size_t i = 0; i < has.len; i++)
		if (has.data[i] == '\x1f')
			has.data[i] = ' ';
	if (!good && why)
		buf_printf(why, "%s%s is \"%s\", wanted %s", why->len ? "; " : "", k, buf_text(&has), buf_text(&value));
	buf_free(&key);
	buf_free(&value);
	buf_free(&wanted);
	buf_free(&has);
	return good;
}

static bool is_type(const char *line, const char *type)
{
	struct buf has = { 0 };
	flatjson_get(line, "type", &has);
	bool same = strcmp(buf_text(&has), type) == 0;
	buf_free(&has);
	return same;
}

/* The line that an expectation is about. */
static const char *type_of(const struct token *first)
{
	static const char *const types[][2] = { { "frame", "reset" }, { "flow", "flow" }, { "step", "step" }, { "vantage", "vantage" } };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (token_value(first, types[i][0]))
			return types[i][1];
	return "summary";
}

/* Checks "exit=N" and "flows=N resets=N undecoded=N truncated=…" (the summary), "flow=N …" (a flow), "frame=N …" (a reset), "step=N …" (a
 * segment), "vantage=NAME …" (a place of capture); after "at=NAME" those of one place. */
static bool check_one(const struct scenario *s, const struct report *r, const struct expectation *e, struct buf *why)
{
	struct expected x = { .count = 0 };
	x.count = parse_line(e->text, x.tokens);
	const char *at = x.count > 1 ? token_value(&x.tokens[0], "at") : NULL;
	const struct point *place = at ? scenario_point(s, at, strlen(at)) : NULL;
	if (x.count <= 0 || (at && place == NULL)) {
		buf_puts(why, "nothing to expect");
		return false;
	}
	size_t point = place ? (size_t)(place - s->points) : 0;
	int begin = at != NULL;
	struct buf vantage = { 0 };
	buf_printf(&vantage, "vantage=%s", at ? at : "");
	const char *first = x.tokens[begin].text, *type = type_of(&x.tokens[begin]);
	bool summary = strcmp(type, "summary") == 0, found = false, good = false;
	if (token_value(&x.tokens[0], "exit")) {
		good = atoi(token_value(&x.tokens[0], "exit")) == r->status;
		found = true;
		buf_printf(why, "exit status %d", r->status);
	}
	for (size_t i = 0; i < r->count && !found; i++) {
		if (!is_type(r->lines[i], type) || (!summary && !meets(s, point, r->lines[i], first, NULL)) ||
		    (at && !meets(s, point, r->lines[i], buf_text(&vantage), NULL)))
			continue;
		found = good = true;
		for (int k = begin + !summary; k < x.count; k++)
			good &= meets(s, point, r->lines[i], x.tokens[k].text, why);
	}
	if (!found && !e->absent)
		buf_printf(why, "there is no %s line with %s", type, first);
	if (e->absent && good)
		buf_printf(why, "this must not be: %s", e->text);
	free_tokens(x.tokens, x.count);
	buf_free(&vantage);
	return e->absent ? !good : good;
}

static bool check_report(const struct scenario *s, const struct report *r)
{
	bool good = true, exit_named = false;
	for (size_t i = 0; i < r->count; i++)
		if (!flatjson_valid(r->lines[i])) {
			printf("# not a flat JSON object: %s", r->lines[i]);
			good = false;
		}
	for (size_t i = 0; i < s->expectation_count; i++) {
		struct buf why = { 0 };
		exit_named |= strncmp(s->expectations[i].text, "exit=", 5) == 0;
		if (!check_one(s, r, &s->expectations[i], &why)) {
			printf("# line %u (%s): %s\n", s->expectations[i].line, s->expectations[i].text, buf_text(&why));
			good = false;
		}
		buf_free(&why);
	}
	if (!exit_named && r->status != 0) {
		printf("# exit status %d\n", r->status);
		good = false;
	}
	if (s->expectation_count == 0) {
		puts("# the scenario expects nothing");
		good = false;
	}
	return good;
}

static bool check_scenario(const struct scenario *s, const char *program)
{
	struct scenario_files files;
	char *arguments[4 + MAX_POINTS] = { (char *)program, (char *)"--json", (char *)"--steps" };
	struct report r = { 0 };
	bool good = scenario_save(s, &files);
	memcpy(arguments + 3, files.arguments, sizeof files.arguments);
	good = good && run(program, arguments, &r);
	if (good)
		good = check_report(s, &r);
	else
		perror("# the capture could not be written or tcpwhy not started");
	scenario_unlink(&files);
	report_free(&r);
	return good;
}

int main(int argc, char **argv)
{
	const char *program = getenv("TCPWHY");
	bool all = true;
	if (program == NULL || argc < 2) {
		fputs("usage: TCPWHY=PROGRAM check-scenario SCENARIO...\n", stderr);
		return 2;
	}
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		struct buf error = { 0 };
		struct scenario *s = scenario_load(argv[i], &error);
		fflush(stdout);
		bool good = s && check_scenario(s, program);
		if (s == NULL)
			printf("# %s\n", buf_text(&error));
		const char *slash = strstr(argv[i], "scenario/");
		printf("%sok %d - %s: %s\n", good ? "" : "not ", i, slash ? slash + 9 : argv[i], s && s->title ? s->title : "");
		all &= good;
		scenario_free(s);
		buf_free(&error);
	}
	return all ? 0 : 1;
}
