/* SPDX-License-Identifier: GPL-3.0-or-later
 * term: the terminal. */
#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "util/crash.h"
#include "util/text.h"

enum { ESC_DELAY_MS = 25, COPY_MOST = 74000 };

static const int watched[] = { SIGWINCH, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGCONT };

/* Sequences that terminals send whatever their terminfo entry says: PuTTY's and rxvt's Home and End above all. */
static const struct { const char *sequence; int code; } sequences[] = {
	{ "\033[1~", KEY_HOME }, { "\033[7~", KEY_HOME }, { "\033[H", KEY_HOME }, { "\033OH", KEY_HOME }, { "\033[4~", KEY_END },
	{ "\033[8~", KEY_END }, { "\033[F", KEY_END }, { "\033OF", KEY_END }, { "\033[A", KEY_UP }, { "\033OA", KEY_UP },
	{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN }, { "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT }, { "\033[D", KEY_LEFT },
	{ "\033OD", KEY_LEFT }, { "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE }, { "\033[3~", KEY_DC }, { "\033OP", KEY_F(1) },
	{ "\033[11~", KEY_F(1) }, { "\033[[A", KEY_F(1) },
};

static const struct { int code; const char *name; } names[] = {
	{ KEY_UP, "Up" }, { KEY_DOWN, "Down" }, { KEY_LEFT, "Left" }, { KEY_RIGHT, "Right" }, { KEY_PPAGE, "PgUp" }, { KEY_NPAGE, "PgDn" },
	{ KEY_HOME, "Home" }, { KEY_END, "End" }, { KEY_ENTER, "Enter" }, { KEY_BACKSPACE, "Backspace" }, { KEY_DC, "Delete" },
	{ KEY_F(1), "F1" }, { KEY_BTAB, "BackTab" },
};

/* What a crash writes to the terminal: end of the alternate screen, attributes, cursor, mouse, keypad: harmless where it does not apply. */
static const char restore[] = "\033[?1000l\033[?1002l\033[?1006l\033[?1049l\033[0m\033[?25h\033[?1l\033>\r\n"
	"tcpwhy crashed, and put the terminal back; if it looks odd: reset\r\n";

/* A signal handler gets no argument of ours, so this cannot be handed on: the terminal to put back, and how its line was set. Written before
 * crashes are watched for, never meanwhile. */
static struct {
	int fd;
	struct termios modes;
} crash = { .fd = -1 };

static void put_back(void)
{
	ssize_t ignored = write(crash.fd, restore, sizeof restore - 1);
	(void)ignored;
	tcsetattr(crash.fd, TCSANOW, &crash.modes);
}

static void watch_crashes(const struct term *t)
{
	if (tcgetattr(fileno(t->out), &crash.modes) != 0)
		return;
	crash.fd = fileno(t->out);
	crash_watch(put_back);
}

static bool same_terminal(int a, int b)
{
	unsigned int device_a, device_b;

	return ioctl(a, TIOCGDEV, &device_a) == 0 && ioctl(b, TIOCGDEV, &device_b) == 0 && device_a == device_b;
}

/* The keyboard under a description of our own, so that reading never blocks: curses waits in read() for the rest of a mouse report, and
 * half of one may have been pasted. (The shell's own description is not ours to change.) */
static FILE *open_keys(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && (!isatty(STDIN_FILENO) || same_terminal(fd, STDIN_FILENO)))
		return fdopen(fd, "r");
	if (fd >= 0)
		close(fd);
	return isatty(STDIN_FILENO) ? stdin : NULL;
}

static bool open_streams(struct term *t, struct buf *error)
{
	t->in = open_keys();
	t->own_in = t->in != NULL && t->in != stdin;
	t->out = isatty(STDOUT_FILENO) ? stdout : fopen("/dev/tty", "we");
	t->own_out = t->out != NULL && t->out != stdout;
	if (t->in != NULL && t->out != NULL)
		return true;
	buf_printf(error, "no terminal to show this on (/dev/tty: %s): --report gives it as text", strerror(errno));
	return false;
}

static void close_streams(struct term *t)
{
	crash_unwatch(put_back);
	if (t->own_in)
		fclose(t->in);
	if (t->own_out)
		fclose(t->out);
}

static bool watch_signals(struct term *t)
{
	sigset_t set, old;

	_Static_assert(sizeof old <= sizeof t->mask, "room for a signal mask");
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, &old);
	memcpy(t->mask, &old, sizeof old);
	t->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return t->signals >= 0;
}

static void unwatch_signals(struct term *t)
{
	sigset_t old;

	memcpy(&old, t->mask, sizeof old);
	/* When the terminal has gone its SIGHUP may come only now, and once more from the shell: what is left to do must not be cut off. */
	if (t->lost)
		signal(SIGHUP, SIG_IGN);
	if (t->signals >= 0) {
		while (term_signal(t) != 0)
			continue;
		close(t->signals);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* COLORFGBG ends with the background's number: 7 and 9 to 15 are light ones. */
static bool light_background(void)
{
	const char *value = getenv("COLORFGBG");
	const char *last = value != NULL ? strrchr(value, ';') : NULL;
	long background = last != NULL ? strtol(last + 1, NULL, 10) : 0;

	return background == 7 || background >= 9;
}

enum { COLOURS_AUTO, COLOURS_ALWAYS }; /* the values of CHOICE_COLOURS in their order; likewise below */
enum { BACKGROUND_AUTO, BACKGROUND_DARK, BACKGROUND_LIGHT };
enum { CHARACTERS_AUTO, CHARACTERS_ASCII, CHARACTERS_LINES };
enum { MOUSE_YES };

static bool want_colour(const struct settings *settings)
{
	const char *no_color = getenv("NO_COLOR");

	if (settings->choice[CHOICE_COLOURS] == COLOURS_AUTO)
		return no_color == NULL || *no_color == '\0';
	return settings->choice[CHOICE_COLOURS] == COLOURS_ALWAYS;
}

static void choose_screen(const struct settings *settings, struct screen *screen)
{
	int characters = settings->choice[CHOICE_CHARACTERS], background = settings->choice[CHOICE_BACKGROUND];
	bool utf8 = characters == CHARACTERS_AUTO && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	screen_init(screen, &settings->scheme, utf8, characters == CHARACTERS_LINES, want_colour(settings),
	            background == BACKGROUND_LIGHT || (background == BACKGROUND_AUTO && light_background()));
}

void term_apply(struct term *t, const struct settings *settings, struct screen *screen)
{
	choose_screen(settings, screen);
	term_mouse(t, settings->choice[CHOICE_MOUSE] == MOUSE_YES);
	term_redraw(t);
}

/* ^S is a key like others: what stops the output would also stop what ends the program, until a ^Q that nobody thinks of. */
static void stop_flow_control(const struct term *t)
{
	struct termios modes;

	if (tcgetattr(fileno(t->out), &modes) != 0)
		return;
	modes.c_iflag &= ~(tcflag_t)IXON;
	if (tcsetattr(fileno(t->out), TCSANOW, &modes) == 0)
		def_prog_mode();
}

static void set_modes(struct term *t, const struct settings *settings)
{
	set_escdelay(ESC_DELAY_MS);
	cbreak();
	noecho();
	nonl();
	stop_flow_control(t);
	curs_set(0);
	/* A pad, because reading a key from a window refreshes it. */
	t->keys = newpad(1, 1);
	keypad(t->keys, TRUE);
	nodelay(t->keys, TRUE);
	for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++)
		if (key_defined(sequences[i].sequence) == 0)
			define_key(sequences[i].sequence, sequences[i].code);
	mouseinterval(0);
	term_mouse(t, settings->choice[CHOICE_MOUSE] == MOUSE_YES);
}

static void *start_screen(struct term *t, struct buf *error)
{
	const char *name = getenv("TERM");
	void *screen = newterm(NULL, t->out, t->in);

	const char *cursor_address = screen != NULL ? tigetstr("cup") : NULL;
	if (cursor_address != NULL && cursor_address != (const char *)-1)
		return screen;
	if (screen != NULL) {
		endwin();
		delscreen(screen);
	}
	buf_printf(error, "cannot use a terminal of type \"%s\" (TERM): --report gives the same as text", name != NULL ? name : "");
	return NULL;
}

bool term_open(struct term *t, const struct settings *settings, struct screen *screen, struct buf *error)
{
	*t = (struct term){ .signals = -1 };
	if (!open_streams(t, error)) {
		close_streams(t);
		return false;
	}
	bool watching = watch_signals(t);
	if (!watching)
		buf_printf(error, "cannot watch signals: %s", strerror(errno));
	watch_crashes(t);
	t->screen = watching ? start_screen(t, error) : NULL;
	if (t->screen == NULL) {
		unwatch_signals(t);
		close_streams(t);
		return false;
	}
	set_modes(t, settings);
	choose_screen(settings, screen);
	return true;
}

void term_close(struct term *t)
{
	mousemask(0, NULL);
	endwin();
	delwin(t->keys);
	delscreen(t->screen);
	unwatch_signals(t);
	close_streams(t);
}

int term_fd(const struct term *t)
{
	return fileno(t->in);
}

bool term_has_input(const struct term *t)
{
	int bytes = 0;

	return ioctl(fileno(t->in), FIONREAD, &bytes) == 0 && bytes > 0;
}

static void name_of_code(int code, struct buf *name)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].code == code)
			buf_puts(name, names[i].name);
}

