/* SPDX-License-Identifier: GPL-3.0-or-later
 * source: a capture file or pipe as a row of packets: finds the format, reads record by record, spools what cannot be read twice. */
#include "capture/source.h"

#include <stdlib.h>
#include <string.h>

#include "capture/formats.h"
#include "capture/input.h"
#include "capture/store.h"
#include "util/text.h"

enum format { FORMAT_UNKNOWN, FORMAT_PCAP, FORMAT_PCAPNG };

struct source {
	struct input input;
	enum format format;
	struct pcap_format pcap;
	struct source_interface pcap_interface;
	struct pcapng pcapng;
	uint64_t packets;          /* numbered so far: also records that are not handed on */
	uint64_t pending;          /* bytes of the record handed out last: passed over when the next one is asked for */
	struct spool *spool;
	bool spooling;             /* wanted, and needed by this input */
	bool ended;
	enum source_status final;
	struct store store;
	char *name;
	struct buf message;
};

static enum source_status finish(struct source *s, enum source_status how)
{
	s->ended = true;
	s->final = how;
	return how;
}

static enum source_status damaged(struct source *s, const char *what)
{
	if (s->message.len != 0)
		buf_puts(&s->message, "; ");
	buf_printf(&s->message, "damaged at byte %llu: %s; the %llu packets before it were read", (unsigned long long)s->input.base, what,
	           (unsigned long long)s->packets);
	return finish(s, SOURCE_DAMAGED);
}

/* The input gave less than was asked for. inside: is that inside a record, even where nothing of it is here? */
static enum source_status stopped(struct source *s, enum input_status status, bool inside)
{
	if (status == INPUT_WAIT)
		return SOURCE_WAIT;
	if (status == INPUT_ERROR)
		return damaged(s, buf_text(&s->input.message));
	if (status == INPUT_END && !inside && input_have(&s->input) == 0 && s->input.skipping == 0)
		return finish(s, SOURCE_END);
	if (s->message.len != 0)
		buf_puts(&s->message, "; ");
	buf_printf(&s->message, "the capture ends inside the record after packet %llu (byte %llu)%s", (unsigned long long)s->packets,
	           (unsigned long long)s->input.base, status == INPUT_CUT ? ", inside its compressed data" : "");
	return finish(s, SOURCE_CUT);
}

static enum source_status next_pcap(struct source *s, struct packet *packet)
{
	size_t head = s->pcap.record_size;
	enum input_status status = input_need(&s->input, head);
	if (status != INPUT_OK)
		return stopped(s, status, false);
	if (!pcap_parse_record(&s->pcap, input_at(&s->input), packet))
		return damaged(s, "a packet with an impossible length");
	s->pending = head + packet->caplen;
	if (packet->caplen > CAPTURE_LARGEST_PACKET)
		packet->caplen = CAPTURE_LARGEST_PACKET;
	if ((status = input_need(&s->input, head + packet->caplen)) != INPUT_OK) {
		s->pending = 0;
		return stopped(s, status, true);
	}
	packet->data = input_at(&s->input) + head;
	return SOURCE_PACKET;
}

static const struct pcapng_section *current_section(const struct source *s)
{
	return s->pcapng.section_count == 0 ? NULL : &s->pcapng.sections[s->pcapng.section_count - 1];
}

/* A block that is no packet: takes from it what is kept. Sets s->pending. */
static enum source_status take_block(struct source *s, const struct pcapng_block *block)
{
	bool known = block->type == PCAPNG_SECTION || block->type == PCAPNG_INTERFACE || block->type == PCAPNG_NAMES;
	size_t size = block->length < PCAPNG_PARSED ? block->length : PCAPNG_PARSED;
	enum input_status status = known ? input_need(&s->input, size) : INPUT_OK;
	if (status != INPUT_OK)
		return stopped(s, status, true);
	const char *why = "";
	const uint8_t *bytes = input_at(&s->input);
	bool good = block->type == PCAPNG_SECTION ? pcapng_add_section(&s->pcapng, s->input.base, bytes, &why) :
		block->type == PCAPNG_INTERFACE ? pcapng_add_interface(&s->pcapng, bytes, size, &why) :
		block->type == PCAPNG_NAMES ? pcapng_add_names(&s->pcapng, bytes, size, &why) : true;
	if (!good)
		return damaged(s, why);
	s->pending = block->length;
	return SOURCE_PACKET;
}

