/* SPDX-License-Identifier: GPL-3.0-or-later
 * Clocks behind a reset: keepalives, retransmissions, closed windows, idle timers of applications and middleboxes. */
#include "explain/evidence.h"

#include <stdlib.h>

enum { TIMER_LOOKS = 2000, PROBES_KEPT = 16, FULL_SIZE = 1200 };

/* Time-outs that applications use, seconds. */
static const uint16_t application_timer[] = { 5, 10, 15, 20, 30, 45, 50, 60, 75, 90, 120, 180, 240, 300, 600, 900, 1800, 3600, 7200 };
/* Two hours until the first keepalive probe, and then: Linux 9 probes of 75 s, BSD 8 of 75 s, Windows 10 of 1 s. */
static const uint16_t keepalive_timer[] = { 7875, 7800, 7210 };
/* Idle timers of load balancers, NATs and firewalls, seconds, as their vendors document the defaults. */
static const uint16_t middlebox_timer[] = { 240, 300, 350, 600, 900, 1800, 3600 };

static int64_t near_timer(int64_t gap, const uint16_t *timer, size_t n, int64_t slack_percent)
{
	for (size_t i = 0; i < n; i++) {
		int64_t t = timer[i] * NS_PER_S, slack = t * slack_percent / 100;
		if (slack < NS_PER_S / 10)
			slack = NS_PER_S / 10;
		if (llabs(gap - t) <= slack)
			return t;
	}
	return 0;
}

/* Longest default of a middlebox that this gap exceeds (by no more than a keepalive period may hide), or 0. */
static int64_t exceeded_timer(int64_t gap)
{
	int64_t best = 0;
	for (size_t i = 0; i < sizeof middlebox_timer / sizeof *middlebox_timer; i++)
		if (gap >= middlebox_timer[i] * NS_PER_S - 2 * NS_PER_S)
			best = middlebox_timer[i] * NS_PER_S;
	return best;
}

/* Keepalive probes at the end of the flow: 0 or 1 byte at SND.NXT-1, nothing else of R between them. */
struct probes {
	unsigned count;
	int64_t time[PROBES_KEPT];     /* newest first */
	size_t newest;
	bool answered;                 /* something of P after the newest */
	bool answered_any;
};

static void collect_probes(const struct evidence *e, struct probes *p)
{
	*p = (struct probes){ .newest = NO_ITEM };
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < TIMER_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item) || item_is(item, TCP_RST))
			continue;
		if (item->from == e->p) {
			p->answered = p->answered || p->count == 0;
			p->answered_any = p->answered_any || p->count > 0;
			if (item->segment.len > 0)
				return;
			continue;
		}
		if (!(item->marks & (MARK_KEEPALIVE | MARK_WINDOW_PROBE)))
			return;
		if (item->marks & MARK_WINDOW_PROBE)
			return;
		if (p->count < PROBES_KEPT)
			p->time[p->count] = item->segment.time;
		if (p->count++ == 0)
			p->newest = k;
	}
}

static int64_t idle_before_probe(const struct evidence *e, size_t probe)
{
	for (size_t k = probe; k-- > 0;)
		if (!item_duplicate(item_at(e, k)))
			return item_at(e, probe)->segment.time - item_at(e, k)->segment.time;
	return 0;
}

/* R's own timestamps echo what it received: an echo older than the answers on the wire shows that these never arrived. */
static bool answers_not_heard(const struct evidence *e, const struct probes *p)
{
	if (!(e->rst->segment.options.present & OPT_TS))
		return p->answered;
	for (size_t k = e->index; k-- > p->newest;) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->p && (item->segment.options.present & OPT_TS))
			return seq_lt(e->rst->segment.options.tsecr, item->segment.options.tsval);
	}
	return p->answered;
}

static void measure_keepalive(struct evidence *e)
{
	struct probes p;
	collect_probes(e, &p);
	if (p.count == 0 || e->form == FORM_BARE || e->form == FORM_REFUSAL)
		return;
	int64_t after = e->rst->segment.time - p.time[0];
	int64_t interval = p.count >= 2 ? p.time[0] - p.time[1] : 0;
	bool due = interval > 0 ? llabs(after - interval) <= interval / 5 + 20 * NS_PER_MS : after >= NS_PER_S / 5;
	e->count = p.count;
	e->gap = e->rst->segment.time - p.time[p.count < PROBES_KEPT ? p.count - 1 : PROBES_KEPT - 1] + idle_before_probe(e, p.newest);
	if (!e->scene->one_way)
		fact_put(e, FACT_KEEPALIVES_UNANSWERED, !p.answered, frame_at(e, p.newest), p.count, 0);
	bool not_heard = p.answered && answers_not_heard(e, &p), echoed = (e->rst->segment.options.present & OPT_TS) != 0;
	fact_put(e, FACT_PROBE_ANSWERS_NOT_HEARD, not_heard, frame_at(e, p.newest), 0, 0);
	if (due && (!p.answered || (not_heard && (interval > 0 || echoed))))
		fact_set(e, FACT_RST_ONE_INTERVAL_AFTER_PROBE, frame_at(e, p.newest), after, interval > 0 ? interval : after);
}

