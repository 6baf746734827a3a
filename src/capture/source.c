/* SPDX-License-Identifier: GPL-3.0-or-later
 * source: one capture out of a file, several files, a growing file, a pipe or an interface: numbers, capture filter, what is kept. How it is
 * opened: source_open.c. */
#include "capture/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/source_state.h"
#include "util/text.h"

enum { FOLLOW_MS = 200 };

static enum source_status finish(struct source *s, enum source_status how)
{
	s->ended = true;
	s->final = how;
	return how;
}

/* What a part had to say, with its name where there are several. Said once. */
static void take_message(struct source *s, struct reader *r)
{
	s->message.failed |= r->message.failed;
	if (r->message.len == 0)
		return;
	if (s->message.len != 0)
		buf_puts(&s->message, "; ");
	if (s->joined) {
		text_add_printable(&s->message, r->name, strlen(r->name));
		buf_puts(&s->message, ": ");
	}
	buf_puts(&s->message, buf_text(&r->message));
	buf_clear(&r->message);
}

/* The part has ended so: goes on to the next. True: there is one. */
static bool next_part(struct source *s, enum source_status how)
{
	struct reader *r = s->parts[s->part];
	struct buf error = { 0 };
	take_message(s, r);
	if (how == SOURCE_DAMAGED || (how == SOURCE_CUT && s->final != SOURCE_DAMAGED))
		s->final = how;
	if (s->part + 1 == s->part_count)
		return false;
	s->done += r->input.total;
	uint64_t number = r->packets;
	reader_rest(r);
	r = s->parts[++s->part];
	if (!reader_start(r, &error)) {
		buf_puts(&r->message, buf_text(&error));
		r->ended = true;
		r->final = SOURCE_DAMAGED;
	}
	r->packets += number;
	buf_free(&error);
	return true;
}

/* Another file has taken the name of the one that is followed, or it was cut off and begun again: then that is the next part. */
static void look_for_successor(struct source *s)
{
	struct reader *r = s->parts[s->part], next;
	struct stat named, own;
	struct buf error = { 0 };
	if (!r->input.follow || stat(r->name, &named) != 0 || fstat(r->input.fd, &own) != 0)
		return;
	bool replaced = named.st_dev != own.st_dev || named.st_ino != own.st_ino;
	bool again = !replaced && (uint64_t)own.st_size < r->input.raw_done;
	if (!replaced && !again)
		return;
	if (s->message.len != 0)
		buf_puts(&s->message, "; ");
	text_add_printable(&s->message, r->name, strlen(r->name));
	if (!reader_open(&next, r->name, s->spool, true, &error)) {
		buf_puts(&s->message, " was replaced, but its successor cannot be read: ");
		buf_puts(&s->message, buf_text(&error));
		r->input.follow = false;
	} else if (!next.input.regular || !source_add_part(s, &next)) {
		buf_puts(&s->message, " was replaced by what cannot be followed");
		r->input.follow = false;
		reader_close(&next);
	} else {
		buf_puts(&s->message, replaced ? " was replaced; its successor is followed" :
		                               " was cut off and begun again; packets before that cannot be looked at any more");
		r->input.follow = false;
	}
	buf_free(&error);
}

static enum source_status next_of_files(struct source *s, struct packet *packet)
{
	for (;;) {
		struct reader *r = s->parts[s->part];
		enum source_status status = reader_next(r, packet);
		if (status == SOURCE_PACKET) {
			if (r->spooling && !spool_append(r->spool, packet, &r->message)) {
				r->spooling = false;
				take_message(s, r);
			}
			if (s->joined)
				packet->offset |= (uint64_t)s->part << STORE_PART_SHIFT;
			return status;
		}
		if (status == SOURCE_WAIT) {
			if (!s->follow)
				return status;
			look_for_successor(s);
			if (r->input.follow)
				return status;
			continue;
		}
		if (!next_part(s, status))
			return finish(s, s->final != SOURCE_PACKET ? s->final : SOURCE_END);
	}
}

static enum source_status next_live(struct source *s, struct packet *packet)
{
	enum source_status status = live_next(s->live, packet, &s->message);
	if (status != SOURCE_PACKET)
		return status == SOURCE_END ? finish(s, status) : status;
	packet->number = ++s->number;
	packet->offset = 0;
	if (s->spooling && !spool_append(s->live_spool, packet, &s->message))
		s->spooling = false;
	return SOURCE_PACKET;
}

bool source_list(struct buf *out, struct buf *error)
{
	return live_list(out, error);
}

void source_library(struct buf *out)
{
	live_library(out);
}

enum source_status source_next(struct source *s, struct packet *packet)
{
	if (s->ended)
		return s->final;
	if (s->count != 0 && s->passed == s->count)
		return finish(s, SOURCE_END);
	for (;;) {
		enum source_status status = s->live != NULL ? next_live(s, packet) : next_of_files(s, packet);
		if (status == SOURCE_PACKET && s->bpf != NULL && !bpf_passes(s->bpf, packet, &s->message))
			continue;
		s->passed += status == SOURCE_PACKET;
		return status;
	}
}

