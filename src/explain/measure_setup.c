/* SPDX-License-Identifier: GPL-3.0-or-later
 * The handshake around the reset: which part of it the reset answers, and how the SYN looks. */
#include "explain/evidence.h"

enum { SETUP_LOOKS = 64, MSS_IPV4 = 1460, MSS_IPV6 = 1440 };

static const struct trace_item *trigger_item(const struct evidence *e)
{
	return e->trigger != NO_ITEM && !e->trigger_forward ? item_at(e, e->trigger) : NULL;
}

/* First SYN of the flow (without ACK) from a side, before an item; NO_ITEM when there is none. */
static size_t find_syn(const struct evidence *e, enum side from, size_t before)
{
	for (size_t k = 0; k < before && k < SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == from && item_is(item, TCP_SYN) && !item_is(item, TCP_ACK))
			return k;
	}
	return NO_ITEM;
}

static size_t find_synack(const struct evidence *e, enum side from, size_t begin, size_t end)
{
	for (size_t k = begin; k < end && k < begin + SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == from && item_is(item, TCP_SYN) && item_is(item, TCP_ACK) && !item_duplicate(item))
			return k;
	}
	return NO_ITEM;
}

/* An operating system offers MSS, window scale and SACK or timestamps; a scanner's raw SYN has MSS at most and a round window. A system
 * whose options were switched off shows by its window, which is a multiple of Ethernet's segment size. */
static void measure_syn_look(struct evidence *e, size_t syn)
{
	const struct trace_segment *s = &item_at(e, syn)->segment;
	unsigned options = s->options.present;
	if (options & OPT_CUT)
		return;
	bool full = (options & OPT_MSS) && (options & (OPT_WSCALE | OPT_SACK_OK | OPT_TS));
	bool bare = !(options & (OPT_WSCALE | OPT_SACK_OK | OPT_TS));
	fact_put(e, FACT_SYN_OS_FULL, full, s->frame, 0, 0);
	bool whole_segments = s->window != 0 && (s->window % MSS_IPV4 == 0 || s->window % MSS_IPV6 == 0);
	if (!bare || !whole_segments)
		fact_put(e, FACT_SYN_SCANNER_LIKE, bare, s->frame, s->window, 0);
	fact_put(e, FACT_SYN_MP_JOIN, (s->options.mptcp_subtypes & 2) != 0, s->frame, 0, 0);
}

static void measure_answers_syn(struct evidence *e, const struct trace_item *t)
{
	uint64_t frame = t->segment.frame;
	fact_set(e, FACT_ANSWERS_SYN, frame, 0, 0);
	size_t syn = find_syn(e, e->p, e->trigger + 1);
	for (size_t k = 0; k < e->trigger && k < SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->p && item_is(item, TCP_SYN) && item->segment.seq != t->segment.seq && !item_duplicate(item))
			fact_set(e, FACT_SECOND_SYN_OTHER_ISN, frame, 0, 0);
	}
	size_t before = syn != NO_ITEM ? find_synack(e, e->r, syn, e->trigger) : NO_ITEM;
	/* The first SYN's answer may have been on its way when the second left. */
	size_t crossing = find_synack(e, e->r, e->trigger, e->index);
	if (before == NO_ITEM && crossing != NO_ITEM && (item_at(e, crossing)->marks & MARK_SYN_OTHER_ISN))
		before = crossing;
	if (before != NO_ITEM)
		fact_set(e, FACT_SYNACK_BEFORE_SYN, frame_at(e, before), (int64_t)frame_at(e, before), 0);
	/* The same SYN answered twice, whichever answer came first: nothing may lie between that would explain a change of mind. */
	size_t around = find_synack(e, e->r, e->trigger, e->scene->trace->count);
	if (around != NO_ITEM && item_at(e, around)->segment.ack == t->segment.seq + 1) {
		fact_set(e, around > e->index ? FACT_SYNACK_AFTER_RST : FACT_SYNACK_SEEN, frame_at(e, around), (int64_t)frame_at(e, around), 0);
		bool repeated = false;
		for (size_t k = e->index + 1; k < around; k++)
			repeated = repeated || (item_at(e, k)->from == e->p && item_is(item_at(e, k), TCP_SYN));
		fact_put(e, FACT_TWO_ANSWERS, !repeated, frame_at(e, around), (int64_t)frame_at(e, around), 0);
	} else {
		fact_deny(e, FACT_TWO_ANSWERS);
	}
}

