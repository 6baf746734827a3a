/* SPDX-License-Identifier: GPL-3.0-or-later
 * pairs: in passes, from what leaves no doubt to what needs the order of capture and the clocks. A pass gives each segment that has no
 * partner yet a key; those of equal key are partners. */
#include "vantage/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "flow/seq.h"

enum { LOOK_AHEAD = 64, HOPS_MOST = 256 };
static const int64_t apart_most = INT64_C(10000000000); /* no segment is under way for longer, ns */

struct ref {
	uint64_t key;
	uint32_t index;
	uint32_t there;            /* 0 here, 1 there */
};

struct pairing {
	const struct sights *list[2];
	const struct alignment *a;
	struct pairs *out;
	struct ref *refs;
	enum pair_kind kind;       /* of the pass at work */
	bool exact;                /* it compares IP IDs: equal ones are one packet */
};

/* A segment in the terms of the flow here. */
struct norm {
	uint32_t from, seq, ack;
};

static struct norm normal(const struct pairing *p, const struct sight *s, bool there)
{
	struct norm n = { .from = s->from, .seq = s->seq, .ack = s->ack };
	if (!there)
		return n;
	n.from = s->from ^ (p->a->swapped ? 1u : 0u);
	n.seq -= p->a->shift[n.from];
	n.ack -= (s->flags & TCP_ACK) != 0 ? p->a->shift[n.from ^ 1] : 0;
	return n;
}

/* What a pass asks two segments to have in common. */
enum pass { PASS_EXACT, PASS_NO_ID, PASS_NO_TIMESTAMP, PASS_DATA, PASS_COUNT };

static bool is_pure_ack(const struct sight *s)
{
	return s->len == 0 && (s->flags & (TCP_SYN | TCP_FIN)) == 0;
}

/* 0: the pass leaves it alone. */
static uint64_t key_of(const struct pairing *p, const struct sight *s, bool there, enum pass pass)
{
	struct norm n = normal(p, s, there);
	uint32_t words[10] = { n.from, n.seq, s->len, s->flags & (TCP_SYN | TCP_FIN | TCP_RST) };
	size_t count = 4;
	if (pass == PASS_DATA && (is_pure_ack(s) || (s->flags & TCP_RST) != 0))
		return 0;
	if (pass != PASS_DATA) {
		words[count++] = n.ack;
		words[count++] = s->flags & (TCP_ACK | TCP_URG);
	}
	if (pass <= PASS_NO_ID) {
		words[count++] = s->tsval;
		words[count++] = s->tsecr;
	}
	if (pass == PASS_EXACT)
		words[count++] = s->ip_id;
	return hash_bytes(words, count * sizeof *words, 7) | 1;
}

static struct pair *pair_of(const struct pairing *p, uint32_t there, uint32_t index)
{
	return there ? &p->out->there[index] : &p->out->here[index];
}

static int64_t apart(const struct pairing *p, uint32_t here, uint32_t there)
{
	int64_t d = p->list[1]->of[there].time - clock_there(p->a->clock, p->list[0]->of[here].time);
	return d < 0 ? -d : d;
}

/* A reset bears so little that another one easily looks the same: the way that it went must be the flow's. */
static bool may_be(const struct pairing *p, uint32_t here, uint32_t there)
{
	const struct sight *a = &p->list[0]->of[here], *b = &p->list[1]->of[there];
	if ((a->flags & TCP_RST) != 0 && p->out->hops_known[a->from] && a->ttl - b->ttl != p->out->hops[a->from])
		return false;
	return p->a->clock == NULL || !p->a->clock->two_way || apart(p, here, there) <= apart_most;
}

static void join(struct pairing *p, uint32_t here, uint32_t there)
{
	if (!may_be(p, here, there))
		return;
	p->out->here[here] = (struct pair){ there, (uint8_t)p->kind };
	p->out->there[there] = (struct pair){ here, (uint8_t)p->kind };
}

/* n segments here and m there of one key, n != m: each of the fewer gets the one nearest in time, in order. */
static void join_nearest(struct pairing *p, const struct ref *here, size_t n, const struct ref *there, size_t m)
{
	const struct ref *few = n < m ? here : there, *many = n < m ? there : here;
	size_t f = n < m ? n : m, most = n < m ? m : n, next = 0;
	for (size_t i = 0; i < f; i++) {
		size_t best = next, last = most - (f - i);
		int64_t least = INT64_MAX;
		for (size_t j = next; j <= last && j < next + LOOK_AHEAD; j++) {
			int64_t d = n < m ? apart(p, few[i].index, many[j].index) : apart(p, many[j].index, few[i].index);
			best = d < least ? j : best;
			least = d < least ? d : least;
		}
		if (n < m)
			join(p, few[i].index, many[best].index);
		else
			join(p, many[best].index, few[i].index);
		next = best + 1;
	}
}

