/* SPDX-License-Identifier: GPL-3.0-or-later
 * vantage: the points, their clocks, and one flow at a time looked at from one of them. */
#include "vantage/vantage.h"

#include <stdlib.h>
#include <string.h>

#include "vantage/review.h"
#include "vantage/tune.h"
#include "vantage/witnesses.h"

enum { LEGS_FLOWS = 8192 };   /* of all captures: beyond that, verdicts do not ask for the other leg of a proxy */

struct vantage {
	struct session *sessions[VANTAGE_MOST];
	size_t count;
	struct groups groups;
	struct coverage cover[VANTAGE_MOST];
	struct clock_fit clock[VANTAGE_MOST];
	uint32_t paired[VANTAGE_MOST][VANTAGE_MOST];
	struct vantage_view view;
	size_t view_point;
	uint32_t view_flow;       /* FLOW_NONE: there is none */
	struct witnesses *witnesses;
	bool reviewing;
};

static void clear_view(struct vantage *v)
{
	for (size_t i = 0; i < v->view.count; i++) {
		struct vantage_other *o = &v->view.other[i];
		sights_free(&o->sights);
		pairs_free(&o->pairs);
		free(o->passing);
	}
	sights_free(&v->view.here);
	v->view = (struct vantage_view){ 0 };
	v->view_flow = FLOW_NONE;
}

/* From the first packet of any flow to the capture's end. */
static struct coverage cover_of(const struct session *s)
{
	const struct flow_table *table = session_flows(s);
	struct coverage c = { INT64_MAX, session_clock(s) };
	for (uint32_t i = flow_table_first(table); i < flow_table_count(table); i++) {
		const struct flow *f = flow_table_get(table, i);
		c.first = f->first < c.first ? f->first : c.first;
	}
	return c;
}

static void count_paired(struct vantage *v)
{
	for (size_t point = 0; point < v->count; point++) {
		const struct flow_table *table = session_flows(v->sessions[point]);
		for (uint32_t i = flow_table_first(table); i < flow_table_count(table); i++) {
			const struct group *g = groups_find(&v->groups, point, i);
			for (size_t other = 0; g != NULL && other < v->count; other++)
				v->paired[point][other] += g->flow[other] != FLOW_NONE;
		}
	}
}

/* Each is compared with all others around: what a verdict may cost is bounded. */
static bool few_flows(const struct vantage *v)
{
	uint32_t flows = 0;
	for (size_t i = 0; i < v->count; i++)
		flows += flow_table_count(session_flows(v->sessions[i]));
	return flows <= LEGS_FLOWS;
}

static const struct witness *tell(void *context, struct session *s, uint32_t flow)
{
	struct vantage *v = context;
	size_t point = vantage_point(v, s);
	const struct vantage_view *view = vantage_view(v, point, flow);
	struct legs legs;
	if (view != NULL && view->count == 0 && few_flows(v) && vantage_legs(v, point, flow, &legs) && legs.sure > CONFIDENCE_POSSIBLE)
		return witnesses_tell_leg(v->witnesses, &legs);
	return witnesses_tell(v->witnesses, view, s, flow);
}

/* The others' findings are worked out for it, which are not reviewed in turn. */
static bool review(void *context, struct session *s, uint32_t flow, bool brief, struct findings *f)
{
	struct vantage *v = context;
	if (v->reviewing || f->count == 0)
		return true;
	struct reviewers r = { .sessions = v->sessions };
	for (size_t i = 0; i < v->count; i++)
		r.names[i] = vantage_name(v, i);
	const struct vantage_view *view = vantage_view(v, vantage_point(v, s), flow);
	v->reviewing = true;
	bool good = view == NULL || view->count == 0 || review_findings(&r, view, brief, f);
	v->reviewing = false;
	return good;
}

static const struct session_witness asked = { .tell = tell, .review = review };

struct vantage *vantage_new(struct session *const *sessions, size_t n)
{
	struct vantage *v = calloc(1, sizeof *v);
	if (v == NULL || n > VANTAGE_MOST) {
		free(v);
		return NULL;
	}
	v->count = n;
	v->view_flow = FLOW_NONE;
	for (size_t i = 0; i < n; i++) {
		v->sessions[i] = sessions[i];
		v->cover[i] = cover_of(sessions[i]);
	}
	v->witnesses = witnesses_new(sessions, n);
	if (v->witnesses == NULL || !match_flows(sessions, n, &v->groups) || !tune_clocks(sessions, &v->groups, v->clock)) {
		vantage_free(v);
		return NULL;
	}
	count_paired(v);
	for (size_t i = 0; i < n; i++)
		session_call_witness(sessions[i], &asked, v);
	return v;
}

