/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool: records of this process for itself: a fixed head in the machine's own byte order, then the packet's bytes. */
#ifdef HAVE_CONFIG_H
#include "config.h" /* _GNU_SOURCE, for O_TMPFILE */
#endif

#include "capture/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/pcap.h"

enum { WRITE_PIECE = 256 * 1024, RECORD_MARK = 0x7463a90d };

struct record {
	int64_t time;
	uint32_t mark; /* tells a record from other bytes */
	uint32_t caplen, len;
	uint16_t link_type, interface;
};

_Static_assert(sizeof(struct record) == SPOOL_RECORD_SIZE, "a record is written as it is in memory");

struct spool {
	int fd;
	bool failed;
	uint64_t written; /* bytes in the file */
	size_t held;      /* bytes at data, not yet written */
	uint8_t data[WRITE_PIECE];
};

static int open_unnamed(const char *folder)
{
#ifdef O_TMPFILE
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
#endif
	/* The file system knows no unnamed files: a name for a moment. */
	struct buf name = { 0 };
	buf_puts(&name, folder);
	buf_puts(&name, "/tcpwhy-spool-XXXXXX");
	int named = name.failed ? -1 : mkstemp(name.data);
	if (named >= 0) {
		fcntl(named, F_SETFD, FD_CLOEXEC);
		unlink(name.data);
	}
	buf_free(&name);
	return named;
}

struct spool *spool_new(struct buf *error)
{
	const char *folder = getenv("TMPDIR");
	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	struct spool *s = malloc(sizeof *s);
	if (s == NULL) {
		buf_puts(error, "no memory for the spool");
		return NULL;
	}
	s->failed = false;
	s->written = 0;
	s->held = 0;
	s->fd = open_unnamed(folder);
	if (s->fd < 0) {
		buf_puts(error, "cannot make a spool file in ");
		buf_puts(error, folder);
		buf_printf(error, ": %s; set TMPDIR to a folder that can be written to", strerror(errno));
		free(s);
		return NULL;
	}
	return s;
}

void spool_free(struct spool *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	free(s);
}

int spool_fd(const struct spool *s)
{
	return s->fd;
}

static bool write_all(struct spool *s, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = pwrite(s->fd, bytes, n, (off_t)s->written);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
		s->written += (uint64_t)done;
	}
	return true;
}

bool spool_flush(struct spool *s)
{
	if (s->failed || !write_all(s, s->data, s->held)) {
		s->failed = true;
		return false;
	}
	s->held = 0;
	return true;
}

/* The bytes are held until a piece is full. n <= CAPTURE_LARGEST_PACKET, which may be more than a piece has room for. */
static bool hold(struct spool *s, const void *bytes, size_t n)
{
	if (s->held + n > WRITE_PIECE && !spool_flush(s))
		return false;
	if (n > WRITE_PIECE)
		return write_all(s, bytes, n);
	memcpy(s->data + s->held, bytes, n);
	s->held += n;
	return true;
}

bool spool_append(struct spool *s, struct packet *packet, struct buf *error)
{
	if (s->failed)
		return false;
	struct record record = { .time = packet->time, .mark = RECORD_MARK, .caplen = packet->caplen, .len = packet->len,
	                         .link_type = packet->link_type, .interface = packet->interface };
	packet->offset = s->written + s->held;
	if (hold(s, &record, SPOOL_RECORD_SIZE) && hold(s, packet->data, packet->caplen))
		return true;
	buf_printf(error, "the spool file cannot grow (%s): packets from number %llu on are counted but cannot be looked at again; "
	           "set TMPDIR to a file system with more room", strerror(errno), (unsigned long long)packet->number);
	s->failed = true;
	return false;
}

bool spool_parse_record(const uint8_t *head, struct packet *p)
{
	struct record record;
	memcpy(&record, head, SPOOL_RECORD_SIZE);
	if (record.mark != RECORD_MARK || record.caplen > CAPTURE_LARGEST_PACKET)
		return false;
	p->time = record.time;
	p->caplen = record.caplen;
	p->len = record.len;
	p->link_type = record.link_type;
	p->interface = record.interface;
	return true;
}
