/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who can have made the reset: distance, speed, marks of the stack (catalogue 3.7, 3.8). Each of these is a hint; the sum of them is
 * the fact THIRD_PARTY. A kernel's own reply has the default TTL, no IP ID and the trigger's DSCP: that alone is no sign of forgery. */
#include "explain/evidence.h"

#include <stdlib.h>
#include <string.h>

enum { FAR_OFF = 6, HEARD_LOOKS = 64 };

static void measure_hops(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	int difference;
	uint8_t nearest;
	if (e->scene->side[e->r].only_raw_syn || !hops_compare(&e->scene->side[e->r], s->ttl, &difference, &nearest))
		return;
	fact_put(e, FACT_HOPS_SAME, difference == 0, s->frame, s->ttl, nearest);
	fact_put(e, FACT_HOPS_NEARER, difference < 0, s->frame, s->ttl, nearest);
	fact_put(e, FACT_HOPS_FARTHER, difference > 0, s->frame, s->ttl, nearest);
	fact_put(e, FACT_HOPS_FAR_OFF, abs(difference) >= FAR_OFF, s->frame, s->ttl, nearest);
}

/* What the reset answers; or, where it stands for a live socket, the payload of P that it acknowledges: R must have received that. */
static size_t heard_before(const struct evidence *e)
{
	if (e->trigger != NO_ITEM || e->form != FORM_ACTIVE)
		return e->trigger_forward ? NO_ITEM : e->trigger;
	for (size_t k = e->index, looked = 0; k-- > 0 && looked < HEARD_LOOKS; looked++) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->p && item->segment.len > 0 && !item_is(item, TCP_RST) && !item_duplicate(item))
			return item_end(item) == e->rst->segment.ack && item_new_data(item) ? k : NO_ITEM;
	}
	return NO_ITEM;
}

static void measure_speed(struct evidence *e)
{
	const struct side_profile *r = &e->scene->side[e->r], *p = &e->scene->side[e->p];
	/* The handshake's round trip of other flows is one to R only where the capture was taken at P. */
	bool at_p = p->ttl_count > 0 && hops_of(p->ttl[0]) == 0 && r->ttl_count > 0 && hops_of(r->ttl[0]) > 0;
	int64_t rtt = r->rtt != 0 ? r->rtt : at_p ? r->rtt_elsewhere : 0;
	size_t heard = heard_before(e);
	if (heard == NO_ITEM || rtt == 0)
		return;
	int64_t delay = e->rst->segment.time - item_at(e, heard)->segment.time;
	bool fast = rtt >= NS_PER_MS && delay >= 0 && delay < rtt * 45 / 100;
	fact_put(e, FACT_TOO_FAST, fast, e->rst->segment.frame, delay, rtt);
	if (!fast && e->trigger != NO_ITEM && delay >= 0 && delay <= rtt + 40 * NS_PER_MS)
		fact_set(e, FACT_DELAY_FITS, e->rst->segment.frame, delay, rtt);
}

/* A Linux kernel's reply copies the DSCP of what it answers; netfilter's REJECT sends 0 (kernel-facts 1). */
static void measure_tos(struct evidence *e)
{
	if (e->trigger == NO_ITEM || e->trigger_forward || (e->form != FORM_BARE && e->form != FORM_REFUSAL))
		return;
	uint8_t mine = e->rst->segment.tos & 0xfc, theirs = item_at(e, e->trigger)->segment.tos & 0xfc;
	if (theirs == 0)
		return;
	fact_put(e, FACT_TOS_COPIED, mine == theirs, e->rst->segment.frame, theirs >> 2, mine >> 2);
	fact_put(e, FACT_TOS_DROPPED, mine == 0, e->rst->segment.frame, theirs >> 2, mine >> 2);
	/* Elsewhere the network may have cleared it on the way. */
	bool linux_ttl = e->rst->segment.ttl == 64;
	fact_put(e, FACT_TOS_DROPPED_AT_R, mine == 0 && linux_ttl && holds(e, FACT_VANTAGE_AT_R), e->rst->segment.frame, theirs >> 2, mine >> 2);
}

