/* SPDX-License-Identifier: GPL-3.0-or-later
 * spool: after the head of the file (spool_folder.h) records, a fixed head in the machine's own byte order and then the packet's bytes; or
 * pcap records. */
#ifdef HAVE_CONFIG_H
#include "config.h" /* _GNU_SOURCE, for O_TMPFILE and fallocate() */
#endif

#include "capture/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/pcap.h"
#include "capture/spool_file.h"
#include "capture/spool_folder.h"
#include "util/text.h"

/* MOST_ADDED: what one packet may add to the file: what was held before it and its own bytes; and what the file system counts besides. */
enum { WRITE_PIECE = 256 * 1024, MOST_ADDED = WRITE_PIECE + CAPTURE_LARGEST_PACKET + 64 * 1024, RECORD_MARK = 0x7463a90d };

struct record {
	int64_t time;
	uint32_t mark; /* tells a record from other bytes */
	uint32_t caplen, len;
	uint16_t link_type, interface;
};

_Static_assert(sizeof(struct record) == SPOOL_RECORD_SIZE, "a record is written as it is in memory");

struct pcap_head {
	uint32_t seconds, nanoseconds, caplen, len;
};

struct spool {
	int fd;
	char *name;        /* of a pcap file; NULL: a spool proper */
	struct pcap_format pcap;
	bool failed;
	int failure;       /* errno of it */
	uint64_t written;  /* bytes in the file: always whole records */
	uint64_t part;     /* bytes after which what is older than they goes; 0 = nothing goes */
	uint64_t floor;    /* what is before was given back */
	uint64_t edge;     /* what is before may be given back: where a record began some time ago */
	size_t held;       /* bytes at data, not yet written: whole records */
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

/* Takes over fd and name. */
static struct spool *make(int fd, char *name, struct buf *error)
{
	struct spool *s = malloc(sizeof *s);
	if (s == NULL) {
		buf_puts(error, "no memory for the spool");
		spool_file_remove(fd);
		close(fd);
		free(name);
		return NULL;
	}
	s->fd = fd;
	s->name = name;
	s->failed = false;
	s->failure = 0;
	s->part = 0;
	s->written = s->floor = s->edge = name != NULL ? 0 : SPOOL_HEAD_SIZE;
	s->held = 0;
	return s;
}

struct spool *spool_new(struct buf *error)
{
	const char *folder = getenv("TMPDIR");
	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	int fd = open_unnamed(folder);
	if (fd >= 0)
		return make(fd, NULL, error);
	int why = errno;
	buf_puts(error, "cannot make a spool file in ");
	text_add_printable(error, folder, strlen(folder));
	buf_printf(error, ": %s; set TMPDIR to a folder that can be written to", strerror(why));
	return NULL;
}

struct spool *spool_new_named(const char *source, uint64_t limit, struct buf *note, struct buf *error)
{
	int fd = spool_file_new(source, limit, note);
	struct spool *s = fd >= 0 ? make(fd, NULL, error) : spool_new(error);
	if (s != NULL)
		spool_limit(s, limit);
	return s;
}

static bool write_all(int fd, const uint8_t *bytes, size_t n, uint64_t offset, size_t *written)
{
	for (*written = 0; *written < n;) {
		ssize_t done = pwrite(fd, bytes + *written, n - *written, (off_t)(offset + *written));
		if (done < 0 && errno == EINTR)
			continue;
		if (done == 0)
			errno = ENOSPC;
		if (done <= 0)
			return false;
		*written += (size_t)done;
	}
	return true;
}

struct spool *spool_new_pcap(int fd, const char *name, uint16_t link_type, uint32_t snaplen, struct buf *error)
{
	static const uint32_t magic = 0xa1b23c4d;
	const uint16_t version[2] = { 2, 4 };
	const uint32_t rest[4] = { 0, 0, snaplen, link_type };
	uint8_t header[PCAP_HEADER_SIZE];
	char *copy = strdup(name);
	struct spool *s = copy != NULL ? make(fd, copy, error) : NULL;
	if (s == NULL) {
		if (copy == NULL)
			close(fd);
		return NULL;
	}
	memcpy(header, &magic, 4);
	memcpy(header + 4, version, 4);
	memcpy(header + 8, rest, 16);
	size_t done;
	if (!write_all(fd, header, sizeof header, 0, &done)) {
		buf_puts(error, "cannot write to ");
		text_add_printable(error, name, strlen(name));
		buf_printf(error, ": %s", strerror(errno));
		spool_free(s);
		return NULL;
	}
	s->written = sizeof header;
	s->pcap = (struct pcap_format){ .record_size = sizeof(struct pcap_head), .fraction = 1, .link_type = link_type, .snaplen = snaplen };
	return s;
}

void spool_free(struct spool *s)
{
	if (s == NULL)
		return;
	if (s->name != NULL)
		(void)spool_flush(s);
	spool_file_remove(s->fd);
	close(s->fd);
	free(s->name);
	free(s);
}

int spool_fd(const struct spool *s)
{
	return s->fd;
}

uint64_t spool_floor(const struct spool *s)
{
	return s->floor;
}

uint64_t spool_kept(const struct spool *s)
{
	return s->written - s->floor;
}

void spool_limit(struct spool *s, uint64_t bytes)
{
	uint64_t least = UINT64_C(4) * MOST_ADDED;
	bytes = bytes > least || bytes == 0 ? bytes : least;
	/* A sixteenth is for what the file system itself takes or reserves: ext4 held 3 of 64 MiB more than what stood in the file. */
	s->part = s->name != NULL || bytes == 0 ? 0 : (bytes - bytes / 16) / 2 - MOST_ADDED;
}

bool spool_is_full(const struct spool *s, uint64_t *offset)
{
	*offset = s->edge;
	return s->part != 0 && s->written - s->edge >= s->part;
}

/* All but the newest part: with the one that is filled next there are never more than two. */
void spool_let_go(struct spool *s)
{
#ifdef FALLOC_FL_PUNCH_HOLE
	spool_file_begin(s->fd, s->edge);
	if (s->edge > s->floor &&
	    fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)s->floor, (off_t)(s->edge - s->floor)) != 0) {
		s->part = 0; /* the file system cannot: it grows until the disk is full, which is said */
		spool_file_begin(s->fd, s->floor);
		return;
	}
	s->floor = s->edge;
	s->edge = s->written;
