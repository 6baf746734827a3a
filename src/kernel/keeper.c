/* SPDX-License-Identifier: GPL-3.0-or-later
 * keeper: a child that waits at the other end of a socket; when that closes, the program is gone. */
#include "kernel/keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/child.h"

enum {
	ANSWER_MS = 300,
	REMOVE_TRIES = 200, REMOVE_PAUSE_MS = 10, /* files of the instance are closed a moment after the program's end is seen */
	DESCRIPTORS_MOST = 1 << 20, TARGET_MOST = 64
};

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

/* Does one of the process's descriptors lead to the target? */
static bool holds_target(int process, const char *target)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	bool found = false;
	if (folder == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	unsigned n = 0;
	for (struct dirent *entry; !found && n < DESCRIPTORS_MOST && (entry = readdir(folder)) != NULL; n++) {
		char to[TARGET_MOST];
		ssize_t length = readlinkat(dirfd(folder), entry->d_name, to, sizeof to);
		found = length == (ssize_t)strlen(target) && memcmp(to, target, (size_t)length) == 0;
	}
	closedir(folder);
	return found;
}

static void read_comm(int process, char comm[KERNEL_COMM])
{
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, comm, KERNEL_COMM - 1) : 0;
	comm[n > 0 && comm[n - 1] == '\n' ? n - 1 : n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static void find_owner(uint64_t inode, struct keeper_owner *owner)
{
	DIR *all = opendir("/proc");
	struct buf target = { 0 };
	buf_printf(&target, "socket:[%llu]", (unsigned long long)inode);
	for (struct dirent *entry; all != NULL && !target.failed && owner->pid == 0 && (entry = readdir(all)) != NULL;) {
		char *end;
		unsigned long pid = strtoul(entry->d_name, &end, 10);
		int process = *end == '\0' && pid > 0 ? openat(dirfd(all), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		if (process < 0)
			continue;
		if (holds_target(process, buf_text(&target))) {
			owner->pid = (uint32_t)pid;
			read_comm(process, owner->comm);
		}
		close(process);
	}
	if (all != NULL)
		closedir(all);
	buf_free(&target);
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
	for (ssize_t n; (n = recv(fd, &inode, sizeof inode, 0)) > 0 || (n < 0 && errno == EINTR);) {
		struct keeper_owner owner = { .pid = 0 };
		if (n != (ssize_t)sizeof inode)
			continue;
		find_owner(inode, &owner);
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
