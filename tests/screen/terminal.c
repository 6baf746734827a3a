/* SPDX-License-Identifier: GPL-3.0-or-later
 * terminal: the pty and the emulator of the screen tests. */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

enum { ARGUMENTS_MOST = 40, QUIET_MS = 40 };

static const struct { const char *name, *bytes; } keys[] = {
	{ "Enter", "\r" }, { "Esc", "\033" }, { "Tab", "\t" }, { "Space", " " }, { "Backspace", "\177" }, { "Up", "\033OA" }, { "Down", "\033OB" },
	{ "Right", "\033OC" }, { "Left", "\033OD" }, { "Home", "\033OH" }, { "End", "\033OF" }, { "PgUp", "\033[5~" }, { "PgDn", "\033[6~" },
	{ "Delete", "\033[3~" }, { "F1", "\033OP" }, { "PuTTYHome", "\033[1~" }, { "PuTTYEnd", "\033[4~" },
	{ "HalfMouse", "\033[<" },
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool terminal_env(struct terminal *t, const char *setting)
{
	if (t->env_count == sizeof t->env / sizeof t->env[0])
		return false;
	t->env[t->env_count++] = strdup(setting);
	return true;
}

/* Appends text with {captures} and {tmp} filled in. */
void terminal_fill_in(struct buf *out, const char *text)
{
	const char *source = getenv("TOP_SRCDIR"), *folder = getenv("SCREEN_TMP"), *build = getenv("TOP_BUILDDIR");

	for (; *text != '\0'; text++) {
		if (strncmp(text, "{captures}", 10) == 0) {
			buf_printf(out, "%s/captures", source != NULL ? source : ".");
			text += 9;
		} else if (strncmp(text, "{build}", 7) == 0) {
			buf_puts(out, build != NULL ? build : ".");
			text += 6;
		} else if (strncmp(text, "{tmp}", 5) == 0) {
			buf_puts(out, folder != NULL ? folder : "/nowhere");
			text += 4;
		} else
			buf_putc(out, *text);
	}
}

bool terminal_shell(const char *command)
{
	struct buf filled = { 0 };

	terminal_fill_in(&filled, command);
	int status = system(buf_text(&filled));
	buf_free(&filled);
	return status == 0;
}

bool terminal_feed(struct terminal *t, const char *file)
{
	struct buf name = { 0 };

	terminal_fill_in(&name, file);
	t->feed = name.data;
	return t->feed != NULL;
}

static void child(const struct terminal *t, char **argv)
{
	setenv("TERM", "xterm-256color", 1);
	setenv("TZ", "UTC", 1);
	struct buf folder = { 0 };
	terminal_fill_in(&folder, "{tmp}/no-settings");
	setenv("XDG_CONFIG_HOME", buf_text(&folder), 1);
	unsetenv("NO_COLOR");
	unsetenv("COLORFGBG");
	unsetenv("TMUX");
	for (size_t i = 0; i < t->env_count; i++) {
		char *equals = strchr(t->env[i], '=');
		if (equals == NULL) {
			unsetenv(t->env[i]);
			continue;
		}
		struct buf value = { 0 };
		*equals = '\0';
		terminal_fill_in(&value, equals + 1);
		setenv(t->env[i], buf_text(&value), 1);
		buf_free(&value);
	}
	if (t->feed != NULL) {
		int fd = open(t->feed, O_RDONLY);
		if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
			_exit(127);
	}
	execv(argv[0], argv);
	_exit(127);
}

bool terminal_start(struct terminal *t, int columns, int rows, char **arguments, size_t n, struct buf *why)
{
	const char *program = getenv("TCPWHY");
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	char *argv[ARGUMENTS_MOST + 2] = { strdup(program != NULL ? program : "./tcpwhy") };

	for (size_t i = 0; i < n && i < ARGUMENTS_MOST; i++) {
		struct buf filled = { 0 };
		terminal_fill_in(&filled, arguments[i]);
		argv[i + 1] = filled.data;
	}
	t->columns = columns;
	t->rows = rows;
	t->emulator = vterm_new(rows, columns);
	vterm_set_utf8(t->emulator, 1);
	t->cells = vterm_obtain_screen(t->emulator);
	vterm_screen_enable_altscreen(t->cells, 1);
	vterm_screen_reset(t->cells, 1);
	int theirs = -1;
	if (openpty(&t->fd, &theirs, NULL, NULL, &size) == 0 && tcgetattr(theirs, &t->settings) == 0) {
		t->pid = fork();
		if (t->pid == 0 && close(t->fd) == 0 && login_tty(theirs) == 0)
			child(t, argv);
		if (t->pid == 0)
			_exit(127);
		close(theirs);
	}
	for (size_t i = 0; argv[i] != NULL; i++)
		free(argv[i]);
	if (t->pid > 0) {
		fcntl(t->fd, F_SETFL, O_NONBLOCK);
		return true;
	}
	buf_printf(why, "cannot start: %s", strerror(errno));
	return false;
}

static void reap(struct terminal *t)
{
	if (t->pid > 0 && !t->ended && waitpid(t->pid, &t->status, WNOHANG) == t->pid)
		t->ended = true;
}

void terminal_stop(struct terminal *t)
{
	if (t->fd > 0)
		close(t->fd);
	if (t->pid > 0 && !t->ended) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, &t->status, 0);
	}
	if (t->emulator != NULL)
		vterm_free(t->emulator);
	for (size_t i = 0; i < t->env_count; i++)
		free(t->env[i]);
	free(t->feed);
	buf_free(&t->raw);
}

