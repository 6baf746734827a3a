/* SPDX-License-Identifier: GPL-3.0-or-later
 * passage: from pairs to fates. */
#include "vantage/passage.h"

#include <stdlib.h>

#include "flow/seq.h"

static const int64_t silence_most = INT64_C(2000000000); /* ns after its last packet that a capture counts as still going on */

int passage_order(const struct sights *here, const struct sights *there, const struct pairs *p)
{
	int hops = (p->hops_known[SIDE_CLIENT] ? p->hops[SIDE_CLIENT] : 0) - (p->hops_known[SIDE_SERVER] ? p->hops[SIDE_SERVER] : 0);
	int turns = 0;
	const struct sight *last = NULL, *last_there = NULL;
	for (size_t i = 0; hops == 0 && i < here->count; i++) {
		const struct sight *s = &here->of[i], *o = &there->of[p->here[i].other];
		if (p->here[i].kind != PAIR_SAME || s->again || s->copy)
			continue;
		if (last != NULL && last->from != s->from) {
			int64_t longer = (s->time - last->time) - (o->time - last_there->time);
			int sign = longer > 0 ? 1 : longer < 0 ? -1 : 0;
			turns += s->from == SIDE_SERVER ? sign : -sign;
		}
		last = s;
		last_there = o;
	}
	return hops != 0 ? hops : turns;
}

/* What one side sent at the other point, as stretches of bytes sorted by their begin, with the furthest end up to each. */
struct carried {
	uint32_t begin, end;      /* distances from the first number of that side */
};

struct bytes_there {
	struct carried *of[2];
	size_t count[2];
	uint32_t base[2];
	uint32_t acked[2];        /* most that the other end acknowledged of the side's bytes, as seen here */
	uint32_t most[2];         /* furthest that the side itself was seen to send there */
	bool any_ack[2];
};

static int by_begin(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;
	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static void set_bases(const struct sights *here, struct bytes_there *b)
{
	bool known[2] = { false, false };
	for (size_t i = 0; i < here->count; i++) {
		unsigned from = here->of[i].from;
		if (!known[from] && (here->of[i].flags & TCP_RST) == 0) {
			b->base[from] = here->of[i].seq - (1u << 30);
			known[from] = true;
		}
	}
}

static bool read_bytes(const struct sights *here, const struct sights *there, const struct alignment *a, struct bytes_there *b)
{
	*b = (struct bytes_there){ 0 };
	set_bases(here, b);
	for (unsigned side = 0; side < 2; side++) {
		b->of[side] = calloc(there->count + 1, sizeof *b->of[side]);
		if (b->of[side] == NULL)
			return false;
	}
	for (size_t i = 0; i < there->count; i++) {
		const struct sight *s = &there->of[i];
		unsigned side = s->from ^ (a->swapped ? 1u : 0u);
		uint32_t off = a->shift[side] + b->base[side];
		struct carried c = { s->seq - off, sight_end(s) - off };
		if (c.end <= c.begin || (s->flags & TCP_RST) != 0)
			continue;
		b->of[side][b->count[side]++] = c;
		b->most[side] = c.end > b->most[side] ? c.end : b->most[side];
	}
	for (unsigned side = 0; side < 2; side++) {
		qsort(b->of[side], b->count[side], sizeof *b->of[side], by_begin);
		for (size_t i = 1; i < b->count[side]; i++)
			if (b->of[side][i].end < b->of[side][i - 1].end)
				b->of[side][i].end = b->of[side][i - 1].end;
	}
	for (size_t i = 0; i < here->count; i++) {
		const struct sight *s = &here->of[i];
		unsigned side = s->from ^ 1u;
		uint32_t ack = s->ack - b->base[side];
		if ((s->flags & TCP_ACK) == 0 || (s->flags & TCP_RST) != 0)
			continue;
		b->acked[side] = !b->any_ack[side] || ack > b->acked[side] ? ack : b->acked[side];
		b->any_ack[side] = true;
	}
	return true;
}

static void free_bytes(struct bytes_there *b)
{
	free(b->of[0]);
	free(b->of[1]);
}

/* Did any segment there carry some of these bytes? */
static bool were_there(const struct bytes_there *b, unsigned side, uint32_t begin, uint32_t end)
{
	size_t low = 0, high = b->count[side];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (b->of[side][middle].begin < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && b->of[side][low - 1].end > begin;
}

/* A segment that the other point does not have, though it must have passed there: nearer to its receiver, which acknowledged bytes that were
 * never seen there; nearer to its sender, which went on behind them. */
static bool was_missed(const struct bytes_there *b, const struct sight *s, bool upstream)
{
	uint32_t begin = s->seq - b->base[s->from], end = sight_end(s) - b->base[s->from];
	if (end <= begin || (s->flags & TCP_RST) != 0 || were_there(b, s->from, begin, end))
		return false;
	return upstream ? b->most[s->from] > end : b->any_ack[s->from] && b->acked[s->from] >= end;
}

static enum fate absent_at(const struct alignment *a, const struct coverage *cover, int64_t time)
{
	if (a->clock == NULL || !a->clock->known)
		return FATE_UNKNOWN;
	int64_t there = clock_there(a->clock, time);
	if (there < cover->first)
		return FATE_UNKNOWN;
	return there <= cover->last + silence_most ? FATE_ABSENT : FATE_SILENT;
}

static struct passing pass(const struct sights *here, const struct sights *there, const struct pairs *p, const struct alignment *a, size_t i)
{
	const struct pair *pair = &p->here[i];
	struct passing out = { .fate = pair->kind == PAIR_COPY ? FATE_COPIED : FATE_SEEN, .resized = pair->kind == PAIR_RESIZED };
	const struct sight *other = &there->of[pair->other];
	out.frame = other->frame;
	out.time = a->clock != NULL && a->clock->known ? clock_here(a->clock, other->time) : here->of[i].time;
	if (pair->kind == PAIR_SAME || pair->kind == PAIR_CHANGED)
		out.changes = (uint16_t)pair_changes(&here->of[i], other, p);
	return out;
}

size_t passage_make(const struct sights *here, const struct sights *there, const struct pairs *p, const struct alignment *a,
                    const struct coverage *cover, int order, struct passing *out)
{
	struct bytes_there bytes;
	size_t missed = 0;
	bool passes[2] = { false, false };
	if (!read_bytes(here, there, a, &bytes)) {
		free_bytes(&bytes);
		return SIZE_MAX;
	}
	for (size_t i = 0; i < here->count; i++) {
		const struct sight *s = &here->of[i];
		if (p->here[i].kind != PAIR_NONE) {
			out[i] = pass(here, there, p, a, i);
			passes[s->from] = true;
			continue;
		}
		out[i] = (struct passing){ .fate = s->copy || order == 0 ? FATE_UNKNOWN : (uint8_t)absent_at(a, cover, s->time) };
		bool upstream = (order > 0) == (s->from == SIDE_SERVER);
		if (out[i].fate != FATE_UNKNOWN && was_missed(&bytes, s, upstream)) {
			out[i].fate = FATE_MISSED;
			missed++;
		}
	}
	/* A capture that lost packets, or that the direction does not pass at all, proves nothing by what it lacks. */
	for (size_t i = 0; i < here->count; i++)
		if (out[i].fate == FATE_ABSENT && (missed > 0 || !passes[here->of[i].from]))
			out[i].fate = FATE_SILENT;
	free_bytes(&bytes);
	return missed;
}
