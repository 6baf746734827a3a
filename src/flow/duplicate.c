/* SPDX-License-Identifier: GPL-3.0-or-later
 * duplicate: the same packet captured twice, as mirror ports, bridges and the interface "any" deliver it. */
#include "util/hash.h"
#include "flow/step.h"

#include <string.h>

/* A remembered packet in 64 bits, highest first: 27 of a hash of its numbers, then as they are its sender and its six flags (so that no
 * RST is ever taken for another kind of segment), 4 of a hash of where it was seen (interface, link addresses), 3 of its TTL, 22 of its
 * time in units of 524 us (which come round after half an hour), 1 whether a copy of it was seen. 0 is an empty place. */
enum { TIME_SHIFT = 19, TIME_NEAR = 4, TIME_MASK = (1 << 22) - 1, COPY_US = 2000 };
enum { TTL_SHIFT = 23, PLACE_SHIFT = 26, CONTENTS_SHIFT = 30, KIND_BITS = 7 };

static uint64_t contents(const struct segment *s, enum side from)
{
	uint64_t numbers = (uint64_t)s->seq << 32 | s->ack;
	uint64_t rest = (uint64_t)s->len << 32 ^ (uint64_t)s->flags << 48 ^ (uint64_t)s->window << 16 ^ s->ip_id;
	if ((s->options.present & OPT_TS) != 0)
		rest ^= (uint64_t)s->options.tsval << 24 ^ s->options.tsecr;
	uint64_t h = hash_fold(numbers ^ 0x9e3779b97f4a7c15u, rest ^ s->urgent ^ 0xe7037ed1a0b428dbu);
	uint64_t kind = (uint64_t)from << 6 | (s->flags & 0x3f);
	return h >> (CONTENTS_SHIFT + KIND_BITS) << KIND_BITS | kind;
}

static uint64_t place(const struct segment *s)
{
	uint32_t a, b;
	memcpy(&a, s->src_mac + 2, 4);
	memcpy(&b, s->dst_mac + 2, 4);
	return ((a ^ s->interface) * 0x9e3779b1u ^ b * 0x85ebca6bu) * 0xc2b2ae35u >> 28;
}

/* Of the packets remembered, those of this end with these of the six flags: copies are not among them. */
static unsigned remembered(const struct tracker *t, enum side from, unsigned flags)
{
	uint64_t kind = (uint64_t)from << 6 | flags;
	unsigned n = 0;
	for (unsigned i = 0; i < TRACKER_RECENT; i++)
		n += t->recent[i] != 0 && (t->recent[i] >> CONTENTS_SHIFT & ((1u << KIND_BITS) - 1)) == kind;
	return n;
}

/* A SYN/ACK for each of several SYNs, which may come at once although seconds lay between them. */
static bool asked_again(const struct tracker *t, const struct segment *s, enum side from)
{
	return (s->flags & TCP_ACK) != 0 && remembered(t, side_other(from), TCP_SYN) > remembered(t, from, TCP_SYN | TCP_ACK);
}

static bool believable(const struct tracker *t, const struct segment *s, enum side from, uint64_t found, uint64_t mine)
{
	bool elsewhere = ((found ^ mine) >> PLACE_SHIFT & 0xf) != 0;
	bool identical = ((found ^ mine) >> TTL_SHIFT & 0x7f) == 0;
	bool numbered = s->ip_version == 4 && s->ip_id != 0;
	if ((s->flags & TCP_RST) != 0) {
		/* Bursts of equal RSTs are real: one for each segment in flight, or a device that sends each thrice. Where this flow's copies
		 * are known to come from another place, an equal RST at the same one is none. */
		return elsewhere || (t->duplicated && !t->copied_elsewhere && (found & 1) == 0);
	}
	if (numbered || !identical)
		return true;
	if ((s->flags & TCP_SYN) != 0)
		return t->duplicated || !asked_again(t, s, from); /* else nobody repeats a SYN within 2 ms */
	return t->duplicated && (found & 1) == 0;
}

/* Several interfaces in one file often come one after the other: what brings nothing new, from another interface, no later than what was
 * there already, is a second sighting. */
static bool seen_elsewhere(const struct tracker *t, const struct segment *s, const struct tracker_end *e)
{
	if (!e->spoke || (uint8_t)s->interface == t->interface || (s->flags & TCP_RST) != 0)
		return false;
	return (int32_t)(e->advanced_us + COPY_US - time_us(s)) >= 0;
}

static uint64_t print_of(const struct segment *s, enum side from)
{
	uint64_t now = (uint64_t)s->time >> TIME_SHIFT & TIME_MASK;
	return contents(s, from) << CONTENTS_SHIFT | place(s) << PLACE_SHIFT | (uint64_t)(s->ttl & 7) << TTL_SHIFT | now << 1;
}

static void remember(struct tracker *t, uint64_t print)
{
	t->recent[t->recent_next] = print;
	t->recent_next = (uint8_t)((t->recent_next + 1u) & 3u);
}

void duplicate_remember(struct tracker *t, const struct segment *s, enum side from)
{
	remember(t, print_of(s, from));
}

bool duplicate_check(struct tracker *t, const struct segment *s, enum side from)
{
	const struct tracker_end *e = &t->end[from];
	uint64_t mine = print_of(s, from), now = mine >> 1 & TIME_MASK;
	bool advances = !e->have_seq || seq_gt(s->seq + segment_seglen(s), e->snd_nxt) || (e->have_ack && seq_gt(s->ack, e->rcv_nxt));
	bool possible = (s->flags & TCP_RST) != 0 || !advances;
	if (possible && seen_elsewhere(t, s, e)) {
		t->duplicated = true;
		return true;
	}
	if (!e->spoke && !t->end[side_other(from)].spoke)
		t->interface = (uint8_t)s->interface;
	/* The newest that has no copy yet comes first: of several equal RSTs each has its own. */
	for (unsigned k = 0; possible && k < 2 * TRACKER_RECENT; k++) {
		unsigned i = (t->recent_next + 2u * TRACKER_RECENT - 1u - k) % TRACKER_RECENT;
		uint64_t found = t->recent[i];
		bool copied = (found & 1) != 0;
		if (copied != (k >= TRACKER_RECENT) || ((found ^ mine) >> CONTENTS_SHIFT) != 0 || ((now - (found >> 1)) & TIME_MASK) > TIME_NEAR ||
		    !believable(t, s, from, found, mine))
			continue;
		t->recent[i] |= 1;
		t->duplicated = true;
		t->copied_elsewhere = t->copied_elsewhere || ((found ^ mine) >> PLACE_SHIFT & 0xf) != 0;
		return true;
	}
	remember(t, mine);
	return false;
}
