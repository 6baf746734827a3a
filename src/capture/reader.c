/* SPDX-License-Identifier: GPL-3.0-or-later
 * reader: formats found by their first bytes, records one after another, and how a capture ends. */
#include "capture/reader.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/formats.h"
#include "capture/spool_folder.h"
#include "util/text.h"

static enum source_status finish(struct reader *r, enum source_status how)
{
	r->ended = true;
	r->final = how;
	return how;
}

static enum source_status damaged(struct reader *r, const char *what)
{
	r->message.failed |= r->input.message.failed;
	if (r->message.len != 0)
		buf_puts(&r->message, "; ");
	buf_printf(&r->message, "damaged at byte %llu: %s; the %llu packets before it were read", (unsigned long long)r->input.base, what,
	           (unsigned long long)r->packets);
	return finish(r, SOURCE_DAMAGED);
}

/* The input gave less than was asked for. inside: is that inside a record, even where nothing of it is here? */
static enum source_status stopped(struct reader *r, enum input_status status, bool inside)
{
	if (status == INPUT_WAIT)
		return SOURCE_WAIT;
	if (status == INPUT_ERROR)
		return damaged(r, buf_text(&r->input.message));
	if (status == INPUT_END && !inside && input_have(&r->input) == 0 && r->input.skipping == 0)
		return finish(r, SOURCE_END);
	if (r->message.len != 0)
		buf_puts(&r->message, "; ");
	buf_printf(&r->message, "the capture ends inside the record after packet %llu (byte %llu)%s", (unsigned long long)r->packets,
	           (unsigned long long)r->input.base, status == INPUT_CUT ? ", inside its compressed data" : "");
	return finish(r, SOURCE_CUT);
}

/* Also of a spool: there is a head of fixed size before each packet. */
static enum source_status next_record(struct reader *r, struct packet *packet)
{
	bool spool = r->format == READER_SPOOL;
	size_t head = spool ? SPOOL_RECORD_SIZE : r->pcap.record_size;
	enum input_status status = input_need(&r->input, head);
	if (status != INPUT_OK)
		return stopped(r, status, false);
	const uint8_t *bytes = input_at(&r->input);
	if (!(spool ? spool_parse_record(bytes, packet) : pcap_parse_record(&r->pcap, bytes, packet)))
		return damaged(r, spool ? "no packet stands here" : "a packet with an impossible length");
	r->pending = head + packet->caplen;
	if (packet->caplen > CAPTURE_LARGEST_PACKET)
		packet->caplen = CAPTURE_LARGEST_PACKET;
	if ((status = input_need(&r->input, head + packet->caplen)) != INPUT_OK) {
		r->pending = 0;
		return stopped(r, status, true);
	}
	packet->data = input_at(&r->input) + head;
	return SOURCE_PACKET;
}

static const struct pcapng_section *current_section(const struct reader *r)
{
	return r->pcapng.section_count == 0 ? NULL : &r->pcapng.sections[r->pcapng.section_count - 1];
}

/* A block that is no packet: takes from it what is kept. Sets r->pending. */
static enum source_status take_block(struct reader *r, const struct pcapng_block *block)
{
	bool known = block->type == PCAPNG_SECTION || block->type == PCAPNG_INTERFACE || block->type == PCAPNG_NAMES;
	size_t size = block->length < PCAPNG_PARSED ? block->length : PCAPNG_PARSED;
	enum input_status status = known ? input_need(&r->input, size) : INPUT_OK;
	if (status != INPUT_OK)
		return stopped(r, status, true);
	const char *why = "";
	const uint8_t *bytes = input_at(&r->input);
	bool good = block->type == PCAPNG_SECTION ? pcapng_add_section(&r->pcapng, r->input.base, bytes, &why) :
		block->type == PCAPNG_INTERFACE ? pcapng_add_interface(&r->pcapng, bytes, size, &why) :
		block->type == PCAPNG_NAMES ? pcapng_add_names(&r->pcapng, bytes, size, &why) : true;
	if (!good)
		return damaged(r, why);
	r->pending = block->length;
	return SOURCE_PACKET;
}