#endif
}

/* Bytes of whole records among the first n of those held. */
static size_t whole_records(const struct spool *s, size_t n)
{
	size_t head = s->name != NULL ? sizeof(struct pcap_head) : SPOOL_RECORD_SIZE, at = 0;
	while (at + head <= n) {
		uint32_t caplen;
		size_t field = s->name != NULL ? offsetof(struct pcap_head, caplen) : offsetof(struct record, caplen);
		memcpy(&caplen, s->data + at + field, sizeof caplen);
		if (n - at - head < caplen)
			break;
		at += head + caplen;
	}
	return at;
}

/* Nothing more can be written: what is no whole record is taken off the end. */
static bool fail(struct spool *s, size_t kept)
{
	s->failure = errno;
	s->failed = true;
	s->written += kept;
	s->held = 0;
	if (ftruncate(s->fd, (off_t)s->written) != 0)
		errno = s->failure; /* then a reader finds the file cut inside its last record, which it can say */
	return false;
}

bool spool_flush(struct spool *s)
{
	size_t done;
	if (s->failed)
		return false;
	if (!write_all(s->fd, s->data, s->held, s->written, &done))
		return fail(s, whole_records(s, done));
	s->written += s->held;
	s->held = 0;
	return true;
}

/* The bytes are held until a piece is full. A packet of CAPTURE_LARGEST_PACKET may be more than a piece has room for. */
static bool hold(struct spool *s, const void *head, size_t head_size, const struct packet *packet)
{
	size_t n = head_size + packet->caplen, done, more;
	if (s->held + n > WRITE_PIECE && !spool_flush(s))
		return false;
	if (n > WRITE_PIECE) {
		if (!write_all(s->fd, head, head_size, s->written, &done) ||
		    !write_all(s->fd, packet->data, packet->caplen, s->written + head_size, &more))
			return fail(s, 0);
		s->written += n;
		return true;
	}
	memcpy(s->data + s->held, head, head_size);
	if (packet->caplen > 0)
		memcpy(s->data + s->held + head_size, packet->data, packet->caplen);
	s->held += n;
	return true;
}

void spool_complain(struct spool *s, uint64_t number, struct buf *error)
{
	if (s->failure == 0)
		return;
	if (error->len != 0)
		buf_puts(error, "; ");
	if (s->name != NULL)
		text_add_printable(error, s->name, strlen(s->name));
	else
		buf_puts(error, "the spool file");
	buf_printf(error, " cannot grow (%s): packets from about number %llu on are counted but not kept and cannot be looked at again; %s",
	           strerror(s->failure), (unsigned long long)number,
	           s->name != NULL ? "make room, or write to another file system" : "set TMPDIR to a file system with more room");
	s->failure = 0; /* said */
}

bool spool_append(struct spool *s, struct packet *packet, struct buf *error)
{
	packet->offset = s->written + s->held;
	int64_t second = packet->time / 1000000000, rest = packet->time % 1000000000;
	const struct pcap_head pcap = { (uint32_t)second, (uint32_t)rest, packet->caplen, packet->len };
	const struct record own = { .time = packet->time, .mark = RECORD_MARK, .caplen = packet->caplen, .len = packet->len,
	                            .link_type = packet->link_type, .interface = packet->interface };
	if (!s->failed && (s->name != NULL ? hold(s, &pcap, sizeof pcap, packet) : hold(s, &own, sizeof own, packet)))
		return true;
	spool_complain(s, packet->number, error);
	return false;
}

const struct pcap_format *spool_pcap(const struct spool *s)
{
	return s->name != NULL ? &s->pcap : NULL;
}

bool spool_parse_record(const uint8_t *head, struct packet *p)
{
	struct record record;
	memcpy(&record, head, SPOOL_RECORD_SIZE);
	if (record.mark != RECORD_MARK || record.caplen > CAPTURE_LARGEST_PACKET)
		return false;
	p->time = record.time;
	p->caplen = record.caplen;
	p->len = record.len > record.caplen ? record.len : record.caplen;
	p->link_type = record.link_type;
	p->interface = record.interface;
	return true;
}
