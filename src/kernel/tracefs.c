/* SPDX-License-Identifier: GPL-3.0-or-later
 * tracefs: finding it, its files. */
#include "kernel/tracefs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { FSCONFIG_CMD_CREATE_ = 6 /* enum fsconfig_command of linux/mount.h, which older headers lack */, PART = 4096 };

/* fsopen, fsconfig, fsmount: Linux 5.2. The mount is in no namespace and goes with its descriptor. */
static int mount_unseen(void)
{
#if defined(SYS_fsopen) && defined(SYS_fsconfig) && defined(SYS_fsmount)
	int context = (int)syscall(SYS_fsopen, "tracefs", 1u /* FSOPEN_CLOEXEC */), mounted = -1;
	if (context < 0)
		return -1;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE_, NULL, NULL, 0) == 0)
		mounted = (int)syscall(SYS_fsmount, context, 1u /* FSMOUNT_CLOEXEC */, 0u);
	int why = errno;
	close(context);
	errno = why;
	return mounted;
#else
	errno = ENOSYS;
	return -1;
#endif
}

static int find_mounted(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct statfs status;
		int fd = open(places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && fstatfs(fd, &status) == 0 && status.f_type == TRACEFS_MAGIC)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

int tracefs_instances(void)
{
	int root = find_mounted();
	root = root >= 0 ? root : mount_unseen();
	if (root < 0)
		return -1;
	int instances = openat(root, "instances", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int why = errno;
	close(root);
	errno = why;
	return instances;
}

void tracefs_reap(int instances, const char *prefix)
{
	int fd = openat(instances, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (folder == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			(void)unlinkat(instances, entry->d_name, AT_REMOVEDIR);
	closedir(folder);
}

bool tracefs_get(int folder, const char *path, size_t most, struct buf *out)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;
	for (size_t all = 0; fd >= 0 && all < most; all += (size_t)n) {
		char part[PART];
		n = read(fd, part, sizeof part < most - all ? sizeof part : most - all);
		if (n <= 0)
			break;
		buf_add(out, part, (size_t)n);
	}
	int why = errno;
	if (fd >= 0)
		close(fd);
	errno = why;
	return fd >= 0 && n >= 0 && !out->failed;
}

bool tracefs_put(int folder, const char *path, const char *word)
{
	int fd = openat(folder, path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, word, strlen(word)) == (ssize_t)strlen(word);
	int why = errno;
	if (fd >= 0)
		close(fd);
	errno = why;
	return good;
}
