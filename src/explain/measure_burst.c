/* SPDX-License-Identifier: GPL-3.0-or-later
 * Other resets of the flow close in time: bursts, guesses, the mirrored half of a device that resets both ends. */
#include "explain/evidence.h"

enum { BURST_LOOKS = 64, GUESSES_LEAST = 3, OWED_LOOKS = 4096, WIRE_SEGMENT = 1000, NO_WINDOW = 1 << 24 };

static const int64_t BURST_SPAN = 10 * NS_PER_MS;
static const int64_t MIRROR_SPAN = 5 * NS_PER_MS;
static const int64_t MIRROR_SLOW = 50 * NS_PER_MS;

/* Refusals of segments without ACK: no more of them with this number than segments that can have drawn them? */
static bool refusal_owed(const struct evidence *e, size_t index)
{
	const struct trace_item *rst = item_at(e, index);
	size_t begin = index > BURST_LOOKS ? index - BURST_LOOKS : 0;
	unsigned asked = 0, refused = 0;
	for (size_t k = begin; k < e->scene->trace->count && k < index + BURST_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item))
			continue;
		if (item->from == rst->from)
			refused += item_is(item, TCP_RST) && item_is(item, TCP_ACK) && item->segment.ack == rst->segment.ack;
		else
			asked += !item_is(item, TCP_RST | TCP_ACK) && item_end(item) == rst->segment.ack;
	}
	return refused <= asked;
}

/* Would P's own segments explain this reset (an answer to a segment in flight)? Same test as for the trigger, without using it up. */
static bool explained(const struct evidence *e, size_t index)
{
	const struct trace_item *rst = item_at(e, index);
	size_t looked = 0;
	if ((rst->segment.options.present & OPT_TS) || (e->scene->flags_only && !item_is(rst, TCP_ACK)))
		return true;
	if (item_is(rst, TCP_ACK) && rst->segment.seq == 0 && refusal_owed(e, index))
		return true;
	for (size_t k = index; k-- > 0 && looked < BURST_LOOKS; looked++) {
		const struct trace_item *t = item_at(e, k);
		if (t->from == rst->from || item_is(t, TCP_RST) || item_duplicate(t))
			continue;
		bool ack = item_is(t, TCP_ACK) && t->segment.ack == rst->segment.seq;
		if (ack && (!item_is(rst, TCP_ACK) || (rst->segment.window == 0 && rst->segment.ack == item_end(t))))
			return true;
	}
	return false;
}

static bool same_style(const struct trace_segment *a, const struct trace_segment *b)
{
	return (a->flags & TCP_ACK) == (b->flags & TCP_ACK) && a->window == b->window && a->ttl == b->ttl &&
	       (!(a->flags & TCP_ACK) || a->ack == b->ack);
}

/* The bare resets of this number that R's stack can have owed: one for each segment of P with that acknowledgment. A capture on a host
 * shows several segments of the wire as one (segmentation offload). */
static unsigned resets_owed(const struct evidence *e)
{
	unsigned owed = 0;
	for (size_t k = e->index, looked = 0; k-- > 0 && looked < OWED_LOOKS; looked++) {
		const struct trace_item *t = item_at(e, k);
		if (t->from == e->p && item_is(t, TCP_ACK) && !item_is(t, TCP_RST) && t->segment.ack == e->rst->segment.seq && !item_duplicate(t))
			owed += 1 + t->segment.len / WIRE_SEGMENT;
	}
	return owed;
}

/* `equal` bare resets of one number at once, and not half as many segments that they could answer. */
static void measure_surplus(struct evidence *e, unsigned equal)
{
	if (equal < 3 || e->form != FORM_BARE || e->trigger == NO_ITEM || e->scene->flags_only || e->scene->one_way)
		return;
	unsigned owed = resets_owed(e);
	fact_put(e, FACT_RESETS_SURPLUS, owed * 2 < equal, e->rst->segment.frame, equal, owed);
}

