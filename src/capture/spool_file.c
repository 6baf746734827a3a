/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool_file: names that are taken away again, whatever ends the program, as long as it can still do something. */
#include "capture/spool_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capture/spool_folder.h"
#include "util/crash.h"
#include "util/text.h"

enum { FILES_MOST = 16, TRIES = 64 };

static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE };

/* A signal handler gets no argument of ours, so this cannot be handed on: the files to remove. An entry is filled in before it is `used`, and
 * not changed until it no longer is. */
static struct {
	int folder;
	struct kept {
		volatile sig_atomic_t used;
		int fd;
		char *name;     /* in the folder */
		char *words;    /* for a crash */
	} files[FILES_MOST];
} own = { .folder = -1 };

/* --- in signal handlers: only calls that POSIX allows there --- */

static void remove_file(const struct kept *file)
{
	if (unlinkat(own.folder, file->name, 0) != 0 && ftruncate(file->fd, 0) != 0)
		return; /* then the next start offers it */
}

static void on_end(int signo)
{
	for (size_t i = 0; i < FILES_MOST; i++)
		if (own.files[i].used)
			remove_file(&own.files[i]);
	raise(signo);
}

static void on_crash(void)
{
	for (size_t i = 0; i < FILES_MOST; i++) {
		const struct kept *file = &own.files[i];
		if (file->used && lseek(file->fd, 0, SEEK_END) > SPOOL_HEAD_SIZE && write(STDERR_FILENO, file->words, strlen(file->words)) < 0)
			return;
	}
}

/* --- */

static void watch(void)
{
	const struct sigaction action = { .sa_handler = on_end, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };
	crash_watch(on_crash);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct sigaction old;
		if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(ends[i], &action, NULL);
	}
}

static void unwatch(void)
{
	crash_unwatch(on_crash);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct sigaction old;
		if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler == on_end)
			signal(ends[i], SIG_DFL);
	}
}

static bool is_any_used(void)
{
	for (size_t i = 0; i < FILES_MOST; i++)
		if (own.files[i].used)
			return true;
	return false;
}

/* Who looks through the folder may have taken a file that is not locked yet for one that was left: then it is gone, and another is made. */
static int create(int folder, struct buf *name)
{
	char when[32];
	const time_t now = time(NULL);
	struct tm parts;
	struct stat status;
	if (gmtime_r(&now, &parts) == NULL || strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &parts) == 0)
		return -1;
	for (unsigned i = 0; i < TRIES; i++) {
		buf_clear(name);
		buf_printf(name, SPOOL_PREFIX "%s-%ld-%u", when, (long)getpid(), i);
		int fd = name->failed ? -1 : openat(folder, name->data, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && (name->failed || errno != EEXIST))
			return -1;
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &status) == 0 && status.st_nlink > 0)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static char *crash_words(const struct buf *path, const char *name)
{
	struct buf words = { 0 };
	buf_puts(&words, "tcpwhy: the packets are left in ");
	text_add_printable(&words, buf_text(path), path->len);
	buf_printf(&words, "/%s, which tcpwhy reads\n", name);
	if (words.failed)
		buf_free(&words);
	return words.data;
}

/* Takes up fd of this name, which is the caller's again where that fails. */
static bool take_up(const struct spool_folder *f, int fd, const char *name, const char *source)
{
	const struct spool_head head = spool_head_of(source);
	struct kept *file = own.files;
	while (file < own.files + FILES_MOST && file->used)
		file++;
	if (file == own.files + FILES_MOST || pwrite(fd, &head, sizeof head, 0) != (ssize_t)sizeof head)
		return false;
	file->fd = fd;
	file->name = strdup(name);
	file->words = crash_words(&f->path, name);
	if (own.folder < 0)
		own.folder = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	if (file->name != NULL && file->words != NULL && own.folder >= 0) {
		file->used = 1;
		watch();
		return true;
	}
	free(file->name);
	free(file->words);
	return false;
}

/* False: there is more than enough already, and *note says so. */
static bool is_room(const struct spool_folder *f, uint64_t limit, struct buf *note)
{
	struct spool_left left;
	spool_folder_look(f, &left);
	bool room = left.count < SPOOL_FILES_LEFT && (limit == 0 || left.room < limit);
	if (!room) {
		buf_puts(note, "what killed runs left in ");
		text_add_printable(note, buf_text(&f->path), f->path.len);
		buf_printf(note, " is as much as --spool grants, or %d files: until some are removed, packets are kept only as long as the program runs",
		           SPOOL_FILES_LEFT);
	}
	spool_left_free(&left);
	return room;
}

int spool_file_new(const char *source, uint64_t limit, struct buf *note)
{
	struct spool_folder f;
	struct buf name = { 0 };
	int fd = spool_folder_enter(&f, true, note) && is_room(&f, limit, note) ? create(f.fd, &name) : -1;
	if (fd >= 0 && !take_up(&f, fd, buf_text(&name), source)) {
		(void)unlinkat(f.fd, buf_text(&name), 0);
		close(fd);
		fd = -1;
	}
	spool_folder_leave(&f);
	buf_free(&name);
	return fd;
}

void spool_file_remove(int fd)
{
	for (size_t i = 0; i < FILES_MOST; i++) {
		struct kept *file = &own.files[i];
		if (!file->used || file->fd != fd)
			continue;
		remove_file(file);
		file->used = 0;
		free(file->name);
		free(file->words);
	}
	if (own.folder >= 0 && !is_any_used()) {
		unwatch();
		close(own.folder);
		own.folder = -1;
	}
}

void spool_file_begin(int fd, uint64_t begin)
{
	while (pwrite(fd, &begin, sizeof begin, offsetof(struct spool_head, begin)) < 0 && errno == EINTR)
		;
}

int spool_file_folder(void)
{
	return own.folder;
}