/* A reset in SYN-SENT that is none of the answers the standard knows: no ACK flag, or it acknowledges something else. */
static void measure_odd_in_syn_sent(struct evidence *e)
{
	size_t syn = find_syn(e, e->p, e->index);
	if (syn == NO_ITEM || holds(e, FACT_ANSWERS))
		return;
	size_t synack = find_synack(e, e->r, syn, e->scene->trace->count);
	if (synack == NO_ITEM || synack < e->index)
		return;
	fact_set(e, FACT_SYNACK_AFTER_RST, frame_at(e, synack), (int64_t)frame_at(e, synack), 0);
	fact_set(e, FACT_TWO_ANSWERS, frame_at(e, synack), (int64_t)frame_at(e, synack), 0);
}

static void measure_answers_synack(struct evidence *e, const struct trace_item *t)
{
	uint64_t frame = t->segment.frame;
	size_t syn = find_syn(e, e->r, e->index);
	fact_set(e, FACT_ANSWERS_SYNACK, frame, 0, 0);
	if (syn == NO_ITEM) {
		fact_set(e, FACT_NO_SYN_FROM_R, 0, 0, 0);
		return;
	}
	const struct trace_item *s = item_at(e, syn);
	uint32_t want = s->segment.seq + 1;
	bool wrong = seq_lt(t->segment.ack, want) || seq_gt(t->segment.ack, want + s->segment.len);
	fact_put(e, FACT_ANSWERS_WRONG_ACK_IN_SYN_SENT, wrong, frame, 0, 0);
	int64_t took = t->segment.time - s->segment.time;
	fact_put(e, FACT_SYNACK_LATE, took > 200 * NS_PER_MS, frame, took, 0);
	bool echo = (t->segment.options.present & OPT_TS) && (s->segment.options.present & OPT_TS);
	fact_put(e, FACT_TIMESTAMP_ECHO_WRONG, echo && seq_gt(t->segment.options.tsecr, s->segment.options.tsval + 600000), frame, 0, 0);
}

/* An ACK that answers R's SYN with other numbers: R is in SYN-SENT and resets what it does not know (RFC 9293 3.10.7.3). */
static void measure_syn_sent_ack(struct evidence *e, const struct trace_item *t)
{
	size_t newest = NO_ITEM;
	for (size_t k = e->trigger, looked = 0; k-- > 0 && looked < SETUP_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && !item_duplicate(item)) {
			if (item_is(item, TCP_SYN) && !item_is(item, TCP_ACK))
				newest = k;
			break;
		}
	}
	if (newest == NO_ITEM)
		return;
	const struct trace_segment *syn = &item_at(e, newest)->segment;
	bool echo = (t->segment.options.present & OPT_TS) && (syn->options.present & OPT_TS);
	if (echo && (uint32_t)(t->segment.options.tsecr - syn->options.tsval) > 600000)
		fact_set(e, FACT_TIMESTAMP_ECHO_WRONG, t->segment.frame, 0, 0);
	if (t->segment.ack - (syn->seq + 1) > syn->len)
		fact_set(e, FACT_ANSWERS_WRONG_ACK_IN_SYN_SENT, t->segment.frame, 0, 0);
}