/* Newest run of retransmissions of side `from` without progress of the other's acknowledgments, before item `end`. */
struct retries {
	unsigned count;
	size_t newest;
	int64_t first_gap, last_gap;
	bool full_size;                /* all at least FULL_SIZE long */
	bool small_passes;             /* the other end acknowledged later small ones (SACK) or repeated its ACK */
	uint32_t length;
};

static void collect_retries(const struct evidence *e, enum side from, size_t end, struct retries *r)
{
	*r = (struct retries){ .newest = NO_ITEM, .full_size = true };
	uint32_t seq = 0;
	int64_t later = 0;
	size_t looked = 0;
	for (size_t k = end; k-- > 0 && looked < TIMER_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item) || item_is(item, TCP_RST))
			continue;
		if (item->from != from) {
			r->small_passes = r->small_passes || (item->segment.options.present & OPT_SACK) || (item->marks & MARK_DUP_ACK);
			if (r->count > 0 && item_is(item, TCP_ACK) && seq_gt(item->segment.ack, seq))
				return;
			continue;
		}
		if (item->segment.len == 0 && !item_is(item, TCP_FIN))
			continue;
		if (r->newest == NO_ITEM) {
			if (!(item->marks & (MARK_RETRANSMISSION | MARK_WINDOW_PROBE)))
				return;
			seq = item->segment.seq;
			r->newest = k;
		}
		if (item->segment.seq != seq)
			continue;
		if (later != 0) {
			r->first_gap = later - item->segment.time;
			if (r->last_gap == 0)
				r->last_gap = r->first_gap;
		}
		later = item->segment.time;
		if (item->marks & (MARK_RETRANSMISSION | MARK_WINDOW_PROBE)) {
			r->count++;
			r->length = item->segment.len;
			r->full_size = r->full_size && item->segment.len >= FULL_SIZE;
		}
	}
}

/* Had a segment of that size been acknowledged before? Then the path carries it: it is no limit of size that stops the repeated ones. */
static bool size_passed_before(const struct evidence *e, enum side from, const struct retries *r)
{
	uint32_t lost = item_at(e, r->newest)->segment.seq;
	for (size_t k = 0; k < r->newest; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == from && item->segment.len >= r->length && seq_le(item_end(item), lost))
			return true;
	}
	return false;
}

/* Retransmissions of either end that led here: R's own (it gave up) or P's (black hole towards R). */
static void measure_retransmissions(struct evidence *e)
{
	struct retries mine, theirs;
	size_t end = e->trigger != NO_ITEM && !e->trigger_forward ? e->trigger : e->index;
	collect_retries(e, e->r, end, &mine);
	collect_retries(e, e->p, e->index, &theirs);
	bool growing = mine.count >= 3 && mine.last_gap > mine.first_gap * 3 / 2;
	if (mine.count >= 2) {
		const struct trace_item *newest = item_at(e, mine.newest);
		bool late = e->form == FORM_BARE;
		if (growing || (late && mine.count >= 2)) {
			fact_set(e, FACT_RETRANSMISSIONS_UNANSWERED, newest->segment.frame, mine.count, 0);
			e->count = mine.count;
		}
	}
	bool own = mine.count >= 3;
	const struct retries *hole = own ? &mine : &theirs;
	if (hole->count >= 3 && hole->full_size && hole->small_passes && !size_passed_before(e, own ? e->r : e->p, hole)) {
		fact_set(e, FACT_RETRANSMISSIONS_FULL_SIZE_ONLY, frame_at(e, hole->newest), hole->length, 0);
		e->count = hole->count;
	}
}

/* A SYN/ACK repeated with growing pauses that nobody acknowledges: when the next repetition is due, some systems send a reset instead. */
static void measure_synack_given_up(struct evidence *e)
{
	const struct tracker_end *r = &e->rst->before.end[e->r];
	if (r->state != TCP_SYN_RECEIVED || !r->have_isn || e->rst->segment.seq != r->isn + 1)
		return;
	int64_t pause[3]; /* newest first: to the reset, and between the last three */
	int64_t later = e->rst->segment.time;
	unsigned sent = 0;
	size_t newest = 0;
	for (size_t k = e->index; k-- > 0;) {
		const struct trace_item *item = item_at(e, k);
		if (item->from != e->r || item_duplicate(item) || !item_is(item, TCP_SYN))
			continue;
		newest = sent == 0 ? k : newest;
		if (sent < 3)
			pause[sent] = later - item->segment.time;
		later = item->segment.time;
		sent++;
	}
	if (sent < 3 || pause[1] < pause[2] || pause[0] * 10 < pause[1] * 8 || pause[0] * 10 > pause[1] * 25)
		return;
	e->count = sent - 1;
	fact_set(e, FACT_SYNACK_GIVEN_UP, frame_at(e, newest), sent - 1, pause[0]);
}

