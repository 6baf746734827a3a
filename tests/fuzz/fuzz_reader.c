/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_reader: any bytes as a capture file, as they are and compressed by gzip or zstd (by their magic): read to the end, and every packet
 * read again must be the same; and through a pipe the same packets come. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/source.h"
#include "stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PACKETS_MOST = 10000, PIPE_MOST = 65536 };

/* What was read, in short. */
struct gist {
	uint64_t packets, bytes, hash;
	enum source_status end;
};

static void take(struct gist *g, const struct packet *p)
{
	g->packets++;
	g->bytes += p->caplen;
	g->hash = (g->hash ^ (uint64_t)p->time ^ p->number << 32 ^ p->len ^ (uint64_t)p->link_type << 48) * 0x100000001b3u;
	for (uint32_t i = 0; i < p->caplen; i++)
		g->hash = (g->hash ^ p->data[i]) * 0x100000001b3u;
}

static struct gist read_all(struct source *s)
{
	struct gist gist = { .end = SOURCE_PACKET };
	struct packet packet, again;
	uint64_t last = 0;
	while (gist.packets < PACKETS_MOST && (gist.end = source_next(s, &packet)) == SOURCE_PACKET) {
		if (packet.len < packet.caplen || packet.number <= last)
			abort();
		last = packet.number;
		take(&gist, &packet);
		struct store *store = source_store(s);
		if (store == NULL || !store_read(store, packet.offset, &again) || again.caplen != packet.caplen || again.time != packet.time ||
		    again.link_type != packet.link_type || again.interface != packet.interface)
			abort();
		if (packet.caplen != 0 && memcmp(again.data, packet.data, packet.caplen) != 0)
			abort();
	}
	for (size_t i = 0; i < source_interface_count(s); i++)
		if (source_interface(s, i) == NULL)
			abort();
	const uint8_t *address;
	const char *name;
	for (size_t i = 0; source_name(s, i, &address, &name); i++)
		if (strlen(name) == 0)
			abort();
	return gist;
}

static bool read_named(const char *name, struct gist *gist)
{
	struct buf error = { 0 };
	struct source *s = source_open_file(name, true, &error);
	if ((s == NULL) != (error.len != 0))
		abort();
	bool opened = s != NULL;
	if (opened)
		*gist = read_all(s);
	source_close(s);
	buf_free(&error);
	return opened;
}

/* A pipe is known for what it is only when its first bytes are read: what a file is refused for is damage there. */
static void check_pipe(const uint8_t *data, size_t size, bool opened, const struct gist *file)
{
	struct gist piped;
	char name[40];
	int ends[2];
	if (size > PIPE_MOST || pipe(ends) != 0)
		return;
	if (write(ends[1], data, size) != (ssize_t)size)
		abort();
	close(ends[1]);
	snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
	if (!read_named(name, &piped) || (!opened && piped.packets != 0))
		abort();
	if (opened && (piped.packets != file->packets || piped.bytes != file->bytes || piped.hash != file->hash || piped.end != file->end))
		abort();
	close(ends[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gist gist = { 0 };
	char name[40];
	int fd = stream_file(data, size, name);
	bool opened = read_named(name, &gist);
	close(fd);
	check_pipe(data, size, opened, &gist);
	return 0;
}