/* Of one packet some sights have partners: the others are copies of it. A number that is not counted tells no packets apart. */
static void note_copies(struct pairing *p, const struct ref *group, size_t count)
{
	uint32_t partner[2] = { 0, 0 };
	bool found[2] = { false, false };
	const struct sight *first = &p->list[group[0].there]->of[group[0].index];
	if (!p->exact || first->ip_id == 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (pair_of(p, group[i].there, group[i].index)->kind == PAIR_SAME) {
			partner[!group[i].there] = group[i].index;
			found[!group[i].there] = true;
		}
	for (size_t i = 0; i < count; i++) {
		struct pair *pair = pair_of(p, group[i].there, group[i].index);
		if (pair->kind == PAIR_NONE && found[group[i].there])
			*pair = (struct pair){ partner[group[i].there], PAIR_COPY };
	}
}

/* All of one key: those here first. */
static void join_group(struct pairing *p, const struct ref *group, size_t count)
{
	size_t n = 0;
	while (n < count && group[n].there == 0)
		n++;
	if (p->a->clock == NULL || !p->a->clock->known) {
		if (n == 1 && count == 2)
			join(p, group[0].index, group[1].index);
	} else if (n == count - n) {
		for (size_t i = 0; i < n; i++)
			join(p, group[i].index, group[n + i].index);
	} else if (n > 0 && n < count) {
		join_nearest(p, group, n, group + n, count - n);
		note_copies(p, group, count);
	}
}

static int by_key(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->there != y->there)
		return x->there < y->there ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void run_pass(struct pairing *p, enum pass pass, bool resets)
{
	size_t n = 0;
	p->kind = pass <= PASS_NO_ID ? PAIR_SAME : PAIR_CHANGED;
	p->exact = pass == PASS_EXACT;
	for (uint32_t there = 0; there < 2; there++) {
		for (size_t i = 0; i < p->list[there]->count; i++) {
			const struct sight *s = &p->list[there]->of[i];
			if (s->copy || ((s->flags & TCP_RST) != 0) != resets || pair_of(p, there, (uint32_t)i)->kind != PAIR_NONE)
				continue;
			uint64_t key = key_of(p, s, there, pass);
			if (key != 0)
				p->refs[n++] = (struct ref){ key, (uint32_t)i, there };
		}
	}
	qsort(p->refs, n, sizeof *p->refs, by_key);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && p->refs[end].key == p->refs[i].key;)
			end++;
		if (end - i > 1)
			join_group(p, p->refs + i, end - i);
	}
}

/* The most frequent difference of TTLs, by side. */
static void count_hops(struct pairing *p)
{
	for (unsigned side = 0; side < 2; side++) {
		uint32_t seen[2 * HOPS_MOST] = { 0 }, most = 0;
		for (size_t i = 0; i < p->list[0]->count; i++) {
			const struct sight *s = &p->list[0]->of[i];
			if (s->from != side || p->out->here[i].kind == PAIR_NONE)
				continue;
			int d = s->ttl - p->list[1]->of[p->out->here[i].other].ttl;
			if (++seen[d + HOPS_MOST] > most) {
				most = seen[d + HOPS_MOST];
				p->out->hops[side] = d;
			}
		}
		p->out->hops_known[side] = most > 0;
	}
}

/* --- other sizes: the bytes of a segment lie in those of another, which has no partner either --- */

struct stretch {
	uint32_t from, seq, index;
};

static int by_place(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->seq != y->seq ? (x->seq < y->seq ? -1 : 1) : (x->index < y->index ? -1 : x->index > y->index);
}

static size_t gather(const struct pairing *p, bool there, const uint32_t base[2], struct stretch *out)
{
	size_t n = 0;
	for (size_t i = 0; i < p->list[there]->count; i++) {
		const struct sight *s = &p->list[there]->of[i];
		struct norm at = normal(p, s, there);
		if (s->len > 0 && !s->copy && (s->flags & (TCP_RST | TCP_SYN)) == 0 && pair_of(p, there, (uint32_t)i)->kind == PAIR_NONE)
			out[n++] = (struct stretch){ at.from, at.seq - base[at.from], (uint32_t)i };
	}
	qsort(out, n, sizeof *out, by_place);
	return n;
}

