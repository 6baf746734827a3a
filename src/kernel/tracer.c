/* SPDX-License-Identifier: GPL-3.0-or-later
 * tracer: setting the instance up, and reading the pages of each CPU. */
#include "kernel/tracer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/comm.h"
#include "kernel/taker.h"
#include "kernel/tracefs.h"
#include "util/clock.h"

enum {
	FORMAT_MOST = 64 * 1024, CPUS_MOST = 4096, PAGE_MOST = 64 * 1024 + 64,
	PAGES_AT_ONCE = 512      /* of a CPU in one call */
};

struct cpu {
	int fd;
	int64_t latest;          /* time of its latest event; 0 = none yet */
};

struct tracer {
	int folder;              /* the instance */
	struct cpu *cpus;
	size_t cpu_count;
	struct taker taker;
	struct comm_reader *comms;
	uint8_t *page;
	size_t page_size;
};

static const struct {
	const char *group, *name;
} names[KERNEL_EVENT_COUNT] = {
#define EVENT(id, group, name) [KERNEL_##id] = { group, name },
	KERNEL_EVENTS
#undef EVENT
};

/* --- setting up --- */

static void complain(struct buf *error, const char *what)
{
	buf_printf(error, "%s: %s", what, strerror(errno));
	if (errno == EPERM || errno == EACCES)
		buf_puts(error, " (this takes root outside of containers, and a kernel that is not locked down)");
}

int tracer_instances(struct buf *error)
{
	int instances = tracefs_instances();
	if (instances < 0) {
		complain(error, "no tracefs");
		return -1;
	}
	/* Another one that is just being set up is not taken for a left one: who sets up holds the lock. */
	(void)flock(instances, LOCK_EX);
	tracefs_reap(instances, "tcpwhy-");
	return instances;
}

static bool read_plan(struct tracer *t, enum kernel_event e)
{
	struct buf path = { 0 }, text = { 0 };
	buf_printf(&path, "events/%s/%s/format", names[e].group, names[e].name);
	bool good = !path.failed && tracefs_get(t->folder, buf_text(&path), FORMAT_MOST, &text) &&
	            event_plan(e, buf_text(&text), text.len, &t->taker.plans[e]);
	buf_free(&path);
	buf_free(&text);
	return good;
}

static bool put(const struct tracer *t, enum kernel_event e, const char *file, const char *word)
{
	struct buf path = { 0 };
	buf_printf(&path, "events/%s/%s/%s", names[e].group, names[e].name, file);
	bool good = !path.failed && tracefs_put(t->folder, buf_text(&path), word);
	buf_free(&path);
	return good;
}

/* The kernel drops much that is of no interest here: of that, what its packet filter drops; and where resets are told without their
 * reason, what the packets that they answer were dropped for. */
static bool filter_drops(struct tracer *t)
{
	struct buf filter = { 0 };
	uint32_t netfilter;
	bool reasons = t->taker.plans[KERNEL_SENT_RESET].field[EVENT_REASON].size != 0;
	if (!reasons)
		buf_puts(&filter, "protocol == 0x800 || protocol == 0x86dd");
	else if (format_value(&t->taker.plans[KERNEL_DROPPED].format, "NETFILTER_DROP", &netfilter))
		buf_printf(&filter, "reason == %u", (unsigned)netfilter);
	bool good = filter.len > 0 && !filter.failed && put(t, KERNEL_DROPPED, "filter", buf_text(&filter));
	buf_free(&filter);
	return good;
}

static void enable(struct tracer *t, enum kernel_event e)
{
	struct event_plan *plan = &t->taker.plans[e];
	if (!read_plan(t, e))
		return;
	/* the beginning and the end of a connection are enough */
	if (e == KERNEL_STATE)
		(void)put(t, e, "filter", "protocol == 6 && (newstate == 1 || newstate == 7)");
	plan->there = (e != KERNEL_DROPPED || filter_drops(t)) && put(t, e, "enable", "1");
}

