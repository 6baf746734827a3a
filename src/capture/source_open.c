/* SPDX-License-Identifier: GPL-3.0-or-later
 * source_open: files, a pipe or an interface opened as one capture, and closed. */
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "capture/source_state.h"
#include "util/text.h"

bool source_add_part(struct source *s, struct reader *r)
{
	struct reader **parts = realloc(s->parts, (s->part_count + 1) * sizeof *parts);
	s->parts = parts != NULL ? parts : s->parts;
	struct store **stores = realloc(s->stores, (s->part_count + 1) * sizeof *stores);
	s->stores = stores != NULL ? stores : s->stores;
	struct reader *own = parts != NULL && stores != NULL ? malloc(sizeof *own) : NULL;
	if (own == NULL)
		return false;
	*own = *r;
	parts[s->part_count] = own;
	stores[s->part_count++] = &own->store;
	return true;
}

/* What comes through a pipe may go on for ever: kept within a limit, or in a file of the user's. */
static bool keep_pipe(struct reader *r, const struct source_options *o, struct buf *note, struct buf *error)
{
	if (o->write_fd >= 0)
		return reader_copy(r, o->write_fd, o->write_name, error);
	return r->input.regular || !o->spool || reader_keep(r, o->spool_limit, note, error);
}

static bool open_file(struct source *s, const struct source_options *o, const char *name, struct buf *error)
{
	struct reader reader;
	if (s->joined && strcmp(name, "-") == 0) {
		buf_puts(error, "standard input cannot be joined or followed: it has neither a size nor a name; give files");
		return false;
	}
	if (!reader_open(&reader, name, s->spool, s->follow, error))
		return false;
	if (!keep_pipe(&reader, o, &s->message, error)) {
		reader_close(&reader);
		return false;
	}
	if (s->joined && !reader.input.regular) {
		text_add_printable(error, name, strlen(name));
		buf_puts(error, " is no regular file and cannot be joined or followed; read it alone");
	} else if (source_add_part(s, &reader)) {
		return true;
	} else {
		buf_puts(error, "out of memory");
	}
	reader_close(&reader);
	return false;
}

static bool open_live(struct source *s, const struct source_options *o, enum source_refusal *refusal, struct buf *error)
{
	s->live = live_open(o, refusal, error);
	if (s->live == NULL)
		return false;
	s->live_interface = live_interface(s->live);
	if (o->write_fd >= 0) {
		s->live_spool = spool_new_pcap(o->write_fd, o->write_name, s->live_interface.link_type, o->snaplen, error);
	} else if (o->spool) {
		s->live_spool = spool_new_named(o->interface, o->spool_limit, &s->message, error);
	} else {
		return true;
	}
	s->spooling = s->live_spool != NULL;
	return s->spooling;
}

static bool open_all(struct source *s, const struct source_options *o, enum source_refusal *refusal, struct buf *error)
{
	if (o->bpf != NULL && o->name_count != 0 && (s->bpf = bpf_new(o->bpf, error)) == NULL) {
		*refusal = SOURCE_REFUSED_USAGE;
		return false;
	}
	if (o->name_count == 0)
		return open_live(s, o, refusal, error);
	for (size_t i = 0; i < o->name_count; i++)
		if (!open_file(s, o, o->names[i], error))
			return false;
	return true;
}

struct source *source_open(const struct source_options *o, enum source_refusal *refusal, struct buf *error)
{
	struct source *s = calloc(1, sizeof *s);
	*refusal = SOURCE_REFUSED_INPUT;
	if (s == NULL) {
		buf_puts(error, "out of memory");
		return NULL;
	}
	s->store.fd = -1;
	s->joined = o->follow || o->name_count > 1;
	s->follow = o->follow;
	s->spool = o->spool;
	s->count = o->count;
	if (!open_all(s, o, refusal, error)) {
		source_close(s);
		return NULL;
	}
	return s;
}

struct dated {
	int64_t time;
	size_t index;
	struct reader *part;
};

static int compare_dated(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;
	return x->time != y->time ? (x->time < y->time ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

/* Files of a rotated capture in order of their first packets; one without any stays where it was named. */
static bool sort_parts(struct source *s, struct buf *error)
{
	struct dated *dated = calloc(s->part_count, sizeof *dated);
	int64_t last = 0;
	bool good = dated != NULL;
	for (size_t i = 0; good && i < s->part_count; i++) {
		struct packet packet;
		good = reader_start(s->parts[i], error);
		if (good && reader_next(s->parts[i], &packet) == SOURCE_PACKET)
			last = packet.time;
		dated[i] = (struct dated){ .time = last, .index = i, .part = s->parts[i] };
		good = good && reader_rewind(s->parts[i]);
	}
	if (good) {
		qsort(dated, s->part_count, sizeof *dated, compare_dated);
		for (size_t i = 0; i < s->part_count; i++) {
			s->parts[i] = dated[i].part;
			s->stores[i] = &dated[i].part->store;
		}
	} else if (error->len == 0) {
		buf_puts(error, dated == NULL ? "out of memory" : "the files cannot be read from their beginnings again");
	}
	free(dated);
	return good;
}

bool source_start(struct source *s, struct buf *error)
{
	if (s->live != NULL)
		return true;
	return (s->part_count == 1 || sort_parts(s, error)) && reader_start(s->parts[0], error);
}

struct source *source_open_file(const char *name, bool spool, struct buf *error)
{
	enum source_refusal refusal;
	const struct source_options options = { .names = &name, .name_count = 1, .spool = spool, .write_fd = -1 };
	struct source *s = source_open(&options, &refusal, error);
	if (s != NULL && !source_start(s, error)) {
		source_close(s);
		return NULL;
	}
	return s;
}

void source_close(struct source *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->part_count; i++) {
		reader_close(s->parts[i]);
		free(s->parts[i]);
	}
	free(s->parts);
	free(s->stores);
	live_close(s->live);
	spool_free(s->live_spool);
	bpf_free(s->bpf);
	store_free(&s->store);
	buf_free(&s->message);
	free(s);
}