/* Waits at most so long for output and gives it to the emulator. True when some came. */
static bool take(struct terminal *t, long milliseconds)
{
	struct pollfd ready = { .fd = t->fd, .events = POLLIN };
	char bytes[4096];

	if (t->fd <= 0 || t->ended) {
		poll(NULL, 0, (int)milliseconds);
		return false;
	}
	if (poll(&ready, 1, (int)milliseconds) <= 0)
		return false;
	ssize_t n = read(t->fd, bytes, sizeof bytes);
	if (n <= 0) {
		poll(NULL, 0, 5); /* the other end is closed: it is about to end */
		reap(t);
		return false;
	}
	t->received += (size_t)n;
	buf_add(&t->raw, bytes, (size_t)n);
	vterm_input_write(t->emulator, bytes, (size_t)n);
	return true;
}

/* How long something is waited for. What the program takes to work does not count, nor what it waits for a processor, up to ten times
 * the milliseconds: a busy machine is no fault of the program. */
struct patience {
	long left, end, seen; /* ms */
	unsigned long worked; /* us, when it was seen */
};

static struct patience patience_of(const struct terminal *t, unsigned milliseconds)
{
	long now = now_ms();

	return (struct patience){ .left = (long)milliseconds, .end = now + 10 * (long)milliseconds, .seen = now, .worked = terminal_cpu_us(t) };
}

/* May one wait on? Asked again and again. */
static bool is_patient(const struct terminal *t, struct patience *p)
{
	long now = now_ms();
	unsigned long worked = terminal_cpu_us(t);

	if (worked == p->worked)
		p->left -= now - p->seen;
	p->worked = worked;
	p->seen = now;
	return p->left > 0 && now < p->end;
}

void terminal_pump(struct terminal *t, unsigned milliseconds)
{
	for (long end = now_ms() + (long)milliseconds; now_ms() < end;)
		take(t, end - now_ms());
}

void terminal_settle(struct terminal *t, unsigned milliseconds)
{
	long end = now_ms() + (long)milliseconds * 10;

	for (long quiet = now_ms() + (long)milliseconds; now_ms() < quiet && now_ms() < end;)
		if (take(t, quiet - now_ms()))
			quiet = now_ms() + (long)milliseconds;
}

static bool send_bytes(struct terminal *t, const char *bytes, size_t n)
{
	return t->fd > 0 && write(t->fd, bytes, n) == (ssize_t)n;
}

