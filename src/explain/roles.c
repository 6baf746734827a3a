/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a reset is among the resets of its flow (catalogue 3.9): the primary, its repeat, its echo… */
#include "explain/evidence.h"

#include <string.h>

enum { BURST_MS = 10 };

static const struct earlier_rst *find_kind(const struct earlier *earlier, enum side from, bool any_side)
{
	for (size_t k = earlier->count; k-- > 0;) {
		const struct earlier_rst *x = &earlier->rst[k];
		if ((any_side || x->from == from) && x->role != ROLE_DUPLICATE)
			return x;
	}
	return NULL;
}

static void follow(struct evidence *e, const struct earlier_rst *x, enum role role)
{
	e->role = role;
	e->earlier = x->index;
	if (role == ROLE_REPEAT || role == ROLE_ECHO || role == ROLE_CONFIRMATION)
		fact_set(e, FACT_EARLIER_RST, frame_at(e, x->index), (int64_t)frame_at(e, x->index), 0);
}

/* A copy answers what the packet itself answered, which is used up by now. */
static void take_trigger_of(struct evidence *e, size_t original)
{
	for (size_t k = original; k-- > 0;) {
		if (e->scene->consumed[k] != original + 1)
			continue;
		e->trigger = k;
		fact_set(e, FACT_ANSWERS, frame_at(e, k), 0, 0);
		return;
	}
}

/* Does more than its likeness tell the copy from a second packet? */
static bool is_marked_copy(const struct trace_segment *a, const struct trace_segment *b)
{
	bool elsewhere = a->ttl != b->ttl || a->interface != b->interface || memcmp(a->src_mac, b->src_mac, 6) != 0 ||
	                 memcmp(a->dst_mac, b->dst_mac, 6) != 0;
	return elsewhere || (b->ip_version == 4 && b->ip_id != 0 && a->ip_id == b->ip_id);
}

static bool is_duplicate(struct evidence *e, const struct earlier *earlier)
{
	if (!item_duplicate(e->rst)) {
		fact_deny(e, FACT_DUPLICATE);
		return false;
	}
	for (size_t k = earlier->count; k-- > 0;) {
		const struct earlier_rst *x = &earlier->rst[k];
		const struct trace_segment *a = &item_at(e, x->index)->segment, *b = &e->rst->segment;
		if (x->from == e->r && a->seq == b->seq && a->flags == b->flags) {
			e->role = ROLE_DUPLICATE;
			e->earlier = x->index;
			take_trigger_of(e, x->index);
			fact_set(e, FACT_DUPLICATE, b->frame, (int64_t)a->frame, 0);
			fact_put(e, FACT_DUPLICATE_MARKED, is_marked_copy(a, b), b->frame, 0, 0);
			return true;
		}
	}
	return false;
}

/* Signs that R's own stack did not make it, whatever it answers. */
static bool foreign(const struct evidence *e)
{
	return holds(e, FACT_R_ALIVE_AFTER) || holds(e, FACT_HOPS_NEARER) || holds(e, FACT_RST_COPIED) || holds(e, FACT_RST_NO_TIMESTAMPS);
}

/* The answer to the challenge ACK that an earlier reset of the same end drew. */
static bool is_confirmation(struct evidence *e, const struct earlier *earlier)
{
	if (e->trigger == NO_ITEM || e->form != FORM_BARE || (holds(e, FACT_THIRD_PARTY) && foreign(e)))
		return false;
	for (size_t k = earlier->count; k-- > 0;) {
		const struct earlier_rst *x = &earlier->rst[k];
		if (x->from != e->r || x->effect != EFFECT_CHALLENGED || e->trigger < x->index || item_at(e, e->trigger)->segment.len > 0)
			continue;
		follow(e, x, ROLE_CONFIRMATION);
		fact_set(e, FACT_ANSWERS_CHALLENGE, frame_at(e, e->trigger), 0, 0);
		return true;
	}
	return false;
}

static bool is_strafe(struct evidence *e, const struct earlier_rst *same)
{
	int64_t dt = e->rst->segment.time - item_at(e, same->index)->segment.time;
	if (holds(e, FACT_SPREAD_GUESSES) && same->third_party) {
		follow(e, same, ROLE_STRAFE);
		return true;
	}
	if (dt > BURST_MS * NS_PER_MS || !(same->third_party || holds(e, FACT_BURST)))
		return false;
	/* one bare answer of R's own for each segment in flight is no burst */
	if (holds(e, FACT_ANSWERS) && (!same->third_party || holds(e, FACT_HOPS_SAME)))
		return false;
	if (same->third_party && !holds(e, FACT_BURST) && holds(e, FACT_HOPS_SAME))
		return false;
	follow(e, same, ROLE_STRAFE);
	return true;
}

