/* SPDX-License-Identifier: GPL-3.0-or-later
 * slots: from the endpoints of a segment to the newest flow between them; internal to src/flow. */
#ifndef TCPWHY_FLOW_SLOTS_H
#define TCPWHY_FLOW_SLOTS_H

#include <string.h>

#include "util/hash.h"
#include "flow/pool.h"

/* As a key's path: any at all. Never a segment's. */
enum { PATH_ANY = -1 };

/* Does the flow's other direction run over this path, or is any path meant? */
bool path_is(const struct flow_table *t, const struct flow *f, uint32_t path);

static inline uint64_t word_of(const uint8_t *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof w);
	return w;
}

static inline bool address_is(const uint8_t a[16], const uint8_t b[16])
{
	return ((word_of(a) ^ word_of(b)) | (word_of(a + 8) ^ word_of(b + 8))) == 0;
}

/* Which of the two endpoints is the lower: 0 a, 1 b. Any order does, if it is always the same. */
static inline unsigned key_order(const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port)
{
	uint64_t a_low = word_of(a + 8), b_low = word_of(b + 8);
	if (a_low != b_low)
		return a_low > b_low;
	uint64_t a_high = word_of(a), b_high = word_of(b);
	return a_high != b_high ? a_high > b_high : a_port > b_port;
}

static inline void key_make(struct key *k, const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port, uint32_t path)
{
	unsigned first = key_order(a, a_port, b, b_port);
	memcpy(k->addr[first], a, 16);
	memcpy(k->addr[1 - first], b, 16);
	k->port[first] = a_port;
	k->port[1 - first] = b_port;
	k->path = path;
}

/* Of endpoints in canonical order. */
static inline uint32_t tag_of(const struct flow_table *t, const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port,
                              uint32_t path)
{
	uint64_t ports = (uint64_t)a_port << 48 | (uint64_t)b_port << 32 | path;
	uint64_t low = hash_fold(word_of(a) ^ t->seed[0], word_of(a + 8) ^ t->seed[1]);
	uint64_t h = low ^ hash_fold(word_of(b) ^ t->seed[2], word_of(b + 8) ^ t->seed[3]);
	return (uint32_t)hash_fold(h ^ t->seed[1], ports ^ t->seed[3]);
}

static inline uint32_t key_tag(const struct flow_table *t, const struct key *k)
{
	return tag_of(t, k->addr[0], k->port[0], k->addr[1], k->port[1], k->path);
}

static inline bool key_is(const struct flow_table *t, const struct flow *f, const struct key *k)
{
	return address_is(f->addr[0], k->addr[0]) && address_is(f->addr[1], k->addr[1]) && f->port[0] == k->port[0] &&
	       f->port[1] == k->port[1] && (f->path == k->path || path_is(t, f, k->path));
}

static inline void segment_key(struct key *k, const struct segment *s)
{
	key_make(k, s->src, s->src_port, s->dst, s->dst_port, s->path);
}

/* Which place its sender has in its key: 0 or 1. */
static inline unsigned segment_sender(const struct segment *s)
{
	return key_order(s->src, s->src_port, s->dst, s->dst_port);
}

/* The tag of its key, without the key. */
static inline uint32_t segment_tag(const struct flow_table *t, const struct segment *s, unsigned sender)
{
	return sender == 0 ? tag_of(t, s->src, s->src_port, s->dst, s->dst_port, s->path) :
	                     tag_of(t, s->dst, s->dst_port, s->src, s->src_port, s->path);
}

/* key_is() of its key. */
static inline bool segment_is(const struct flow_table *t, const struct flow *f, const struct segment *s, unsigned sender)
{
	unsigned other = 1 - sender;
	return f->port[sender] == s->src_port && f->port[other] == s->dst_port && address_is(f->addr[sender], s->src) &&
	       address_is(f->addr[other], s->dst) && (f->path == s->path || path_is(t, f, s->path));
}

/* The slot of a key, or the free slot where it belongs. */
struct slot *slot_find(const struct flow_table *t, const struct key *k, uint32_t tag);

/* Makes room for one more key (and a second for its path). False: out of memory. */
bool slots_reserve(struct flow_table *t);

/* Lets the slot of a key name a flow; returns the flow that it named before, or FLOW_NONE. */
uint32_t slot_set(struct flow_table *t, const struct key *k, uint32_t tag, uint32_t flow);

/* Slots from a tag's place to where it stands, the most of all. */
unsigned slots_longest_probe(const struct flow_table *t);

#endif
