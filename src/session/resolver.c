/* SPDX-License-Identifier: GPL-3.0-or-later
 * resolver: the process that asks, and the cache of what it answered. Questions are addresses, answers an address and its name, a packet
 * each over a socket; a question that the socket has no room for is asked again the next time. */
#ifdef HAVE_CONFIG_H
#include "config.h" /* _GNU_SOURCE */
#endif

#include "session/resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "session/hostnames.h"
#include "util/child.h"

enum { ADDRESS = 16, NAME_MOST = 255 };

struct resolver {
	int fd;                   /* -1: the process has gone */
	pid_t pid;
	struct hostnames asked;   /* all without a name: what was asked for */
	struct hostnames known;
};

/* --- the process --- */

/* Appends the address's name, if it has one, to the answer; returns its length. Blocks. */
static size_t look_up(const uint8_t address[ADDRESS], char name[NI_MAXHOST])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	bool is_v4 = memcmp(address, mapped, sizeof mapped) == 0;
	memcpy(&v4.sin_addr, address + 12, 4);
	memcpy(&v6.sin6_addr, address, 16);
	const struct sockaddr *a = is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
	socklen_t size = is_v4 ? sizeof v4 : sizeof v6;
	return getnameinfo(a, size, name, NI_MAXHOST, NULL, 0, NI_NAMEREQD) == 0 ? strlen(name) : 0;
}

static _Noreturn void serve(void)
{
	uint8_t message[ADDRESS + NI_MAXHOST];
	/* one try of two seconds: a name is a convenience; glibc and others read this (resolv.conf(5)) */
	setenv("RES_OPTIONS", "timeout:2 attempts:1", 1);
	while (recv(CHILD_FIRST_FD, message, ADDRESS, 0) == ADDRESS) {
		size_t n = look_up(message, (char *)message + ADDRESS);
		if (send(CHILD_FIRST_FD, message, ADDRESS + (n < NAME_MOST ? n : NAME_MOST), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

static _Noreturn void be_the_process(int fd)
{
	/* ^C and the like are for the program; this ends when the other end of the socket is closed, or with it. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
#if defined(__linux__)
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	child_keep(&fd, 1);
	serve();
}

/* --- the program's end of it --- */

static bool start(struct resolver *r)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		return false;
	r->pid = fork();
	if (r->pid == 0)
		be_the_process(ends[1]);
	close(ends[1]);
	r->fd = ends[0];
	return r->pid > 0 && fcntl(r->fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(r->fd, F_SETFD, FD_CLOEXEC) == 0;
}

struct resolver *resolver_new(struct buf *error)
{
	struct resolver *r = calloc(1, sizeof *r);
	if (r != NULL) {
		r->fd = -1;
		if (start(r))
			return r;
	}
	buf_printf(error, "names cannot be looked up: %s; without -N addresses are shown as they are", strerror(errno));
	resolver_free(r);
	return NULL;
}

void resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	if (r->pid > 0) { /* it may be waiting for a name server */
		kill(r->pid, SIGKILL);
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	hostnames_free(&r->asked);
	hostnames_free(&r->known);
	free(r);
}

bool resolver_want(struct resolver *r, const uint8_t address[16])
{
	const char *name;
	if (r->fd < 0 || hostnames_get(&r->known, address, &name))
		return true;
	if (hostnames_get(&r->asked, address, &name))
		return false;
	if (send(r->fd, address, ADDRESS, MSG_NOSIGNAL) == ADDRESS)
		hostnames_put(&r->asked, address, "", 0);
	return false;
}

const char *resolver_name(const struct resolver *r, const uint8_t address[16])
{
	const char *name;
	return hostnames_get(&r->known, address, &name) ? name : NULL;
}

int resolver_fd(const struct resolver *r)
{
	return r->fd;
}

bool resolver_take(struct resolver *r)
{
	uint8_t message[ADDRESS + NAME_MOST];
	ssize_t n = -1;
	bool any = false;
	while (r->fd >= 0 && (n = recv(r->fd, message, sizeof message, 0)) >= ADDRESS) {
		hostnames_put(&r->known, message, (const char *)message + ADDRESS, (size_t)n - ADDRESS);
		any = true;
	}
	if (r->fd >= 0 && n >= 0) { /* the end: the process has gone */
		close(r->fd);
		r->fd = -1;
	}
	return any;
}
