/* SPDX-License-Identifier: GPL-3.0-or-later
 * review: the same resets at other places. */
#include "vantage/review.h"

#include <stdlib.h>

#include "explain/adopt.h"

enum { REVIEWED_MOST = 512 }; /* resets of a flow; a storm's rest is judged alike anyway */

/* Where one of the findings' resets is, at one other place. */
struct sighting {
	uint64_t frame;           /* there; 0 = it is not */
	bool nearer;              /* that place is nearer to the reset's sender, and knows no less of the connection's beginning */
};

static const struct passing *passing_of(const struct vantage_view *view, const struct vantage_other *o, uint64_t frame)
{
	size_t low = 0, high = view->here.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (view->here.of[middle].frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low < view->here.count && view->here.of[low].frame == frame ? &o->passing[low] : NULL;
}

/* Returns how many of them that place has. */
static size_t find_sightings(const struct vantage_view *view, const struct vantage_other *o, const struct findings *f, struct sighting *out)
{
	bool later = o->sights.count > 0 && view->here.count > 0 && (o->sights.of[0].flags & TCP_SYN) == 0 && (view->here.of[0].flags & TCP_SYN) != 0;
	size_t found = 0;
	for (size_t i = 0; i < f->count && i < REVIEWED_MOST; i++) {
		const struct passing *p = passing_of(view, o, f->items[i].frame);
		bool seen = p != NULL && p->fate == FATE_SEEN;
		bool nearer = o->order != 0 && (o->order > 0) == (f->items[i].from == SIDE_SERVER);
		out[i] = (struct sighting){ seen ? p->frame : 0, nearer && !later };
		found += seen;
	}
	return found;
}

static const struct verdict *verdict_at(const struct findings *f, uint64_t frame)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].frame == frame)
			return &f->items[i];
	return NULL;
}

static bool compare(struct findings *f, const struct sighting *at, const struct findings *other, const char *place, bool brief)
{
	bool good = true;
	for (size_t i = 0; good && i < f->count && i < REVIEWED_MOST; i++) {
		const struct verdict *v = at[i].frame != 0 ? verdict_at(other, at[i].frame) : NULL;
		if (v != NULL && verdict_yields(&f->items[i], v, at[i].nearer))
			good = verdict_adopt(f, &f->items[i], v, place, brief);
		else if (v != NULL && !brief)
			good = verdict_mention(f, &f->items[i], v, place);
	}
	return good;
}

bool review_findings(const struct reviewers *r, const struct vantage_view *view, bool brief, struct findings *f)
{
	struct {
		size_t point;
		uint32_t flow;
		bool any;
		struct sighting *at;
	} others[VANTAGE_MOST] = { { 0 } };
	size_t count = view->count;
	bool good = true;
	for (size_t i = 0; i < count; i++) {
		const struct vantage_other *o = &view->other[i];
		others[i].point = o->point;
		others[i].flow = o->flow;
		others[i].at = calloc(f->count + 1, sizeof *others[i].at);
		good = good && others[i].at != NULL;
		others[i].any = good && find_sightings(view, o, f, others[i].at) > 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct findings other = { 0 };
		struct session *s = r->sessions[others[i].point];
		bool told = good && others[i].any &&
		            (brief ? session_judge(s, others[i].flow, REVIEWED_MOST, &other) : session_explain(s, others[i].flow, REVIEWED_MOST, &other));
		good = good && (!told || compare(f, others[i].at, &other, r->names[others[i].point], brief));
		findings_free(&other);
		free(others[i].at);
	}
	return good;
}