static bool within(const struct pairing *p, const struct stretch *small, const struct stretch *large, bool there)
{
	uint32_t length = p->list[there]->of[small->index].len, room = p->list[!there]->of[large->index].len;
	return small->from == large->from && small->seq >= large->seq && length < room && small->seq - large->seq <= room - length;
}

/* The lists sorted by number: each small one belongs to the last large one that does not begin behind it. */
static void join_stretches(struct pairing *p, const struct stretch *large, size_t n, const struct stretch *small, size_t m, bool there)
{
	for (size_t i = 0, k = 0; k < m; k++) {
		while (i + 1 < n && by_place(&(struct stretch){ large[i + 1].from, large[i + 1].seq, 0 },
		                             &(struct stretch){ small[k].from, small[k].seq, UINT32_MAX }) <= 0)
			i++;
		if (!within(p, &small[k], &large[i], there))
			continue;
		struct pair *whole = pair_of(p, !there, large[i].index);
		*pair_of(p, there, small[k].index) = (struct pair){ large[i].index, PAIR_RESIZED };
		if (whole->kind == PAIR_NONE)
			*whole = (struct pair){ small[k].index, PAIR_RESIZED };
	}
}

static bool join_resized(struct pairing *p)
{
	uint32_t base[2] = { 0, 0 }, known = 0;
	for (size_t i = 0; i < p->list[0]->count && known != 3; i++) {
		const struct sight *s = &p->list[0]->of[i];
		if ((known & 1u << s->from) == 0)
			base[s->from] = s->seq - (1u << 30); /* what came before the first segment captured must not wrap */
		known |= 1u << s->from;
	}
	struct stretch *here = calloc(p->list[0]->count + 1, sizeof *here), *there = calloc(p->list[1]->count + 1, sizeof *there);
	bool good = here != NULL && there != NULL;
	if (good) {
		size_t n = gather(p, false, base, here), m = gather(p, true, base, there);
		if (n > 0 && m > 0) {
			join_stretches(p, here, n, there, m, true);
			join_stretches(p, there, m, here, n, false);
		}
	}
	free(here);
	free(there);
	return good;
}

bool pairs_make(const struct sights *here, const struct sights *there, const struct alignment *a, struct pairs *out)
{
	struct pairing p = { .list = { here, there }, .a = a, .out = out };
	*out = (struct pairs){ 0 };
	out->here = calloc(here->count + 1, sizeof *out->here);
	out->there = calloc(there->count + 1, sizeof *out->there);
	p.refs = calloc(here->count + there->count + 1, sizeof *p.refs);
	bool good = out->here != NULL && out->there != NULL && p.refs != NULL;
	for (enum pass pass = PASS_EXACT; good && pass < PASS_COUNT; pass++) {
		run_pass(&p, pass, false);
		if (pass == PASS_EXACT || pass == PASS_NO_ID)
			count_hops(&p);
	}
	for (enum pass pass = PASS_EXACT; good && pass < PASS_DATA; pass++)
		run_pass(&p, pass, true);
	if (good && a->clock != NULL)
		good = join_resized(&p);
	free(p.refs);
	return good;
}

void pairs_free(struct pairs *p)
{
	free(p->here);
	free(p->there);
	*p = (struct pairs){ 0 };
}

/* --- what changed --- */

const char *change_name(unsigned bit_index)
{
	static const char *const names[CHANGE_COUNT] = { "TCP options", "sequence numbers", "window", "payload length", "TTL", "flags", "DSCP or ECN",
		                                         "IP ID", "timestamps" };
	return bit_index < CHANGE_COUNT ? names[bit_index] : "";
}

unsigned pair_changes(const struct sight *here, const struct sight *there, const struct pairs *p)
{
	unsigned side = here->from;
	bool way = p->hops_known[side] && here->ttl - there->ttl != p->hops[side];
	return (here->options != there->options || here->mss != there->mss ? CHANGE_OPTIONS : 0u) | (here->seq != there->seq ? CHANGE_SEQ : 0u) |
	       (here->window != there->window ? CHANGE_WINDOW : 0u) | (here->len != there->len ? CHANGE_LENGTH : 0u) |
	       (way ? CHANGE_TTL : 0u) | (here->flags != there->flags ? CHANGE_FLAGS : 0u) | (here->tos != there->tos ? CHANGE_TOS : 0u) |
	       (here->ip_id != there->ip_id && here->len == there->len ? CHANGE_IP_ID : 0u) |
	       ((here->tsval != there->tsval || here->tsecr != there->tsecr) && here->len == there->len ? CHANGE_TIMESTAMP : 0u);
}
