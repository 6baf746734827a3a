/* SPDX-License-Identifier: GPL-3.0-or-later
 * file: files written whole or not at all. */
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/text.h"

static enum file_outcome fail(const char *name, const char *why, struct buf *error)
{
	buf_puts(error, "cannot write ");
	text_add_printable(error, name, strlen(name));
	buf_printf(error, ": %s", why);
	return FILE_FAILED;
}

/* What stands in the way under this name. */
static enum file_outcome look(const char *name, bool replace, struct buf *error)
{
	struct stat st;

	if (lstat(name, &st) != 0)
		return errno == ENOENT ? FILE_DONE : fail(name, strerror(errno), error);
	if (S_ISLNK(st.st_mode))
		return fail(name, "it is a symbolic link, and those are not followed", error);
	if (!S_ISREG(st.st_mode))
		return fail(name, S_ISDIR(st.st_mode) ? "it is a directory" : "it is no regular file", error);
	return replace ? FILE_DONE : FILE_EXISTS;
}

enum file_outcome file_create(struct file *f, const char *name, bool replace, struct buf *error)
{
	struct buf temporary = { 0 };

	*f = (struct file){ 0 };
	enum file_outcome outcome = look(name, replace, error);
	if (outcome != FILE_DONE)
		return outcome;
	buf_printf(&temporary, "%s.XXXXXX", name);
	f->temporary = temporary.data;
	f->name = strdup(name);
	if (temporary.failed || f->name == NULL) {
		file_drop(f);
		return fail(name, "out of memory", error);
	}
	/* For the user alone: a capture holds what others said. */
	int fd = mkostemp(f->temporary, O_CLOEXEC);
	f->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (f->stream != NULL)
		return FILE_DONE;
	int why = errno;
	if (fd >= 0) {
		close(fd);
		unlink(f->temporary);
	}
	file_drop(f);
	return fail(name, strerror(why), error);
}

/* renameat2(2) by its number: musl has no function for it. */
static int rename_to_new(const char *from, const char *to)
{
#ifdef SYS_renameat2
	enum { NO_REPLACE = 1 }; /* RENAME_NOREPLACE */
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, NO_REPLACE);
#else
	(void)from, (void)to;
	errno = ENOSYS;
	return -1;
#endif
}

/* Without replace an existing name is never lost, also when it came into being a moment ago. */
static bool take_place(const struct file *f, bool replace)
{
	if (replace)
		return rename(f->temporary, f->name) == 0;
	if (rename_to_new(f->temporary, f->name) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (link(f->temporary, f->name) != 0)
		return false;
	unlink(f->temporary);
	return true;
}

enum file_outcome file_commit(struct file *f, bool replace, struct buf *error)
{
	enum file_outcome outcome = look(f->name, replace, error);
	bool written = outcome == FILE_DONE && fflush(f->stream) == 0 && !ferror(f->stream) && fsync(fileno(f->stream)) == 0;

	if (outcome == FILE_DONE && (!written || !take_place(f, replace)))
		outcome = errno == EEXIST ? FILE_EXISTS : fail(f->name, strerror(errno), error);
	if (outcome == FILE_DONE) {
		free(f->temporary);
		f->temporary = NULL;
	}
	file_drop(f);
	return outcome;
}

void file_drop(struct file *f)
{
	if (f->stream != NULL) {
		fclose(f->stream);
		if (f->temporary != NULL)
			unlink(f->temporary);
	}
	free(f->temporary);
	free(f->name);
	*f = (struct file){ 0 };
}

enum file_outcome file_put(const char *name, bool replace, const char *text, size_t n, struct buf *error)
{
	struct file f;
	enum file_outcome outcome = file_create(&f, name, replace, error);

	if (outcome != FILE_DONE)
		return outcome;
	fwrite(text, 1, n, f.stream); /* a failure stays in the stream: file_commit() asks for it */
	return file_commit(&f, replace, error);
}

bool file_get(const char *name, size_t most, struct buf *out)
{
	FILE *f = fopen(name, "re");
	char piece[4096];
	size_t n, all = 0;

	if (f == NULL)
		return false;
	while ((n = fread(piece, 1, sizeof piece, f)) > 0 && all + n <= most) {
		buf_add(out, piece, n);
		all += n;
	}
	bool good = n == 0 && !ferror(f);
	fclose(f);
	if (!good)
		errno = n > 0 ? EFBIG : EIO;
	return good;
}
