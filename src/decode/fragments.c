/* SPDX-License-Identifier: GPL-3.0-or-later
 * fragments: a bounded number of unfinished datagrams, found by a small hash, let go in order of age. */
#include "decode/fragments.h"

#include <stdlib.h>
#include <string.h>

#include "util/endian.h"

enum {
	MOST_DATAGRAMS = 1024,
	MOST_BYTES = 4 << 20,
	MOST_PIECES = 1024,       /* fragments of one datagram */
	MOST_PLACES = 1 << 22,    /* remembered in all */
	DATAGRAM_SIZE = 65536,
	UNIT = 8,                 /* offsets count units of eight bytes */
	BUCKETS = 1024
};

static const int64_t MOST_AGE = INT64_C(60) * 1000000000; /* RFC 8200 4.5: 60 seconds */

struct datagram {
	struct datagram *next;           /* of its bucket */
	struct datagram *newer, *older;
	uint8_t src[16], dst[16];
	uint32_t id, path;
	uint8_t version, protocol;       /* IPv4's protocol is part of the key (RFC 791) */
	bool have_first;
	int64_t time;                    /* of the fragment seen first */
	uint32_t bucket;
	uint32_t total;                  /* 0 until the last fragment was seen */
	uint32_t received;               /* bytes, each counted once */
	uint32_t cap;
	uint8_t *data;
	uint64_t units[DATAGRAM_SIZE / UNIT / 64]; /* which are here */
	uint32_t place_count, place_cap;
	uint64_t *places;                /* packet offsets of its fragments */
};

struct joined {
	uint64_t offset;                 /* of the packet that completed it; ascending */
	uint32_t first, count;           /* its earlier fragments in places */
};

struct fragments {
	struct datagram *buckets[BUCKETS];
	struct datagram *newest, *oldest;
	struct datagram *done;           /* handed out by the last call */
	size_t count, bytes;
	uint64_t dropped;
	bool remember;
	struct joined *joined;
	size_t joined_count, joined_cap;
	uint64_t *places;
	size_t place_count, place_cap;
};

struct fragments *fragments_new(bool remember)
{
	struct fragments *f = calloc(1, sizeof *f);
	if (f != NULL)
		f->remember = remember;
	return f;
}

static void datagram_free(struct datagram *d)
{
	if (d == NULL)
		return;
	free(d->data);
	free(d->places);
	free(d);
}

void fragments_free(struct fragments *f)
{
	if (f == NULL)
		return;
	while (f->newest != NULL) {
		struct datagram *d = f->newest;
		f->newest = d->older;
		datagram_free(d);
	}
	datagram_free(f->done);
	free(f->joined);
	free(f->places);
	free(f);
}

size_t fragments_waiting(const struct fragments *f)
{
	return f->count;
}

uint64_t fragments_dropped(const struct fragments *f)
{
	return f->dropped;
}

static uint32_t bucket_of(const struct fragment *x)
{
	uint32_t h = x->id * 0x9e3779b1u ^ x->path;
	for (int i = 0; i < 16; i += 4)
		h = (h ^ get_be32(x->src + i) ^ get_be32(x->dst + i) * 31) * 0x85ebca6bu;
	return (h ^ h >> 15) % BUCKETS;
}

static bool same(const struct datagram *d, const struct fragment *x)
{
	return d->id == x->id && d->path == x->path && d->version == x->version && (x->version == 6 || d->protocol == x->protocol) &&
	       memcmp(d->src, x->src, 16) == 0 && memcmp(d->dst, x->dst, 16) == 0;
}

/* Takes a datagram out of the table; the caller owns it then. */
static void unlink_datagram(struct fragments *f, struct datagram *d)
{
	struct datagram **at = &f->buckets[d->bucket];
	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	*(d->newer != NULL ? &d->newer->older : &f->newest) = d->older;
	*(d->older != NULL ? &d->older->newer : &f->oldest) = d->newer;
	f->count--;
	f->bytes -= d->cap + d->place_cap * sizeof *d->places;
}

static void drop(struct fragments *f, struct datagram *d)
{
	unlink_datagram(f, d);
	datagram_free(d);
	f->dropped++;
}

static struct datagram *find_or_add(struct fragments *f, const struct fragment *x)
{
	uint32_t bucket = bucket_of(x);
	struct datagram *d = f->buckets[bucket];
	while (d != NULL && !same(d, x))
		d = d->next;
	if (d != NULL) {
		int64_t age = x->packet->time > d->time ? x->packet->time - d->time : d->time - x->packet->time;
		if (age <= MOST_AGE)
			return d;
		drop(f, d); /* the identification is in use again */
	}
	while (f->count >= MOST_DATAGRAMS || f->bytes > MOST_BYTES)
		drop(f, f->oldest);
	d = calloc(1, sizeof *d);
	if (d == NULL)
		return NULL;
	memcpy(d->src, x->src, 16);
	memcpy(d->dst, x->dst, 16);
	d->id = x->id;
	d->path = x->path;
	d->version = x->version;
	d->protocol = x->protocol;
	d->time = x->packet->time;
	d->bucket = bucket;
	d->next = f->buckets[bucket];
	f->buckets[bucket] = d;
	d->older = f->newest;
	*(f->newest != NULL ? &f->newest->newer : &f->oldest) = d;
	f->newest = d;
	f->count++;
	return d;
}

