/* SPDX-License-Identifier: GPL-3.0-or-later
 * screen: runs scripts against tcpwhy on a terminal of our own (a pty and a terminal emulator) and says in TAP how they went.
 *
 *     screen [-s] SCRIPT...
 *
 * Each script is a test; its first line is a comment that names it. Commands, a line each:
 *
 *     size COLUMNS ROWS      of the terminal, before run            (80 24)
 *     env NAME=VALUE         for the program; env NAME takes it away
 *     run ARGUMENT...        starts the program; {captures} is the folder of the shipped captures
 *     feed FILE              like run, with the file on standard input: run follows in the next line
 *     key NAME...            presses keys, by the names of the key table
 *     blind NAME...          presses keys, each after a moment, whatever comes of it: also when the program has ended
 *     type TEXT              types the rest of the line; {tmp} is a folder of its own for each run of this program
 *     shell COMMAND          must succeed; {tmp} and {captures} are filled in
 *     click ROW COLUMN       presses and lets go of the mouse (from 1)
 *     wheel up|down ROW COLUMN
 *     wait TEXT              until the screen has TEXT
 *     gone TEXT              until it has not
 *     raw TEXT               until the program has sent these bytes (\e, \a are escapes)
 *     golden NAME            until the screen is golden/NAME.txt; with UPDATE=1 in the environment writes that instead
 *     painted NAME           the same of the colours: see terminal_paints() in screen.h
 *     colour ROW COLUMN N    the character there has colour N (-1: the terminal's own)
 *     latency MOST TIMES A B presses A, which goes to the second row of a list, and B, which comes back, in turns, each as soon as the one
 *                            before was answered: the median is answered within MOST milliseconds, and 99 of 100 within MOST
 *                            milliseconds of the program's processor time: what else the machine does is no fault of the program
 *     frames BYTES US TIMES A B  the same; a key, which is a frame, costs so many bytes and microseconds of processor time on the average
 *     measured WHAT P99 MOST FILE  the file has a line "how many, 99 of 100 within, longest": P99 and MOST are the limits. No file: the
 *                            program was built so that nothing can be loaded into it, and there is nothing to measure
 *     killed                 the program is ended by a signal, and the terminal is as it was before
 *     colourless             no cell has a colour
 *     harmless               in all that was sent is no control but those of curses itself, and nothing that hides or turns text round
 *     resize COLUMNS ROWS
 *     bytes MOST NAME...     presses keys; until nothing has come for a while at most MOST bytes may have come
 *     idle MILLISECONDS      nothing is sent and the program is not woken up
 *     trickle MILLISECONDS MOST  without a key: some bytes come in that time, at most MOST
 *     signal NAME            HUP, INT, TERM, ABRT, KILL, TSTP or CONT
 *     stopped                until the program has stopped itself
 *     hangup                 the terminal goes away
 *     pause MILLISECONDS     takes what comes for so long
 *     loop SECONDS           what stands between this and
 *     again                  is done again until so much time has passed, and at least once; says how often
 *     exit STATUS            the program ends with this status (any: only not by a signal), and the terminal is as it was before
 *
 * There is no "sleep and compare": everything is awaited, with a deadline, and the screen is shown when that passes. In the end every key
 * of the key table must have been pressed on a screen where it does something, but for -s (some scripts). */
#include "coverage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>


enum { DEADLINE_MS = 20000, BLIND_MS = 20 };

struct script {
	struct terminal terminal;
	struct coverage *coverage;
	struct buf why;        /* it failed */
	int columns, rows;
	FILE *file;
	struct { long at; time_t until; unsigned times; } loop;  /* where it begins in the file */
};

/* Words of a line, split at spaces, in place. */
static size_t split(char *line, char **words, size_t most)
{
	size_t n = 0;

	for (char *save = NULL, *word = strtok_r(line, " \n", &save); word != NULL && n < most; word = strtok_r(NULL, " \n", &save))
		words[n++] = word;
	return n;
}

