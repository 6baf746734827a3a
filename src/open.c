/* SPDX-License-Identifier: GPL-3.0-or-later
 * open: capture filter, descriptors, sessions, then the loss of privileges. */
#include "open.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/privilege.h"
#include "capture/spool_file.h"
#include "complain.h"
#include "kernel/kernel.h"
#include "left.h"
#include "session/resolver.h"
#include "util/text.h"

enum { FILTER_MOST = 64 * 1024 };

static const uint64_t live_memory = UINT64_C(1) << 30;        /* of an interface's flows, without --memory */

/* The screen and vantages keep all captures, a report lets each go before the next. */
static size_t kept_together(const struct options *o)
{
	return o->points.count > 0 ? o->points.count : options_screen(o) && !o->join && o->file_count > 0 ? o->file_count : 1;
}

/* Three quarters of the machine's for the captures that are kept together: the flows of files and pipes end before the system ends the
 * program. */
static uint64_t most_memory(const struct options *o)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	uint64_t each = pages > 0 && size > 0 ? (uint64_t)pages / 4 * 3 * (uint64_t)size / kept_together(o) : 0;
	return each == 0 || each > OPTIONS_MEMORY_LEAST ? each : OPTIONS_MEMORY_LEAST;
}

/* A capture filter from a file; what follows # on a line is a comment. */
static bool read_filter(const char *name, struct buf *out, struct buf *error)
{
	FILE *in = fopen(name, "re");
	bool comment = false;
	if (in == NULL) {
		buf_puts(error, "cannot read the capture filter in ");
		text_add_printable(error, name, strlen(name));
		buf_printf(error, ": %s", strerror(errno));
		return false;
	}
	for (int c; (c = getc(in)) != EOF && out->len <= FILTER_MOST;) {
		comment = c == '#' || (comment && c != '\n');
		buf_putc(out, comment || c == '\n' || c == '\r' || c == '\t' || c == '\0' ? ' ' : (char)c);
	}
	bool good = !ferror(in) && out->len <= FILTER_MOST;
	if (!good) {
		buf_puts(error, "cannot read the capture filter in ");
		text_add_printable(error, name, strlen(name));
		buf_puts(error, out->len > FILTER_MOST ? ": it is longer than 64 KiB" : ": read error");
	}
	fclose(in);
	return good;
}

static bool make_filter(const struct options *o, struct buf *out, struct buf *error)
{
	if (o->filter_file)
		return read_filter(o->filter_file, out, error);
	for (size_t i = 0; i < o->word_count; i++) {
		buf_puts(out, i ? " " : "");
		buf_puts(out, o->words[i]);
	}
	return true;
}

