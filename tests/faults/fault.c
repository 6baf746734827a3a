/* SPDX-License-Identifier: GPL-3.0-or-later
 * fault: the system's calls as tcpwhy makes them, of which some fail. Linked with --wrap, so that libraries get what they ask for: what is
 * tested is what tcpwhy makes of it. FAULT in the environment:
 *
 *     alloc:N    the Nth allocation fails        alloc:N+   and all after it
 *     disk:N     no file grows beyond N bytes
 *     eintr      every other call that may be interrupted is
 *     short      reads and writes are of a few bytes
 *
 * FAULT_COUNT names a file that gets the number of allocations. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

enum { SHORT_MOST = 5 };

static struct {
	unsigned long calls, nth, interruptible;
	bool all_after, eintr, brief;
} fault;

__attribute__((constructor)) static void begin(void)
{
	const char *what = getenv("FAULT");
	if (what == NULL)
		return;
	const char *number = strchr(what, ':');
	unsigned long n = number != NULL ? strtoul(number + 1, NULL, 10) : 0;
	if (strncmp(what, "alloc:", 6) == 0) {
		fault.nth = n;
		fault.all_after = what[strlen(what) - 1] == '+';
	} else if (strncmp(what, "disk:", 5) == 0) {
		const struct rlimit limit = { n, n };
		setrlimit(RLIMIT_FSIZE, &limit);
	}
	fault.eintr = strcmp(what, "eintr") == 0;
	fault.brief = strcmp(what, "short") == 0;
}

__attribute__((destructor)) static void end(void)
{
	const char *name = getenv("FAULT_COUNT");
	FILE *f = name != NULL ? fopen(name, "w") : NULL;
	if (f == NULL)
		return;
	fprintf(f, "%lu\n", fault.calls);
	fclose(f);
}

/* --- memory --- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *s);

static bool refused(void)
{
	fault.calls++;
	bool fails = fault.nth != 0 && (fault.calls == fault.nth || (fault.all_after && fault.calls > fault.nth));
	if (fails)
		errno = ENOMEM;
	return fails;
}

void *__wrap_malloc(size_t n)
{
	return refused() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return refused() ? NULL : __real_realloc(p, n);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return refused() ? NULL : __real_reallocarray(p, n, size);
}

char *__wrap_strdup(const char *s)
{
	return refused() ? NULL : __real_strdup(s);
}

/* --- input and output --- */

ssize_t __real_read(int fd, void *to, size_t n);
ssize_t __real_pread(int fd, void *to, size_t n, off_t at);
ssize_t __real_pwrite(int fd, const void *from, size_t n, off_t at);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
ssize_t __wrap_read(int fd, void *to, size_t n);
ssize_t __wrap_pread(int fd, void *to, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *from, size_t n, off_t at);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

static bool interrupted(void)
{
	bool now = fault.eintr && fault.interruptible++ % 2 == 0;
	if (now)
		errno = EINTR;
	return now;
}

static size_t some(size_t n)
{
	return fault.brief && n > SHORT_MOST ? 1 + n % SHORT_MOST : n;
}

ssize_t __wrap_read(int fd, void *to, size_t n)
{
	if (interrupted())
		return -1;
	ssize_t got = __real_read(fd, to, some(n));
	return got < 0 && errno == EINVAL ? __real_read(fd, to, n) : got; /* what gives all or nothing: signalfd(2) */
}

ssize_t __wrap_pread(int fd, void *to, size_t n, off_t at)
{
	return interrupted() ? -1 : __real_pread(fd, to, some(n), at);
}

ssize_t __wrap_pwrite(int fd, const void *from, size_t n, off_t at)
{
	return interrupted() ? -1 : __real_pwrite(fd, from, some(n), at);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	return interrupted() ? -1 : __real_poll(fds, count, timeout);
}