static void name_of_character(wint_t c, struct buf *name)
{
	static const struct { wint_t c; const char *name; } special[] = {
		{ ' ', "Space" }, { 27, "Esc" }, { '\r', "Enter" }, { '\n', "Enter" }, { '\t', "Tab" }, { 127, "Backspace" }, { 8, "Backspace" },
	};
	char bytes[MB_LEN_MAX];
	mbstate_t state = { 0 };

	for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
		if (special[i].c == c) {
			buf_puts(name, special[i].name);
			return;
		}
	if (c < 32) {
		buf_putc(name, '^');
		buf_putc(name, (char)(c + '@'));
		return;
	}
	size_t n = wcrtomb(bytes, (wchar_t)c, &state);
	if (n == (size_t)-1)
		return;
	text_add_printable(name, bytes, n);
	/* What is pasted may hold controls or directional marks: they are no keys. */
	if (name->len != n || memcmp(buf_text(name), bytes, n) != 0)
		buf_clear(name);
}

static enum term_event read_mouse(struct term_mouse *mouse)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return TERM_NOTHING;
	mouse->y = event.y;
	mouse->x = event.x;
	mouse->button = (event.bstate & BUTTON4_PRESSED) != 0 ? BUTTON_UP : (event.bstate & BUTTON5_PRESSED) != 0 ? BUTTON_DOWN : BUTTON_CLICK;
	return TERM_MOUSE;
}

