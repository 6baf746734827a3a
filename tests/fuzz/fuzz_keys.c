/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_keys: any bytes as what a user types, on a terminal of our own: whatever it is, the program ends when it is told to, and what it sent
 * holds no foreign control. Time passes by itself and keys come when the program waits for them: poll(), clock_gettime() and set_escdelay()
 * below are the ones that it calls, by --wrap, and curses does not. 0xff and two bytes are a new size of the terminal. */
#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "plain.h"
#include "stream.h"
#include "ui/ui.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEYS_AT_ONCE = 8, IDLE_ROUNDS = 4, TICK_NS = 7000000 };

/* What the functions that stand in for the system's have no argument for. */
static struct {
	int master, home, folder; /* descriptors: the terminal's other end; where the fuzzer works; where the program does */
	const uint8_t *keys;
	size_t left;
	unsigned at_once, idle;
	int64_t clock;
	pthread_mutex_t lock;     /* of what the terminal got */
	pthread_cond_t more;      /* it got some */
	struct buf sent;
} world = { .master = -1, .home = -1, .folder = -1, .clock = 1, .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER };

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);
int __real_set_escdelay(int ms);
int __wrap_set_escdelay(int ms);

/* What follows an Esc at once is here when it is: curses need not wait for it. */
int __wrap_set_escdelay(int ms)
{
	return __real_set_escdelay(ms > 0 ? 0 : ms);
}

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
	(void)id;
	world.clock += TICK_NS;
	now->tv_sec = (time_t)(world.clock / 1000000000);
	now->tv_nsec = (long)(world.clock % 1000000000);
	return 0;
}

/* A terminal takes what it gets when it comes: a thread of its own, as the program may wait for that in the middle of its work. */
static void *take_sent(void *unused)
{
	char bytes[4096];
	(void)unused;
	for (ssize_t n; (n = read(world.master, bytes, sizeof bytes)) > 0;) {
		pthread_mutex_lock(&world.lock);
		buf_add(&world.sent, bytes, (size_t)n);
		pthread_cond_signal(&world.more);
		pthread_mutex_unlock(&world.lock);
	}
	return NULL;
}

/* A NUL, which the program never sends, comes after all that it sent. Keys wait for that: the system throws away what is under way to the
 * terminal when one is typed that may be a signal. */
static void await_sent(void)
{
	CHECK(write(STDOUT_FILENO, "", 1) == 1);
	pthread_mutex_lock(&world.lock);
	while (world.sent.len == 0 || world.sent.data[world.sent.len - 1] != '\0')
		pthread_cond_wait(&world.more, &world.lock);
	world.sent.len--;
	pthread_mutex_unlock(&world.lock);
}

static void resize(void)
{
	struct winsize size = { .ws_col = (unsigned short)(world.keys[1] + 1), .ws_row = (unsigned short)(world.keys[2] % 80 + 1) };
	ioctl(world.master, TIOCSWINSZ, &size);
	raise(SIGWINCH);
	world.keys += 3;
	world.left -= 3;
}

static void press(void)
{
	uint8_t bytes[KEYS_AT_ONCE];
	size_t n = 0;
	for (; n < world.at_once && world.left > 0 && world.keys[0] != 0xff; n++, world.left--) {
		uint8_t key = *world.keys++;
		bytes[n] = key == '/' ? '%' : key; /* a name to save to stays in this folder; % is the key of the filter here */
	}
	CHECK(n == 0 || write(world.master, bytes, n) == (ssize_t)n);
}

/* The program waits for its terminal and for signals: it gets the next keys, and at the end a signal. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (count < 2) /* a pipe of a capture */
		return __real_poll(fds, count, timeout);
	await_sent();
	if (world.left >= 3 && world.keys[0] == 0xff)
		resize();
	else if (world.left > 0 && world.keys[0] != 0xff)
		press();
	else if (++world.idle >= IDLE_ROUNDS)
		raise(SIGTERM);
	return __real_poll(fds, count, 0);
}

static void empty_folder(const char *name)
{
	DIR *folder = opendir(name);
	for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
		unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
}