void vantage_free(struct vantage *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->count; i++)
		session_call_witness(v->sessions[i], NULL, NULL);
	clear_view(v);
	witnesses_free(v->witnesses);
	groups_free(&v->groups);
	free(v);
}

struct vantage *vantage_of(const struct session *s)
{
	return session_witness_context(s, &asked);
}

size_t vantage_count(const struct vantage *v)
{
	return v->count;
}

struct session *vantage_session(const struct vantage *v, size_t point)
{
	return v->sessions[point];
}

const char *vantage_name(const struct vantage *v, size_t point)
{
	return witnesses_name(v->witnesses, point);
}

size_t vantage_point(const struct vantage *v, const struct session *s)
{
	size_t point = 0;
	while (point + 1 < v->count && v->sessions[point] != s)
		point++;
	return point;
}

const struct clock_fit *vantage_clock(const struct vantage *v, size_t point)
{
	return &v->clock[point];
}

uint32_t vantage_flow(const struct vantage *v, size_t point, uint32_t flow, size_t other)
{
	const struct group *g = groups_find(&v->groups, point, flow);
	return g == NULL || other == point ? FLOW_NONE : g->flow[other];
}

uint32_t vantage_paired(const struct vantage *v, size_t point, size_t other)
{
	return v->paired[point][other];
}

/* False: out of memory. What could not be read of the other flow is not among its sights. */
static bool look(struct vantage *v, size_t point, uint32_t flow, struct vantage_other *o)
{
	const struct flow *f = flow_table_get(session_flows(v->sessions[point]), flow);
	const struct flow *there = flow_table_get(session_flows(v->sessions[o->point]), o->flow);
	struct alignment a = tune_alignment(f, there);
	o->clock = clock_between(&v->clock[point], &v->clock[o->point]);
	a.clock = &o->clock;
	o->swapped = a.swapped;
	sights_read(v->sessions[o->point], o->flow, SIGHTS_MOST, &o->sights);
	const struct sights *here = &v->view.here;
	tune_shift(here, &o->sights, &a);
	if (!pairs_make(here, &o->sights, &a, &o->pairs))
		return false;
	o->order = passage_order(here, &o->sights, &o->pairs);
	o->passing = calloc(here->count + 1, sizeof *o->passing);
	if (o->passing == NULL)
		return false;
	o->missed = passage_make(here, &o->sights, &o->pairs, &a, &v->cover[o->point], o->order, o->passing);
	return o->missed != SIZE_MAX;
}

static int along_the_way(const void *a, const void *b)
{
	const struct vantage_other *x = a, *y = b;
	if ((x->order == 0) != (y->order == 0))
		return x->order == 0 ? 1 : -1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->point < y->point ? -1 : x->point > y->point;
}

const struct vantage_view *vantage_view(struct vantage *v, size_t point, uint32_t flow)
{
	if (v->view_flow == flow && v->view_point == point)
		return &v->view;
	clear_view(v);
	const struct group *g = groups_find(&v->groups, point, flow);
	if (!sights_read(v->sessions[point], flow, SIGHTS_MOST, &v->view.here) && v->view.here.count == 0)
		return NULL;
	for (size_t i = 0; g != NULL && i < v->count; i++) {
		if (i == point || g->flow[i] == FLOW_NONE)
			continue;
		struct vantage_other *o = &v->view.other[v->view.count++];
		o->point = i;
		o->flow = g->flow[i];
		if (!look(v, point, flow, o)) {
			clear_view(v);
			return NULL;
		}
	}
	qsort(v->view.other, v->view.count, sizeof v->view.other[0], along_the_way);
	v->view_point = point;
	v->view_flow = flow;
	return &v->view;
}

bool vantage_legs(const struct vantage *v, size_t point, uint32_t flow, struct legs *out)
{
	struct legs_scope scope = { .sessions = v->sessions, .count = v->count, .clocks = v->clock, .groups = &v->groups };
	return legs_find(&scope, point, flow, out);
}
