/* SPDX-License-Identifier: GPL-3.0-or-later
 * What came after the reset: does its claimed sender go on, does its receiver, was it challenged. From that and from the numbers
 * (RFC 9293 3.10.7, RFC 5961 3.2) follows what it did. */
#include "explain/evidence.h"

enum { LOOK_AHEAD = 512 };

/* Where the next reset that ends the flow lies: what follows it tells nothing of this one. */
static size_t horizon(const struct evidence *e)
{
	size_t end = e->index + 1 + LOOK_AHEAD;
	return end < e->scene->trace->count ? end : e->scene->trace->count;
}

/* R's clock when it sent the reset, or was last heard before it; false: it showed none. */
static bool clock_at_reset(const struct evidence *e, uint32_t *tsval)
{
	if (!(e->rst->segment.options.present & OPT_TS) || holds(e, FACT_RST_TIMESTAMP_OFF_CLOCK))
		return last_tsval(e, tsval);
	*tsval = e->rst->segment.options.tsval;
	return true;
}

/* Is the segment something that R could not have sent before it sent the reset: new numbers, or a later clock? The reset may have
 * overtaken what R sent before it, and the network repeats what it carried: R's clock tells (RFC 7323 3; NULL: none). */
static bool is_later_life(const struct evidence *e, const struct trace_item *item, const uint32_t *clock)
{
	const struct trace_segment *s = &item->segment, *rst = &e->rst->segment;
	const struct tracker_end *r = &e->rst->before.end[e->r];
	if (item_is(item, TCP_RST) || item_duplicate(item) || (item_is(item, TCP_SYN) && !item_is(item, TCP_ACK)))
		return false;
	if (s->time - rst->time < NS_PER_MS)
		return false;
	bool newer = (r->have_seq && seq_gt(item_end(item), r->snd_nxt)) || (r->have_ack && item_is(item, TCP_ACK) && seq_gt(s->ack, r->rcv_nxt));
	if (clock != NULL && (s->options.present & OPT_TS) && (seq_lt(s->options.tsval, *clock) || (s->options.tsval == *clock && !newer)))
		return false;
	return newer || s->time - rst->time > e->scene->side[e->r].rtt + e->scene->side[e->p].rtt + 5 * NS_PER_MS;
}

static void measure_alive(struct evidence *e)
{
	/* In SYN-SENT and SYN-RECEIVED a stack goes on after a reset of its own (RFC 9293 3.10.7.3, 3.10.7.4); and where nothing came before
	 * the reset, it may have ended an attempt whose SYN was not captured. */
	bool synchronized = e->rst->before.handshake_seen || (holds(e, FACT_MIDSTREAM) && !holds(e, FACT_NO_HISTORY));
	if (!synchronized || holds(e, FACT_NOTHING_ELSE) || holds(e, FACT_ANSWERS_WRONG_ACK_IN_SYN_SENT) || holds(e, FACT_ANSWERS_BAD_HANDSHAKE_ACK) || holds(e, FACT_BOTH_CLOSED))
		return;
	uint32_t tsval;
	const uint32_t *clock = clock_at_reset(e, &tsval) ? &tsval : NULL;
	for (size_t k = e->index + 1; k < horizon(e); k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && is_later_life(e, item, clock)) {
			/* A keepalive, FIN or data of R long after it reset; not what a second box in its name would send. */
			fact_set(e, FACT_R_ALIVE_AFTER, item->segment.frame, (int64_t)item->segment.frame, 0);
			return;
		}
	}
	fact_deny(e, FACT_R_ALIVE_AFTER);
}

static void measure_challenge(struct evidence *e)
{
	const struct tracker_end *p = &e->rst->before.end[e->p];
	/* The window may not be known (its scale was not captured): then the challenge must repeat the last acknowledgment. */
	bool window_unknown = !(e->rst->marks & (MARK_RST_EXACT | MARK_RST_OUTSIDE)) && p->have_ack && seq_gt(e->rst->segment.seq, p->rcv_nxt);
	bool in_window = holds(e, FACT_IN_WINDOW_NOT_EXACT);
	/* Near R the number looks exact although data before it was lost behind the capture point: P's repeated old ACK tells. */
	bool lost_behind = (e->rst->marks & MARK_RST_EXACT) != 0 && e->form == FORM_ACTIVE && p->have_ack && seq_lt(p->rcv_nxt, e->rst->segment.seq);
	if ((!in_window && !window_unknown && !lost_behind) || holds(e, FACT_RST_PAYLOAD_TAKEN))
		return;
	const struct trace_item *later = NULL; /* the first of R's own data since: their acknowledgment challenges nothing */
	for (size_t k = e->index + 1; k < horizon(e); k++) {
		const struct trace_item *item = item_at(e, k);
		if (later == NULL && item->from == e->r && !item_is(item, TCP_RST) && trace_seglen(&item->segment) > 0)
			later = item;
		if (item->from != e->p || item_duplicate(item))
			continue;
		if (later != NULL && seq_gt(item->segment.ack, later->segment.seq))
			return;
		bool plain = item->segment.len == 0 && item_is(item, TCP_ACK) && !item_is(item, TCP_RST | TCP_SYN | TCP_FIN);
		bool fits = in_window ? !p->have_ack || seq_le(item->segment.ack, e->rst->segment.seq) : item->segment.ack == p->rcv_nxt;
		if (plain && fits)
			fact_set(e, FACT_CHALLENGED, item->segment.frame, (int64_t)item->segment.frame, 0);
		return;
	}
}

