/* SPDX-License-Identifier: GPL-3.0-or-later
 * comm: reading saved_cmdlines. */
#include "kernel/comm.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"

enum { LIST_MOST = 1 << 20, PART = 4096, RECORDS_MOST = 512 };

/* A name is written down when the process is scheduled next: some come late, some never. */
#define WAIT_NS INT64_C(500000000)
#define PAUSE_NS INT64_C(20000000)

struct comm_reader {
	int fd;
	int64_t filled;         /* when that was done last */
	struct buf list;
};

struct comm_reader *comm_open(int instance)
{
	struct comm_reader *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	/* it is one for all instances, and stands in the folder above them */
	c->fd = openat(instance, "../../saved_cmdlines", O_RDONLY | O_CLOEXEC);
	if (c->fd >= 0)
		return c;
	free(c);
	return NULL;
}

void comm_close(struct comm_reader *c)
{
	if (c == NULL)
		return;
	close(c->fd);
	buf_free(&c->list);
	free(c);
}

bool comm_find(const char *list, size_t n, uint32_t pid, char comm[KERNEL_COMM])
{
	for (const char *at = list, *end = list + n; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *line_end = stop != NULL ? stop : end;
		uint64_t number = 0;
		const char *digits = at;
		for (; at < line_end && *at >= '0' && *at <= '9' && number <= UINT32_MAX; at++)
			number = number * 10 + (uint64_t)(*at - '0');
		if (at > digits && number == pid && at < line_end && *at == ' ') {
			size_t length = (size_t)(line_end - at - 1);
			length = length < KERNEL_COMM ? length : KERNEL_COMM - 1;
			memcpy(comm, at + 1, length);
			comm[length] = '\0';
			return length > 0;
		}
		at = line_end + 1;
	}
	return false;
}

static bool read_list(struct comm_reader *c)
{
	buf_clear(&c->list);
	while (c->list.len < LIST_MOST) {
		char part[PART];
		ssize_t n = pread(c->fd, part, sizeof part, (off_t)c->list.len);
		if (n <= 0)
			break;
		buf_add(&c->list, part, (size_t)n);
	}
	return c->list.len > 0 && !c->list.failed;
}

/* A storm of resets has few senders. */
struct filling {
	const struct comm_reader *comms; /* NULL: only look whether a name is wanted */
	unsigned left;
	bool wanted;
};

static bool fill(void *context, struct kernel_record *record)
{
	struct filling *f = context;
	bool lacks = record->pid != 0 && record->comm[0] == '\0';
	f->wanted = f->wanted || lacks;
	if (lacks && f->comms != NULL)
		(void)comm_find(f->comms->list.data, f->comms->list.len, record->pid, record->comm);
	return f->left-- > 0;
}

void comm_fill(struct comm_reader *c, struct kernel_journal *j, int64_t now)
{
	struct filling looking = { .left = RECORDS_MOST };
	if (now - c->filled < PAUSE_NS && now >= c->filled)
		return;
	c->filled = now;
	kernel_journal_recent(j, KERNEL_SENT_RESET, now - WAIT_NS, fill, &looking);
	if (!looking.wanted || !read_list(c))
		return;
	kernel_journal_recent(j, KERNEL_SENT_RESET, now - WAIT_NS, fill, &(struct filling){ .comms = c, .left = RECORDS_MOST });
}
