/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool_folder: nothing in it is trusted before it is known whose it is. */
#include "capture/spool_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "capture/privilege.h"
#include "util/text.h"

enum { MAGIC = 0x7470a91e, VERSION = 1, ENTRIES_MOST = 1024 };

_Static_assert(sizeof(struct spool_head) == SPOOL_HEAD_SIZE, "a head is written as it is in memory");

struct spool_head spool_head_of(const char *source)
{
	struct spool_head head = { .magic = MAGIC, .version = VERSION, .begin = SPOOL_HEAD_SIZE };
	size_t n = strlen(source);
	memcpy(head.source, source, n < sizeof head.source ? n : sizeof head.source - 1);
	return head;
}

bool spool_is_magic(const uint8_t magic[4])
{
	const uint32_t own = MAGIC;
	return memcmp(magic, &own, sizeof own) == 0;
}

bool spool_parse_head(const uint8_t *bytes, struct spool_head *head)
{
	memcpy(head, bytes, sizeof *head);
	return head->magic == MAGIC && head->version == VERSION && head->begin >= SPOOL_HEAD_SIZE && head->begin < INT64_MAX &&
	       memchr(head->source, '\0', sizeof head->source) != NULL;
}

static void name_folder(struct buf *path)
{
	const char *temporary = getenv("TMPDIR");
	buf_clear(path);
	buf_puts(path, temporary != NULL && temporary[0] != '\0' ? temporary : "/var/tmp");
	buf_printf(path, "/tcpwhy-%u", (unsigned)geteuid());
}

/* What stands in memory would be in the way of the program that was killed for want of it. */
static bool is_memory(int fd)
{
	struct statfs status;
	return fstatfs(fd, &status) != 0 || (unsigned long)status.f_type == TMPFS_MAGIC || (unsigned long)status.f_type == RAMFS_MAGIC;
}

static int open_folder(const char *path, bool make, struct buf *note)
{
	struct stat status;
	bool there = !make || mkdir(path, 0700) == 0 || errno == EEXIST;
	int fd = there ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	bool own = fd >= 0 && fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 077) == 0;
	if (own && !is_memory(fd))
		return fd;
	if (there && !own) {
		text_add_printable(note, path, strlen(path));
		buf_puts(note, " is not a folder of this user alone: packets are kept only as long as the program runs");
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

bool spool_folder_enter(struct spool_folder *f, bool make, struct buf *note)
{
	*f = (struct spool_folder){ .fd = -1 };
	name_folder(&f->path);
	if (f->path.failed || !privilege_step_aside(f->path.data, &f->aside))
		return false;
	name_folder(&f->path);
	if (!f->path.failed)
		f->fd = open_folder(f->path.data, make, note);
	return f->fd >= 0;
}

void spool_folder_leave(struct spool_folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	privilege_step_back(f->aside);
	buf_free(&f->path);
}

/* The file is locked here, so no program is still writing to it. */
static void take(const struct spool_folder *f, int fd, const char *name, struct spool_left *left)
{
	struct stat status;
	uint8_t bytes[SPOOL_HEAD_SIZE];
	struct spool_head head;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid())
		return;
	if (status.st_size <= SPOOL_HEAD_SIZE) {
		(void)unlinkat(f->fd, name, 0);
		return;
	}
	if (pread(fd, bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes || !spool_parse_head(bytes, &head) ||
	    (uint64_t)status.st_size <= head.begin)
		return;
	left->room += (uint64_t)status.st_blocks * 512;
	left->bytes += (uint64_t)status.st_size - head.begin;
	if (left->count++ > 0 && left->time >= status.st_mtime)
		return;
	left->time = status.st_mtime;
	left->head = head;
	buf_clear(&left->name);
	buf_puts(&left->name, name);
}

void spool_folder_look(const struct spool_folder *f, struct spool_left *left)
{
	*left = (struct spool_left){ 0 };
	int own = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = own >= 0 ? fdopendir(own) : NULL;
	struct dirent *entry;
	for (unsigned n = 0; folder != NULL && n < ENTRIES_MOST && (entry = readdir(folder)) != NULL; n++) {
		if (strncmp(entry->d_name, SPOOL_PREFIX, strlen(SPOOL_PREFIX)) != 0)
			continue;
		int fd = openat(f->fd, entry->d_name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			take(f, fd, entry->d_name, left);
		if (fd >= 0)
			close(fd);
	}
	if (folder != NULL)
		closedir(folder);
	else if (own >= 0)
		close(own);
}

void spool_left_free(struct spool_left *left)
{
	buf_free(&left->name);
}