/* R sent SYN/ACK and P acknowledges it: rightly (the third segment of the handshake, or data in its stead) or not. */
static void measure_handshake_ack(struct evidence *e, const struct trace_item *t)
{
	size_t synack = find_synack(e, e->r, 0, e->trigger);
	if (synack == NO_ITEM || e->scene->side[e->r].payload_segments > 0)
		return;
	uint32_t want = item_at(e, synack)->segment.seq + 1;
	bool settled = false, spoke = false;
	for (size_t k = synack + 1; k < e->trigger && k < synack + SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item) || item_is(item, TCP_SYN | TCP_RST))
			continue;
		spoke = spoke || item->from == e->r;
		settled = settled || spoke || (item->from == e->p && item->segment.ack == want);
	}
	if (settled && t->segment.ack == want)
		fact_put(e, FACT_SILENT_SINCE_SYNACK, !spoke, frame_at(e, synack), 0, 0);
	if (t->segment.ack != want)
		fact_put(e, FACT_ANSWERS_BAD_HANDSHAKE_ACK, !settled, t->segment.frame, 0, 0);
	else if (!settled)
		fact_set(e, FACT_ANSWERS_HANDSHAKE_ACK, t->segment.frame, 0, 0);
}

static void measure_repeated_synacks(struct evidence *e)
{
	bool acknowledged = false;
	int64_t repeats = 0;
	uint64_t frame = 0;
	uint32_t want = 0;
	for (size_t k = 0; k < e->index && k / 4 < SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item))
			continue;
		if (item->from == e->r && item_is(item, TCP_SYN) && item_is(item, TCP_ACK)) {
			want = item->segment.seq + 1;
			repeats += acknowledged;
			frame = acknowledged ? item->segment.frame : frame;
		} else if (item->from == e->p && want != 0 && item_is(item, TCP_ACK) && item->segment.ack == want) {
			acknowledged = true;
		}
	}
	fact_put(e, FACT_SYNACK_REPEATED_AFTER_ACK, repeats > 0, frame, repeats, 0);
}

static void measure_setup_history(struct evidence *e)
{
	const struct trace_before *t = &e->rst->before;
	const struct side_profile *r = &e->scene->side[e->r], *p = &e->scene->side[e->p];
	size_t syn_r = find_syn(e, e->r, e->index), syn_p = find_syn(e, e->p, e->index);
	size_t syn = syn_r != NO_ITEM ? syn_r : syn_p;
	fact_put(e, FACT_SYN_SEEN, syn != NO_ITEM, syn != NO_ITEM ? frame_at(e, syn) : 0, 0, 0);
	if (syn != NO_ITEM)
		measure_syn_look(e, syn);
	enum side responder = syn_r != NO_ITEM ? e->p : e->r;
	size_t synack = find_synack(e, responder, 0, e->index);
	fact_put(e, FACT_SYNACK_SEEN, synack != NO_ITEM, synack != NO_ITEM ? frame_at(e, synack) : 0,
	         synack != NO_ITEM ? (int64_t)frame_at(e, synack) : 0, 0);
	fact_put(e, FACT_HANDSHAKE_DONE, t->handshake_seen, 0, 0, 0);
	fact_put(e, FACT_MIDSTREAM, syn == NO_ITEM && synack == NO_ITEM, 0, 0, 0);
	if (synack != NO_ITEM) {
		const struct trace_segment *s = &item_at(e, synack)->segment;
		fact_put(e, FACT_SYNACK_WINDOW_ZERO, s->window == 0, s->frame, 0, 0);
		if (responder == e->r && s->ttl != 0)
			fact_put(e, FACT_SYNACK_OTHER_HOPS, hops_of(s->ttl) != hops_of(e->rst->segment.ttl), s->frame, s->ttl, e->rst->segment.ttl);
	}
	bool payload_p = p->first_payload < e->index, payload_r = r->first_payload < e->index;
	const struct tracker_end *end = &t->end[e->r];
	fact_put(e, FACT_RST_AT_OWN_START, end->have_isn && e->rst->segment.seq == end->isn + 1, e->rst->segment.frame, 0, 0);
	if (e->scene->flags_only)
		return; /* what was sent was not captured */
	fact_put(e, FACT_NO_DATA_AT_ALL, !payload_p && !payload_r && !e->scene->one_way, 0, 0, 0);
	fact_put(e, FACT_NO_DATA_FROM_R, !payload_r && !e->scene->one_way, 0, 0, 0);
	fact_put(e, FACT_R_DATA_BEFORE, payload_r, 0, 0, 0);
}

