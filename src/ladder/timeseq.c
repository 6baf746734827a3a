/* SPDX-License-Identifier: GPL-3.0-or-later
 * timeseq: a flow as points of time and sequence number. */
#include "ladder/timeseq.h"

#include <stdlib.h>

#include "util/array.h"

struct builder {
	struct timeseq *out;
	size_t room;
	uint32_t ordinal;
	bool based[2], failed;
	uint32_t last[2];    /* raw number that `wide` stands for */
	uint64_t wide[2];    /* … counted from the direction's first, without wrapping */
};

/* Beyond the wrap of 32 bits a number is what lies nearest to the one before. Below the first: 0. */
static uint64_t widen(struct builder *b, enum side side, uint32_t raw)
{
	if (!b->based[side]) {
		b->based[side] = true;
		b->last[side] = raw;
	}
	int64_t wide = (int64_t)b->wide[side] + (int32_t)(raw - b->last[side]);
	if (wide > (int64_t)b->wide[side]) {
		b->wide[side] = (uint64_t)wide;
		b->last[side] = raw;
	}
	return wide > 0 ? (uint64_t)wide : 0;
}

/* What must be seen however long the flow is. */
static bool is_special(const struct timeseq_point *p)
{
	return (p->flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0 || (p->marks & (MARK_RETRANSMISSION | MARK_ZERO_WINDOW)) != 0;
}

/* Leaves every second ordinary point out, and from now on as many. False: nothing could be left out. */
static bool thin_out(struct builder *b)
{
	size_t kept = 0, ordinary = 0;
	for (size_t i = 0; i < b->out->count; i++)
		if (is_special(&b->out->points[i]) || ordinary++ % 2 == 0)
			b->out->points[kept++] = b->out->points[i];
	bool fewer = kept < b->out->count;
	b->out->count = kept;
	b->out->step *= 2;
	return fewer;
}

static bool add(struct builder *b, const struct timeseq_point *p)
{
	if (b->out->count == TIMESEQ_POINTS && !thin_out(b))
		return true; /* all are special: the first ones tell enough */
	struct timeseq_point *points = array_grow(b->out->points, b->out->count, &b->room, sizeof *points, 256);
	if (points == NULL)
		return false;
	b->out->points = points;
	b->out->points[b->out->count++] = *p;
	return true;
}

static bool visit(void *context, const struct packet *packet, const struct segment *s, enum side from, uint32_t marks,
                  const struct tracker *before, const struct tracker *after)
{
	struct builder *b = context;
	(void)packet, (void)before, (void)after;
	struct timeseq_point p = { .time = s->time, .marks = marks, .flags = s->flags, .from = (uint8_t)from };
	/* The number of a reset may be anything; it is drawn at the direction's last. */
	bool counts = (s->flags & TCP_RST) == 0;
	uint32_t raw = s->seq + ((s->flags & TCP_SYN) != 0);
	p.seq = counts ? widen(b, from, raw) : b->wide[from];
	p.end = p.seq + s->len;
	if (counts && s->len > 0)
		(void)widen(b, from, raw + s->len);
	p.acks = counts && (s->flags & TCP_ACK) != 0 && b->based[side_other(from)];
	if (p.acks)
		p.ack = widen(b, side_other(from), s->ack);
	if (b->ordinal++ % b->out->step == 0 || is_special(&p))
		b->failed = !add(b, &p);
	return !b->failed;
}

bool timeseq_build(struct session *s, uint32_t flow, struct timeseq *out)
{
	struct builder b = { .out = out };
	*out = (struct timeseq){ .step = 1 };
	return session_walk(s, flow, visit, &b) && !b.failed;
}

int64_t timeseq_duration(const struct timeseq *t)
{
	int64_t begin = t->points[0].time, whole = 0;
	for (size_t i = 0; i < t->count; i++)
		whole = t->points[i].time - begin > whole ? t->points[i].time - begin : whole;
	return whole;
}

void timeseq_free(struct timeseq *t)
{
	free(t->points);
	*t = (struct timeseq){ 0 };
}
