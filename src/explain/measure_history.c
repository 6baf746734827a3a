/* SPDX-License-Identifier: GPL-3.0-or-later
 * What passed on the connection before the reset: data and answers, FINs, silence, and what the segment that was reset is in its light. */
#include "explain/evidence.h"

enum { HISTORY_LOOKS = 4000, GOODBYE_MOST = 80, TLS_HEADER = 5 };

/* A pass backward over the segments before the reset (or before its trigger) collects these. */
struct history {
	size_t last_payload[2];        /* item of each side's newest payload, NO_ITEM */
	size_t last_any[2];            /* newest segment, RSTs left out */
	size_t first_since_r[2];       /* by side p: first new payload after R's newest payload */
	size_t last_answer;            /* R's newest payload that is no mere greeting */
	uint64_t bytes_p_since_r;      /* new payload of P after that */
	unsigned segments_p_since_r;
	unsigned requests, responses;  /* text requests of P and responses of R that can be counted */
	size_t fin[2];                 /* first FIN of each side */
	bool fin_acked[2];
	int64_t fin_acked_at[2];
	size_t fin_acked_by[2];
};

/* What a server says before it is asked anything answers nothing. */
static bool is_greeting(const struct trace_item *item)
{
	return item->app == APP_SSH_BANNER || (item->app == APP_SMTP_REPLY && item->status == 220);
}

static void history_payload(struct history *h, const struct trace_item *item, size_t k, enum side r)
{
	enum side from = (enum side)item->from;
	if (h->last_payload[from] == NO_ITEM)
		h->last_payload[from] = k;
	if (from == r && h->last_answer == NO_ITEM && !is_greeting(item))
		h->last_answer = k;
	if (from != r && h->last_answer == NO_ITEM && item_new_data(item)) {
		h->bytes_p_since_r += item->segment.len;
		h->segments_p_since_r++;
		h->first_since_r[from] = k;
	}
	if (from != r)
		h->requests += item->requests;
	else
		h->responses += item->app == APP_HTTP_RESPONSE;
}

static void collect(const struct evidence *e, struct history *h)
{
	*h = (struct history){ .last_answer = NO_ITEM, .last_payload = { NO_ITEM, NO_ITEM }, .last_any = { NO_ITEM, NO_ITEM }, .first_since_r = { NO_ITEM, NO_ITEM },
		               .fin = { NO_ITEM, NO_ITEM }, .fin_acked_by = { NO_ITEM, NO_ITEM } };
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < HISTORY_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item_duplicate(item) || item_is(item, TCP_RST) || k == e->trigger)
			continue;
		if (h->last_any[item->from] == NO_ITEM)
			h->last_any[item->from] = k;
		if (item->segment.len > 0 && !(item->marks & MARK_KEEPALIVE))
			history_payload(h, item, k, e->r);
		if (item_is(item, TCP_FIN))
			h->fin[item->from] = k;
	}
	for (int side = 0; side < 2; side++) {
		if (h->fin[side] == NO_ITEM)
			continue;
		uint32_t end = item_end(item_at(e, h->fin[side]));
		for (size_t k = h->fin[side] + 1; k < e->index; k++) {
			const struct trace_item *item = item_at(e, k);
			if (item->from != side && item_is(item, TCP_ACK) && !item_is(item, TCP_RST) && seq_ge(item->segment.ack, end)) {
				h->fin_acked[side] = true;
				h->fin_acked_at[side] = item->segment.time;
				h->fin_acked_by[side] = k;
				break;
			}
		}
	}
}

static int64_t time_at(const struct evidence *e, size_t k)
{
	return item_at(e, k)->segment.time;
}

static bool is_tls_port(unsigned port)
{
	static const uint16_t tls[] = { 443, 465, 563, 636, 853, 989, 990, 993, 995, 5061, 5671, 6697, 8443, 8883 };
	for (size_t i = 0; i < sizeof tls / sizeof *tls; i++)
		if (tls[i] == port)
			return true;
	return false;
}