static void measure_zero_window(struct evidence *e)
{
	int64_t since = 0;
	uint64_t frame = 0;
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < TIMER_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from != e->r || item_duplicate(item) || item_is(item, TCP_RST))
			continue;
		if (item->segment.window != 0 || item_is(item, TCP_SYN))
			break;
		since = item->segment.time;
		frame = item->segment.frame;
	}
	int64_t held = since != 0 ? e->rst->segment.time - since : 0;
	fact_put(e, FACT_ZERO_WINDOW_HELD, held >= NS_PER_S / 2, frame, held, 0);
	if (held >= NS_PER_S / 2)
		e->gap = held;
}

/* The silence before the reset (or before the segment that drew it); keepalives are no life of the application. */
static void measure_silence(struct evidence *e)
{
	size_t end = e->trigger != NO_ITEM && !e->trigger_forward ? e->trigger : e->index;
	int64_t at = item_at(e, end)->segment.time, any = -1, payload = -1, own_request = -1;
	size_t looked = 0;
	bool p_spoke = false;
	for (size_t k = end; k-- > 0 && looked < TIMER_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item) || item_is(item, TCP_RST))
			continue;
		if (any < 0)
			any = at - item->segment.time;
		if (item->segment.len == 0 || (item->marks & (MARK_KEEPALIVE | MARK_WINDOW_PROBE)))
			continue;
		if (payload < 0)
			payload = at - item->segment.time;
		if (item->from == e->p)
			p_spoke = true;
		else if (!p_spoke && own_request < 0)
			own_request = at - item->segment.time;
		if (p_spoke || own_request >= 0)
			break;
	}
	if (any >= NS_PER_S) {
		fact_set(e, FACT_IDLE_LONG, 0, any, 0);
		e->gap = e->gap != 0 ? e->gap : any;
	}
	if (exceeded_timer(any) != 0) {
		fact_set(e, FACT_IDLE_MIDDLEBOX_TIMER, 0, any, exceeded_timer(any));
		e->gap = any;
	} else if (any >= 0) {
		fact_deny(e, FACT_IDLE_MIDDLEBOX_TIMER);
	}
	if (e->form != FORM_ACTIVE || payload < 0)
		return;
	int64_t keepalive = 0;
	for (size_t i = 0; i < sizeof keepalive_timer / sizeof *keepalive_timer; i++)
		if (llabs(any - keepalive_timer[i] * NS_PER_S) < 3 * NS_PER_S)
			keepalive = keepalive_timer[i] * NS_PER_S;
	fact_put(e, FACT_SILENCE_IS_KEEPALIVE, keepalive != 0, 0, any, keepalive);
	int64_t timer = near_timer(payload, application_timer, sizeof application_timer / sizeof *application_timer, 3);
	int64_t pause = payload;
	if (timer == 0) {
		timer = near_timer(any, application_timer, sizeof application_timer / sizeof *application_timer, 3);
		pause = any;
	}
	if (timer != 0 || pause < NS_PER_S) /* longer ones that are no usual time-out may be an unusual one */
		fact_put(e, FACT_SILENCE_IS_TIMER, timer != 0, 0, pause, timer);
	if (timer != 0)
		e->gap = pause;
	fact_put(e, FACT_REQUEST_UNANSWERED, own_request >= NS_PER_S && !p_spoke && e->r == SIDE_CLIENT, 0, own_request, 0);
}

/* R closing with data that P had not acknowledged. */
static void measure_unacked(struct evidence *e)
{
	const struct tracker_end *r = &e->rst->before.end[e->r];
	if (!r->have_fin || !r->have_seq || !r->have_acked)
		return;
	int32_t open = seq_diff(r->snd_nxt, r->snd_una);
	if (open > 1)
		fact_set(e, FACT_UNACKED_DATA_CLOSING, 0, open - 1, 0);
	else if (open < 1) /* 1: the FIN itself may be what is held */
		fact_deny(e, FACT_UNACKED_DATA_CLOSING);
}

/* Acknowledgments of data never sent, off by one constant, twice or more: somebody rewrites numbers in one direction only. */
static void measure_offset(struct evidence *e)
{
	int32_t offset = 0;
	unsigned times = 0;
	uint64_t frame = 0;
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < 256; looked++) {
		const struct trace_item *item = item_at(e, k);
		const struct tracker_end *other = &item->before.end[side_other((enum side)item->from)];
		if (item_is(item, TCP_SYN) && !item_duplicate(item))
			break; /* what lies before belongs to an older connection */
		if (item_duplicate(item) || item_is(item, TCP_RST | TCP_SYN) || !item_is(item, TCP_ACK) || !other->have_seq)
			continue;
		int32_t off = seq_diff(item->segment.ack, other->snd_nxt);
		if (off < 4000 && off > -(1 << 24))
			continue;
		times = llabs((long long)off - offset) < 4000 || times == 0 ? times + 1 : times;
		offset = off;
		frame = item->segment.frame;
	}
	if (times >= 2)
		fact_set(e, FACT_ACK_OFFSET, frame, offset, 0);
}

void measure_timers(struct evidence *e)
{
	measure_keepalive(e);
	measure_retransmissions(e);
	measure_synack_given_up(e);
	measure_zero_window(e);
	measure_silence(e);
	measure_unacked(e);
	measure_offset(e);
}