static enum source_status take_packet_block(struct reader *r, const struct pcapng_block *block, struct packet *packet)
{
	size_t head = pcapng_packet_head(block->type);
	enum input_status status = input_need(&r->input, head);
	if (status != INPUT_OK)
		return stopped(r, status, true);
	const char *why;
	if (!pcapng_parse_packet(&r->pcapng, current_section(r), block, input_at(&r->input), packet, &why))
		return damaged(r, why);
	if (packet->caplen > CAPTURE_LARGEST_PACKET)
		packet->caplen = CAPTURE_LARGEST_PACKET;
	if ((status = input_need(&r->input, head + packet->caplen)) != INPUT_OK)
		return stopped(r, status, true);
	packet->data = input_at(&r->input) + head;
	r->pending = block->length;
	return SOURCE_PACKET;
}

static enum source_status next_pcapng(struct reader *r, struct packet *packet)
{
	for (;;) {
		enum input_status status = input_need(&r->input, PCAPNG_BLOCK_HEAD);
		if (status != INPUT_OK)
			return stopped(r, status, false);
		struct pcapng_block block;
		const char *why;
		if (!pcapng_parse_head(current_section(r), input_at(&r->input), &block, &why))
			return damaged(r, why);
		if (pcapng_packet_head(block.type) != 0)
			return take_packet_block(r, &block, packet);
		enum source_status taken = take_block(r, &block);
		if (taken != SOURCE_PACKET)
			return taken;
		r->packets += pcapng_is_record(block.type);
		input_take(&r->input, r->pending);
		r->pending = 0;
	}
}

static enum source_status next_savefile(struct reader *r, struct packet *packet)
{
	struct buf why = { 0 };
	enum source_status status = savefile_next(r->savefile, packet, &why);
	r->input.base = savefile_done(r->savefile);
	status = status == SOURCE_PACKET ? status : status == SOURCE_END ? finish(r, status) : damaged(r, buf_text(&why));
	r->message.failed |= why.failed;
	buf_free(&why);
	return status;
}

/* Where packets are read from again: the file itself, or the spool. */
static void point_store(struct reader *r)
{
	if (r->spool != NULL) {
		r->store.kind = STORE_SPOOL;
		r->store.fd = spool_fd(r->spool);
		r->store.spool = r->spool;
	} else if ((r->input.regular || r->copy_fd >= 0) && r->format != READER_SAVEFILE) {
		r->store.kind = r->format == READER_PCAP ? STORE_PCAP : r->format == READER_SPOOL ? STORE_SPOOL : STORE_PCAPNG;
		r->store.fd = r->copy_fd >= 0 ? r->copy_fd : r->input.fd;
		r->store.pcap = &r->pcap;
		r->store.pcapng = &r->pcapng;
	}
}

/* gzip or zstd in front? INPUT_ERROR: *error says why it cannot be taken off. */
static enum input_status uncover(struct reader *r, struct buf *error)
{
	enum input_status status = input_need(&r->input, 4);
	if (status != INPUT_OK || r->input.codec != NULL)
		return status;
	enum codec_kind kind;
	if (!codec_is_magic(input_at(&r->input), &kind))
		return INPUT_OK;
	const char *tool = kind == CODEC_GZIP ? "gzip" : "zstd";
	if (!codec_available(kind)) {
		buf_printf(error, "it is compressed with %s, which this build cannot read; try: %s -dc ", tool, tool);
		text_add_printable(error, r->name, strlen(r->name));
		buf_puts(error, " | tcpwhy -");
		return INPUT_ERROR;
	}
	if (!input_decompress(&r->input, kind)) {
		buf_puts(error, "out of memory");
		return INPUT_ERROR;
	}
	return input_need(&r->input, 4);
}