/* A goodbye by its size: one TLS alert record (in the clear 2 bytes, encrypted 23 to 31, TLS 1.3 19), or a QUIT line; seen by size alone
 * where the snaplen hides it, on connections that carry TLS. */
static bool is_goodbye(const struct evidence *e, const struct trace_item *item)
{
	if (item->app == APP_GOODBYE)
		return true;
	if (item->app == APP_TLS_ALERT && item->alert_level != 255)
		return item->alert_code == 0;
	if (item->tls_maybe_alert)
		return true;
	bool hidden = item->segment.captured < TLS_HEADER && item->segment.captured < item->segment.len;
	bool tls_port = is_tls_port(flow_port(e->scene->flow, SIDE_SERVER));
	return hidden && tls_port && (item->segment.len == 24 || item->segment.len == 31);
}

static bool is_error(const struct trace_item *item)
{
	switch (item->app) {
	case APP_TLS_ALERT:
		return item->alert_level == 2 || (item->alert_level == 1 && item->alert_code != 0);
	case APP_HTTP_RESPONSE:
	case APP_SMTP_REPLY:
		return item->status >= 400;
	case APP_HTTP2_GOAWAY:
	case APP_ERROR_LINE:
		return true;
	default:
		return false;
	}
}

/* Does the trigger bring what R's acknowledgments show to be missing, though later numbers came? Then it is late, but not old. */
static bool fills_hole(const struct evidence *e)
{
	const struct trace_item *t = item_at(e, e->trigger);
	const struct tracker_end *r = &t->before.end[e->r];
	bool hole = t->before.end[e->p].hole || (t->marks & MARK_OUT_OF_ORDER);
	return hole && t->segment.len > 0 && r->have_ack && seq_ge(t->segment.seq, r->rcv_nxt);
}

/* Has nothing been captured before the trigger but segments of P that were refused as well? */
static bool is_fresh(const struct evidence *e, const struct history *h)
{
	bool fresh = h->last_any[e->r] == NO_ITEM;
	for (size_t k = e->trigger, looked = 0; fresh && k-- > 0 && looked < HISTORY_LOOKS; looked++)
		fresh = item_at(e, k)->from == e->r || item_duplicate(item_at(e, k)) || e->scene->consumed[k] != 0;
	return fresh;
}

static void measure_trigger_kind(struct evidence *e, const struct history *h)
{
	if (e->trigger == NO_ITEM || e->trigger_forward)
		return;
	const struct trace_item *t = item_at(e, e->trigger);
	const struct trace_segment *s = &t->segment;
	if (item_is(t, TCP_SYN))
		return;
	bool fresh = is_fresh(e, h);
	bool keepalive = (t->marks & (MARK_KEEPALIVE | MARK_WINDOW_PROBE)) != 0;
	const struct tracker_end *p = &t->before.end[e->p];
	bool old_numbers = p->have_seq && seq_le(item_end(t), p->snd_nxt) && trace_seglen(s) > 0;
	fact_put(e, FACT_ANSWERS_KEEPALIVE, keepalive, s->frame, 0, 0);
	old_numbers = old_numbers && !fills_hole(e);
	fact_put(e, FACT_ANSWERS_NEW_DATA, s->len > 0 && !keepalive && !old_numbers, s->frame, s->len, 0);
	fact_put(e, FACT_ANSWERS_OLD_SEGMENT, !keepalive && (old_numbers || (trace_seglen(s) == 0 && p->have_seq && seq_lt(s->seq, p->snd_nxt))),
	         s->frame, 0, 0);
	fact_put(e, FACT_ANSWERS_FIN, item_is(t, TCP_FIN), s->frame, 0, 0);
	fact_put(e, FACT_ANSWERS_PURE_ACK, s->len == 0 && !item_is(t, TCP_FIN) && !keepalive, s->frame, 0, 0);
	fact_put(e, FACT_ANSWERS_CLOSE_NOTIFY, s->len > 0 && is_goodbye(e, t), s->frame, s->len, 0);
	fact_put(e, FACT_ANSWERS_HIDDEN, s->captured < s->len && s->captured < TLS_HEADER, s->frame, 0, 0);
	fact_put(e, FACT_ANSWERS_REQUEST, t->app == APP_HTTP_REQUEST, s->frame, 0, 0);
	unsigned flags = s->flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK | TCP_URG);
	bool odd = !(flags & TCP_ACK);
	fact_put(e, FACT_ANSWERS_ODD_PROBE, fresh && odd, s->frame, 0, 0);
	fact_put(e, FACT_ANSWERS_STRAY, fresh && !odd && s->len == 0, s->frame, 0, 0);
	fact_put(e, FACT_NO_HISTORY, fresh, 0, 0, 0);
	const struct tracker_end *r = &t->before.end[e->r];
	bool stale = r->have_seq && (s->flags & TCP_ACK) && seq_lt(s->ack, r->snd_nxt) && !(r->have_fin && s->ack + 1 == r->snd_nxt);
	if (stale && !h->fin_acked[e->r])
		fact_set(e, FACT_ANSWERS_STALE_ACK, s->frame, 0, 0);
	else if (holds(e, FACT_VANTAGE_AT_R))
		fact_deny(e, FACT_ANSWERS_STALE_ACK); /* elsewhere, what {R} sent may have been lost before it could be captured */
}

