/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which segment the reset answers, if any, and what kind of segment that is (RFC 9293 3.10.7.1: how a reply takes its numbers). */
#include "explain/evidence.h"

#include <stdlib.h>

enum { LOOK_BACK = 512 };

static const int64_t REPLY_PATIENCE = NS_PER_S;        /* a reply comes within this or three round trips */
static const int64_t REPLY_UNRESOLVED = 3 * NS_PER_S;  /* … or waits for the link address of its destination (RFC 1122 2.3.2.2) */
static const int64_t REFUSAL_PATIENCE = 60 * NS_PER_S; /* … an answer to a SYN may wait for address resolution, and nothing resembles it */
static const int64_t REPLY_SLACK = 100 * NS_PER_MS;    /* … one that bears an ACK flag within three round trips and this */
static const int64_t REPLY_JITTER = 40 * NS_PER_MS;    /* what a busy host may add to a round trip */
static const int64_t DEVICE_DELAY = 50 * NS_PER_MS;    /* a device resets a connection within this of the segment that it objects to */
static const int64_t REORDER = NS_PER_MS;              /* multi-queue captures swap by less than this */

/* Does the reset have the numbers of an answer to this segment of the other end? */
static bool numbers_answer(const struct trace_segment *rst, const struct trace_segment *t)
{
	if (!(rst->flags & TCP_ACK))
		return (t->flags & TCP_ACK) && rst->seq == t->ack;
	if (!(t->flags & TCP_ACK))
		return rst->ack == t->seq + trace_seglen(t);
	bool no_options = !(rst->options.present & OPT_TS);
	return no_options && rst->seq == t->ack && rst->ack == t->seq + trace_seglen(t) && (rst->window == 0 || rst->window == t->window);
}

/* The half that a device in the path sends the way the segment went: its numbers, or those right behind it. */
static bool numbers_forward(const struct trace_segment *rst, const struct trace_segment *t)
{
	return (rst->flags & TCP_ACK) && !(rst->options.present & OPT_TS) && t->len > 0 && rst->ack == t->ack &&
	       (rst->seq == t->seq || rst->seq == t->seq + t->len);
}

/* Did R send as a living end does later than a round trip after an empty ACK? Then that ACK was nothing to refuse; but a reset with an
 * old number answers an old segment, which the network had delayed or repeated. */
static bool lived_on(const struct evidence *e, size_t t)
{
	int64_t rtt = e->scene->side[e->r].rtt, from = item_at(e, t)->segment.time + rtt;
	const struct tracker_end *r = &e->rst->before.end[e->r];
	if (r->have_seq && seq_diff(e->rst->segment.seq, r->snd_nxt) < -1)
		return false;
	for (size_t k = t + 1; rtt != 0 && k < e->index; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && !item_is(item, TCP_RST | TCP_SYN) && !item_duplicate(item) && item->segment.time > from)
			return true;
	}
	return false;
}

/* Has R, between the segment and the reset, acknowledged it as a living end does? Then it did not refuse it. */
static bool accepted_meanwhile(const struct evidence *e, size_t t)
{
	uint32_t end = item_end(item_at(e, t));
	if (trace_seglen(&item_at(e, t)->segment) == 0)
		return lived_on(e, t);
	for (size_t k = t + 1; k < e->index; k++) {
		const struct trace_item *item = item_at(e, k);
		bool live = !item_is(item, TCP_RST) || item->segment.window != 0 || (item->segment.options.present & OPT_TS);
		if (item->from == e->r && item_is(item, TCP_ACK) && live && !item_duplicate(item) && seq_ge(item->segment.ack, end))
			return true;
	}
	return false;
}

/* A bare reset always answers something, however late; one with ACK must be in time to be taken for an answer. */
static int64_t patience(const struct evidence *e)
{
	int64_t rtt = e->scene->side[e->r].rtt;
	if ((e->rst->segment.flags & TCP_ACK) && e->rst->segment.seq == 0)
		return REFUSAL_PATIENCE;
	if (e->rst->segment.flags & TCP_ACK)
		return rtt != 0 ? 3 * rtt + REPLY_SLACK : REPLY_PATIENCE;
	bool first = e->scene->side[e->r].payload_segments == 0 && !e->rst->before.handshake_seen;
	int64_t least = first ? REPLY_UNRESOLVED : REPLY_PATIENCE;
	return 3 * rtt > least ? 3 * rtt : least;
}

static bool can_be_answered(const struct evidence *e, size_t k)
{
	const struct trace_item *t = item_at(e, k);
	if (t->from != e->p || item_is(t, TCP_RST) || item_duplicate(t) || e->scene->consumed[k] != 0)
		return false;
	bool refusal = e->rst->segment.seq == 0 && (e->rst->segment.flags & TCP_ACK);
	return numbers_answer(&e->rst->segment, &t->segment) && (refusal || !accepted_meanwhile(e, k));
}