/* Makes room for the bytes up to end and for one more place. */
static bool make_room(struct fragments *f, struct datagram *d, uint32_t end)
{
	if (end > d->cap) {
		uint32_t cap = d->cap < 2048 ? 4096 : d->cap * 2;
		cap = cap < end ? end : cap;
		uint8_t *data = realloc(d->data, cap);
		if (data == NULL)
			return false;
		f->bytes += cap - d->cap;
		d->data = data;
		d->cap = cap;
	}
	if (d->place_count == d->place_cap) {
		uint32_t cap = d->place_cap == 0 ? 8 : d->place_cap * 2;
		uint64_t *places = d->place_count < MOST_PIECES ? realloc(d->places, cap * sizeof *places) : NULL;
		if (places == NULL)
			return false;
		f->bytes += (cap - d->place_cap) * sizeof *places;
		d->places = places;
		d->place_cap = cap;
	}
	return true;
}

/* Copies the units that are not here yet. */
static void copy_units(struct datagram *d, const struct fragment *x)
{
	for (uint32_t at = 0; at < x->size; at += UNIT) {
		uint32_t unit = (x->offset + at) / UNIT, size = x->size - at < UNIT ? x->size - at : UNIT;
		if ((d->units[unit / 64] >> unit % 64 & 1) != 0)
			continue;
		d->units[unit / 64] |= 1ull << unit % 64;
		memcpy(d->data + x->offset + at, x->data + at, size);
		d->received += size;
	}
}

/* Notes where the fragments of a whole datagram stand. What does not fit is forgotten: that segment cannot be looked at again. */
static void remember(struct fragments *f, const struct datagram *d, uint64_t offset)
{
	uint32_t earlier = d->place_count - 1;
	if (f->joined_count > 0 && f->joined[f->joined_count - 1].offset >= offset)
		return; /* two datagrams whole in one frame: a tunnel's inside */
	if (f->place_count + earlier > MOST_PLACES)
		return;
	if (f->joined_count == f->joined_cap) {
		size_t cap = f->joined_cap == 0 ? 16 : f->joined_cap * 2;
		struct joined *larger = realloc(f->joined, cap * sizeof *larger);
		if (larger == NULL)
			return;
		f->joined = larger;
		f->joined_cap = cap;
	}
	while (f->place_count + earlier > f->place_cap) {
		size_t cap = f->place_cap == 0 ? 64 : f->place_cap * 2;
		uint64_t *larger = realloc(f->places, cap * sizeof *larger);
		if (larger == NULL)
			return;
		f->places = larger;
		f->place_cap = cap;
	}
	memcpy(f->places + f->place_count, d->places, earlier * sizeof *f->places);
	f->joined[f->joined_count++] = (struct joined){ .offset = offset, .first = (uint32_t)f->place_count, .count = earlier };
	f->place_count += earlier;
}

enum fragment_result fragments_add(struct fragments *f, const struct fragment *x, struct datagram_view *out)
{
	if (x->size == 0 || x->offset + x->size > DATAGRAM_SIZE || (x->more && x->size % UNIT != 0))
		return FRAGMENT_REFUSED;
	struct datagram *d = find_or_add(f, x);
	if (d == NULL)
		return FRAGMENT_REFUSED;
	uint32_t end = x->offset + x->size;
	bool fits = x->more ? d->total == 0 || end <= d->total : d->total == 0 || end == d->total;
	if (!fits || !make_room(f, d, end)) {
		drop(f, d);
		return FRAGMENT_REFUSED;
	}
	copy_units(d, x);
	d->places[d->place_count++] = x->packet->offset;
	if (!x->more)
		d->total = end;
	if (x->offset == 0 && !d->have_first) {
		d->have_first = true;
		d->protocol = x->protocol;
	}
	if (d->total != 0 && d->received > d->total) { /* a last fragment that ends before bytes already here */
		drop(f, d);
		return FRAGMENT_REFUSED;
	}
	if (d->total == 0 || d->received < d->total)
		return FRAGMENT_HELD;
	unlink_datagram(f, d);
	datagram_free(f->done);
	f->done = d;
	if (f->remember)
		remember(f, d, x->packet->offset);
	*out = (struct datagram_view){ .data = d->data, .size = d->total, .protocol = d->protocol };
	return FRAGMENT_WHOLE;
}

static int compare_offset(const void *offset, const void *joined)
{
	uint64_t a = *(const uint64_t *)offset, b = ((const struct joined *)joined)->offset;
	return (a > b) - (a < b);
}

void fragments_places(const struct fragments *known, uint64_t offset, const uint64_t **places, size_t *count)
{
	const struct joined *joined = NULL;
	if (known != NULL && known->joined_count > 0)
		joined = bsearch(&offset, known->joined, known->joined_count, sizeof *known->joined, compare_offset);
	*places = joined != NULL ? &known->places[joined->first] : NULL;
	*count = joined != NULL ? joined->count : 0;
}
