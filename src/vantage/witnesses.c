/* SPDX-License-Identifier: GPL-3.0-or-later
 * witnesses: each segment's way to either end, point by point. */
#include "vantage/witnesses.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/text.h"

static const int64_t own_delay = INT64_C(500000); /* ns: an end answers faster than that on its own machine */

struct witnesses {
	struct session *sessions[VANTAGE_MOST];
	struct buf texts[VANTAGE_MOST];
	const char *names[VANTAGE_MOST];
	struct witness_segment *segments;
	size_t segment_room;
	struct witness_event *events;
	size_t event_room;
	bool own[VANTAGE_MOST][2];  /* by place in the view and side here: the point is that end's machine */
	struct witness told;
};

struct witnesses *witnesses_new(struct session *const *sessions, size_t n)
{
	struct witnesses *w = calloc(1, sizeof *w);
	for (size_t i = 0; w != NULL && i < n; i++) {
		w->sessions[i] = sessions[i];
		text_add_printable(&w->texts[i], session_vantage(sessions[i]), strlen(session_vantage(sessions[i])));
		w->names[i] = buf_text(&w->texts[i]);
	}
	return w;
}

void witnesses_free(struct witnesses *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < VANTAGE_MOST; i++)
		buf_free(&w->texts[i]);
	free(w->segments);
	free(w->events);
	free(w);
}

const char *witnesses_name(const struct witnesses *w, size_t point)
{
	return w->names[point];
}

static bool initial_ttl(uint8_t ttl)
{
	return ttl == 32 || ttl == 64 || ttl == 128 || ttl == 255;
}

static bool only_resets(const struct sights *s, unsigned side)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->of[i].from == side && (s->of[i].flags & TCP_RST) == 0)
			return false;
	return true;
}

/* Was this capture taken at the end `side`? Its packets' TTLs are not decremented, the other end's are, and it answers at once. Resets, which
 * others can make, count where it sent nothing else. */
static bool is_own(const struct sights *s, unsigned side)
{
	int64_t least = INT64_MAX;
	bool initial = false, other = false, resets = only_resets(s, side);
	const struct sight *last = NULL;
	for (size_t i = 0; i < s->count; i++) {
		const struct sight *at = &s->of[i];
		if (((at->flags & TCP_RST) != 0 && (at->from != side || !resets)) || at->copy)
			continue;
		if (at->from == side && !initial_ttl(at->ttl))
			return false;
		initial = initial || at->from == side;
		other = other || (at->from != side && initial_ttl(at->ttl));
		if (last != NULL && last->from != at->from && at->from == side)
			least = at->time - last->time < least ? at->time - last->time : least;
		last = at;
	}
	return initial && !other && (least == INT64_MAX || least < own_delay);
}

static uint8_t testimony_of(const struct passing *p)
{
	switch ((enum fate)p->fate) {
	case FATE_SEEN: return TESTIMONY_SEEN;
	case FATE_ABSENT: return TESTIMONY_ABSENT;
	case FATE_SILENT: return TESTIMONY_SILENT;
	case FATE_COPIED: return TESTIMONY_COPIED;
	case FATE_MISSED:
	case FATE_UNKNOWN: break;
	}
	return TESTIMONY_NONE;
}

static int distance(const struct vantage_other *o)
{
	return o->order < 0 ? -o->order : o->order;
}

/* What the points between here and the end `side` say: the furthest that has the segment; where one still further lacks it, the nearest such
 * one. Of two equally far, on branches of the way, one has it: that is enough. */
static struct testimony_side ask(const struct witnesses *w, const struct vantage_view *view, size_t segment, unsigned side)
{
	struct testimony_side seen = { .says = TESTIMONY_NONE }, lacks = seen;
	int seen_at = 0, lacks_at = 0;
	for (size_t k = 0; k < view->count; k++) {
		const struct vantage_other *o = &view->other[k];
		if (o->order == 0 || (o->order > 0) != (side == SIDE_SERVER))
			continue;
		const struct passing *p = &o->passing[segment];
		struct testimony_side said = { testimony_of(p), (uint8_t)o->point, w->own[k][side], p->frame };
		if (said.says == TESTIMONY_SEEN && distance(o) > seen_at) {
			seen = said;
			seen_at = distance(o);
		}
	}
	for (size_t k = 0; k < view->count; k++) {
		const struct vantage_other *o = &view->other[k];
		const struct passing *p = &o->passing[segment];
		uint8_t says = testimony_of(p);
		if (o->order == 0 || (o->order > 0) != (side == SIDE_SERVER) || says == TESTIMONY_NONE || says == TESTIMONY_SEEN)
			continue;
		if (distance(o) > seen_at && (lacks_at == 0 || distance(o) < lacks_at)) {
			lacks = (struct testimony_side){ says, (uint8_t)o->point, w->own[k][side], p->frame };
			lacks_at = distance(o);
		}
	}
	return lacks_at > 0 ? lacks : seen;
}