/* How well a segment suits as the one that was answered; less is better. About one round trip ago is best, and then one that takes
 * sequence numbers before an empty ACK, the oldest first (replies come in the order of what they answer); else the nearest to a round
 * trip; then what is sooner than a round trip, the newest first; last what is late. */
static int64_t suits(const struct evidence *e, size_t k, bool each)
{
	int64_t rtt = e->scene->side[e->r].rtt, delay = e->rst->segment.time - item_at(e, k)->segment.time;
	bool takes = each || trace_seglen(&item_at(e, k)->segment) > 0;
	if (rtt >= NS_PER_MS && delay < rtt * 45 / 100)
		return INT64_MAX / 4 + delay;
	if (delay <= rtt * 13 / 10 + NS_PER_MS)
		return takes ? delay < rtt * 7 / 10 : delay < rtt * 7 / 10 ? 3 : 2;
	return delay < rtt + REPLY_JITTER ? 4 + delay : INT64_MAX / 2 + delay;
}

/* As many alike resets as segments that they may answer: then each segment, an empty ACK too, drew its own. */
static bool each_has_its_own(const struct evidence *e, int64_t limit)
{
	unsigned asked = 0, later = 0, answers = 0;
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < LOOK_BACK && e->rst->segment.time - item_at(e, k)->segment.time <= limit; looked++)
		asked += can_be_answered(e, k);
	for (size_t k = e->index; k < e->scene->trace->count && k < e->index + LOOK_BACK; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->segment.time - e->rst->segment.time > limit)
			break;
		later += can_be_answered(e, k);
		if (item->from != e->r || !item_is(item, TCP_RST) || item_duplicate(item) || item->segment.seq != e->rst->segment.seq ||
		    item->segment.flags != e->rst->segment.flags)
			continue;
		answers++;
		asked += later;
		later = 0;
	}
	return asked >= 2 && answers >= asked;
}

/* Each segment is used once. */
static void find_answered(struct evidence *e)
{
	int64_t limit = patience(e), best = INT64_MAX;
	bool each = each_has_its_own(e, limit);
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < LOOK_BACK; looked++) {
		if (e->rst->segment.time - item_at(e, k)->segment.time > limit)
			break;
		int64_t rank = can_be_answered(e, k) ? suits(e, k, each) : INT64_MAX;
		if (rank < best || (rank == best && rank <= 3)) {
			e->trigger = k;
			best = rank;
		}
	}
	bool open = best >= INT64_MAX / 2;
	for (size_t k = e->index + 1; open && k < e->scene->trace->count; k++) {
		const struct trace_item *t = item_at(e, k);
		if (t->segment.time - e->rst->segment.time > REORDER)
			break;
		if (trace_seglen(&t->segment) > 0 && can_be_answered(e, k)) {
			e->trigger = k;
			open = false;
		}
	}
}

static void find_forward(struct evidence *e)
{
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < 32; looked++) {
		const struct trace_item *t = item_at(e, k);
		if (e->rst->segment.time - t->segment.time > DEVICE_DELAY)
			return;
		if (t->from == e->r && !item_is(t, TCP_RST) && !item_duplicate(t) && numbers_forward(&e->rst->segment, &t->segment)) {
			e->trigger = k;
			e->trigger_forward = true;
			return;
		}
	}
}

/* Marks that only R's own stack has by then: the next of its IP IDs, or the window that it advertises. BSD systems leave the timestamps
 * out of a reset (RFC 7323 3.2 allows that), so that their absence alone makes it nobody else's. */
static bool own_marks(const struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	for (size_t k = e->index; k-- > 0;) {
		const struct trace_item *item = item_at(e, k);
		if (item->from != e->r || item_is(item, TCP_RST | TCP_SYN) || item_duplicate(item))
			continue;
		uint16_t step = (uint16_t)(s->ip_id - item->segment.ip_id);
		/* Some stacks count in the byte order of their CPU. */
		bool next = (step >= 1 && step <= 16) || (step % 256 == 0 && step / 256 >= 1 && step / 256 <= 16);
		bool counts = s->ip_version == 4 && s->ip_id != 0 && item->segment.ip_id != 0 && next;
		/* A device copies the segment that it stops, and at once. */
		bool copied = s->ip_id != item->segment.ip_id && s->time - item->segment.time < DEVICE_DELAY;
		bool unnumbered = s->ip_version == 4 && s->ip_id == 0 && item->segment.ip_id != 0; /* no live socket's segment; devices write that */
		return s->ttl == item->segment.ttl && (counts || (s->window != 0 && s->window == item->segment.window && !copied && !unnumbered));
	}
	return false;
}