static bool press(struct script *s, char **names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		coverage_note(s->coverage, &s->terminal, names[i]);
		if (!terminal_key(&s->terminal, names[i])) {
			buf_printf(&s->why, "there is no key %s", names[i]);
			return false;
		}
	}
	return true;
}

/* What is on the screen: its text, or how it is painted. */
static void add_screen(struct script *s, bool painted, struct buf *out)
{
	if (painted)
		terminal_paints(&s->terminal, out);
	else
		terminal_text(&s->terminal, out);
}

static bool is_golden(struct script *s, bool painted, const char *expected)
{
	struct buf screen = { 0 };

	if (!painted)
		return terminal_wait_screen(&s->terminal, expected, DEADLINE_MS);
	terminal_settle(&s->terminal, 300);
	add_screen(s, true, &screen);
	bool same = strcmp(buf_text(&screen), expected) == 0;
	if (!same)
		buf_printf(&s->why, "painted:\n%s--- expected:\n", buf_text(&screen));
	buf_free(&screen);
	return same;
}

static bool do_golden(struct script *s, const char *name, bool painted)
{
	struct buf path = { 0 }, expected = { 0 }, screen = { 0 };
	const char *source = getenv("TOP_SRCDIR"), *update = getenv("UPDATE");
	bool same = false;

	buf_printf(&path, "%s/tests/screen/golden/%s.txt", source != NULL ? source : ".", name);
	if (update != NULL && *update == '1') {
		terminal_settle(&s->terminal, 600);
		add_screen(s, painted, &screen);
		same = file_write(buf_text(&path), &screen);
	} else if (!file_read(buf_text(&path), &expected))
		buf_printf(&s->why, "cannot read %s", buf_text(&path));
	else {
		same = is_golden(s, painted, buf_text(&expected));
		if (!same)
			buf_printf(&s->why, "the screen is not %s:\n%s--- but:\n", buf_text(&path), buf_text(&expected));
	}
	buf_free(&path);
	buf_free(&expected);
	buf_free(&screen);
	return same;
}

static bool do_bytes(struct script *s, char **words, size_t n)
{
	unsigned long most = strtoul(words[0], NULL, 10);

	terminal_settle(&s->terminal, 400);
	size_t before = s->terminal.received;
	if (!press(s, words + 1, n - 1))
		return false;
	terminal_settle(&s->terminal, 400);
	size_t came = s->terminal.received - before;
	printf("# %s: %zu bytes (at most %lu)\n", words[1], came, most);
	if (came > most)
		buf_printf(&s->why, "%zu bytes for %s, at most %lu", came, words[1], most);
	if (came == 0)
		buf_printf(&s->why, "%s has no effect at all", words[1]);
	return came > 0 && came <= most;
}

/* What was still to be done comes late on a busy machine: then twice as long is looked at. What wakes it again and again is seen then, too. */
static bool do_idle(struct script *s, unsigned milliseconds)
{
	enum { LOOKS = 4 };
	size_t came = 0;
	unsigned long times = 0;

	terminal_settle(&s->terminal, 600);
	for (unsigned look = 0; look < LOOKS; look++, milliseconds *= 2) {
		size_t before = s->terminal.received;
		unsigned long woken = terminal_wakeups(&s->terminal);
		terminal_pump(&s->terminal, milliseconds);
		came = s->terminal.received - before;
		times = terminal_wakeups(&s->terminal) - woken;
		if (came == 0 && times == 0)
			return true;
	}
	buf_printf(&s->why, "idle, and yet %zu bytes were sent and it was woken up %lu times", came, times);
	return false;
}

/* What a busy machine holds up makes it more, never less: the least of three times counts. */
static bool do_trickle(struct script *s, unsigned milliseconds, size_t most)
{
	size_t came = 0;
	terminal_pump(&s->terminal, 300);
	for (unsigned i = 0; i < 3 && (came == 0 || came > most); i++) {
		size_t before = s->terminal.received;
		terminal_pump(&s->terminal, milliseconds);
		came = s->terminal.received - before;
		printf("# %zu bytes in %u ms (at most %zu)\n", came, milliseconds, most);
	}
	if (came == 0 || came > most)
		buf_printf(&s->why, "%zu bytes came by themselves, at most %zu", came, most);
	return came > 0 && came <= most;
}