static void measure_fins(struct evidence *e, const struct history *h)
{
	size_t r = h->fin[e->r], p = h->fin[e->p];
	int64_t now = e->trigger != NO_ITEM ? time_at(e, e->trigger) : e->rst->segment.time;
	fact_put(e, FACT_R_FIN, r != NO_ITEM, r != NO_ITEM ? frame_at(e, r) : 0, r != NO_ITEM ? (int64_t)frame_at(e, r) : 0, 0);
	fact_put(e, FACT_P_FIN, p != NO_ITEM, p != NO_ITEM ? frame_at(e, p) : 0, p != NO_ITEM ? (int64_t)frame_at(e, p) : 0, 0);
	bool both = r != NO_ITEM && p != NO_ITEM && h->fin_acked[e->p] && h->fin_acked[e->r];
	/* A FIN that is repeated although its acknowledgment was on its way: R had closed all the same, and keeps no TIME-WAIT. */
	bool repeated = holds(e, FACT_ANSWERS_FIN) && holds(e, FACT_ANSWERS_OLD_SEGMENT) && !fills_hole(e);
	both = both || (r != NO_ITEM && p != NO_ITEM && h->fin_acked[e->r] && repeated);
	fact_put(e, FACT_BOTH_CLOSED, both, 0, 0, 0);
	if (r == NO_ITEM)
		return;
	fact_put(e, FACT_R_FIN_ACKED, h->fin_acked[e->r], h->fin_acked_by[e->r] != NO_ITEM ? frame_at(e, h->fin_acked_by[e->r]) : 0, 0, 0);
	if (h->fin_acked[e->r]) {
		int64_t age = now - h->fin_acked_at[e->r];
		bool plain_fin = holds(e, FACT_ANSWERS_FIN) && p == NO_ITEM && !holds(e, FACT_ANSWERS_NEW_DATA);
		fact_put(e, FACT_R_FIN_LONG_AGO, age >= 55 * NS_PER_S || (plain_fin && age >= NS_PER_S), frame_at(e, r), age, 0);
		fact_put(e, FACT_FIN_WAIT_GONE, plain_fin && age < NS_PER_S, frame_at(e, r), age, 0);
		e->gap = age;
	}
	fact_put(e, FACT_R_CLOSED_LAST, p != NO_ITEM && r > p, 0, 0, 0);
	if (e->form == FORM_ACTIVE) {
		int64_t age = e->rst->segment.time - time_at(e, r);
		bool next = e->rst->segment.seq == item_end(item_at(e, r));
		int64_t since_ack = h->fin_acked[e->r] ? e->rst->segment.time - h->fin_acked_at[e->r] : 0;
		bool at_once = next && h->fin_acked[e->r] && since_ack < 50 * NS_PER_MS && p == NO_ITEM;
		fact_put(e, FACT_RST_AFTER_OWN_FIN, next, frame_at(e, r), age, 0);
		fact_put(e, FACT_RST_AT_ONCE_AFTER_FIN_ACK, at_once, frame_at(e, r), since_ack, 0);
	}
	bool in_time = e->trigger != NO_ITEM && e->rst->segment.time - now < e->scene->side[e->r].rtt + 50 * NS_PER_MS;
	if (holds(e, FACT_RST_BARE) && holds(e, FACT_ANSWERS_PURE_ACK) && in_time && p == NO_ITEM &&
	    item_at(e, e->trigger)->segment.ack == item_end(item_at(e, r)))
		fact_set(e, FACT_RST_AT_ONCE_AFTER_FIN_ACK, frame_at(e, r), e->rst->segment.time - time_at(e, e->trigger), 0);
}