static bool tell_segments(struct witnesses *w, const struct vantage_view *view)
{
	if (view->here.count > w->segment_room) {
		free(w->segments);
		w->segments = calloc(view->here.count, sizeof *w->segments);
		w->segment_room = w->segments != NULL ? view->here.count : 0;
	}
	for (size_t i = 0; w->segments != NULL && i < view->here.count; i++) {
		unsigned from = view->here.of[i].from;
		w->segments[i] = (struct witness_segment){ .frame = view->here.of[i].frame, .back = ask(w, view, i, from),
			                                   .ahead = ask(w, view, i, from ^ 1u) };
	}
	w->told.segments = w->segments;
	w->told.segment_count = view->here.count;
	return w->segments != NULL;
}

/* What is there, has no partner here, and would have been captured here. */
static bool is_event(const struct sight *s, const struct pair *pair)
{
	return pair->kind == PAIR_NONE && !s->copy && ((s->flags & TCP_RST) != 0 || s->len > 0 || (s->flags & (TCP_SYN | TCP_FIN)) != 0);
}

static bool tell_events(struct witnesses *w, const struct vantage_view *view, const struct vantage_other *o)
{
	int64_t first = view->here.count > 0 ? view->here.of[0].time : INT64_MAX;
	size_t begin = o->sights.count > WITNESS_EVENTS ? o->sights.count - WITNESS_EVENTS : 0;
	for (size_t i = begin; o->clock.known && o->order != 0 && i < o->sights.count; i++) {
		const struct sight *s = &o->sights.of[i];
		int64_t time = clock_here(&o->clock, s->time);
		if (!is_event(s, &o->pairs.there[i]) || time < first)
			continue;
		struct witness_event *events = array_grow(w->events, w->told.event_count, &w->event_room, sizeof *events, 8);
		if (events == NULL)
			return false;
		w->events = events;
		uint8_t from = s->from ^ (o->swapped ? 1 : 0);
		w->events[w->told.event_count++] = (struct witness_event){
			.from = from, .point = (uint8_t)o->point, .ahead = (o->order > 0) == (from == SIDE_CLIENT), .reset = (s->flags & TCP_RST) != 0,
			.frame = s->frame, .time = time };
	}
	return true;
}

static bool same_ends(const struct flow *a, const struct flow *b, bool swapped)
{
	for (unsigned side = 0; side < 2; side++) {
		enum side x = (enum side)side, y = (enum side)(side ^ (swapped ? 1u : 0u));
		if (flow_port(a, x) != flow_port(b, y) || memcmp(flow_address(a, x), flow_address(b, y), 16) != 0)
			return false;
	}
	return true;
}

const struct witness *witnesses_tell(struct witnesses *w, const struct vantage_view *view, struct session *s, uint32_t flow)
{
	if (view == NULL || view->count == 0)
		return NULL;
	const struct flow *f = flow_table_get(session_flows(s), flow);
	w->told = (struct witness){ .names = w->names };
	for (size_t i = 0; i < view->count; i++)
		for (unsigned side = 0; side < 2; side++)
			w->own[i][side] = is_own(&view->other[i].sights, side ^ (view->other[i].swapped ? 1u : 0u));
	if (!tell_segments(w, view))
		return NULL;
	for (size_t i = 0; i < view->count; i++) {
		const struct vantage_other *o = &view->other[i];
		if (!tell_events(w, view, o))
			return NULL;
		if (!w->told.translated && !same_ends(f, flow_table_get(session_flows(w->sessions[o->point]), o->flow), o->swapped)) {
			w->told.translated = true;
			w->told.translated_point = (uint8_t)o->point;
			w->told.translated_flow = o->flow;
		}
	}
	w->told.events = w->events;
	return &w->told;
}

const struct witness *witnesses_tell_leg(struct witnesses *w, const struct legs *legs)
{
	unsigned other = !legs->own;
	const struct flow *f = flow_table_get(session_flows(w->sessions[legs->point[other]]), legs->flow[other]);
	enum side far = legs->own == 0 ? SIDE_SERVER : SIDE_CLIENT;
	w->told = (struct witness){ .names = w->names };
	w->told.leg = (struct witness_leg){
		.known = true, .proxy = (uint8_t)(legs->own == 0 ? SIDE_SERVER : SIDE_CLIENT), .point = (uint8_t)legs->point[other],
		.reset = f->rst > 0 && f->rst_from == (unsigned)far,
		.first_rst = legs->clock.known ? clock_here(&legs->clock, f->first_rst) : f->first_rst };
	return &w->told;
}