bool terminal_key(struct terminal *t, const char *name)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i].name, name) == 0) {
			bool sent = send_bytes(t, keys[i].bytes, strlen(keys[i].bytes));
			/* An Esc is told from an arrow key by the pause after it. */
			if (strcmp(name, "Esc") == 0)
				terminal_pump(t, 100);
			return sent;
		}
	if (name[0] == '^' && name[1] != '\0')
		return send_bytes(t, (char[]){ (char)(name[1] & 0x1f) }, 1);
	return name[1] == '\0' && send_bytes(t, name, 1);
}

bool terminal_type(struct terminal *t, const char *text)
{
	struct buf filled = { 0 };

	terminal_fill_in(&filled, text);
	bool sent = send_bytes(t, buf_text(&filled), filled.len);
	buf_free(&filled);
	return sent;
}

bool terminal_mouse(struct terminal *t, int button, int row, int column)
{
	struct buf bytes = { 0 };

	buf_printf(&bytes, "\033[<%d;%d;%dM", button, column, row);
	if (button == 0)
		buf_printf(&bytes, "\033[<%d;%d;%dm", button, column, row);
	bool sent = send_bytes(t, buf_text(&bytes), bytes.len);
	buf_free(&bytes);
	return sent;
}

bool terminal_resize(struct terminal *t, int columns, int rows)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	t->columns = columns;
	t->rows = rows;
	vterm_set_size(t->emulator, rows, columns);
	return ioctl(t->fd, TIOCSWINSZ, &size) == 0;
}

bool terminal_signal(struct terminal *t, const char *name)
{
	static const struct { const char *name; int number; } signals[] = {
		{ "HUP", SIGHUP }, { "TERM", SIGTERM }, { "TSTP", SIGTSTP }, { "CONT", SIGCONT },
		{ "ABRT", SIGABRT }, { "INT", SIGINT }, { "KILL", SIGKILL },
	};

	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (strcmp(signals[i].name, name) == 0)
			return t->ended || kill(t->pid, signals[i].number) == 0;
	return false;
}

bool terminal_hangup(struct terminal *t)
{
	bool closed = close(t->fd) == 0;

	t->fd = -1;
	return closed;
}

static bool screen_is(const struct terminal *t, const char *wanted, bool whole)
{
	struct buf screen = { 0 };

	terminal_text(t, &screen);
	bool is = whole ? strcmp(buf_text(&screen), wanted) == 0 : strstr(buf_text(&screen), wanted) != NULL;
	buf_free(&screen);
	return is;
}

/* Quiet for a moment and as wanted: half of a frame is never taken for the whole. */
static bool wait_screen(struct terminal *t, const char *wanted, bool whole, bool there, unsigned milliseconds)
{
	for (struct patience p = patience_of(t, milliseconds); is_patient(t, &p) && !t->ended;)
		if (!take(t, QUIET_MS) && screen_is(t, wanted, whole) == there)
			return true;
	return false;
}

bool terminal_wait_text(struct terminal *t, const char *text, bool there, unsigned milliseconds)
{
	struct buf filled = { 0 };

	terminal_fill_in(&filled, text);
	bool came = wait_screen(t, buf_text(&filled), false, there, milliseconds);
	buf_free(&filled);
	return came;
}

bool terminal_wait_screen(struct terminal *t, const char *screen, unsigned milliseconds)
{
	return wait_screen(t, screen, true, true, milliseconds);
}

bool terminal_wait_raw(struct terminal *t, const char *text, unsigned milliseconds)
{
	struct buf wanted = { 0 };
	bool came = false;

	for (; *text != '\0'; text++) {
		bool escape = text[0] == '\\' && (text[1] == 'e' || text[1] == 'a');
		buf_putc(&wanted, !escape ? *text : text[1] == 'e' ? '\033' : '\a');
		text += escape;
	}
	for (struct patience p = patience_of(t, milliseconds); !came && is_patient(t, &p);) {
		came = t->raw.len > 0 && memmem(t->raw.data, t->raw.len, buf_text(&wanted), wanted.len) != NULL;
		if (!came)
			take(t, QUIET_MS);
	}
	buf_free(&wanted);
	return came;
}