/* How soon after the handshake, and whether the third segment was skipped (health checks do that). */
static void measure_right_after(struct evidence *e)
{
	if (e->index == 0)
		return;
	size_t last = e->index - 1;
	while (last > 0 && item_duplicate(item_at(e, last)))
		last--;
	const struct trace_item *item = item_at(e, last);
	bool synack = item_is(item, TCP_SYN) && item_is(item, TCP_ACK) && item->from == e->p;
	fact_put(e, FACT_RST_INSTEAD_OF_ACK, synack, item->segment.frame, 0, 0);
	/* What it answers counts, not what the other end sent meanwhile. */
	if (trigger_item(e) != NULL && e->trigger < last && item_at(e, e->trigger)->segment.len == 0) {
		last = e->trigger;
		item = item_at(e, last);
	}
	bool third = e->rst->before.handshake_seen && item->segment.len == 0 && last <= 4 && !item_is(item, TCP_SYN | TCP_FIN | TCP_RST);
	int64_t took = e->rst->segment.time - item->segment.time;
	fact_put(e, FACT_RST_AFTER_HANDSHAKE, third && took < NS_PER_S, item->segment.frame, took, 0);
}

/* The repeated SYN that was accepted is the first segment of the next flow of these addresses and ports. */
static bool opens_next_flow(const struct evidence *e)
{
	uint32_t next = e->scene->flow->next;
	if (next == FLOW_NONE)
		return false;
	const struct tracker_end *opener = &flow_table_get(e->scene->context->table, next)->tracker.end[e->r];
	for (size_t k = e->index, looked = 0; k-- > 0 && looked < SETUP_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && item_is(item, TCP_SYN) && !item_is(item, TCP_ACK))
			return opener->have_isn && opener->isn == item->segment.seq;
	}
	return false;
}

static void measure_syn_repeats(struct evidence *e)
{
	size_t syn = find_syn(e, e->r, e->index);
	if (syn == NO_ITEM)
		return;
	uint32_t isn = item_at(e, syn)->segment.seq;
	for (size_t k = e->index + 1; k < e->scene->trace->count && k < e->index + SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && item_is(item, TCP_SYN) && !item_is(item, TCP_ACK) && !item_duplicate(item)) {
			fact_set(e, FACT_SYN_REPEATED_AFTER, item->segment.frame, (int64_t)item->segment.frame, 0);
			break;
		}
	}
	if (opens_next_flow(e))
		fact_set(e, FACT_SYN_REPEATED_AFTER, 0, 0, 0);
	for (size_t k = syn + 1; k < e->index && k < syn + SETUP_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && item_is(item, TCP_SYN) && item->segment.seq == isn && !item_duplicate(item))
			fact_set(e, FACT_SYN_RETRANSMITTED, item->segment.frame, 0, 0);
		if (item->from == e->p && item_is(item, TCP_SYN))
			break;
	}
}

void measure_setup(struct evidence *e)
{
	measure_setup_history(e);
	measure_right_after(e);
	measure_syn_repeats(e);
	measure_repeated_synacks(e);
	const struct trace_item *t = trigger_item(e);
	if (t == NULL) {
		measure_odd_in_syn_sent(e);
		return;
	}
	bool syn = item_is(t, TCP_SYN), ack = item_is(t, TCP_ACK);
	if (syn && !ack && !item_is(t, TCP_FIN))
		measure_answers_syn(e, t);
	else if (syn && ack)
		measure_answers_synack(e, t);
	else if (ack && !item_is(t, TCP_FIN))
		measure_handshake_ack(e, t);
	if (ack && !syn)
		measure_syn_sent_ack(e, t);
	if (ack)
		fact_deny(e, FACT_TWO_ANSWERS); /* it answers no SYN */
}