/* Is the reset what R's own live socket writes: its next number, an acknowledgment of what it had received (3.3 rule 4)? */
static bool is_active(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	const struct tracker_end *r = &e->rst->before.end[e->r], *p = &e->rst->before.end[e->p];
	const struct side_profile *profile = &e->scene->side[e->r];
	bool timestamps = (s->options.present & OPT_TS) != 0;
	bool own = own_marks(e);
	if (s->flags & (TCP_SYN | TCP_FIN | TCP_URG))
		return false; /* no stack puts these into a reset */
	if (!(s->flags & TCP_ACK) || (profile->ts_used && !timestamps && !own && !(s->options.present & OPT_CUT)))
		return false;
	/* A closed window makes a stack reset at the window's edge, below what it had sent (Linux tcp_acceptable_seq); and what it had received
	 * may have been lost before the capture point: its own timestamps show that it is R all the same. */
	uint32_t lowest = r->have_acked && (timestamps || own) && seq_lt(r->snd_una, r->snd_nxt) ? r->snd_una : r->snd_nxt;
	if (r->have_seq && (seq_lt(s->seq, lowest) || seq_gt(s->seq, r->snd_nxt + (1u << 20))))
		return false;
	if (!r->have_seq && s->window == 0)
		return false;
	if (!r->have_seq && p->have_isn && !p->have_ack && seq_le(s->ack, p->isn + 1))
		return false; /* R had answered no SYN yet: it has no socket that could abort */
	if (r->have_ack && seq_lt(s->ack, r->rcv_nxt))
		return false;
	if (!timestamps && !own && s->ip_version == 4 && s->ip_id == 0 && profile->ip_id_counts)
		return false; /* a socket that numbers its packets numbers its reset; devices do not */
	if (p->have_seq && seq_gt(s->ack, p->snd_nxt) && !timestamps && !own)
		return false;
	if (s->seq == 0 && !r->have_seq)
		return false;
	return timestamps || own || s->window != 0 || (s->ip_id != 0 && profile->ip_id_counts) || !profile->ts_used;
}

/* Old stacks abort without ACK flag; where nothing asks for the reset, their own next number, window and IP ID show it. */
static bool bare_abort(const struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	const struct tracker_end *r = &e->rst->before.end[e->r];
	return !(s->flags & (TCP_ACK | TCP_SYN | TCP_FIN | TCP_URG)) && s->window != 0 && r->have_seq && s->seq == r->snd_nxt && !e->rst->before.reset &&
	       own_marks(e);
}

bool last_tsval(const struct evidence *e, uint32_t *tsval)
{
	for (size_t k = e->index; k-- > 0;) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && !item_is(item, TCP_RST) && (item->segment.options.present & OPT_TS)) {
			*tsval = item->segment.options.tsval;
			return true;
		}
	}
	return false;
}

/* A clock of 1 to 1000 Hz cannot have run backward nor have jumped by more than the time that passed allows (RFC 7323 5.4). */
static bool off_clock(const struct evidence *e)
{
	uint32_t before;
	const struct trace_segment *s = &e->rst->segment;
	if (!(s->options.present & OPT_TS) || !last_tsval(e, &before))
		return false;
	int32_t step = seq_diff(s->options.tsval, before);
	int64_t passed = s->time - item_at(e, 0)->segment.time;
	return step < -50 || step > passed / NS_PER_MS * 2 + 2000;
}

/* Some stacks (Windows) refuse with RST,ACK. Where R has closed already, or was never accepted, that is no abort but an answer. */
static bool is_plain_reply(const struct evidence *e)
{
	if (e->trigger == NO_ITEM)
		return false;
	const struct trace_item *t = item_at(e, e->trigger);
	const struct tracker_end *r = &t->before.end[e->r];
	if (!item_is(t, TCP_ACK))
		return true;
	bool after_fin = r->have_fin && (t->segment.len > 0 || item_is(t, TCP_FIN));
	bool handshake = !t->before.handshake_seen && t->before.synack_seen && t->segment.len == 0 && !item_is(t, TCP_SYN);
	return after_fin || handshake;
}

