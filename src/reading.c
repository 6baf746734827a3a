/* SPDX-License-Identifier: GPL-3.0-or-later
 * reading: slices of the capture, between which signals and the report have their turn. */
#include "reading.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "session/resolver.h"
#include "util/clock.h"
#include "util/text.h"

#define SLICE_NS INT64_C(100000000)
#define REPORT_NS INT64_C(1000000000)
#define NAMES_NS INT64_C(3000000000)

enum { NAMES_MOST = 4096 }; /* flows, the first, whose ends are asked for */

struct signals {
	int fd;        /* -1: none are waited for */
	sigset_t set, before;
};

/* A plain file ends by itself, and ^C ends the program as usual. */
static void signals_begin(struct signals *signals, const struct session *s)
{
	signals->fd = -1;
	if (session_fd(s) < 0 && session_timeout(s) < 0)
		return;
	sigemptyset(&signals->set);
	sigaddset(&signals->set, SIGINT);
	sigaddset(&signals->set, SIGTERM);
	sigaddset(&signals->set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &signals->set, &signals->before) != 0)
		return;
	signals->fd = signalfd(-1, &signals->set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals->fd < 0)
		sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

/* The signal that came is taken; another one then has its usual effect. */
static void signals_end(struct signals *signals)
{
	struct signalfd_siginfo came;
	if (signals->fd < 0)
		return;
	while (read(signals->fd, &came, sizeof came) == (ssize_t)sizeof came)
		;
	close(signals->fd);
	signals->fd = -1;
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

/* What the session has to say beyond the first *said bytes. */
static void say_news(const struct session *s, size_t *said)
{
	const char *all = session_warning(s);
	struct buf line = { 0 };
	size_t n = strlen(all), from = *said < n ? *said : 0; /* it is another and shorter one when memory for it ran out */
	if (n == *said)
		return;
	const char *what = from > 0 && strncmp(all + from, "; ", 2) == 0 ? all + from + 2 : all + from;
	*said = n;
	text_add_printable(&line, session_name(s), strlen(session_name(s)));
	fprintf(stderr, "tcpwhy: %s: %s\n", buf_text(&line), what);
	buf_free(&line);
}

/* Waits for input, a signal or the time. True: a signal came. */
static bool wait_for_more(const struct session *s, const struct signals *signals, enum session_status status)
{
	struct pollfd fds[] = { { .fd = signals->fd, .events = POLLIN }, { .fd = session_fd(s), .events = POLLIN } };
	int timeout = session_timeout(s);
	if (status == SESSION_MORE)
		timeout = 0;
	else if (timeout < 0)
		timeout = fds[1].fd < 0 ? 10 : REPORT_NS / 1000000; /* a pipe has nothing: what came of it before is to be written */
	poll(fds, status == SESSION_MORE ? 1 : 2, timeout);
	return (fds[0].revents & POLLIN) != 0;
}

bool reading_run(struct session *s, struct report *report, struct buf *error)
{
	struct signals signals;
	size_t said = 0;
	int64_t due = clock_ns() + REPORT_NS;
	bool good = true, stop = false;
	if (report != NULL)
		session_watch(s, report_let_go, report);
	signals_begin(&signals, s);
	for (enum session_status status; !stop && good && (status = session_read(s, SLICE_NS)) != SESSION_END;) {
		say_news(s, &said);
		if (clock_ns() >= due) {
			due = clock_ns() + REPORT_NS;
			session_flush(s);
			good = report == NULL || session_timeout(s) < 0 || report_meanwhile(report, s, error);
		}
		stop = wait_for_more(s, &signals, status);
	}
	signals_end(&signals);
	session_watch(s, NULL, NULL);
	session_stop(s);
	say_news(s, &said);
	return good;
}

static bool want_names(struct session *s)
{
	const struct flow_table *table = session_flows(s);
	uint32_t first = flow_table_first(table), count = flow_table_count(table);
	bool all = true;
	for (uint32_t i = first; i < count && i < first + NAMES_MOST; i++)
		all = session_want_names(s, flow_table_get(table, i)) && all;
	return all;
}

void reading_names(struct session *s, struct resolver *resolver)
{
	int64_t end = clock_ns() + NAMES_NS, now;
	while (!want_names(s) && (now = clock_ns()) < end) {
		struct pollfd fd = { .fd = resolver_fd(resolver), .events = POLLIN };
		if (poll(&fd, 1, (int)((end - now) / 1000000) + 1) > 0)
			resolver_take(resolver);
	}
}