/* P after the reset, later than one way: new data or acknowledgments of a living connection. */
static void measure_goes_on(struct evidence *e)
{
	int64_t rtt = e->scene->side[e->p].rtt + e->scene->side[e->r].rtt + 2 * NS_PER_MS;
	unsigned both = 0;
	uint64_t frame = 0;
	bool r_lives = holds(e, FACT_R_ALIVE_AFTER);
	for (size_t k = e->index + 1; k < horizon(e); k++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item) || item_is(item, TCP_SYN))
			continue;
		if (item_is(item, TCP_RST)) {
			if (item->segment.time - e->rst->segment.time < rtt || both > 0)
				continue;
			break;
		}
		if (item->from != e->p || item->segment.time - e->rst->segment.time < rtt)
			continue;
		const struct tracker_end *p = &e->rst->before.end[e->p];
		/* Acknowledging later data of R is what a dead socket cannot do; its retransmission timer is what an unaware one does. */
		if (p->have_ack && item_is(item, TCP_ACK) && seq_gt(item->segment.ack, p->rcv_nxt) && r_lives)
			both++;
		else if (r_lives && item_new_data(item))
			both++;
		else
			continue;
		frame = item->segment.frame;
		break;
	}
	fact_put(e, FACT_FLOW_GOES_ON, both > 0, frame, (int64_t)frame, 0);
}

static void measure_window(struct evidence *e)
{
	if (e->scene->flags_only)
		return; /* the window lies where data that was not captured put it */
	uint32_t marks = e->rst->marks;
	fact_put(e, FACT_IN_WINDOW_NOT_EXACT, (marks & MARK_RST_IN_WINDOW) != 0, e->rst->segment.frame, 0, 0);
	/* The numbers of an older connection are not those of this one's window. */
	bool other = holds(e, FACT_BOTH_CLOSED) || holds(e, FACT_ANSWERS_WRONG_ACK_IN_SYN_SENT);
	fact_put(e, FACT_OUT_OF_WINDOW, (marks & MARK_RST_OUTSIDE) != 0 && !other, e->rst->segment.frame, 0, 0);
}

/* R never acknowledged what was reset, though it would have, alive. */
static void measure_unacknowledged_trigger(struct evidence *e)
{
	if (e->trigger == NO_ITEM || e->trigger_forward || item_at(e, e->trigger)->segment.len == 0)
		return;
	uint32_t end = item_end(item_at(e, e->trigger));
	for (size_t k = e->trigger + 1; k < horizon(e); k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && item_is(item, TCP_ACK) && !item_is(item, TCP_RST) && seq_ge(item->segment.ack, end)) {
			fact_deny(e, FACT_R_NEVER_ACKED_TRIGGER);
			fact_set(e, FACT_R_ACKED_TRIGGER, item->segment.frame, (int64_t)item->segment.frame, 0);
			return;
		}
	}
	fact_set(e, FACT_R_NEVER_ACKED_TRIGGER, frame_at(e, e->trigger), 0, 0);
}

/* A damaged flag makes a reset of a data segment: its receiver drops that, or takes the data when only the copy here is damaged. */
static void measure_taken(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	for (size_t k = e->index + 1; s->len > 0 && k < horizon(e); k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && seq_lt(item->segment.seq, s->seq + s->len) && seq_gt(item_end(item), s->seq))
			return; /* the same bytes again */
		if (item->from == e->p && item_is(item, TCP_ACK) && !item_is(item, TCP_RST) && item->segment.ack - s->seq == s->len) {
			fact_set(e, FACT_RST_PAYLOAD_TAKEN, item->segment.frame, (int64_t)item->segment.frame, 0);
			return;
		}
	}
}

void measure_after(struct evidence *e)
{
	measure_taken(e);
	measure_window(e);
	measure_alive(e);
	measure_challenge(e);
	measure_goes_on(e);
	measure_unacknowledged_trigger(e);
}