/* Each takes what its format begins with, and answers as find_format() does. */
static enum input_status begin_pcap(struct reader *r, struct buf *error)
{
	enum input_status status = input_need(&r->input, PCAP_HEADER_SIZE);
	if (status != INPUT_OK)
		return status;
	if (!pcap_parse_header(input_at(&r->input), &r->pcap, error))
		return INPUT_ERROR;
	r->interface = (struct source_interface){ .link_type = r->pcap.link_type, .snaplen = r->pcap.snaplen };
	r->pending = PCAP_HEADER_SIZE;
	r->format = READER_PCAP;
	return INPUT_OK;
}

static enum input_status begin_pcapng(struct reader *r, struct buf *error)
{
	enum input_status status = input_need(&r->input, PCAPNG_PACKET_HEAD);
	struct pcapng_block block;
	const char *why;
	if (status != INPUT_OK)
		return status;
	if (!pcapng_parse_head(NULL, input_at(&r->input), &block, &why) || !pcapng_add_section(&r->pcapng, 0, input_at(&r->input), &why)) {
		buf_printf(error, "it begins with %s", why);
		return INPUT_ERROR;
	}
	r->pending = block.length;
	r->format = READER_PCAPNG;
	return INPUT_OK;
}

/* The spool of a program that was killed. */
static enum input_status begin_spool(struct reader *r, struct buf *error)
{
	enum input_status status = input_need(&r->input, SPOOL_HEAD_SIZE);
	struct spool_head head;
	if (status != INPUT_OK)
		return status;
	if (!spool_parse_head(input_at(&r->input), &head)) {
		buf_puts(error, "it is a spool of another version of tcpwhy");
		return INPUT_ERROR;
	}
	input_go_on(&r->input, head.begin);
	r->format = READER_SPOOL;
	return INPUT_OK;
}

/* A format that is not read here: libpcap is asked, which reads what can be read as it stands and from its beginning. */
static enum input_status begin_other(struct reader *r, struct buf *error)
{
	bool asked = r->input.regular && r->input.codec == NULL && !r->input.follow;
	struct buf why = { 0 };
	if (input_need(&r->input, FORMATS_HEAD) == INPUT_ERROR) /* as much as there is */
		return INPUT_ERROR;
	if (asked && (r->savefile = savefile_open(r->input.fd, &why)) != NULL) {
		input_rest(&r->input);
		r->interface = savefile_interface(r->savefile);
		r->format = READER_SAVEFILE;
	} else {
		formats_explain(input_at(&r->input), input_have(&r->input), r->name, asked ? buf_text(&why) : NULL, error);
	}
	buf_free(&why);
	return r->savefile != NULL ? INPUT_OK : INPUT_ERROR;
}

/* Finds out the format. INPUT_OK: known, packets can be read. INPUT_WAIT: too little is here. INPUT_ERROR: *error says why. */
static enum input_status find_format(struct reader *r, struct buf *error)
{
	enum input_status status = uncover(r, error);
	if (status == INPUT_OK)
		status = pcap_is_magic(input_at(&r->input)) ? begin_pcap(r, error) :
			pcapng_is_magic(input_at(&r->input)) ? begin_pcapng(r, error) :
			spool_is_magic(input_at(&r->input)) ? begin_spool(r, error) : begin_other(r, error);
	if (status == INPUT_WAIT)
		return status;
	if (r->format != READER_UNKNOWN) {
		point_store(r);
		return INPUT_OK;
	}
	if (r->input.message.len != 0)
		buf_puts(error, buf_text(&r->input.message));
	else if (error->len == 0)
		formats_explain(input_at(&r->input), input_have(&r->input), r->name, NULL, error);
	return INPUT_ERROR;
}

/* As find_format(), with the whole sentence in *error. */
static enum input_status identify(struct reader *r, struct buf *error)
{
	struct buf why = { 0 };
	enum input_status status = find_format(r, &why);
	if (status == INPUT_ERROR) {
		buf_puts(error, "cannot read ");
		text_add_printable(error, r->name, strlen(r->name));
		buf_puts(error, ": ");
		buf_puts(error, buf_text(&why));
	}
	buf_free(&why);
	return status;
}

