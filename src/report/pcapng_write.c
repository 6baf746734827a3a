/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcapng_write: packets as blocks of a pcapng file. */
#include "report/pcapng_write.h"

#include <stdlib.h>

#include "capture/pcapng.h"
#include "util/array.h"

enum {
	MAGIC = 0x1a2b3c4d, OPTION_END = 0, OPTION_COMMENT = 1, SECTION_APPLICATION = 4, INTERFACE_NAME = 2, INTERFACE_RESOLUTION = 9,
	NANOSECONDS = 9, OPTION_MOST = 65535, LENGTH_AT = 4
};

static void put16(struct buf *b, uint16_t value)
{
	buf_putc(b, (char)(value & 0xff));
	buf_putc(b, (char)(value >> 8));
}

static void put32(struct buf *b, uint32_t value)
{
	put16(b, (uint16_t)(value & 0xffff));
	put16(b, (uint16_t)(value >> 16));
}

static void pad(struct buf *b)
{
	while (b->len % 4 != 0)
		buf_putc(b, '\0');
}

/* n bytes at most OPTION_MOST; a text is not cut within a character. */
static void put_option(struct buf *b, uint16_t code, const char *value, size_t n)
{
	if (n > OPTION_MOST)
		for (n = OPTION_MOST; n > 0 && ((unsigned char)value[n] & 0xc0) == 0x80; n--)
			continue;
	put16(b, code);
	put16(b, (uint16_t)n);
	buf_add(b, value, n);
	pad(b);
}

static void begin_block(struct pcapng_writer *w, uint32_t type)
{
	buf_clear(&w->block);
	put32(&w->block, type);
	put32(&w->block, 0); /* the length, known at the end */
}

static bool end_block(struct pcapng_writer *w)
{
	uint32_t length = (uint32_t)w->block.len + 4;

	put32(&w->block, length);
	if (w->block.failed)
		return false;
	for (unsigned i = 0; i < 4; i++)
		w->block.data[LENGTH_AT + i] = (char)(length >> 8 * i & 0xff);
	return fwrite(w->block.data, 1, w->block.len, w->out) == w->block.len;
}

void pcapng_writer_begin(struct pcapng_writer *w, FILE *out)
{
	static const char application[] = "tcpwhy";

	*w = (struct pcapng_writer){ .out = out };
	begin_block(w, PCAPNG_SECTION);
	put32(&w->block, MAGIC);
	put16(&w->block, 1); /* version 1.0 */
	put16(&w->block, 0);
	put32(&w->block, UINT32_MAX); /* length of the section: not given */
	put32(&w->block, UINT32_MAX);
	put_option(&w->block, SECTION_APPLICATION, application, sizeof application - 1);
	put_option(&w->block, OPTION_END, "", 0);
	end_block(w);
}

static bool describe(struct pcapng_writer *w, const struct packet *packet, const char *name)
{
	static const char resolution = NANOSECONDS;

	struct pcapng_described *interfaces = array_grow(w->interfaces, w->interface_count, &w->interface_room, sizeof *interfaces, 8);
	if (interfaces == NULL)
		return false;
	w->interfaces = interfaces;
	w->interfaces[w->interface_count++] = (struct pcapng_described){ packet->link_type, packet->interface };
	begin_block(w, PCAPNG_INTERFACE);
	put16(&w->block, packet->link_type);
	put16(&w->block, 0);
	put32(&w->block, 0); /* snaplen: not known; each packet says how much of it is here */
	if (name != NULL && *name != '\0')
		put_option(&w->block, INTERFACE_NAME, name, strlen(name));
	put_option(&w->block, INTERFACE_RESOLUTION, &resolution, 1);
	put_option(&w->block, OPTION_END, "", 0);
	return end_block(w);
}

/* Number of the packet's interface in the file, interface_count when it is not described yet. Captures have few. */
static size_t find_interface(const struct pcapng_writer *w, const struct packet *packet)
{
	size_t i = 0;

	while (i < w->interface_count && (w->interfaces[i].link_type != packet->link_type || w->interfaces[i].interface != packet->interface))
		i++;
	return i;
}

bool pcapng_write_packet(struct pcapng_writer *w, const struct packet *packet, const char *name, const char *comment)
{
	size_t interface = find_interface(w, packet);
	uint64_t time = packet->time > 0 ? (uint64_t)packet->time : 0; /* the format knows none before 1970 */

	if (interface == w->interface_count && !describe(w, packet, name))
		return false;
	begin_block(w, PCAPNG_ENHANCED);
	put32(&w->block, (uint32_t)interface);
	put32(&w->block, (uint32_t)(time >> 32));
	put32(&w->block, (uint32_t)(time & UINT32_MAX));
	put32(&w->block, packet->caplen);
	put32(&w->block, packet->len);
	buf_add(&w->block, packet->data, packet->caplen);
	pad(&w->block);
	if (comment != NULL) {
		put_option(&w->block, OPTION_COMMENT, comment, strlen(comment));
		put_option(&w->block, OPTION_END, "", 0);
	}
	return end_block(w);
}

void pcapng_writer_end(struct pcapng_writer *w)
{
	free(w->interfaces);
	buf_free(&w->block);
	*w = (struct pcapng_writer){ 0 };
}
