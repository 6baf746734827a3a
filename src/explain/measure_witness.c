/* SPDX-License-Identifier: GPL-3.0-or-later
 * What captures taken at other places tell: whether the reset left R, arrived at P, or was made in between; whether the segment that it
 * answers ever reached R; what was lost on the way. Nothing here is a guess from looks: a segment is in the other capture, or it is not. */
#include "explain/evidence.h"
#include "explain/witness.h"

#include <stdlib.h>

enum { LOSSES_LOOK = 256, LOSSES_LEAST = 2, LARGE_LEAST = 3, LARGE_BYTES = 500, SYN_LOOK = 8 };
static const int64_t relayed_most = NS_PER_S; /* a proxy passes a failure on within that */
static const int64_t both_ways = 2 * NS_PER_S; /* two resets of one device, each to its end, lie not further apart */

static int compare_frame(const void *frame, const void *segment)
{
	uint64_t a = *(const uint64_t *)frame, b = ((const struct witness_segment *)segment)->frame;
	return (a > b) - (a < b);
}

const struct witness_segment *witness_find(const struct witness *w, uint64_t frame)
{
	return w->segment_count > 0 ? bsearch(&frame, w->segments, w->segment_count, sizeof *w->segments, compare_frame) : NULL;
}

static void tell(struct evidence *e, enum fact fact, const struct testimony_side *side)
{
	fact_set(e, fact, e->rst->segment.frame, side->point, (int64_t)side->frame);
}

/* Not in the capture nearer to R. Where that is R's own machine, R did not send it. Elsewhere a reset from R's distance may have come by
 * another way. */
static void measure_absent(struct evidence *e, const struct testimony_side *back)
{
	bool other_distance = holds(e, FACT_HOPS_NEARER) || holds(e, FACT_HOPS_FARTHER);
	tell(e, back->own || other_distance ? FACT_MADE_BETWEEN : FACT_NOT_SEEN_NEARER_R, back);
}

static void measure_reset(struct evidence *e, const struct witness_segment *s)
{
	switch ((enum testimony)s->back.says) {
	case TESTIMONY_ABSENT:
		measure_absent(e, &s->back);
		break;
	case TESTIMONY_SILENT:
		tell(e, FACT_NOT_SEEN_NEARER_R, &s->back);
		break;
	case TESTIMONY_COPIED:
		tell(e, FACT_COPIED_ON_THE_WAY, &s->back);
		break;
	case TESTIMONY_SEEN:
		tell(e, s->back.own ? FACT_LEFT_R : FACT_SEEN_NEARER_R, &s->back);
		break;
	case TESTIMONY_NONE:
		break;
	}
	if (s->ahead.says == TESTIMONY_ABSENT)
		tell(e, FACT_NEVER_ARRIVED, &s->ahead);
	else if (s->ahead.says == TESTIMONY_SEEN)
		tell(e, FACT_ARRIVED, &s->ahead);
}

/* The segment that it answers: did P send it, did it come to R? */
static void measure_cause(struct evidence *e, const struct witness *w)
{
	const struct witness_segment *s = e->trigger != NO_ITEM && !e->trigger_forward ? witness_find(w, frame_at(e, e->trigger)) : NULL;
	if (s == NULL)
		return;
	if (s->ahead.says == TESTIMONY_ABSENT)
		tell(e, FACT_TRIGGER_NEVER_ARRIVED, &s->ahead);
	else if (s->ahead.says == TESTIMONY_SEEN && s->ahead.own)
		tell(e, FACT_TRIGGER_ARRIVED, &s->ahead);
	if (s->back.says == TESTIMONY_ABSENT)
		tell(e, FACT_TRIGGER_FORGED, &s->back);
	else if (s->back.says == TESTIMONY_COPIED)
		tell(e, FACT_TRIGGER_COPIED, &s->back);
}

/* The SYN that all began with: did the client send it? */
static void measure_syn(struct evidence *e, const struct witness *w)
{
	for (size_t k = 0; k < e->index && k < SYN_LOOK; k++) {
		const struct trace_item *item = item_at(e, k);
		const struct witness_segment *s = item_is(item, TCP_SYN) && !item_is(item, TCP_ACK) ? witness_find(w, item->segment.frame) : NULL;
		if (s == NULL)
			continue;
		if (s->back.says == TESTIMONY_ABSENT && s->back.own)
			fact_set(e, FACT_SYN_FORGED, item->segment.frame, s->back.point, 0);
		return;
	}
}

/* A reset in the other direction that was seen only beyond here. */
static void measure_both_ways(struct evidence *e, const struct witness *w)
{
	for (size_t i = 0; i < w->event_count; i++) {
		const struct witness_event *other = &w->events[i];
		int64_t apart = other->time - e->rst->segment.time;
		apart = apart < 0 ? -apart : apart;
		if (!other->reset || other->from != (unsigned)e->p || !other->ahead || apart > both_ways)
			continue;
		fact_set(e, FACT_RESET_BOTH_WAYS, e->rst->segment.frame, other->point, (int64_t)other->frame);
		return;
	}
}