/* The answer of a dead socket to what was in flight is its own, however bursts and numbers look by then. */
static void settle_origin(struct evidence *e)
{
	bool follows = e->role == ROLE_REPEAT || e->role == ROLE_ECHO || e->role == ROLE_CONFIRMATION;
	if (!follows || !holds(e, FACT_ANSWERS) || !holds(e, FACT_RST_BARE) || foreign(e))
		return;
	static const enum fact drop[] = { FACT_THIRD_PARTY, FACT_BURST, FACT_BURST_SEQ_VARIES, FACT_BURST_STYLE_VARIES, FACT_TOO_FAST };
	for (size_t i = 0; i < sizeof drop / sizeof *drop; i++)
		e->state[drop[i]] = -1;
}

/* Could one of P's own resets have arrived by the time that R refused? */
static bool reset_arrived(const struct evidence *e, const struct earlier *earlier)
{
	for (size_t k = 0; k < earlier->count; k++) {
		const struct earlier_rst *x = &earlier->rst[k];
		int64_t since = e->rst->segment.time - item_at(e, x->index)->segment.time;
		if (x->from == e->p && !x->third_party && since >= e->scene->side[e->r].rtt * 7 / 10)
			return true;
	}
	return false;
}

/* Did the reset reach R before what P had sent before it? R, not closed and heard a moment before or since, lived until then, and refused
 * that only once the reset could have arrived. */
static bool overtook(const struct evidence *e, const struct earlier *earlier)
{
	if (holds(e, FACT_R_FIN) || holds(e, FACT_THIRD_PARTY) || !reset_arrived(e, earlier))
		return false;
	for (size_t k = e->index; k-- > 0;) {
		const struct trace_item *item = item_at(e, k);
		if (item->from == e->r && !item_is(item, TCP_RST) && !item_duplicate(item))
			return !item_is(item, TCP_SYN) && item_at(e, e->trigger)->segment.time - item->segment.time < NS_PER_S;
	}
	return false;
}

/* What was sent before the reset of the same sender reached {R} before it too: that reset is not why {R} refused it. */
static bool answers_before(const struct evidence *e, const struct earlier *earlier, const struct earlier_rst *x)
{
	return holds(e, FACT_ANSWERS) && x->from == e->p && !x->third_party && e->trigger < x->index && !overtook(e, earlier);
}

void decide_role(struct evidence *e, const struct earlier *earlier)
{
	e->role = ROLE_PRIMARY;
	e->earlier = NO_ITEM;
	const struct earlier_rst *same = find_kind(earlier, e->r, false), *any = find_kind(earlier, e->r, true);
	/* In SYN-SENT it stands for a new attempt, whatever was reset before. */
	if (is_duplicate(e, earlier) || any == NULL || holds(e, FACT_ANSWERS_WRONG_ACK_IN_SYN_SENT))
		return;
	if (e->form == FORM_REFUSAL && same != NULL && same->form == FORM_REFUSAL && !same->third_party) {
		follow(e, same, ROLE_RETRY);
		fact_set(e, FACT_REFUSED_AGAIN, frame_at(e, same->index), (int64_t)frame_at(e, same->index), 0);
		return;
	}
	if (is_confirmation(e, earlier)) {
		settle_origin(e);
		return;
	}
	if (same != NULL && is_strafe(e, same))
		return;
	const struct earlier_rst *other = find_kind(earlier, e->p, false);
	bool mirrors = other != NULL && holds(e, FACT_MIRROR) && (uint64_t)e->b[FACT_MIRROR] == frame_at(e, other->index);
	if (mirrors && (same == NULL || same->role == ROLE_MIRROR)) {
		follow(e, other, ROLE_MIRROR);
		return;
	}
	if (same != NULL && same->role == ROLE_ECHO && holds(e, FACT_ANSWERS)) {
		follow(e, same, ROLE_ECHO);
		fact_set(e, FACT_IN_FLIGHT, frame_at(e, e->trigger), 0, 0);
		settle_origin(e);
		return;
	}
	if (same == NULL && answers_before(e, earlier, any))
		return;
	bool harmless = any->effect == EFFECT_IGNORED || any->effect == EFFECT_CHALLENGED;
	bool answers = holds(e, FACT_ANSWERS) || (e->form == FORM_BARE && !holds(e, FACT_SEQ_BEYOND_SENT));
	if (harmless && !(answers && e->form == FORM_BARE && same != NULL && same->form == FORM_ACTIVE))
		return;
	if (same != NULL && (same == any || other == NULL || answers)) {
		follow(e, same, ROLE_REPEAT);
	} else if (answers || e->form != FORM_ACTIVE) {
		follow(e, any, ROLE_ECHO);
	} else if (e->rst->segment.time - item_at(e, any->index)->segment.time < NS_PER_S && (e->rst->segment.options.present & OPT_MPTCP)) {
		follow(e, any, ROLE_ECHO);
	}
	if (holds(e, FACT_EARLIER_RST) && e->trigger != NO_ITEM)
		fact_set(e, FACT_IN_FLIGHT, frame_at(e, e->trigger), 0, 0);
	settle_origin(e);
}