/* A few connections: refused, reset, closed, and one with a long run of data. */
static struct session *open_flows(void)
{
	static const uint8_t syn[] = { 0, 1, 2, 0, 0, 0, 0, 9, 0, 64, 7, 1, 1, 0 }, answer[] = { 1, 9, 18, 0, 0, 0, 0, 9, 0, 50, 7, 1, 1, 0 };
	/* a request whose path and host want to be obeyed: an escape sequence, one of C1, a change of direction */
	static const uint8_t request[] = { 0, 1, 24, 0, 0, 0, 48, 9, 0, 64, 0, 0, 0, 0, 'G', 'E', 'T', ' ', '/', 27, '[', '6', '6', '6', 'z', ' ', 'H', 'T',
		'T', 'P', '/', '1', '.', '1', '\r', '\n', 'H', 'o', 's', 't', ':', ' ', 27, '[', '6', '6', '6', 'z', 0xc2, 0x9b, 0xe2, 0x80, 0xae, 0x7f, 8,
		'x', '\r', '\n', '\r', '\n', '\n', '\n' };
	static const uint8_t data[] = { 1, 5, 16, 0, 0, 0, 200, 9, 0, 50, 0, 0, 0, 0 }, reset[] = { 1, 9, 20, 0, 0, 0, 0, 9, 0, 50, 0, 0, 0, 0 };
	static const struct { const uint8_t *bytes; size_t n; } parts[] = {
		{ syn, sizeof syn }, { reset, sizeof reset }, { syn, sizeof syn }, { answer, sizeof answer }, { request, sizeof request },
		{ data, sizeof data }, { data, sizeof data }, { data, sizeof data }, { data, sizeof data }, { data, sizeof data }, { reset, sizeof reset },
	};
	struct buf steps = { 0 }, capture = { 0 }, error = { 0 };
	char name[40];
	for (unsigned flow = 0; flow < 8; flow++)
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
			size_t begin = steps.len;
			buf_add(&steps, parts[i].bytes, parts[i].n);
			steps.data[begin] = (char)(parts[i].bytes[0] | (flow & 3) << 1 | (flow & 4) << 1);
		}
	stream_capture((const uint8_t *)steps.data, steps.len, &capture);
	int fd = stream_file(capture.data, capture.len, name);
	struct session *s = session_open(name, NULL, &error);
	close(fd);
	buf_free(&steps);
	buf_free(&capture);
	buf_free(&error);
	return s;
}

static char folder[] = "/tmp/tcpwhy-keys-XXXXXX";

static void remove_folder(void)
{
	rmdir(folder);
}

static void begin(void)
{
	sigset_t set;
	/* Not the controlling terminal: its ^C would be ours. */
	world.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(mkdtemp(folder) != NULL && world.master >= 0 && grantpt(world.master) == 0 && unlockpt(world.master) == 0);
	int slave = open(ptsname(world.master), O_RDWR | O_NOCTTY), keys = open(ptsname(world.master), O_RDONLY | O_NOCTTY | O_NONBLOCK);
	world.home = open(".", O_PATH | O_CLOEXEC);
	atexit(remove_folder);
	world.folder = open(folder, O_PATH | O_CLOEXEC);
	setenv("XDG_CONFIG_HOME", folder, 1);
	setenv("HOME", folder, 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("TZ", "UTC", 1);
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL && dup2(keys, STDIN_FILENO) >= 0 && dup2(slave, STDOUT_FILENO) >= 0);
	close(slave);
	close(keys);
	/* A signal that comes when the program is already leaving waits until it is taken away. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pthread_t terminal;
	CHECK(pthread_create(&terminal, NULL, take_sent, NULL) == 0);
}

static void leave(void)
{
	static const struct timespec now = { 0 };
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGWINCH);
	while (sigtimedwait(&set, NULL, &now) > 0)
		continue;
	await_sent();
	tcflush(STDIN_FILENO, TCIOFLUSH);
	empty_folder("tcpwhy");
	rmdir("tcpwhy");
	empty_folder(".");
	CHECK(fchdir(world.home) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct winsize usual = { .ws_col = 80, .ws_row = 24 };
	struct settings settings;
	struct buf error = { 0 };
	if (world.master < 0)
		begin();
	if (size == 0)
		return 0;
	struct session *s = open_flows();
	ioctl(world.master, TIOCSWINSZ, &usual);
	world.at_once = 1 + data[0] % KEYS_AT_ONCE;
	world.keys = data + 1;
	world.left = size - 1;
	world.idle = 0;
	buf_clear(&world.sent);
	settings_init(&settings);
	CHECK(settings_set(&settings, "key.filter", "%", &error) && settings_set(&settings, "key.suspend", "", &error));
	CHECK(fchdir(world.folder) == 0);
	const struct ui_options options = { .settings = &settings };
	int status = ui_run(&s, 1, &options, &error);
	leave();
	CHECK((status == 0 || status == 128 + SIGTERM) && error.len == 0);
	CHECK(plain_until(buf_text(&world.sent), world.sent.len, "\a\b\t\n\r\016\017\033") == world.sent.len);
	CHECK(world.sent.len == 0 || memmem(world.sent.data, world.sent.len, "\033[666z", 6) == NULL);
	settings_free(&settings);
	session_close(s);
	buf_free(&error);
	return 0;
}