static int by_time(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

enum { ANSWERS_MOST = 1000, PATIENCE_MS = 5000 };

/* Goes to the second row and back, n times in all; times: milliseconds until each was answered; works: those of processor time. */
static void go_there_and_back(struct script *s, char **keys, unsigned *times, unsigned *works, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		coverage_note(s->coverage, &s->terminal, keys[i % 2]);
		unsigned long before = terminal_cpu_us(&s->terminal);
		times[i] = terminal_answer(&s->terminal, keys[i % 2], i % 2 == 0 ? " 2 of" : " 1 of", PATIENCE_MS);
		works[i] = (unsigned)((terminal_cpu_us(&s->terminal) - before) / 1000);
	}
}

static unsigned answers_of(const char *word)
{
	unsigned n = (unsigned)strtoul(word, NULL, 10);

	return n > ANSWERS_MOST ? ANSWERS_MOST : n > 0 ? n : 1;
}

static bool do_latency(struct script *s, char **words)
{
	unsigned times[ANSWERS_MOST], works[ANSWERS_MOST], n = answers_of(words[1]), most = (unsigned)atoi(words[0]);

	go_there_and_back(s, words + 2, times, works, n);
	qsort(times, n, sizeof times[0], by_time);
	qsort(works, n, sizeof works[0], by_time);
	unsigned median = times[n / 2], work = works[n - 1 - n / 100];
	printf("# %s: median %u ms, processor time of 99 of 100 within %u ms (at most %u)\n", words[2], median, work, most);
	if (median > most || work > most)
		buf_printf(&s->why, "a key was answered after %u ms, %u ms of processor time, at most %u", median, work, most);
	return median <= most && work <= most;
}

static bool do_frames(struct script *s, char **words)
{
	unsigned long most_bytes = strtoul(words[0], NULL, 10), most_us = strtoul(words[1], NULL, 10);
	unsigned times[ANSWERS_MOST], works[ANSWERS_MOST], n = answers_of(words[2]);

	terminal_settle(&s->terminal, 400);
	size_t received = s->terminal.received;
	unsigned long used = terminal_cpu_us(&s->terminal);
	go_there_and_back(s, words + 3, times, works, n);
	unsigned long bytes = (s->terminal.received - received) / n, us = (terminal_cpu_us(&s->terminal) - used) / n;
	const char *flags = getenv("BUILD_CFLAGS");
	if (flags != NULL && strstr(flags, "-fsanitize") != NULL)
		us = 0; /* most of it would be the sanitizer's */
	printf("# %s: %lu bytes (at most %lu), %lu us of processor time (at most %lu)\n", words[3], bytes, most_bytes, us, most_us);
	if (bytes > most_bytes || us > most_us)
		buf_printf(&s->why, "a key costs %lu bytes, at most %lu, and %lu us, at most %lu", bytes, most_bytes, us, most_us);
	return bytes <= most_bytes && us <= most_us;
}