/* Data of P that crosses R's FIN, or follows it at once, on a connection that was idle when R closed it: a race for the connection. */
static void measure_race(struct evidence *e, const struct history *h)
{
	size_t fin = h->fin[e->r];
	if (fin == NO_ITEM || e->trigger == NO_ITEM || !holds(e, FACT_ANSWERS_NEW_DATA))
		return;
	const struct trace_item *t = item_at(e, e->trigger);
	uint32_t fin_seq = item_end(item_at(e, fin)) - 1;
	fact_put(e, FACT_TRIGGER_CROSSED_FIN, t->segment.ack == fin_seq, t->segment.frame, 0, 0);
	int64_t rtt = e->scene->side[e->r].rtt + e->scene->side[e->p].rtt;
	int64_t after = t->segment.time - time_at(e, fin);
	bool soon = after < 3 * rtt || after < 20 * NS_PER_MS;
	fact_put(e, FACT_TRIGGER_SOON_AFTER_FIN, soon, t->segment.frame, after, 0);
	int64_t last = 0;
	for (size_t k = fin; k-- > 0;) {
		const struct trace_item *item = item_at(e, k);
		bool goodbye = item->from == e->r && is_goodbye(e, item);
		if (item->segment.len > 0 && !item_duplicate(item) && !(item->marks & MARK_KEEPALIVE) && !goodbye) {
			last = item->segment.time;
			break;
		}
	}
	int64_t idle = last != 0 ? time_at(e, fin) - last : 0;
	bool with_data = item_at(e, fin)->segment.len > 0;
	bool worth = idle >= 3 * NS_PER_S / 2 && !with_data;
	fact_put(e, FACT_IDLE_BEFORE_FIN, worth, frame_at(e, fin), idle, 0);
	if (worth)
		e->gap = idle;
}

/* Had P's answer begun without being whole: less than its own Content-Length, or a full segment without PSH as the last before the FIN? */
static bool answer_broken(const struct evidence *e, size_t request, size_t last)
{
	enum { FULL_SEGMENT = 1200 };
	uint64_t bytes = 0, length = 0;
	for (size_t k = request + 1; k <= last && k < request + HISTORY_LOOKS; k++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from != e->p || !item_new_data(item))
			continue;
		if (item->app == APP_HTTP_RESPONSE)
			length = item->http_length;
		bytes += item->segment.len;
	}
	const struct trace_item *item = item_at(e, last);
	return length > 0 ? bytes < length : item->segment.len >= FULL_SEGMENT && !item_is(item, TCP_PSH);
}