/* All files are open before the first is read: their number is limited by the system only. */
static void raise_descriptors(size_t files)
{
	struct rlimit limit;
	if (files < 100 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Asked before -w makes its own file or empties one. */
static bool is_file(const char *name)
{
	struct stat status;
	bool known = strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, &status) == 0 : stat(name, &status) == 0;
	return known && S_ISREG(status.st_mode);
}

/* name_count: 0 for an interface. */
static void open_one(struct captures *c, const struct options *o, const char *const *names, size_t name_count, const char *vantage,
                     const char *bpf)
{
	struct buf error = { 0 };
	enum source_refusal refusal = SOURCE_REFUSED_INPUT;
	static const int statuses[] = {
		[SOURCE_REFUSED_INPUT] = STATUS_INPUT, [SOURCE_REFUSED_USAGE] = STATUS_USAGE, [SOURCE_REFUSED_PERMISSION] = STATUS_PERMISSION,
	};
	struct session_options so = {
		.source = {
			.names = names, .name_count = name_count, .interface = o->interface, .bpf = bpf, .spool = true, .follow = o->follow,
			.promiscuous = !o->no_promiscuous, .snaplen = o->snaplen, .buffer_kib = o->buffer_kib, .count = o->count,
			.write_fd = -1, .write_name = o->write, .spool_limit = o->spool,
		},
		.vantage = vantage,
		.memory = o->memory ? o->memory : o->interface ? live_memory : most_memory(o),
	};
	struct session *s = NULL;
	if (o->interface != NULL)
		so.kernel = kernel_open();
	if (o->write != NULL && name_count > 0 && is_file(names[0])) {
		text_add_printable(&error, names[0], strlen(names[0]));
		buf_puts(&error, " is a file already; -w keeps what comes from an interface or through a pipe.");
		refusal = SOURCE_REFUSED_USAGE;
	} else if (o->write == NULL || (so.source.write_fd = privilege_create(o->write, &error)) >= 0)
		s = session_open_source(&so, &refusal, &error);
	else
		kernel_close(so.kernel);
	if (s == NULL) {
		complain(&error);
		c->status = statuses[refusal];
	}
	c->sessions[c->count++] = s;
	buf_free(&error);
}

static bool drop(const struct options *o)
{
	struct buf error = { 0 };
	const struct privilege_needs needs = {
		.readable = o->follow ? o->files : NULL, .readable_count = o->follow ? o->file_count : 0, .live = o->interface != NULL,
		.settings = options_screen(o), .spools = spool_file_folder(),
	};
	bool good = privilege_drop(&needs, &error);
	if (!good)
		complain(&error);
	buf_free(&error);
	return good;
}

/* Names are a convenience: without them the program goes on. */
static void start_resolver(struct captures *c)
{
	struct buf error = { 0 };
	c->resolver = resolver_new(&error);
	if (c->resolver == NULL)
		complain(&error);
	for (size_t i = 0; i < c->count; i++)
		if (c->sessions[i] != NULL)
			session_set_resolver(c->sessions[i], c->resolver);
	buf_free(&error);
}

static void open_all(struct captures *c, const struct options *o, const char *bpf)
{
	size_t files = o->file_count;
	for (size_t i = 0; i < o->points.count; i++)
		files += o->points.of[i].file_count;
	raise_descriptors(files);
	for (size_t i = 0; i < o->points.count && c->status != STATUS_USAGE; i++)
		open_one(c, o, o->points.of[i].files, o->points.of[i].file_count, o->points.of[i].name, bpf);
	if (o->points.count == 0 && (o->file_count == 0 || o->join))
		open_one(c, o, o->files, o->file_count, o->vantage, bpf);
	for (size_t i = 0; !o->join && i < o->file_count && c->status != STATUS_USAGE; i++)
		open_one(c, o, &o->files[i], 1, o->vantage, bpf);
}

bool captures_open(const struct options *o, struct captures *c)
{
	struct buf filter = { 0 }, error = { 0 };
	size_t most = o->points.count > 0 ? o->points.count : o->file_count > 0 ? o->file_count : 1;
	*c = (struct captures){ .sessions = calloc(most, sizeof *c->sessions), .status = STATUS_OK };
	if (c->sessions == NULL || !make_filter(o, &filter, &error)) {
		if (c->sessions == NULL)
			buf_puts(&error, "out of memory");
		complain(&error);
		c->status = STATUS_INPUT;
	} else {
		const char *bpf = filter.len > 0 ? buf_text(&filter) : NULL;
		if (isatty(STDERR_FILENO))
			left_tell(o->files, o->file_count, &c->left);
		open_all(c, o, bpf);
	}
	buf_free(&filter);
	buf_free(&error);
	bool any = false;
	if (c->sessions == NULL)
		return false;
	for (size_t i = 0; i < c->count; i++)
		any = any || c->sessions[i] != NULL;
	if (!any && c->status == STATUS_OK)
		c->status = STATUS_INPUT;
	if (c->status == STATUS_USAGE || c->status == STATUS_PERMISSION)
		return false;
	if (any && !drop(o)) {
		c->status = STATUS_INPUT;
		return false;
	}
	if (any && o->names)
		start_resolver(c);
	return any || !o->interface;
}

struct session *captures_start(struct captures *c, size_t index)
{
	struct buf error = { 0 };
	struct session *s = c->sessions[index];
	if (s != NULL && !session_start(s, &error)) {
		complain(&error);
		c->status = STATUS_INPUT;
		captures_close_one(c, index);
		s = NULL;
	}
	buf_free(&error);
	return s;
}

void captures_close_one(struct captures *c, size_t index)
{
	session_close(c->sessions[index]);
	c->sessions[index] = NULL;
}

void captures_close(struct captures *c)
{
	for (size_t i = 0; i < c->count; i++)
		session_close(c->sessions[i]);
	buf_free(&c->left);
	resolver_free(c->resolver);
	free(c->sessions);
	*c = (struct captures){ 0 };
}