static bool read_layout(struct tracer *t)
{
	struct buf text = { 0 };
	struct format header = { .id = 0 };
	bool good = tracefs_get(t->folder, "events/header_page", FORMAT_MOST, &text) && format_parse(buf_text(&text), text.len, &header) &&
	            page_layout(&header, &t->taker.layout);
	t->page_size = (size_t)t->taker.layout.data_at + t->taker.layout.data_size;
	t->page = good && t->page_size <= PAGE_MOST ? malloc(t->page_size) : NULL;
	format_free(&header);
	buf_free(&text);
	return t->page != NULL;
}

static bool open_cpus(struct tracer *t)
{
	t->cpus = calloc(CPUS_MOST, sizeof *t->cpus);
	for (unsigned cpu = 0; t->cpus != NULL && cpu < CPUS_MOST; cpu++) {
		char path[64];
		snprintf(path, sizeof path, "per_cpu/cpu%u/trace_pipe_raw", cpu);
		int fd = openat(t->folder, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue; /* numbers may leave some out */
		if (fd < 0)
			return false;
		t->cpus[t->cpu_count++].fd = fd;
	}
	return t->cpu_count > 0;
}

/* What went wrong; NULL: all is set up. */
static const char *set_up(struct tracer *t)
{
	if (!tracefs_put(t->folder, "trace_clock", "mono"))
		return "its clock cannot be set";
	(void)tracefs_put(t->folder, "buffer_size_kb", "1024");
	if (!read_layout(t))
		return "its pages have an unknown form";
	if (!open_cpus(t))
		return "its buffers cannot be read";
	/* without names of processes all else is as good */
	t->comms = comm_open(t->folder);
	for (enum kernel_event e = 0; e < KERNEL_EVENT_COUNT; e++)
		enable(t, e);
	return t->taker.plans[KERNEL_SENT_RESET].there ? NULL : "it has no tracepoint tcp:tcp_send_reset";
}

struct tracer *tracer_open(int instances, const char *name, struct buf *error)
{
	struct tracer *t = calloc(1, sizeof *t);
	if (t == NULL) {
		buf_puts(error, "memory ran out");
		return NULL;
	}
	t->folder = -1;
	const char *wrong = "no trace instance can be made";
	if (mkdirat(instances, name, 0700) == 0 && (t->folder = openat(instances, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0)
		wrong = set_up(t);
	if (wrong == NULL)
		return t;
	complain(error, wrong);
	tracer_close(t);
	return NULL;
}

void tracer_close(struct tracer *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->cpu_count; i++)
		close(t->cpus[i].fd);
	for (size_t e = 0; e < KERNEL_EVENT_COUNT; e++)
		format_free(&t->taker.plans[e].format);
	comm_close(t->comms);
	if (t->folder >= 0)
		close(t->folder);
	free(t->cpus);
	free(t->page);
	free(t);
}

void tracer_scope(const struct tracer *t, struct kernel_scope *scope, struct buf *missing)
{
	scope->all_resets = t->taker.plans[KERNEL_SENT_RESET].field[EVENT_REASON].size != 0;
	scope->drops = t->taker.plans[KERNEL_DROPPED].there;
	for (size_t e = 0; e < KERNEL_EVENT_COUNT; e++)
		if (!t->taker.plans[e].there)
			buf_printf(missing, "%s%s:%s", missing->len > 0 ? ", " : "", names[e].group, names[e].name);
}

/* --- reading --- */

/* False: there was none. */
static bool take_page(struct tracer *t, struct cpu *cpu, int64_t to_real, struct kernel_journal *j)
{
	ssize_t n = read(cpu->fd, t->page, t->page_size);
	return n > 0 && taker_page(&t->taker, t->page, (size_t)n, to_real, &cpu->latest, j);
}

void tracer_read(struct tracer *t, struct kernel_journal *j)
{
	/* The trace has the monotonic clock, packets have the one of the day, which may be set meanwhile. */
	int64_t to_real = clock_to_real(), now = clock_ns() + to_real;
	bool all = true;
	for (size_t i = 0; i < t->cpu_count; i++) {
		unsigned pages = 0;
		while (pages < PAGES_AT_ONCE && take_page(t, &t->cpus[i], to_real, j))
			pages++;
		all = all && pages < PAGES_AT_ONCE;
	}
	if (all)
		kernel_journal_until(j, now);
	if (t->comms != NULL)
		comm_fill(t->comms, j, now);
}