static enum source_status take_packet_block(struct source *s, const struct pcapng_block *block, struct packet *packet)
{
	size_t head = pcapng_packet_head(block->type);
	enum input_status status = input_need(&s->input, head);
	if (status != INPUT_OK)
		return stopped(s, status, true);
	const char *why;
	if (!pcapng_parse_packet(&s->pcapng, current_section(s), block, input_at(&s->input), packet, &why))
		return damaged(s, why);
	if (packet->caplen > CAPTURE_LARGEST_PACKET)
		packet->caplen = CAPTURE_LARGEST_PACKET;
	if ((status = input_need(&s->input, head + packet->caplen)) != INPUT_OK)
		return stopped(s, status, true);
	packet->data = input_at(&s->input) + head;
	s->pending = block->length;
	return SOURCE_PACKET;
}

static enum source_status next_pcapng(struct source *s, struct packet *packet)
{
	for (;;) {
		enum input_status status = input_need(&s->input, PCAPNG_BLOCK_HEAD);
		if (status != INPUT_OK)
			return stopped(s, status, false);
		struct pcapng_block block;
		const char *why;
		if (!pcapng_parse_head(current_section(s), input_at(&s->input), &block, &why))
			return damaged(s, why);
		if (pcapng_packet_head(block.type) != 0)
			return take_packet_block(s, &block, packet);
		enum source_status taken = take_block(s, &block);
		if (taken != SOURCE_PACKET)
			return taken;
		s->packets += pcapng_is_record(block.type);
		input_take(&s->input, s->pending);
		s->pending = 0;
	}
}

/* Prepares what cannot be read twice for being read again, or points the store at the file. */
static bool prepare_store(struct source *s, struct buf *error)
{
	if (s->input.regular && s->input.codec == NULL) {
		s->store.kind = s->format == FORMAT_PCAP ? STORE_PCAP : STORE_PCAPNG;
		s->store.fd = s->input.fd;
		s->store.pcap = &s->pcap;
		s->store.pcapng = &s->pcapng;
		s->spooling = false;
	} else if (s->spooling) {
		s->spool = spool_new(error);
		if (s->spool == NULL)
			return false;
		s->store.kind = STORE_SPOOL;
		s->store.fd = spool_fd(s->spool);
		s->store.spool = s->spool;
	}
	return true;
}

/* gzip or zstd in front? INPUT_ERROR: *error says why it cannot be taken off. */
static enum input_status uncover(struct source *s, struct buf *error)
{
	static const uint8_t zstd[4] = { 0x28, 0xb5, 0x2f, 0xfd };
	enum input_status status = input_need(&s->input, 4);
	if (status != INPUT_OK || s->input.codec != NULL)
		return status;
	const uint8_t *p = input_at(&s->input);
	bool is_gzip = p[0] == 0x1f && p[1] == 0x8b, is_zstd = memcmp(p, zstd, 4) == 0;
	if (!is_gzip && !is_zstd)
		return INPUT_OK;
	enum codec_kind kind = is_gzip ? CODEC_GZIP : CODEC_ZSTD;
	const char *tool = is_gzip ? "gzip" : "zstd";
	if (!codec_available(kind)) {
		buf_printf(error, "it is compressed with %s, which this build cannot read; try: %s -dc ", tool, tool);
		text_add_printable(error, s->name, strlen(s->name));
		buf_puts(error, " | tcpwhy -");
		return INPUT_ERROR;
	}
	if (!input_decompress(&s->input, kind)) {
		buf_puts(error, "out of memory");
		return INPUT_ERROR;
	}
	return input_need(&s->input, 4);
}

/* Finds out the format. INPUT_OK: known, packets can be read. INPUT_WAIT: too little is here. INPUT_ERROR: *error says why. */
static enum input_status find_format(struct source *s, struct buf *error)
{
	enum input_status status = uncover(s, error);
	if (status == INPUT_OK && pcap_is_magic(input_at(&s->input))) {
		if ((status = input_need(&s->input, PCAP_HEADER_SIZE)) == INPUT_OK) {
			if (!pcap_parse_header(input_at(&s->input), &s->pcap, error))
				return INPUT_ERROR;
			s->pcap_interface = (struct source_interface){ .link_type = s->pcap.link_type, .snaplen = s->pcap.snaplen };
			s->pending = PCAP_HEADER_SIZE;
			s->format = FORMAT_PCAP;
		}
	} else if (status == INPUT_OK && memcmp(input_at(&s->input), "\x0a\x0d\x0d\x0a", 4) == 0) {
		if ((status = input_need(&s->input, PCAPNG_PACKET_HEAD)) == INPUT_OK) {
			struct pcapng_block block;
			const char *why;
			if (!pcapng_parse_head(NULL, input_at(&s->input), &block, &why) ||
			    !pcapng_add_section(&s->pcapng, 0, input_at(&s->input), &why)) {
				buf_printf(error, "it begins with %s", why);
				return INPUT_ERROR;
			}
			s->pending = block.length;
			s->format = FORMAT_PCAPNG;
		}
	} else if (status == INPUT_OK) {
		input_need(&s->input, FORMATS_HEAD); /* as much as there is */
	}
	if (status == INPUT_WAIT)
		return status;
	if (s->format != FORMAT_UNKNOWN)
		return prepare_store(s, error) ? INPUT_OK : INPUT_ERROR;
	if (s->input.message.len != 0)
		buf_puts(error, buf_text(&s->input.message));
	else if (error->len == 0 || status != INPUT_ERROR)
		formats_explain(input_at(&s->input), input_have(&s->input), s->name, error);
	return INPUT_ERROR;
}