/* IPv6: a REJECT has flow label 0, a Linux kernel's own reset has one; only meaningful where labels are in use at all. */
static void measure_label(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	if (s->ip_version != 6)
		return;
	bool used = e->scene->side[e->r].label_set || e->scene->side[e->p].label_set;
	fact_put(e, FACT_FLOW_LABEL_SET, s->flow_label != 0, s->frame, 0, 0);
	fact_put(e, FACT_FLOW_LABEL_ZERO, s->flow_label == 0 && used && e->form != FORM_ACTIVE, s->frame, 0, 0);
	/* BSD systems label their connections but not their resets; they open with the largest window or a power of two, Linux with
	 * multiples of the segment's size. */
	const struct side_profile *r = &e->scene->side[e->r];
	bool bsd_like = r->syn_window == UINT16_MAX || (r->syn_window & (r->syn_window - 1)) == 0;
	bool linux_like = r->label_set && r->syn_ttl > 32 && r->syn_ttl <= 64 && !bsd_like;
	if (holds(e, FACT_FLOW_LABEL_ZERO) && linux_like)
		fact_set(e, FACT_LINUX_WITHOUT_LABEL, s->frame, r->syn_window, 0);
}

static void measure_link(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	const struct side_profile *r = &e->scene->side[e->r], *p = &e->scene->side[e->p];
	if (s->has_mac && r->have_mac && !e->scene->doubled)
		fact_put(e, FACT_MAC_DIFFERS, memcmp(s->src_mac, r->mac, sizeof r->mac) != 0, s->frame, 0, 0);
	if (r->have_mac && p->have_mac && !e->scene->doubled) {
		static const uint8_t none[6];
		bool known = memcmp(p->to_mac, none, 6) != 0 && memcmp(r->to_mac, none, 6) != 0;
		fact_put(e, FACT_ASYMMETRIC_MAC, known && memcmp(p->to_mac, r->mac, 6) != 0, 0, 0, 0);
	}
}

/* Marks of the stack. Stateless replies of Linux have DF and IP ID 0 whatever the host's other packets look like. */
static void measure_style(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	const struct side_profile *r = &e->scene->side[e->r];
	if (s->ip_version != 4 || r->packets < 2 || r->ttl_elsewhere)
		return;
	bool df = (s->ip_bits & IP_DF) != 0;
	bool reply = e->form == FORM_BARE || e->form == FORM_REFUSAL;
	bool df_foreign = (r->df_always && !df) || (r->df_never && df && !reply);
	bool id_foreign = !reply && s->ip_id == 0 && r->ip_id_counts;
	/* A stateless reply has no window to advertise: where it bears one, and not that of what it answers, no usual stack made it. */
	bool window_foreign = e->form == FORM_BARE && s->window != 0 && holds(e, FACT_ANSWERS) && !holds(e, FACT_RST_COPIED) &&
	                      s->window != e->rst->before.end[e->r].window; /* a stack that fills the window in has its own there */
	fact_put(e, FACT_STYLE_FOREIGN, df_foreign || id_foreign || window_foreign, s->frame, 0, 0);
	const struct trace_item *last = NULL;
	for (size_t k = e->index; k-- > 0 && last == NULL;)
		if (item_at(e, k)->from == e->r && item_at(e, k)->segment.ip_id != 0)
			last = item_at(e, k);
	uint16_t step = last != NULL ? (uint16_t)(s->ip_id - last->segment.ip_id) : 0;
	if (s->ip_id != 0 && step >= 1 && step <= 64)
		fact_set(e, FACT_IPID_CONTINUES, s->frame, 0, 0);
}

static bool initial_ttl(uint8_t ttl)
{
	return ttl == 32 || ttl == 64 || ttl == 128 || ttl == 255;
}

/* Undecremented TTLs of one end only, and its answers within microseconds: the capture was taken there. */
static void measure_vantage(struct evidence *e)
{
	const struct side_profile *r = &e->scene->side[e->r], *p = &e->scene->side[e->p];
	if (r->ttl_count == 0 || p->ttl_count == 0 || e->scene->doubled)
		return;
	bool r_initial = initial_ttl(r->ttl[0]), p_initial = initial_ttl(p->ttl[0]);
	bool r_near = r->rtt > 0 && r->rtt < NS_PER_MS / 2, p_near = p->rtt > 0 && p->rtt < NS_PER_MS / 2;
	if (r_initial && !p_initial && (r->rtt == 0 || r_near))
		fact_set(e, FACT_VANTAGE_AT_R, 0, 0, 0);
	if (p_initial && !r_initial && (p->rtt == 0 || p_near))
		fact_set(e, FACT_VANTAGE_AT_P, 0, 0, 0);
}