/* The client closed after its own request and before (or amid) the answer. */
static void measure_cancel(struct evidence *e, const struct history *h)
{
	size_t fin = h->fin[e->r];
	if (fin == NO_ITEM || e->r != SIDE_CLIENT)
		return;
	size_t request = NO_ITEM, answer = NO_ITEM;
	for (size_t k = fin + 1; k-- > 0;) {
		const struct trace_item *item = item_at(e, k);
		if (item->segment.len == 0 || item_duplicate(item) || (item->marks & MARK_KEEPALIVE))
			continue;
		if (item->from == e->p && answer == NO_ITEM)
			answer = k;
		if (item->from == e->r && request == NO_ITEM && !is_goodbye(e, item))
			request = k;
		if (request != NO_ITEM && answer != NO_ITEM)
			break;
	}
	bool pending = request != NO_ITEM && (answer == NO_ITEM || answer < request || answer_broken(e, request, answer));
	int64_t gap = request != NO_ITEM ? time_at(e, fin) - time_at(e, request) : 0;
	fact_put(e, FACT_REQUEST_UNANSWERED_AT_FIN, pending, frame_at(e, fin), gap, 0);
	if (pending)
		e->gap = gap;
}

/* An answer of P that is whole by its own Content-Length, or a single short segment: the client had read it when it reset. */
static bool answer_complete(const struct evidence *e, const struct history *h)
{
	size_t first = h->first_since_r[e->p];
	if (first == NO_ITEM)
		return false;
	const struct trace_item *item = item_at(e, first);
	if (item->app == APP_HTTP_RESPONSE && item->http_length > 0)
		return h->bytes_p_since_r >= item->http_length && h->bytes_p_since_r < item->http_length + 2048;
	return h->segments_p_since_r == 1 && item->segment.len < 1200 && item->app != APP_TLS_HANDSHAKE && item->app != APP_TLS_DATA;
}

/* The FIN takes a sequence number but is no data: 1 where P's lies between R's last answer and the reset. */
static int fin_between(const struct evidence *e, size_t last_r)
{
	const struct tracker_end *p = &e->rst->before.end[e->p];
	return p->have_fin && seq_gt(e->rst->segment.ack, p->fin_seq) && seq_le(item_at(e, last_r)->segment.ack, p->fin_seq);
}

static void measure_unread(struct evidence *e, const struct history *h)
{
	size_t last_r = h->last_payload[e->r], last_p = h->last_payload[e->p];
	if (last_p == NO_ITEM && !e->scene->one_way) {
		if (last_r != NO_ITEM)
			fact_set(e, FACT_EXCHANGE_COMPLETE, 0, 0, 0);
		if (holds(e, FACT_SYN_SEEN) && !e->scene->flags_only)
			fact_deny(e, FACT_UNREAD_DATA);
	}
	if (last_p == NO_ITEM || e->form != FORM_ACTIVE)
		return;
	if (!item_is(e->rst, TCP_ACK))
		return; /* it does not say what R had received */
	bool client = e->r == SIDE_CLIENT;
	/* A byte that R answered while more lay acknowledged behind it is unread as well. */
	int64_t behind = 0;
	if (last_r != NO_ITEM && last_r > last_p)
		behind = seq_diff(e->rst->segment.ack, item_at(e, last_r)->segment.ack) - fin_between(e, last_r);
	int64_t unread = (int64_t)h->bytes_p_since_r + (behind > 0 && behind < (1 << 20) ? behind : 0);
	size_t first = h->first_since_r[e->p];
	int64_t got = first != NO_ITEM ? seq_diff(e->rst->segment.ack, item_at(e, first)->segment.seq) : unread;
	unread = got < unread ? (got > 0 ? got : 0) : unread;
	bool done = client && answer_complete(e, h);
	bool goodbye = h->segments_p_since_r == 1 && is_goodbye(e, item_at(e, last_p));
	bool acked = seq_ge(e->rst->segment.ack, item_end(item_at(e, h->first_since_r[e->p] != NO_ITEM ? h->first_since_r[e->p] : last_p)) - 1);
	if (unread > 0 && !done && !goodbye && acked) /* else not known: who answers may have read all of what it answers, or not */
		fact_set(e, FACT_UNREAD_DATA, frame_at(e, last_p), unread, 0);
	bool answered_all = !client && unread == 0 && h->requests <= h->responses;
	fact_put(e, FACT_EXCHANGE_COMPLETE, (unread == 0 && h->requests <= h->responses) || done || answered_all, 0, 0, 0);
	if (h->requests > h->responses && h->responses > 0 && h->requests > 1 && h->bytes_p_since_r == 0)
		fact_set(e, FACT_UNREAD_PIPELINE, frame_at(e, last_p), h->requests, h->responses);
	int64_t since = e->rst->segment.time - time_at(e, last_p);
	fact_put(e, FACT_BULK_FROM_P, h->segments_p_since_r >= 3 && since < NS_PER_S, frame_at(e, last_p), 0, 0);
}