/* A terminal that hung up has no settings any more. */
static bool is_put_back(const struct terminal *t, struct buf *why)
{
	static const char first[] = "\033[?1049h", last[] = "\033[?1049l";
	struct termios now;

	if (t->fd <= 0)
		return true;
	bool same = tcgetattr(t->fd, &now) == 0 && now.c_iflag == t->settings.c_iflag && now.c_oflag == t->settings.c_oflag &&
	            now.c_cflag == t->settings.c_cflag && now.c_lflag == t->settings.c_lflag &&
	            memcmp(now.c_cc, t->settings.c_cc, sizeof now.c_cc) == 0;
	size_t shown = 0, left = 0;
	for (size_t i = 0; i + sizeof first - 1 <= t->raw.len; i++) {
		shown += memcmp(t->raw.data + i, first, sizeof first - 1) == 0;
		left += memcmp(t->raw.data + i, last, sizeof last - 1) == 0;
	}
	if (!same)
		buf_puts(why, "the settings of the terminal are not what they were; ");
	if (left < shown)
		buf_puts(why, "the main screen does not show again; ");
	return same && left >= shown;
}

/* What it wrote last. */
static void take_rest(struct terminal *t)
{
	bool ended = t->ended;

	t->ended = false;
	while (take(t, 0))
		;
	t->ended = ended;
}

bool terminal_wait_exit(struct terminal *t, int status, unsigned milliseconds, struct buf *why)
{
	for (struct patience p = patience_of(t, milliseconds); is_patient(t, &p) && !t->ended;) {
		take(t, 10);
		reap(t);
	}
	if (!t->ended)
		buf_puts(why, "it has not ended");
	else if (WIFSIGNALED(t->status))
		buf_printf(why, "it was ended by signal %d", WTERMSIG(t->status));
	else if (status >= 0 && WEXITSTATUS(t->status) != status)
		buf_printf(why, "it ended with status %d", WEXITSTATUS(t->status));
	bool good = t->ended && WIFEXITED(t->status) && (status < 0 || WEXITSTATUS(t->status) == status);
	take_rest(t);
	return is_put_back(t, why) && good;
}

bool terminal_wait_killed(struct terminal *t, unsigned milliseconds, struct buf *why)
{
	for (struct patience p = patience_of(t, milliseconds); is_patient(t, &p) && !t->ended;) {
		take(t, 10);
		reap(t);
	}
	take_rest(t);
	return t->ended && WIFSIGNALED(t->status) && is_put_back(t, why);
}

unsigned terminal_answer(struct terminal *t, const char *key, const char *text, unsigned most)
{
	long begun = now_ms();

	if (!terminal_key(t, key))
		return most;
	while (!screen_is(t, text, false) && now_ms() - begun < (long)most)
		take(t, 1);
	return (unsigned)(now_ms() - begun);
}

bool terminal_wait_stopped(struct terminal *t, unsigned milliseconds)
{
	bool stopped = false;

	for (struct patience p = patience_of(t, milliseconds); !stopped && is_patient(t, &p);) {
		struct buf value = { 0 };
		take(t, 10);
		terminal_status(t, "\nState:", &value);
		stopped = buf_text(&value)[0] == 'T';
		buf_free(&value);
	}
	return stopped;
}

bool file_read(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char bytes[4096];
	size_t n;

	if (f == NULL)
		return false;
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_add(out, bytes, n);
	fclose(f);
	return true;
}

bool file_write(const char *path, const struct buf *text)
{
	FILE *f = fopen(path, "we");
	bool written = f != NULL && fwrite(buf_text(text), 1, text->len, f) == text->len;

	return f != NULL && fclose(f) == 0 && written;
}