/* Can the packets of a regular file not be read again from where they stand? */
static bool needs_spool(const struct reader *r)
{
	uint8_t magic[4];
	return r->input.regular && input_magic(&r->input, magic) && !pcap_is_magic(magic) && !pcapng_is_magic(magic) && !spool_is_magic(magic);
}

bool reader_open(struct reader *r, const char *name, bool spool, bool follow, struct buf *error)
{
	*r = (struct reader){ .store.fd = -1, .copy_fd = -1, .name = strdup(name) };
	if (r->name == NULL || !input_open(&r->input, name, error)) {
		if (r->name == NULL)
			buf_puts(error, "out of memory");
		free(r->name);
		return false;
	}
	r->input.follow = follow && r->input.regular;
	if (spool && needs_spool(r)) {
		r->spool = spool_new(error);
		r->spooling = r->spool != NULL;
		if (r->spool == NULL) {
			reader_close(r);
			return false;
		}
	}
	return true;
}

void reader_close(struct reader *r)
{
	store_free(&r->store);
	spool_free(r->spool);
	pcapng_free(&r->pcapng);
	savefile_close(r->savefile);
	input_close(&r->input);
	buf_free(&r->message);
	if (r->copy_fd >= 0)
		close(r->copy_fd);
	free(r->copy_name);
	free(r->name);
	*r = (struct reader){ .ended = true, .final = SOURCE_END, .store.fd = -1, .copy_fd = -1 };
}

bool reader_keep(struct reader *r, uint64_t limit, struct buf *note, struct buf *error)
{
	r->spool = spool_new_named(r->name, limit, note, error);
	r->spooling = r->spool != NULL;
	return r->spooling;
}

bool reader_copy(struct reader *r, int fd, const char *name, struct buf *error)
{
	r->copy_name = strdup(name);
	if (r->copy_name == NULL) {
		buf_puts(error, "out of memory");
		close(fd);
		return false;
	}
	r->copy_fd = fd;
	input_copy(&r->input, fd);
	return true;
}

/* Once: that no more can be written to the copy. */
static void tell_copy(struct reader *r)
{
	if (r->copy_failed)
		return;
	r->copy_failed = true;
	buf_puts(&r->message, r->message.len != 0 ? "; " : "");
	text_add_printable(&r->message, r->copy_name, strlen(r->copy_name));
	buf_printf(&r->message, " cannot grow (%s): packets from about number %llu on are counted but not kept and cannot be looked at again; "
	           "make room, or write to another file system", strerror(r->input.copy_error), (unsigned long long)r->packets + 1);
}

bool reader_start(struct reader *r, struct buf *error)
{
	return r->format != READER_UNKNOWN || !r->input.regular || identify(r, error) != INPUT_ERROR;
}

enum source_status reader_next(struct reader *r, struct packet *packet)
{
	if (r->ended)
		return r->final;
	if (r->format == READER_UNKNOWN) {
		enum input_status found = identify(r, &r->message);
		if (found != INPUT_OK)
			return found == INPUT_WAIT ? SOURCE_WAIT : finish(r, SOURCE_DAMAGED);
	}
	if (r->pending != 0) {
		input_take(&r->input, r->pending);
		r->pending = 0;
	}
	enum source_status status = r->format == READER_PCAP || r->format == READER_SPOOL ? next_record(r, packet) :
		r->format == READER_PCAPNG ? next_pcapng(r, packet) : next_savefile(r, packet);
	if (r->input.copy_error != 0)
		tell_copy(r);
	if (status != SOURCE_PACKET)
		return status;
	packet->number = ++r->packets;
	packet->offset = r->input.base;
	return SOURCE_PACKET;
}

bool reader_rewind(struct reader *r)
{
	pcapng_free(&r->pcapng);
	r->pcapng = (struct pcapng){ 0 };
	savefile_close(r->savefile);
	r->savefile = NULL;
	r->format = READER_UNKNOWN;
	r->packets = r->pending = 0;
	r->ended = false;
	buf_clear(&r->message);
	return input_rewind(&r->input);
}

void reader_rest(struct reader *r)
{
	input_rest(&r->input);
	if (r->spool != NULL)
		(void)spool_flush(r->spool);
}