static void measure_form(struct evidence *e, bool active)
{
	const struct trace_segment *s = &e->rst->segment;
	const struct side_profile *profile = &e->scene->side[e->r];
	fact_put(e, FACT_RST_TIMESTAMP_OFF_CLOCK, off_clock(e), s->frame, 0, 0);
	if (active && holds(e, FACT_RST_TIMESTAMP_OFF_CLOCK))
		active = false;
	fact_put(e, FACT_RST_ACTIVE, active, s->frame, 0, 0);
	if (active) {
		e->state[FACT_RST_BARE] = -1;
		e->form = FORM_ACTIVE;
		fact_put(e, FACT_RST_LIVE_SOCKET, s->window != 0 || (s->options.present & OPT_TS), s->frame, s->window, 0);
		return;
	}
	if (!(s->flags & TCP_ACK) || e->form == FORM_REFUSAL)
		return;
	bool cut = (s->options.present & OPT_CUT) != 0;
	/* Where timestamps were used, marks that only R's own stack has must make up for their absence. */
	bool own = !profile->ts_used || (!(s->options.present & OPT_TS) && own_marks(e));
	if (e->trigger != NO_ITEM && !e->trigger_forward && own && s->window == 0 && is_plain_reply(e))
		fact_set(e, FACT_RST_BARE, s->frame, 0, 0);
	if (s->window == 0 && !cut && (profile->ts_used ? !(s->options.present & OPT_TS) : e->trigger != NO_ITEM)) {
		e->form = FORM_MIDDLEBOX;
		fact_set(e, FACT_RST_MIDDLEBOX_FORM, s->frame, 0, 0);
	}
}

/* Header fields taken over from the segment that it answers; a bare reset has window 0 and IP ID 0 by itself. */
static void measure_copied(struct evidence *e)
{
	if (e->trigger == NO_ITEM || e->form == FORM_ACTIVE)
		return;
	const struct trace_segment *s = &e->rst->segment, *t = &item_at(e, e->trigger)->segment;
	bool window = s->window != 0 && s->window == t->window;
	bool id = s->ip_version == 4 && s->ip_id != 0 && s->ip_id == t->ip_id;
	if (window || id) {
		fact_set(e, FACT_RST_COPIED, s->frame, 0, 0);
		if (s->flags & TCP_ACK)
			e->form = FORM_COPIED;
	}
}

static void measure_refusal(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	if (!(s->flags & TCP_ACK))
		return;
	bool answers = e->trigger != NO_ITEM && !e->trigger_forward && !item_is(item_at(e, e->trigger), TCP_ACK);
	/* Some devices copy the window of the SYN, which may not have been captured. */
	bool window = s->window == 0 || !e->scene->side[e->p].seen;
	bool shape = s->seq == 0 && window && !(s->options.present & OPT_TS) && !e->rst->before.end[e->r].have_seq;
	if (answers || shape) {
		e->form = FORM_REFUSAL;
		fact_set(e, FACT_RST_REFUSAL, s->frame, 0, 0);
		if (!answers)
			fact_set(e, FACT_TRIGGER_UNSEEN, 0, 0, 0);
	}
}

/* A bare reset always answers something: where nothing fits and one direction is missing, that something was not captured. */
static void measure_unprovoked(struct evidence *e)
{
	if (e->trigger != NO_ITEM || e->form == FORM_REFUSAL)
		return;
	if (e->form == FORM_BARE && (!e->scene->side[e->p].seen || e->scene->flags_only))
		fact_set(e, FACT_TRIGGER_UNSEEN, 0, 0, 0);
	else
		fact_set(e, FACT_UNPROVOKED, e->rst->segment.frame, 0, 0);
}

static void note_trigger(struct evidence *e)
{
	if (e->trigger == NO_ITEM || e->trigger_forward) {
		if (!holds(e, FACT_TRIGGER_UNSEEN))
			fact_deny(e, FACT_ANSWERS);
		return;
	}
	fact_set(e, FACT_ANSWERS, frame_at(e, e->trigger), 0, 0);
	if (e->scene->consumed[e->trigger] == 0 && !item_duplicate(e->rst))
		e->scene->consumed[e->trigger] = (uint32_t)e->index + 1;
}

void measure_trigger(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	e->trigger = NO_ITEM;
	e->trigger_forward = false;
	bool active = is_active(e);
	/* Without timestamps, window 0 and with the live numbers it can be either: an answer to a SYN is none of a live socket. */
	bool by_numbers_only = active && s->window == 0 && !(s->options.present & OPT_TS);
	if (!active || by_numbers_only)
		find_answered(e);
	e->numbers_only = by_numbers_only && !is_plain_reply(e);
	if (e->numbers_only)
		e->trigger = NO_ITEM;
	else if (e->trigger != NO_ITEM)
		active = false;
	else if (bare_abort(e))
		active = true;
	if (!active && e->trigger == NO_ITEM && (s->flags & TCP_ACK))
		find_forward(e);
	measure_refusal(e);
	measure_form(e, active);
	measure_copied(e);
	measure_unprovoked(e);
	note_trigger(e);
}

void measure_trigger_foreign(struct evidence *e)
{
	e->numbers_only = false;
	e->form = FORM_ODD;
	e->state[FACT_RST_ACTIVE] = -1;
	e->state[FACT_UNPROVOKED] = 0;
	e->state[FACT_ANSWERS] = 0;
	find_answered(e);
	if (e->trigger == NO_ITEM)
		find_forward(e);
	measure_form(e, false);
	measure_copied(e);
	measure_unprovoked(e);
	note_trigger(e);
}
