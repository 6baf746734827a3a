/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/verdicts.h"

#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "session/session_internal.h"

void verdict_cache_free(struct verdict_cache *cache)
{
	neighbours_free(cache->neighbours);
	reread_free(cache->reread);
	free(cache->kept);
	*cache = (struct verdict_cache){ 0 };
}

/* The neighbours are brought up to date at each call: what other flows tell may change a verdict. */
static bool update_neighbours(struct session *s)
{
	if (s->verdicts.neighbours == NULL)
		s->verdicts.neighbours = neighbours_new(session_flows(s));
	return s->verdicts.neighbours != NULL && neighbours_update(s->verdicts.neighbours);
}

static bool explain_flow(struct session *s, uint32_t flow, size_t limit, bool brief, struct findings *out)
{
	*out = (struct findings){ 0 };
	if (s->verdicts.reread == NULL)
		s->verdicts.reread = reread_new();
	const struct trace *trace = s->verdicts.reread != NULL ? reread_trace(s->verdicts.reread, s, flow) : NULL;
	if (trace == NULL || !update_neighbours(s))
		return false;
	struct explain_context context = { .table = session_flows(s), .neighbours = s->verdicts.neighbours, .flow = flow, .complete = s->ended,
		                           .brief = brief };
	return explain_trace(trace, &context, limit, out);
}

bool session_explain(struct session *s, uint32_t flow, size_t limit, struct findings *out)
{
	return explain_flow(s, flow, limit, false, out);
}

bool session_judge(struct session *s, uint32_t flow, size_t limit, struct findings *out)
{
	return explain_flow(s, flow, limit, true, out);
}

static bool make_room(struct verdict_cache *cache, uint32_t flow)
{
	if (flow < cache->count)
		return true;
	uint32_t count = flow + 1 > cache->count * 2 ? flow + 1 : cache->count * 2;
	struct kept_brief *kept = realloc(cache->kept, count * sizeof *kept);
	if (kept == NULL)
		return false;
	memset(kept + cache->count, 0, (count - cache->count) * sizeof *kept);
	cache->kept = kept;
	cache->count = count;
	return true;
}

/* The primary one that did something; where all were ignored, the first. */
static const struct verdict *primary(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].role == ROLE_PRIMARY && f->items[i].effect != EFFECT_IGNORED && f->items[i].effect != EFFECT_CHALLENGED)
			return &f->items[i];
	return f->count > 0 ? &f->items[0] : NULL;
}

enum { BRIEF_LIMIT = 64 };

const struct verdict_brief *session_brief(struct session *s, uint32_t flow)
{
	const struct flow *f = flow_table_get(session_flows(s), flow);
	if (f->rst == 0 || !make_room(&s->verdicts, flow))
		return NULL;
	struct kept_brief *kept = &s->verdicts.kept[flow];
	uint32_t segments = f->segments[0] + f->segments[1];
	if (kept->segments == segments && kept->complete == s->ended)
		return &kept->brief;
	struct findings findings;
	if (!session_judge(s, flow, BRIEF_LIMIT, &findings))
		return NULL;
	const struct verdict *v = primary(&findings);
	if (v != NULL) {
		kept->brief = (struct verdict_brief){ .cause = v->cause, .frame = v->frame, .from = (uint8_t)v->from, .emitter = (uint8_t)v->emitter,
			                              .confidence = (uint8_t)v->confidence, .severity = (uint8_t)v->severity, .effect = (uint8_t)v->effect };
		kept->segments = segments;
		kept->complete = s->ended;
	}
	findings_free(&findings);
	return v != NULL ? &kept->brief : NULL;
}
