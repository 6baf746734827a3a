/* SPDX-License-Identifier: GPL-3.0-or-later
 * keeper: a child that waits at the other end of a socket; when that closes, the program is gone. */
#include "kernel/keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/array.h"
#include "util/child.h"
#include "util/clock.h"

enum {
	ANSWER_MS = 300,
	REMOVE_TRIES = 200, REMOVE_PAUSE_MS = 10, /* files of the instance are closed a moment after the program's end is seen */
	HELD_MOST = 1 << 22, TARGET_MOST = 64
};

/* The walk takes some milliseconds on a busy machine: not more often than that. */
#define GATHER_NS INT64_C(2000000000)

struct keeper {
	pid_t pid;
	int fd;
};

/* --- the child --- */

static void pause_ms(int ms)
{
	const struct timespec t = { .tv_nsec = (long)ms * 1000000 };
	nanosleep(&t, NULL);
}

static void remove_instance(int instances, const char *name)
{
	for (int i = 0; instances >= 0 && i < REMOVE_TRIES; i++) {
		if (unlinkat(instances, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
			return;
		pause_ms(REMOVE_PAUSE_MS);
	}
}

/* Who holds which socket: one walk through all processes answers many questions. */
struct held {
	uint64_t inode;
	uint32_t pid;
};

struct holders {
	struct held *held;      /* by inode, once sorted */
	size_t count, room;
	int64_t at;             /* clock_ns() when they were gathered; 0 = were not */
};

/* "socket:[4711]" */
static bool read_target(const char *target, size_t n, uint64_t *inode)
{
	static const char begin[] = "socket:[";
	size_t skip = sizeof begin - 1;
	*inode = 0;
	if (n < skip + 2 || memcmp(target, begin, skip) != 0 || target[n - 1] != ']')
		return false;
	for (size_t i = skip; i < n - 1 && *inode < UINT32_MAX * UINT64_C(1000); i++)
		*inode = *inode * 10 + (uint64_t)(target[i] - '0');
	return *inode != 0;
}

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (folder == NULL && fd >= 0)
		close(fd);
	return folder;
}

static void gather_process(struct holders *h, int process, uint32_t pid)
{
	DIR *folder = open_folder(process, "fd");
	for (struct dirent *entry; folder != NULL && h->count < HELD_MOST && (entry = readdir(folder)) != NULL;) {
		char to[TARGET_MOST];
		struct held held = { .pid = pid };
		ssize_t n = readlinkat(dirfd(folder), entry->d_name, to, sizeof to);
		if (n <= 0 || !read_target(to, (size_t)n, &held.inode))
			continue;
		struct held *all = array_grow(h->held, h->count, &h->room, sizeof *all, 1024);
		if (all == NULL)
			break;
		h->held = all;
		h->held[h->count++] = held;
	}
	if (folder != NULL)
		closedir(folder);
}

static int compare_held(const void *a, const void *b)
{
	const struct held *x = a, *y = b;
	return x->inode != y->inode ? (x->inode < y->inode ? -1 : 1) : x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void gather(struct holders *h)
{
	DIR *all = opendir("/proc");
	h->count = 0;
	for (struct dirent *entry; all != NULL && (entry = readdir(all)) != NULL;) {
		char *end;
		unsigned long pid = strtoul(entry->d_name, &end, 10);
		int process = *end == '\0' && pid > 0 ? openat(dirfd(all), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		if (process < 0)
			continue;
		gather_process(h, process, (uint32_t)pid);
		close(process);
	}
	if (all != NULL)
		closedir(all);
	if (h->count > 0)
		qsort(h->held, h->count, sizeof *h->held, compare_held);
	h->at = clock_ns();
}

static void read_comm(uint32_t pid, char comm[KERNEL_COMM])
{
	char name[32];
	snprintf(name, sizeof name, "/proc/%u/comm", (unsigned)pid);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, comm, KERNEL_COMM - 1) : 0;
	comm[n > 0 && comm[n - 1] == '\n' ? n - 1 : n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* The process that has held it longest, by its number. */
static void find_owner(struct holders *h, uint64_t inode, struct keeper_owner *owner)
{
	if (h->at == 0 || clock_ns() - h->at > GATHER_NS)
		gather(h);
	size_t low = 0, high = h->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (h->held[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == h->count || h->held[low].inode != inode)
		return;
	owner->pid = h->held[low].pid;
	read_comm(owner->pid, owner->comm);
}

/* It may look at other users' processes, and being root remove what is root's; nothing else. */
static void give_up_the_rest(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct few[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	few[0].permitted = few[0].effective = 1u << CAP_SYS_PTRACE | 1u << CAP_DAC_READ_SEARCH;
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)syscall(SYS_capset, &header, few);
}

static _Noreturn void serve(int fd, int instances, const char *name)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGWINCH };
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	(void)setsid();
	(void)prctl(PR_SET_NAME, "tcpwhy-keeper");
	(void)chdir("/");
	child_keep((const int[]){ fd, instances }, 2);
	fd = CHILD_FIRST_FD;
	instances = instances >= 0 ? CHILD_FIRST_FD + 1 : -1;
	give_up_the_rest();
	uint64_t inode;
	struct holders holders = { .count = 0 };
	for (ssize_t n; (n = recv(fd, &inode, sizeof inode, 0)) > 0 || (n < 0 && errno == EINTR);) {
		struct keeper_owner owner = { .pid = 0 };
		if (n != (ssize_t)sizeof inode)
			continue;
		find_owner(&holders, inode, &owner);
		(void)send(fd, &owner, sizeof owner, MSG_NOSIGNAL);
	}
	remove_instance(instances, name);
	_exit(0);
}

/* --- the program --- */

struct keeper *keeper_start(int instances, const char *name)
{
	int pair[2];
	struct keeper *k = calloc(1, sizeof *k);
	if (k == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		free(k);
		return NULL;
	}
	k->fd = pair[0];
	k->pid = fork();
	if (k->pid == 0)
		serve(pair[1], instances, name);
	int why = errno;
	close(pair[1]);
	if (k->pid > 0)
		return k;
	close(pair[0]);
	free(k);
	errno = why;
	return NULL;
}

void keeper_stop(struct keeper *k)
{
	if (k == NULL)
		return;
	close(k->fd);
	for (int i = 0; i < REMOVE_TRIES && waitpid(k->pid, NULL, WNOHANG) == 0; i++)
		pause_ms(REMOVE_PAUSE_MS);
	free(k);
}

/* An answer that came too late for the question before is thrown away. */
bool keeper_owner(struct keeper *k, uint64_t inode, struct keeper_owner *owner)
{
	struct keeper_owner late;
	struct pollfd ready = { .fd = k->fd, .events = POLLIN };
	while (recv(k->fd, &late, sizeof late, MSG_DONTWAIT) > 0)
		;
	if (send(k->fd, &inode, sizeof inode, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)sizeof inode || poll(&ready, 1, ANSWER_MS) != 1)
		return false;
	bool good = recv(k->fd, owner, sizeof *owner, MSG_DONTWAIT) == (ssize_t)sizeof *owner;
	owner->comm[KERNEL_COMM - 1] = '\0';
	return good;
}