static bool do_measured(struct script *s, char **words)
{
	struct buf text = { 0 }, name = { 0 };
	unsigned long n, p99, most;

	terminal_fill_in(&name, words[3]);
	bool there = file_read(buf_text(&name), &text), good = !there;
	if (!there)
		printf("# %s: nothing was measured\n", words[0]);
	else if (sscanf(buf_text(&text), "%lu %lu %lu", &n, &p99, &most) == 3) {
		printf("# %lu %s: 99 of 100 within %lu (at most %s), longest %lu (at most %s)\n", n, words[0], p99, words[1], most, words[2]);
		good = n > 0 && p99 <= strtoul(words[1], NULL, 10) && most <= strtoul(words[2], NULL, 10);
	}
	if (!good)
		buf_printf(&s->why, "%s: %s", words[0], buf_text(&text));
	buf_free(&text);
	buf_free(&name);
	return good;
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static bool do_again(struct script *s)
{
	s->loop.times++;
	if (now() < s->loop.until) {
		buf_clear(&s->terminal.raw);
		return fseek(s->file, s->loop.at, SEEK_SET) == 0;
	}
	printf("# %u times round\n", s->loop.times);
	return true;
}

/* Commands of several words; `rest` is the line behind the command, not split. */
static bool do_words(struct script *s, const char *command, char *rest)
{
	char *words[80];
	size_t n = split(rest, words, sizeof words / sizeof words[0]);

	if (strcmp(command, "key") == 0 && n > 0)
		return press(s, words, n);
	for (size_t i = 0; strcmp(command, "blind") == 0 && i < n; i++) {
		(void)terminal_key(&s->terminal, words[i]);
		terminal_settle(&s->terminal, BLIND_MS);
	}
	if (strcmp(command, "blind") == 0)
		return true;
	if (strcmp(command, "bytes") == 0 && n > 1)
		return do_bytes(s, words, n);
	if (strcmp(command, "latency") == 0 && n == 4)
		return do_latency(s, words);
	if (strcmp(command, "frames") == 0 && n == 5)
		return do_frames(s, words);
	if (strcmp(command, "measured") == 0 && n == 4)
		return do_measured(s, words);
	if (strcmp(command, "colour") == 0 && n == 3) {
		int colour = terminal_colour(&s->terminal, atoi(words[0]), atoi(words[1]));
		bool same = colour == atoi(words[2]);
		if (!same)
			buf_printf(&s->why, "the colour is %d", colour);
		return same;
	}
	if (strcmp(command, "idle") == 0 && n == 1)
		return do_idle(s, (unsigned)atoi(words[0]));
	if (strcmp(command, "trickle") == 0 && n == 2)
		return do_trickle(s, (unsigned)atoi(words[0]), (size_t)atoi(words[1]));
	if (strcmp(command, "size") == 0 && n == 2) {
		s->columns = atoi(words[0]);
		s->rows = atoi(words[1]);
		return true;
	}
	if (strcmp(command, "resize") == 0 && n == 2)
		return terminal_resize(&s->terminal, atoi(words[0]), atoi(words[1]));
	if (strcmp(command, "click") == 0 && n == 2)
		return terminal_mouse(&s->terminal, 0, atoi(words[0]), atoi(words[1]));
	if (strcmp(command, "wheel") == 0 && n == 3)
		return terminal_mouse(&s->terminal, words[0][0] == 'u' ? 64 : 65, atoi(words[1]), atoi(words[2]));
	if (strcmp(command, "run") == 0)
		return terminal_start(&s->terminal, s->columns, s->rows, words, n, &s->why);
	if (strcmp(command, "signal") == 0 && n == 1)
		return terminal_signal(&s->terminal, words[0]);
	if (strcmp(command, "pause") == 0 && n == 1) {
		terminal_pump(&s->terminal, (unsigned)atoi(words[0]));
		return true;
	}
	if (strcmp(command, "loop") == 0 && n == 1) {
		s->loop.at = ftell(s->file);
		s->loop.until = now() + atoi(words[0]);
		return true;
	}
	if (strcmp(command, "exit") == 0 && n == 1)
		return terminal_wait_exit(&s->terminal, strcmp(words[0], "any") == 0 ? -1 : atoi(words[0]), DEADLINE_MS, &s->why);
	buf_printf(&s->why, "unknown command %s", command);
	return false;
}

static bool do_line(struct script *s, char *line)
{
	char *rest = strchr(line, ' ');
	bool done;

	line[strcspn(line, "\n")] = '\0';
	if (*line == '\0' || *line == '#')
		return true;
	if (rest != NULL)
		*rest++ = '\0';
	else
		rest = line + strlen(line);
	if (strcmp(line, "wait") == 0)
		done = terminal_wait_text(&s->terminal, rest, true, DEADLINE_MS);
	else if (strcmp(line, "gone") == 0)
		done = terminal_wait_text(&s->terminal, rest, false, DEADLINE_MS);
	else if (strcmp(line, "raw") == 0)
		done = terminal_wait_raw(&s->terminal, rest, DEADLINE_MS);
	else if (strcmp(line, "type") == 0)
		done = terminal_type(&s->terminal, rest);
	else if (strcmp(line, "shell") == 0)
		done = terminal_shell(rest);
	else if (strcmp(line, "golden") == 0)
		done = do_golden(s, rest, false);
	else if (strcmp(line, "painted") == 0)
		done = do_golden(s, rest, true);
	else if (strcmp(line, "colourless") == 0)
		done = terminal_colourless(&s->terminal);
	else if (strcmp(line, "harmless") == 0)
		done = terminal_harmless(&s->terminal, &s->why);
	else if (strcmp(line, "killed") == 0)
		done = terminal_wait_killed(&s->terminal, DEADLINE_MS, &s->why);
	else if (strcmp(line, "env") == 0)
		done = terminal_env(&s->terminal, rest);
	else if (strcmp(line, "feed") == 0)
		done = terminal_feed(&s->terminal, rest);
	else if (strcmp(line, "stopped") == 0)
		done = terminal_wait_stopped(&s->terminal, DEADLINE_MS);
	else if (strcmp(line, "hangup") == 0)
		done = terminal_hangup(&s->terminal);
	else if (strcmp(line, "again") == 0)
		done = do_again(s);
	else
		done = do_words(s, line, rest);
	return done;
}

static void say(const struct buf *text)
{
	for (const char *at = buf_text(text); *at != '\0';) {
		size_t n = strcspn(at, "\n");
		printf("# %.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
}

static bool run_script(const char *name, struct coverage *coverage, unsigned number)
{
	struct script s = { .coverage = coverage, .columns = 80, .rows = 24 };
	char *line = NULL;
	size_t room = 0;
	unsigned at = 0;
	bool done = true;
	FILE *f = fopen(name, "re");

	if (f == NULL) {
		printf("not ok %u - %s: %s\n", number, name, strerror(errno));
		return false;
	}
	s.file = f;
	while (done && getline(&line, &room, f) > 0) {
		at++;
		struct buf copy = { 0 };
		buf_puts(&copy, line);
		done = do_line(&s, line);
		if (!done) {
			printf("# line %u: %s", at, buf_text(&copy));
			say(&s.why);
			buf_clear(&s.why);
			terminal_text(&s.terminal, &s.why);
			say(&s.why);
		}
		buf_free(&copy);
	}
	terminal_stop(&s.terminal);
	const char *base = strrchr(name, '/');
	printf("%s %u - %s\n", done ? "ok" : "not ok", number, base != NULL ? base + 1 : name);
	free(line);
	fclose(f);
	buf_free(&s.why);
	return done;
}

int main(int argc, char **argv)
{
	struct coverage coverage = { 0 };
	bool all = true, whole = true, some = argc > 1 && strcmp(argv[1], "-s") == 0;
	char folder[] = "/tmp/tw.XXXXXX";

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* libgpm, which ncurses loads on the Linux console, leaks a name: no leak of ours */
	setenv("NCURSES_GPM_TERMS", "none", 1);
	setenv("LC_ALL", "C.UTF-8", 1); /* also for what "shell" runs, whatever the user's is */
	/* tcpwhy may write below TMPDIR; and what killed runs left elsewhere is not offered here. */
	if (mkdtemp(folder) == NULL || setenv("SCREEN_TMP", folder, 1) != 0 || setenv("TMPDIR", folder, 1) != 0) {
		printf("Bail out! no temporary folder: %s\n", strerror(errno));
		return 1;
	}
	char **scripts = argv + 1 + some;
	unsigned count = (unsigned)(argc - 1 - some);
	printf("1..%u\n", count + !some);
	for (unsigned i = 0; i < count; i++) {
		all = run_script(scripts[i], &coverage, i + 1) && all;
		terminal_shell("rm -rf {tmp}/tcpwhy-*"); /* of runs that were killed as their script was at its end */
	}
	terminal_shell("rm -rf {tmp}");
	if (!some) {
		whole = coverage_report(&coverage);
		printf("%s %u - every key of the table is pressed in a script\n", whole ? "ok" : "not ok", count + 1);
	}
	return all && whole ? 0 : 1;
}