/* 10/8, 172.16/12, 192.168/16 (RFC 1918), 100.64/10 (RFC 6598); fc00::/7 (RFC 4193), fe80::/10; loopback. */
static bool is_local(const uint8_t a[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	if (memcmp(a, mapped, sizeof mapped) != 0)
		return (a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) || (a[0] == 0 && a[15] == 1);
	const uint8_t *v4 = a + 12;
	return v4[0] == 10 || v4[0] == 127 || (v4[0] == 172 && (v4[1] & 0xf0) == 16) || (v4[0] == 192 && v4[1] == 168) ||
	       (v4[0] == 169 && v4[1] == 254) || (v4[0] == 100 && (v4[1] & 0xc0) == 64);
}

/* A public host whose packets were not forwarded by anything on their way to a private one: a NAT in user space, a proxy or a tunnel's
 * end speaks in its name. */
static void measure_speaker(struct evidence *e)
{
	const struct side_profile *r = &e->scene->side[e->r], *p = &e->scene->side[e->p];
	bool near = r->ttl_count == 1 && p->ttl_count == 1 && !r->ttl_elsewhere && initial_ttl(r->ttl[0]) && initial_ttl(p->ttl[0]);
	bool apart = !is_local(flow_address(e->scene->flow, e->r)) && is_local(flow_address(e->scene->flow, e->p));
	bool same = e->rst->segment.ttl == r->ttl[0];
	fact_put(e, FACT_LOCAL_SPEAKER, near && apart && same && r->packets >= 2, e->rst->segment.frame, e->rst->segment.ttl, 0);
}

/* The number against what R is known to have sent; a retransmission series or an old trigger explains a low one. */
static void measure_numbers(struct evidence *e)
{
	const struct tracker_end *r = &e->rst->before.end[e->r];
	const struct trace_segment *s = &e->rst->segment;
	if (!r->have_seq || e->form == FORM_REFUSAL || e->scene->flags_only)
		return;
	int32_t off = seq_diff(s->seq, r->snd_nxt);
	bool answers = holds(e, FACT_ANSWERS);
	fact_put(e, FACT_SEQ_BELOW_SENT, off < 0 && !answers && !(off == -1 && r->have_fin), s->frame, -(int64_t)off, 0);
	bool unseen_fin = off == 1 && !r->have_fin;
	fact_put(e, FACT_SEQ_BEYOND_SENT, off > 0 && !unseen_fin && !answers && e->form != FORM_ACTIVE && e->scene->side[e->p].seen, s->frame, off, 0);
}

void measure_origin(struct evidence *e)
{
	measure_hops(e);
	if (e->numbers_only && (holds(e, FACT_HOPS_NEARER) || holds(e, FACT_HOPS_FARTHER)))
		measure_trigger_foreign(e);
	measure_speed(e);
	measure_vantage(e);
	measure_speaker(e);
	measure_tos(e);
	measure_label(e);
	measure_link(e);
	measure_style(e);
	measure_numbers(e);
}

enum { ALIVE_WEIGHT = 6, GOES_ON_WEIGHT = 2, SUSPICION = 2, CONVICTION = 4 };

/* R's connection lives on, and nothing else speaks against R's own machine, which refused a segment as a stranger's: a NAT let it pass
 * untranslated, say, or it reached another machine of that address. R's own socket would have known the segment, and acknowledged it. */
static bool is_refusal_at_r(const struct evidence *e, int signs)
{
	int alive = ALIVE_WEIGHT + (holds(e, FACT_FLOW_GOES_ON) ? GOES_ON_WEIGHT : 0);
	if (holds(e, FACT_ANSWERS_HANDSHAKE_ACK))
		return false;
	return holds(e, FACT_R_ALIVE_AFTER) && signs == alive && e->form == FORM_BARE && holds(e, FACT_ANSWERS) && holds(e, FACT_HOPS_SAME) &&
	       !holds(e, FACT_VANTAGE_AT_R) && !holds(e, FACT_R_ACKED_TRIGGER) && !holds(e, FACT_RST_BAD_CHECKSUM) && !holds(e, FACT_MADE_BETWEEN);
}

/* One strong sign, or two weak ones (catalogue 2.G: at least two independent, or the living sender alone). */
void measure_third_party(struct evidence *e)
{
	static const struct {
		enum fact fact;
		int weight;
	} sign[] = {
		{ FACT_R_ALIVE_AFTER, ALIVE_WEIGHT }, { FACT_HOPS_NEARER, 4 },      { FACT_TOO_FAST, 4 },       { FACT_RST_NO_TIMESTAMPS, 4 },
		{ FACT_RST_COPIED, 3 },          { FACT_RST_RESERVED_BITS, 3 }, { FACT_FLOW_LABEL_ZERO, 3 }, { FACT_MIRROR, 4 },
		{ FACT_RST_TIMESTAMP_OFF_CLOCK, 4 }, { FACT_BURST_SEQ_VARIES, 4 }, { FACT_BURST_STYLE_VARIES, 4 }, { FACT_SEQ_BEYOND_SENT, 4 },
		{ FACT_SEQ_BELOW_SENT, 3 },      { FACT_STYLE_FOREIGN, 2 },    { FACT_HOPS_FARTHER, 3 },   { FACT_MAC_DIFFERS, 2 },
		{ FACT_SPREAD_GUESSES, 4 },      { FACT_IN_WINDOW_NOT_EXACT, 1 }, { FACT_OUT_OF_WINDOW, 2 }, { FACT_UNPROVOKED, 1 },
		{ FACT_FLOW_GOES_ON, GOES_ON_WEIGHT },          { FACT_TWO_ANSWERS, 1 },           { FACT_RST_ODD_FLAGS, 4 },
		{ FACT_LINUX_WITHOUT_LABEL, 1 }, { FACT_RESETS_SURPLUS, 4 },
	};
	int sum = 0;
	for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
		if (holds(e, sign[i].fact))
			sum += sign[i].weight;
	/* No two ends abort at the same moment: the numbers of a live socket prove nothing where the other direction is reset as well. */
	bool mirrored = holds(e, FACT_MIRROR) && !(e->rst->segment.options.present & OPT_TS);
	bool alive = holds(e, FACT_R_ALIVE_AFTER); /* no likeness outweighs that: a socket that reset is gone */
	if (holds(e, FACT_RST_ACTIVE) && !alive && !mirrored)
		sum -= 4;
	else if (holds(e, FACT_IPID_CONTINUES) && !alive && !holds(e, FACT_HOPS_NEARER) && !holds(e, FACT_HOPS_FARTHER))
		sum -= 4;
	/* The network may have been faster just then; but not for one of two answers to the same SYN. */
	if (holds(e, FACT_TOO_FAST) && holds(e, FACT_HOPS_SAME) && !holds(e, FACT_TWO_ANSWERS))
		sum -= 2;
	/* A bare reset with an old number answers an old segment (catalogue 3.7, T2). That nothing is seen to ask for it and that it misses
	 * the window say the same thing again, and a capture may lack that segment. */
	if (e->form == FORM_BARE && holds(e, FACT_SEQ_BELOW_SENT))
		sum -= (holds(e, FACT_UNPROVOKED) ? 1 : 0) + (holds(e, FACT_OUT_OF_WINDOW) ? 2 : 0);
	/* What another capture shows outweighs all looks: it is there or it is not. */
	if (holds(e, FACT_MADE_BETWEEN) && !holds(e, FACT_ANOTHER_MACHINE))
		sum = CONVICTION;
	else if (holds(e, FACT_LEFT_R) && !holds(e, FACT_TRIGGER_NEVER_ARRIVED))
		sum = 0;
	if (is_refusal_at_r(e, sum)) {
		fact_set(e, FACT_R_HOST_REFUSED, e->frame[FACT_R_ALIVE_AFTER], (int64_t)e->frame[FACT_R_ALIVE_AFTER], 0);
		return;
	}
	bool third = sum >= CONVICTION && !holds(e, FACT_RST_PAYLOAD_TAKEN);
	/* Who makes the packets knows better than any sign; but a router may have R's address, and the connection's R stand behind it. */
	if (third && !e->kernel_end)
		fact_set(e, FACT_THIRD_PARTY, 0, 0, 0);
	else if (sum < SUSPICION || e->kernel_end) /* between the two it is not known */
		fact_deny(e, FACT_THIRD_PARTY);
	if (holds(e, FACT_KERNEL_NOT_SENT))
		fact_set(e, FACT_THIRD_PARTY, 0, 0, 0);
}