/* Several small requests of P in a row (not one that spans segments) and fewer answers: what is left was not read (catalogue 11.1). */
static void measure_pipeline(struct evidence *e, const struct history *h)
{
	size_t last_r = h->last_payload[e->r];
	if (e->form != FORM_ACTIVE || e->r != SIDE_SERVER || last_r == NO_ITEM || holds(e, FACT_UNREAD_DATA) || holds(e, FACT_UNREAD_PIPELINE))
		return;
	unsigned asked = 0, answered = 0;
	uint32_t length = 0;
	bool alike = true;
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < 256; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (!item_new_data(item))
			continue;
		if (item->from == e->r) {
			answered++;
			continue;
		}
		asked++;
		alike = alike && (length == 0 || (item->segment.len < 600 && item_is(item, TCP_PSH)));
		length = item->segment.len;
	}
	if (asked >= 2 && asked > answered && alike && length < 600)
		fact_set(e, FACT_UNREAD_PIPELINE, frame_at(e, h->last_payload[e->p]), asked, answered);
}

static void measure_upload(struct evidence *e, const struct history *h)
{
	size_t last_r = h->last_payload[e->r];
	if (e->r != SIDE_SERVER || last_r == NO_ITEM)
		return;
	/* The answer came although P had not finished: its data continue after the answer, or the announced body is not there yet. */
	size_t answer = NO_ITEM, request = NO_ITEM;
	uint64_t body = 0;
	size_t looked = 0;
	for (size_t k = e->index; k-- > 0 && looked < HISTORY_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (!item_new_data(item))
			continue;
		if (item->from == e->r && (item->app == APP_HTTP_RESPONSE || answer == NO_ITEM))
			answer = k;
		if (item->from == e->p && item->app == APP_HTTP_REQUEST) {
			request = k;
			break;
		}
		if (item->from == e->p)
			body += item->segment.len;
	}
	if (answer == NO_ITEM)
		return;
	const struct trace_item *a = item_at(e, answer);
	bool status = a->app == APP_HTTP_RESPONSE && a->status >= 300;
	bool incomplete = request != NO_ITEM && item_at(e, request)->http_length > body + item_at(e, request)->segment.len;
	bool continues = h->segments_p_since_r >= 1 && h->bytes_p_since_r >= 1000;
	bool bulk = body >= 8000;
	bool upload = (status && (incomplete || continues || (bulk && item_at(e, request != NO_ITEM ? request : answer)->http_has_body))) ||
	              (bulk && continues && a->app != APP_HTTP_RESPONSE);
	fact_put(e, FACT_ANSWER_DURING_UPLOAD, upload, a->segment.frame, (int64_t)a->segment.frame, 0);
	if (status && a->status >= 400)
		fact_set(e, FACT_HTTP_ERROR_ANSWER, a->segment.frame, a->status, 0);
}

static void measure_last_words(struct evidence *e, const struct history *h)
{
	size_t last_r = h->last_payload[e->r], last_p = h->last_payload[e->p];
	if (last_r != NO_ITEM && is_error(item_at(e, last_r))) {
		int64_t since = e->rst->segment.time - time_at(e, last_r);
		fact_put(e, FACT_ERROR_BEFORE_RST, since < NS_PER_S / 2, frame_at(e, last_r), since, (int64_t)last_r);
	}
	if (last_p != NO_ITEM) {
		bool goodbye = is_goodbye(e, item_at(e, last_p)) && item_at(e, last_p)->segment.len <= GOODBYE_MOST;
		fact_put(e, FACT_P_GOODBYE, goodbye, frame_at(e, last_p), (int64_t)frame_at(e, last_p), 0);
	}
	size_t fin = h->fin[e->p];
	if (fin != NO_ITEM && item_is(e->rst, TCP_ACK))
		fact_put(e, FACT_RST_ACKS_P_FIN, e->rst->segment.ack == item_end(item_at(e, fin)) && h->fin[e->r] == NO_ITEM, e->rst->segment.frame, 0, 0);
}

