/* SPDX-License-Identifier: GPL-3.0-or-later
 * store: reads one packet by the offset of its record, through a small window over the file. */
#include "capture/store.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	WINDOW_PAGE = 4096,
	WINDOW_LEAST = 2048, /* read at a time: one system call serves a full-length packet */
	WINDOW_AHEAD = 256 * 1024, /* the most, while what is asked for lies a little further on each time */
	WINDOW_MOST = CAPTURE_LARGEST_PACKET + 1024
};

void store_free(struct store *s)
{
	free(s->window);
	*s = (struct store){ .fd = -1 };
}

static size_t read_at(int fd, uint8_t *to, size_t size, uint64_t offset)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = pread(fd, to + done, size - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

/* More while packets are asked for in order and most pages of what was read were looked at; else less, to the least. */
static size_t next_ahead(const struct store *s, uint64_t offset)
{
	bool onward = offset >= s->window_offset && offset - s->window_offset <= s->window_size + s->ahead;
	size_t looks = s->ahead / WINDOW_PAGE;
	if (!onward || s->ahead < WINDOW_LEAST)
		return WINDOW_LEAST;
	if (s->uses >= looks)
		return s->ahead * 2 > WINDOW_AHEAD ? WINDOW_AHEAD : s->ahead * 2;
	return s->uses * 4 < looks ? s->ahead / 2 : s->ahead;
}

/* Makes n bytes from offset on stand in the window. Returns them, or NULL when the file does not hold them. */
static const uint8_t *window(struct store *s, uint64_t offset, size_t n)
{
	if (offset >= s->window_offset && offset - s->window_offset <= s->window_size &&
	    s->window_size - (size_t)(offset - s->window_offset) >= n) {
		s->uses++;
		return s->window + (offset - s->window_offset);
	}
	if (offset > INT64_MAX - WINDOW_MOST || n > WINDOW_MOST)
		return NULL;
	s->ahead = next_ahead(s, offset);
	s->uses = 0;
	size_t wanted = n > s->ahead ? n : s->ahead;
	if (wanted > s->window_cap) {
		uint8_t *larger = realloc(s->window, wanted);
		if (larger == NULL)
			return NULL;
		s->window = larger;
		s->window_cap = wanted;
	}
	s->window_offset = offset;
	s->window_size = read_at(s->fd, s->window, wanted, offset);
	if (s->window_size < n && s->spool != NULL && spool_flush(s->spool))
		s->window_size = read_at(s->fd, s->window, wanted, offset);
	return s->window_size >= n ? s->window : NULL;
}

/* Each reads the head of the record at offset into *packet and sets *head to its size. */
static bool read_pcap(struct store *s, uint64_t offset, struct packet *packet, size_t *head)
{
	*head = s->pcap->record_size;
	const uint8_t *bytes = window(s, offset, *head);
	return bytes != NULL && pcap_parse_record(s->pcap, bytes, packet);
}

static bool read_pcapng(struct store *s, uint64_t offset, struct packet *packet, size_t *head)
{
	const struct pcapng_section *section = pcapng_section_at(s->pcapng, offset);
	const uint8_t *bytes = section != NULL ? window(s, offset, PCAPNG_BLOCK_HEAD) : NULL;
	struct pcapng_block block;
	const char *why;
	if (bytes == NULL || !pcapng_parse_head(section, bytes, &block, &why) || (*head = pcapng_packet_head(block.type)) == 0)
		return false;
	bytes = window(s, offset, *head);
	return bytes != NULL && pcapng_parse_packet(s->pcapng, section, &block, bytes, packet, &why);
}

static bool read_spool(struct store *s, uint64_t offset, struct packet *packet, size_t *head)
{
	*head = SPOOL_RECORD_SIZE;
	const uint8_t *bytes = window(s, offset, *head);
	return bytes != NULL && spool_parse_record(bytes, packet);
}

static bool read_joined(const struct store *s, uint64_t offset, struct packet *packet)
{
	uint64_t part = offset >> STORE_PART_SHIFT, mask = ((uint64_t)1 << STORE_PART_SHIFT) - 1;
	if (part >= *s->part_count || (*s->parts)[part]->kind == STORE_JOINED || !store_read((*s->parts)[part], offset & mask, packet))
		return false;
	packet->offset = offset;
	return true;
}

bool store_read(struct store *s, uint64_t offset, struct packet *packet)
{
	typedef bool read_head(struct store *, uint64_t, struct packet *, size_t *);
	static read_head *const readers[] = { [STORE_PCAP] = read_pcap, [STORE_PCAPNG] = read_pcapng, [STORE_SPOOL] = read_spool };
	size_t head = 0;
	if (s->kind == STORE_JOINED)
		return read_joined(s, offset, packet);
	if (s->kind == STORE_NONE || !readers[s->kind](s, offset, packet, &head))
		return false;
	if (packet->caplen > CAPTURE_LARGEST_PACKET)
		packet->caplen = CAPTURE_LARGEST_PACKET;
	const uint8_t *bytes = window(s, offset, head + packet->caplen);
	if (bytes == NULL)
		return false;
	packet->offset = offset;
	packet->data = bytes + head;
	return true;
}
