/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile: what each end's own packets look like in this flow and, where it has too few, in the host's other flows. */
#include "explain/evidence.h"

#include <string.h>

unsigned hops_of(uint8_t ttl)
{
	static const uint8_t initial[] = { 32, 64, 128, 255 };
	for (size_t i = 0; i < sizeof initial; i++)
		if (ttl <= initial[i])
			return (unsigned)(initial[i] - ttl);
	return 0;
}

bool hops_compare(const struct side_profile *profile, uint8_t ttl, int *difference, uint8_t *nearest)
{
	if (profile->ttl_count == 0)
		return false;
	int best = 0;
	for (unsigned i = 0; i < profile->ttl_count; i++) {
		int d = profile->ttl[i] == ttl ? 0 : (int)hops_of(ttl) - (int)hops_of(profile->ttl[i]);
		int size = d < 0 ? -d : d, known = best < 0 ? -best : best;
		if (i == 0 || size < known) {
			best = d;
			*nearest = profile->ttl[i];
		}
	}
	*difference = best;
	return true;
}

static void profile_ttl(struct side_profile *p, uint8_t ttl)
{
	if (ttl == 0)
		return;
	for (unsigned i = 0; i < p->ttl_count; i++)
		if (p->ttl[i] == ttl)
			return;
	if (p->ttl_count < HOPS_TTLS)
		p->ttl[p->ttl_count++] = ttl;
}

/* A SYN without the options that every operating system's connect() sends: written by hand, with a TTL of its author's choice. Where
 * the options were not captured it may be one. */
static bool is_raw_syn(const struct trace_segment *s)
{
	return (s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && !(s->options.present & (OPT_WSCALE | OPT_SACK_OK | OPT_TS));
}

static void profile_packet(struct side_profile *p, const struct trace_item *item)
{
	const struct trace_segment *s = &item->segment;
	p->packets++;
	profile_ttl(p, s->ttl);
	if (s->flags & TCP_SYN) {
		p->syn_ttl = s->ttl;
		p->syn_window = s->window;
	}
	p->only_raw_syn = (p->packets == 1 || p->only_raw_syn) && is_raw_syn(s);
	if (s->has_mac && !p->have_mac) {
		memcpy(p->mac, s->src_mac, sizeof p->mac);
		memcpy(p->to_mac, s->dst_mac, sizeof p->to_mac);
		p->have_mac = true;
	}
	bool df = (s->ip_bits & IP_DF) != 0;
	if (p->packets == 1)
		p->df_always = p->df_never = true;
	p->df_always = p->df_always && df;
	p->df_never = p->df_never && !df;
	p->ip_id_counts = p->ip_id_counts || s->ip_id != 0;
	p->label_set = p->label_set || s->flow_label != 0;
	p->ts_used = p->ts_used || (!(s->flags & TCP_SYN) && (s->options.present & OPT_TS));
}

static void profile_payload(struct side_profile *p, const struct trace_item *item, size_t index)
{
	if (item->segment.len == 0 || item_duplicate(item))
		return;
	if (p->payload_segments == 0)
		p->first_payload = index;
	p->payload_segments++;
	p->payload_bytes += item->segment.len;
}

/* One segment at a time is timed until its acknowledgment: the least of these is the round trip from here to that end. */
struct timing {
	bool running;
	uint32_t end;
	int64_t sent;
};

static void time_answer(struct timing *waiting, struct side_profile *p, const struct trace_item *item)
{
	if (!waiting->running || !item_is(item, TCP_ACK) || seq_lt(item->segment.ack, waiting->end))
		return;
	int64_t took = item->segment.time - waiting->sent;
	waiting->running = false;
	if (took > 0 && (p->rtt == 0 || took < p->rtt))
		p->rtt = took;
}

static void time_question(struct timing *waiting, const struct trace_item *item)
{
	if (waiting->running) {
		if (item->marks & MARK_RETRANSMISSION)
			waiting->running = false;
		return;
	}
	if (trace_seglen(&item->segment) == 0 || (item->marks & (MARK_RETRANSMISSION | MARK_SYN_RETRANSMISSION)))
		return;
	*waiting = (struct timing){ .running = true, .end = item_end(item), .sent = item->segment.time };
}

/* TTL and round trip of the host in another flow, where it is at the side `at`. */
static void profile_other(struct side_profile *p, const struct flow_tells *t, enum side at, bool need_ttl)
{
	if (need_ttl) {
		profile_ttl(p, t->ttl[at].data);
		/* a SYN alone may be made by hand, with any TTL */
		if (at == SIDE_SERVER || t->ttl[at].data != 0)
			profile_ttl(p, t->ttl[at].syn);
		p->ttl_elsewhere = p->ttl_count > 0;
	}
	int64_t rtt = (int64_t)t->rtt_us * 1000;
	if (at == SIDE_SERVER && rtt > 0 && (p->rtt_elsewhere == 0 || rtt < p->rtt_elsewhere))
		p->rtt_elsewhere = rtt;
}

/* First the flows before this one, then those after it, the nearest first. */
static void profile_elsewhere(struct scene *scene, enum side side)
{
	const struct near *near = &scene->vicinity->host[side];
	struct side_profile *p = &scene->side[side];
	bool need_ttl = p->ttl_count == 0;
	uint32_t wanted[] = { [SIDE_CLIENT] = need_ttl ? tell_of(SIDE_CLIENT, TELL_TTL) : 0,
		              [SIDE_SERVER] = TELL_RTT | (need_ttl ? tell_of(SIDE_SERVER, TELL_TTL) : 0) };
	if ((near->any & (wanted[0] | wanted[1])) == 0)
		return;
	for (int after = 0; after < 2; after++)
		for (unsigned i = 0; i < near->count; i++) {
			struct flow_tells room;
			if ((near->at[i].bits & wanted[neighbour_side(&near->at[i])]) != 0 && (near->at[i].number > scene->context->flow) == after)
				profile_other(p, near_tells(scene->context->neighbours, near, i, &room), neighbour_side(&near->at[i]), need_ttl);
		}
}

/* Do a segment's numbers show more than the handshake, in either direction? */
static bool beyond_handshake(const struct trace_item *item)
{
	const struct tracker_end *mine = &item->before.end[item->from], *other = &item->before.end[side_other((enum side)item->from)];
	bool sent = mine->have_isn && item->segment.seq != 0 && seq_gt(item->segment.seq, mine->isn + 1);
	bool got = other->have_isn && item_is(item, TCP_ACK) && seq_gt(item->segment.ack, other->isn + 1);
	return !item_is(item, TCP_SYN) && (sent || got);
}

/* A handshake without its last ACK, and later numbers that nothing captured accounts for, or resets of both ends and nothing that they
 * answer: that is how a filter on flags looks. */
static bool only_flags(const struct trace *t)
{
	const struct trace_item *answer = NULL; /* the SYN/ACK */
	bool beyond = false, reset[2] = { false, false }, other = false;
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_item *item = &t->items[i];
		if (!item_is(item, TCP_SYN | TCP_FIN | TCP_RST))
			return false;
		reset[item->from] = reset[item->from] || item_is(item, TCP_RST);
		other = other || !item_is(item, TCP_RST);
		if (answer == NULL && item_is(item, TCP_SYN) && item_is(item, TCP_ACK))
			answer = item;
		/* A bare reset by who sent the SYN/ACK answers an ACK, which is not here. */
		bool answers_ack = answer != NULL && item->from == answer->from && item_is(item, TCP_RST) && !item_is(item, TCP_ACK) &&
		                   item->segment.seq == answer->segment.seq + 1;
		beyond = beyond || answers_ack || beyond_handshake(item);
	}
	return (answer != NULL && beyond) || (reset[0] && reset[1] && !other);
}