/* As find_format(), with the whole sentence in *error. */
static enum input_status identify(struct source *s, struct buf *error)
{
	struct buf why = { 0 };
	enum input_status status = find_format(s, &why);
	if (status == INPUT_ERROR) {
		buf_puts(error, "cannot read ");
		text_add_printable(error, s->name, strlen(s->name));
		buf_puts(error, ": ");
		buf_puts(error, buf_text(&why));
	}
	buf_free(&why);
	return status;
}

struct source *source_open_file(const char *name, bool spool, struct buf *error)
{
	struct source *s = calloc(1, sizeof *s);
	char *copy = strdup(name);
	if (s == NULL || copy == NULL || !input_open(&s->input, name, error)) {
		if (s == NULL || copy == NULL)
			buf_puts(error, "out of memory");
		free(s);
		free(copy);
		return NULL;
	}
	s->name = copy;
	s->spooling = spool;
	s->store.fd = -1;
	/* A file's format is known at once; a pipe may have nothing to say yet. */
	if (s->input.regular && identify(s, error) != INPUT_OK) {
		source_close(s);
		return NULL;
	}
	return s;
}

void source_close(struct source *s)
{
	if (s == NULL)
		return;
	store_free(&s->store);
	spool_free(s->spool);
	pcapng_free(&s->pcapng);
	input_close(&s->input);
	buf_free(&s->message);
	free(s->name);
	free(s);
}

enum source_status source_next(struct source *s, struct packet *packet)
{
	if (s->ended)
		return s->final;
	if (s->format == FORMAT_UNKNOWN) {
		enum input_status found = identify(s, &s->message);
		if (found != INPUT_OK)
			return found == INPUT_WAIT ? SOURCE_WAIT : finish(s, SOURCE_DAMAGED);
	}
	if (s->pending != 0) {
		input_take(&s->input, s->pending);
		s->pending = 0;
	}
	enum source_status status = s->format == FORMAT_PCAP ? next_pcap(s, packet) : next_pcapng(s, packet);
	if (status != SOURCE_PACKET)
		return status;
	packet->number = ++s->packets;
	packet->offset = s->input.base;
	if (s->spooling && !spool_append(s->spool, packet, &s->message))
		s->spooling = false;
	return SOURCE_PACKET;
}

const char *source_message(const struct source *s)
{
	return buf_text(&s->message);
}

int source_fd(const struct source *s)
{
	return s->ended || s->input.regular ? -1 : s->input.fd;
}

void source_progress(const struct source *s, uint64_t *done, uint64_t *total)
{
	*done = s->input.codec == NULL ? s->input.base : s->input.raw_done;
	*total = s->input.total;
	if (*total != 0 && *done > *total) /* the file has grown, or its last record says more than there is */
		*done = *total;
}

struct store *source_store(struct source *s)
{
	return s->store.kind == STORE_NONE ? NULL : &s->store;
}

size_t source_interface_count(const struct source *s)
{
	return s->format == FORMAT_PCAPNG ? s->pcapng.interface_count : s->format == FORMAT_PCAP ? 1 : 0;
}

const struct source_interface *source_interface(const struct source *s, size_t index)
{
	if (index >= source_interface_count(s))
		return NULL;
	return s->format == FORMAT_PCAPNG ? &s->pcapng.interfaces[index].shown : &s->pcap_interface;
}

bool source_name(const struct source *s, size_t index, const uint8_t **address, const char **name)
{
	if (index >= s->pcapng.name_count)
		return false;
	*address = s->pcapng.names[index].address;
	*name = s->pcapng.names[index].name;
	return true;
}