/* --- looking --- */

const char *source_message(const struct source *s)
{
	return s->message.failed ? "memory ran out" : buf_text(&s->message);
}

int source_fd(const struct source *s)
{
	if (s->ended)
		return -1;
	if (s->live != NULL)
		return live_fd(s->live);
	const struct input *in = &s->parts[s->part]->input;
	return in->regular ? -1 : in->fd;
}

int source_timeout(const struct source *s)
{
	return s->ended ? -1 : s->live != NULL ? live_timeout(s->live) : s->follow ? FOLLOW_MS : -1;
}

bool source_is_live(const struct source *s)
{
	return s->live != NULL;
}

void source_counts(struct source *s, struct source_counts *counts)
{
	*counts = (struct source_counts){ 0 };
	if (s->live != NULL)
		live_counts(s->live, s->ended, counts);
}

static struct spool *limited_spool(const struct source *s)
{
	return s->live != NULL ? s->live_spool : s->joined ? NULL : s->parts[0]->spool;
}

uint64_t source_kept_from(const struct source *s)
{
	const struct spool *spool = limited_spool(s);
	return spool != NULL ? spool_floor(spool) : 0;
}

uint64_t source_spooled(const struct source *s)
{
	const struct spool *spool = limited_spool(s);
	return spool != NULL && spool_pcap(spool) == NULL ? spool_kept(spool) : 0;
}

bool source_is_limited(const struct source *s)
{
	return limited_spool(s) != NULL;
}

bool source_is_full(const struct source *s, uint64_t *offset)
{
	const struct spool *spool = limited_spool(s);
	return spool != NULL && spool_is_full(spool, offset);
}

void source_let_go(struct source *s)
{
	struct spool *spool = limited_spool(s);
	if (spool != NULL)
		spool_let_go(spool);
}

bool source_write_failed(const struct source *s)
{
	if (s->live == NULL)
		return s->parts[0]->copy_failed;
	return s->live_spool != NULL && spool_pcap(s->live_spool) != NULL && !s->spooling;
}

/* What a part's spool still holds; a disk that is full is said now rather than when packets are missed. */
static void flush_part(struct source *s, struct reader *r)
{
	if (!r->spooling || spool_flush(r->spool))
		return;
	spool_complain(r->spool, r->packets, &r->message);
	r->spooling = false;
	take_message(s, r);
}

void source_flush(struct source *s)
{
	for (size_t i = 0; i < s->part_count; i++)
		flush_part(s, s->parts[i]);
	if (s->live_spool != NULL && s->spooling && !spool_flush(s->live_spool)) {
		spool_complain(s->live_spool, s->number, &s->message);
		s->spooling = false;
	}
}

void source_progress(const struct source *s, uint64_t *done, uint64_t *total)
{
	*done = s->done;
	*total = 0;
	if (s->live != NULL || s->follow) {
		*done = s->part_count > 0 ? s->parts[s->part]->input.raw_done : 0;
		return;
	}
	for (size_t i = 0; i < s->part_count; i++)
		*total += s->parts[i]->input.total;
	const struct input *in = &s->parts[s->part]->input;
	*done += in->codec == NULL ? in->base : in->raw_done;
	if (*total != 0 && *done > *total) /* the file has grown, or its last record says more than there is */
		*done = *total;
}

struct store *source_store(struct source *s)
{
	if (s->live != NULL) {
		if (s->live_spool == NULL)
			return NULL;
		s->store.pcap = spool_pcap(s->live_spool);
		s->store.kind = s->store.pcap != NULL ? STORE_PCAP : STORE_SPOOL;
		s->store.fd = spool_fd(s->live_spool);
		s->store.spool = s->live_spool;
		return &s->store;
	}
	if (s->joined) {
		s->store.kind = STORE_JOINED;
		s->store.parts = (struct store *const *const *)&s->stores;
		s->store.part_count = &s->part_count;
		return &s->store;
	}
	return s->stores[0]->kind == STORE_NONE ? NULL : s->stores[0];
}

static const struct reader *first_part(const struct source *s)
{
	return s->part_count > 0 ? s->parts[0] : NULL;
}

size_t source_interface_count(const struct source *s)
{
	const struct reader *r = first_part(s);
	if (r == NULL)
		return s->live != NULL;
	return r->format == READER_PCAPNG ? r->pcapng.interface_count : r->format != READER_UNKNOWN;
}

const struct source_interface *source_interface(const struct source *s, size_t index)
{
	const struct reader *r = first_part(s);
	if (index >= source_interface_count(s))
		return NULL;
	if (r == NULL)
		return &s->live_interface;
	return r->format == READER_PCAPNG ? &r->pcapng.interfaces[index].shown : &r->interface;
}

bool source_name(const struct source *s, size_t index, const uint8_t **address, const char **name)
{
	for (size_t i = 0; i < s->part_count; i++) {
		const struct pcapng *ng = &s->parts[i]->pcapng;
		if (index < ng->name_count) {
			*address = ng->names[index].address;
			*name = ng->names[index].name;
			return true;
		}
		index -= ng->name_count;
	}
	return false;
}