void measure_scene(struct scene *scene)
{
	const struct trace *t = scene->trace;
	struct timing waiting[2] = { { 0 }, { 0 } };
	unsigned good = 0, bad = 0;
	scene->side[0].first_payload = scene->side[1].first_payload = NO_ITEM;
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_item *item = &t->items[i];
		enum side from = (enum side)item->from;
		scene->side[from].seen = true;
		if (item_duplicate(item)) {
			scene->doubled = true;
			if (!item_is(item, TCP_RST))
				profile_ttl(&scene->side[from], item->segment.ttl);
			continue;
		}
		if (item_is(item, TCP_RST))
			continue;
		good += item->segment.checksum == CHECKSUM_GOOD;
		bad += item->segment.checksum == CHECKSUM_BAD;
		profile_packet(&scene->side[from], item);
		if (item_is(item, TCP_SYN) && item_is(item, TCP_ACK) && (item->segment.options.present & OPT_TS))
			scene->side[0].ts_used = scene->side[1].ts_used = true;
		profile_payload(&scene->side[from], item, i);
		time_answer(&waiting[side_other(from)], &scene->side[from], item);
		time_question(&waiting[from], item);
	}
	/* Neither end may use them unless both do (RFC 7323 3.2). */
	scene->side[0].ts_used = scene->side[1].ts_used = scene->side[0].ts_used || scene->side[1].ts_used;
	scene->flags_only = !flow_table_plain_seen(scene->context->table) && only_flags(t);
	scene->checksums_good = good > 0 && good >= 4 * bad;
	scene->one_way = scene->side[0].seen != scene->side[1].seen;
	for (int side = 0; side < 2; side++)
		if (scene->side[side].ttl_count == 0 || scene->side[side].rtt == 0)
			profile_elsewhere(scene, (enum side)side);
}