static void measure_same_direction(struct evidence *e)
{
	const struct trace_segment *mine = &e->rst->segment;
	unsigned n = 1, equal = 1, styles = 0, aborts = 0, unexplained = !explained(e, e->index);
	int64_t span = 0, step = 0;
	bool varies = false;
	size_t begin = e->index > BURST_LOOKS ? e->index - BURST_LOOKS : 0;
	for (size_t k = begin; k < e->scene->trace->count && k < e->index + BURST_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (k == e->index || item->from != e->r || !item_is(item, TCP_RST) || item_duplicate(item))
			continue;
		if (e->scene->flags_only && !(item_is(item, TCP_ACK) && item_is(e->rst, TCP_ACK)))
			continue; /* a bare one answers what such a capture leaves out */
		int64_t dt = item->segment.time - mine->time;
		if (dt > BURST_SPAN || dt < -BURST_SPAN)
			continue;
		n++;
		equal += item->segment.seq == mine->seq && !item_is(item, TCP_ACK);
		span = dt < 0 ? (-dt > span ? -dt : span) : (dt > span ? dt : span);
		unexplained += !explained(e, k);
		styles += !same_style(&item->segment, mine);
		aborts += item_is(item, TCP_ACK) && item->segment.window != 0 && !same_style(&item->segment, mine);
		int32_t apart = seq_diff(item->segment.seq, mine->seq);
		if (apart != 0 && item->segment.seq != 0 && mine->seq != 0) {
			varies = varies || !explained(e, k) || !explained(e, e->index);
			step = apart < 0 ? -apart : apart;
		}
	}
	if (holds(e, FACT_RST_ACTIVE) && aborts > 0) {
		/* A live socket aborts once; what follows from its dead remains has no window. */
		e->state[FACT_RST_ACTIVE] = e->state[FACT_RST_LIVE_SOCKET] = -1;
		fact_set(e, FACT_ABORTED_TWICE, mine->frame, aborts, span);
		e->form = FORM_ODD;
	}
	measure_surplus(e, equal);
	unexplained += holds(e, FACT_RESETS_SURPLUS);
	bool answered = holds(e, FACT_RST_ACTIVE) && !holds(e, FACT_RST_COPIED);
	bool seen = e->scene->side[e->p].seen;
	fact_put(e, FACT_BURST, n >= 2 && unexplained >= 1 && !answered && seen, mine->frame, n, span);
	if (!holds(e, FACT_BURST))
		return;
	fact_put(e, FACT_BURST_SEQ_VARIES, varies, mine->frame, step, 0);
	fact_put(e, FACT_BURST_STYLE_VARIES, styles > 0 && unexplained >= 2, mine->frame, 0, 0);
}

/* Unprovoked resets of one direction over the whole flow whose numbers miss: somebody guesses. */
static void measure_guesses(struct evidence *e)
{
	unsigned n = 0, missed = 0;
	uint32_t first = 0;
	bool spread = false, wide = false, wild = false;
	for (size_t k = 0; k < e->scene->trace->count && n < 1000; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from != e->r || !item_is(item, TCP_RST) || item_duplicate(item))
			continue;
		if (explained(e, k) && !(e->scene->flags_only && !item_is(item, TCP_ACK)))
			continue;
		if (n++ == 0)
			first = item->segment.seq;
		int32_t apart = seq_diff(item->segment.seq, first);
		spread = spread || apart != 0;
		wide = wide || apart > UINT16_MAX || apart < -UINT16_MAX;
		wild = wild || apart > NO_WINDOW || apart < -NO_WINDOW;
		missed += (item->marks & (MARK_RST_OUTSIDE | MARK_RST_IN_WINDOW)) != 0;
	}
	/* What the other end sent may have asked for each of them, where it was not captured. */
	bool unheard = !e->scene->side[e->p].seen && e->scene->side[e->r].packets > 0 && !holds(e, FACT_HOPS_NEARER) && !holds(e, FACT_HOPS_FARTHER);
	if (e->scene->flags_only || unheard)
		missed = 0;
	/* Near numbers may be those of acknowledgments that were not captured. */
	bool alone = wide && (!e->scene->side[0].seen || !e->scene->side[1].seen);
	/* … but do not lie further apart than what can be in flight. */
	bool guesses = missed >= GUESSES_LEAST || (alone && e->scene->side[e->r].packets == 0) || (wild && e->scene->flags_only);
	fact_put(e, FACT_SPREAD_GUESSES, n >= GUESSES_LEAST && spread && guesses, e->rst->segment.frame, n, 0);
	if (holds(e, FACT_SPREAD_GUESSES))
		e->count = n;
}