/* Segments of `from` that passed here before the reset and never got to the other end's side, since the last that did. */
static int64_t count_stopped(const struct evidence *e, const struct witness *w, enum side from, uint8_t *point)
{
	int64_t lost = 0;
	for (size_t k = e->index, looked = 0; k-- > 0 && looked < LOSSES_LOOK; looked++) {
		const struct trace_item *item = item_at(e, k);
		const struct witness_segment *s = item->from == from ? witness_find(w, item->segment.frame) : NULL;
		if (s == NULL || item_duplicate(item))
			continue;
		if (s->ahead.says == TESTIMONY_SEEN)
			break;
		if (s->ahead.says == TESTIMONY_ABSENT) {
			lost++;
			*point = s->ahead.point;
		}
	}
	return lost;
}

/* Those that never came here, since the last one of `from` that did. */
static int64_t count_unheard(const struct evidence *e, const struct witness *w, enum side from, uint8_t *point)
{
	int64_t heard = INT64_MIN, lost = 0;
	for (size_t k = e->index; k-- > 0 && heard == INT64_MIN;)
		if (item_at(e, k)->from == from)
			heard = item_at(e, k)->segment.time;
	for (size_t i = 0; i < w->event_count; i++) {
		const struct witness_event *event = &w->events[i];
		if (event->from != (unsigned)from || event->ahead || event->reset || event->time <= heard || event->time >= e->rst->segment.time)
			continue;
		lost++;
		*point = event->point;
	}
	return lost;
}

/* Of what one end sent: large segments were lost between here and the other end's side, while others came there in the meantime, none of
 * which was as large: an outage takes all. */
static void measure_sizes(struct evidence *e, const struct witness *w, enum side from)
{
	int64_t least = 0, most = 0, lost = 0;
	bool since = false, meanwhile = false; /* something came after a lost one; and before a later lost one */
	for (size_t k = e->index, looked = 0; k-- > 0 && looked < LOSSES_LOOK; looked++) {
		const struct trace_item *item = item_at(e, k);
		const struct witness_segment *s = item->from == from && !item_duplicate(item) ? witness_find(w, item->segment.frame) : NULL;
		int64_t length = item->segment.len;
		if (s != NULL && s->ahead.says == TESTIMONY_SEEN) {
			most = length > most ? length : most;
			since = lost > 0;
		} else if (s != NULL && s->ahead.says == TESTIMONY_ABSENT) {
			least = lost == 0 || length < least ? length : least;
			meanwhile = meanwhile || since;
			lost++;
		}
	}
	if (lost >= LARGE_LEAST && meanwhile && least > most && least >= LARGE_BYTES)
		fact_set(e, FACT_LARGE_STOPPED, 0, least, most);
}

static void measure_losses(struct evidence *e, const struct witness *w)
{
	static const struct {
		enum fact fact;
		bool of_r;
		int64_t (*count)(const struct evidence *e, const struct witness *w, enum side from, uint8_t *point);
	} losses[] = {
		{ FACT_R_STOPPED, true, count_stopped },   { FACT_P_STOPPED, false, count_stopped },
		{ FACT_R_UNHEARD, true, count_unheard }, { FACT_P_UNHEARD, false, count_unheard },
	};
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		uint8_t point = 0;
		int64_t lost = losses[i].count(e, w, losses[i].of_r ? e->r : e->p, &point);
		if (lost >= LOSSES_LEAST)
			fact_set(e, losses[i].fact, 0, lost, point);
	}
	measure_sizes(e, w, e->p);
	measure_sizes(e, w, e->r);
}

/* The proxy's other connection was reset by its far end shortly before. */
static void measure_leg(struct evidence *e, const struct witness_leg *leg)
{
	int64_t before = e->rst->segment.time - leg->first_rst;
	if (leg->known && leg->reset && (unsigned)leg->proxy == (unsigned)e->r && before >= 0 && before <= relayed_most)
		fact_set(e, FACT_LEG_RESET, 0, before, leg->point);
}

void measure_witness(struct evidence *e)
{
	const struct witness *w = e->scene->context->witness;
	if (w != NULL)
		measure_leg(e, &w->leg);
	const struct witness_segment *s = w != NULL ? witness_find(w, e->rst->segment.frame) : NULL;
	if (s == NULL)
		return;
	measure_reset(e, s);
	measure_cause(e, w);
	measure_syn(e, w);
	measure_both_ways(e, w);
	measure_losses(e, w);
	/* From R's distance, in answer to what R's machine never got: whoever now has R's address, or a bridge right before it. */
	bool answer = e->form == FORM_BARE || e->form == FORM_REFUSAL;
	if (holds(e, FACT_MADE_BETWEEN) && s->back.own && answer && holds(e, FACT_TRIGGER_NEVER_ARRIVED) && holds(e, FACT_HOPS_SAME))
		tell(e, FACT_ANOTHER_MACHINE, &s->back);
	if (w->translated)
		fact_set(e, FACT_TRANSLATED, 0, w->translated_point, (int64_t)w->translated_flow);
}