enum term_event term_next(struct term *t, struct buf *name, struct term_mouse *mouse)
{
	for (;;) {
		wint_t c = 0;
		int kind = wget_wch(t->keys, &c);
		if (kind == ERR)
			return TERM_NOTHING;
		if (kind == KEY_CODE_YES && c == KEY_MOUSE) {
			if (read_mouse(mouse) == TERM_MOUSE)
				return TERM_MOUSE;
			continue;
		}
		buf_clear(name);
		if (kind == KEY_CODE_YES)
			name_of_code((int)c, name);
		else
			name_of_character(c, name);
		if (name->len > 0)
			return TERM_KEY;
	}
}

int term_signal(struct term *t)
{
	struct signalfd_siginfo info;

	return read(t->signals, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

bool term_resize(struct term *t)
{
	struct winsize size;

	if (ioctl(fileno(t->out), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return false;
	if (size.ws_row == LINES && size.ws_col == COLS)
		return false;
	return resizeterm(size.ws_row, size.ws_col) == OK;
}

void term_suspend(struct term *t)
{
	endwin();
	raise(SIGSTOP);
	term_resize(t);
	term_redraw(t);
}

void term_mouse(struct term *t, bool take)
{
	t->mouse = take;
	mousemask(take ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

void term_redraw(struct term *t)
{
	(void)t;
	clearok(stdscr, TRUE);
}

void term_refresh(struct term *t)
{
	(void)t;
	wnoutrefresh(stdscr);
	doupdate();
}

static void add_base64(struct buf *out, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned long three = (unsigned long)bytes[i] << 16;
		if (i + 1 < n)
			three |= (unsigned long)bytes[i + 1] << 8;
		if (i + 2 < n)
			three |= bytes[i + 2];
		buf_putc(out, digits[three >> 18 & 63]);
		buf_putc(out, digits[three >> 12 & 63]);
		buf_putc(out, i + 1 < n ? digits[three >> 6 & 63] : '=');
		buf_putc(out, i + 2 < n ? digits[three & 63] : '=');
	}
}

bool term_copy(struct term *t, const char *text, size_t n)
{
	struct buf out = { 0 };
	/* GNU screen passes on only what is wrapped in a device control string. */
	const char *name = getenv("TERM");
	bool wrap = name != NULL && strncmp(name, "screen", 6) == 0 && getenv("TMUX") == NULL;
	bool sent = false;

	if (n > COPY_MOST)
		return false;
	buf_puts(&out, wrap ? "\033P\033]52;c;" : "\033]52;c;");
	add_base64(&out, (const unsigned char *)text, n);
	buf_puts(&out, wrap ? "\a\033\\" : "\a");
	for (size_t at = 0; !out.failed && at < out.len;) {
		ssize_t written = write(fileno(t->out), out.data + at, out.len - at);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break;
		at += (size_t)written;
		sent = at == out.len;
	}
	buf_free(&out);
	return sent;
}

void term_library(struct buf *out)
{
	buf_puts(out, curses_version());
}