/* RST,ACK without the timestamps of a connection that has them, and no answer to anything: made by neither end, however slowly. */
static bool rootless(const struct evidence *e, size_t index)
{
	const struct trace_item *rst = item_at(e, index);
	bool lacks = e->scene->side[rst->from].ts_used && !(rst->segment.options.present & (OPT_TS | OPT_CUT));
	return item_is(rst, TCP_ACK) && lacks && !explained(e, index);
}

/* One TTL on both, and it is that of neither end: one device made them. */
static bool foreign_to_both(const struct evidence *e, const struct trace_item *other)
{
	int mine, theirs;
	uint8_t nearest;
	const struct side_profile *side = e->scene->side;
	if (e->rst->segment.ttl != other->segment.ttl || !hops_compare(&side[e->r], e->rst->segment.ttl, &mine, &nearest) ||
	    !hops_compare(&side[e->p], other->segment.ttl, &theirs, &nearest))
		return false;
	return mine != 0 && theirs != 0;
}

/* A bare reset answers something; what the other end sent before it was not captured. */
static bool answers_unheard(const struct evidence *e, size_t index)
{
	const struct trace_item *rst = item_at(e, index);
	for (size_t k = index; k-- > 0;)
		if (item_at(e, k)->from != rst->from && !item_is(item_at(e, k), TCP_RST))
			return false;
	return !item_is(rst, TCP_ACK);
}

static void measure_mirror(struct evidence *e)
{
	const struct trace_segment *mine = &e->rst->segment;
	size_t begin = e->index > BURST_LOOKS ? e->index - BURST_LOOKS : 0;
	for (size_t k = begin; k < e->scene->trace->count && k < e->index + BURST_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from != e->p || !item_is(item, TCP_RST) || item_duplicate(item))
			continue;
		int64_t dt = item->segment.time - mine->time, size = dt < 0 ? -dt : dt;
		int64_t rtt = e->scene->side[e->r].rtt + e->scene->side[e->p].rtt;
		bool neither_lives = rootless(e, e->index) && rootless(e, k) && size < MIRROR_SLOW;
		if (!neither_lives && (size > MIRROR_SPAN || (rtt > 0 && size > rtt / 2 + NS_PER_MS)))
			continue;
		/* The echo of a dead socket answers a segment that its peer sent; a mirrored half does not. */
		if (foreign_to_both(e, item)) {
			fact_set(e, FACT_MIRROR, item->segment.frame, size, (int64_t)item->segment.frame);
			return;
		}
		bool numbered = holds(e, FACT_RST_ACTIVE) && holds(e, FACT_IPID_CONTINUES); /* by R's own socket */
		bool live = numbered || (item->segment.options.present & OPT_TS) || (mine->options.present & OPT_TS);
		if (live || (explained(e, k) && !item_is(item, TCP_ACK)) || (e->form == FORM_BARE && holds(e, FACT_ANSWERS)))
			continue;
		if (answers_unheard(e, k) || answers_unheard(e, e->index))
			continue;
		fact_set(e, FACT_MIRROR, item->segment.frame, size, (int64_t)item->segment.frame);
		return;
	}
	fact_deny(e, FACT_MIRROR);
}

void measure_burst(struct evidence *e)
{
	measure_same_direction(e);
	measure_guesses(e);
	measure_mirror(e);
}