static void measure_first_payload(struct evidence *e, const struct history *h)
{
	size_t last_p = e->trigger != NO_ITEM && !e->trigger_forward && item_at(e, e->trigger)->segment.len > 0 ? e->trigger : h->last_payload[e->p];
	if (last_p == NO_ITEM || last_p > e->index) {
		fact_deny(e, FACT_FIRST_PAYLOAD_THEN_RST);
		return;
	}
	if (holds(e, FACT_MIDSTREAM))
		return; /* what came first was not captured */
	bool only = h->last_payload[e->r] == NO_ITEM;
	unsigned segments = 0;
	for (size_t k = last_p + 1; k-- > 0;)
		segments += item_at(e, k)->from == e->p && item_new_data(item_at(e, k));
	fact_put(e, FACT_FIRST_PAYLOAD_THEN_RST, only && segments <= 3 && e->rst->segment.time - time_at(e, last_p) < 2 * NS_PER_S,
	         frame_at(e, last_p), (int64_t)frame_at(e, last_p), 0);
}

/* After both had closed: did an old segment of R come again and draw the ACK of P's TIME-WAIT that is reset now? */
static void measure_assassination(struct evidence *e, const struct history *h)
{
	if (!holds(e, FACT_BOTH_CLOSED) || e->trigger == NO_ITEM || !holds(e, FACT_ANSWERS_PURE_ACK))
		return;
	size_t closed = h->fin_acked_by[e->r] > h->fin_acked_by[e->p] ? h->fin_acked_by[e->r] : h->fin_acked_by[e->p];
	for (size_t k = e->trigger; k-- > closed;) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && !item_is(item, TCP_RST) && !item_duplicate(item)) {
			fact_set(e, FACT_R_REPEATED_AFTER_CLOSE, item->segment.frame, (int64_t)item->segment.frame, 0);
			return;
		}
	}
}

/* Had P's earlier segments another IP security option than the one that was reset, or none? */
static void measure_label_change(struct evidence *e)
{
	if (e->trigger == NO_ITEM || e->trigger_forward)
		return;
	const struct trace_item *t = item_at(e, e->trigger);
	bool same = false, other = false;
	for (size_t k = e->trigger, looked = 0; k-- > 0 && looked < 64; looked++) {
		const struct trace_item *item = item_at(e, k);
		bool equal = item->segment.ip_label == t->segment.ip_label;
		same = same || (equal && item->from == e->p);
		other = other || (!equal && item->from == e->p);
	}
	if (same || other)
		fact_put(e, FACT_SECURITY_LABEL_CHANGED, !same, t->segment.frame, 0, 0);
}

void measure_history(struct evidence *e)
{
	struct history h;
	collect(e, &h);
	bool nothing = h.last_any[0] == NO_ITEM && h.last_any[1] == NO_ITEM && e->trigger == NO_ITEM && e->earlier == NO_ITEM;
	fact_put(e, FACT_NOTHING_ELSE, nothing, 0, 0, 0);
	fact_put(e, FACT_ONE_WAY, e->scene->one_way, 0, 0, 0);
	fact_put(e, FACT_FLAGS_ONLY, e->scene->flags_only, 0, 0, 0);
	measure_trigger_kind(e, &h);
	measure_fins(e, &h);
	measure_race(e, &h);
	measure_cancel(e, &h);
	measure_unread(e, &h);
	measure_pipeline(e, &h);
	measure_upload(e, &h);
	measure_last_words(e, &h);
	measure_first_payload(e, &h);
	measure_assassination(e, &h);
	measure_label_change(e);
}
