/* SPDX-License-Identifier: GPL-3.0-or-later
 * verdicts: the verdicts on a flow's resets; the short form of each reset flow's primary one is kept. */
#include "session/verdicts.h"

#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"
#include "flow/neighbours.h"
#include "kernel/kernel.h"
#include "session/reread.h"
#include "session/session_internal.h"
#include "util/clock.h"

enum {
	READY_AT_ONCE = 1024,           /* flows between two looks at the clock */
	NEXT_CHAINS = 8, NEXT_POOL = 4  /* so many flows before they are judged their neighbours are asked for */
};

/* A brief is good as long as the flow has no more segments than it rests on and the capture has not ended meanwhile. */
struct kept_brief {
	struct verdict_brief brief;
	uint32_t segments;     /* of the flow when it was made; 0 = none made */
	bool complete, settled;
};

struct verdict_cache {
	struct neighbours *neighbours;
	struct reread *reread;
	struct recall *recall;
	struct kept_brief *kept; /* by flow number - first */
	bool sliced;           /* session_get_ready() does the work that need not be done at once */
	uint32_t first;        /* flows before it were gone when this was made */
	uint32_t count;
};

void verdict_cache_free(struct verdict_cache *cache)
{
	if (cache == NULL)
		return;
	neighbours_free(cache->neighbours);
	reread_free(cache->reread);
	recall_free(cache->recall);
	free(cache->kept);
	free(cache);
}

/* NULL: out of memory. */
static struct verdict_cache *cache_of(struct session *s)
{
	if (s->verdicts == NULL && (s->verdicts = calloc(1, sizeof *s->verdicts)) != NULL)
		s->verdicts->first = flow_table_first(s->flows);
	return s->verdicts;
}

/* Makes what an explanation needs. The neighbours are brought up to date at each call: what other flows tell may change a verdict. */
static bool make_ready(struct verdict_cache *cache, const struct session *s)
{
	if (cache->reread == NULL)
		cache->reread = reread_new(cache->sliced);
	if (cache->recall == NULL)
		cache->recall = recall_new();
	if (cache->neighbours == NULL)
		cache->neighbours = neighbours_new(session_flows(s));
	bool more, note = s->ended && !cache->sliced;
	return cache->reread != NULL && cache->recall != NULL && cache->neighbours != NULL && neighbours_update(cache->neighbours) &&
	       (!note || neighbours_note(cache->neighbours, UINT32_MAX, &more));
}

bool session_get_ready(struct session *s, int64_t budget_ns)
{
	struct verdict_cache *cache = flow_table_resets(s->flows) > 0 ? cache_of(s) : NULL;
	int64_t until = clock_ns() + budget_ns;
	bool more = true, good = cache != NULL;
	if (!good)
		return false;
	cache->sliced = true;
	if (cache->neighbours == NULL)
		good = (cache->neighbours = neighbours_new(s->flows)) != NULL;
	while (good && more && clock_ns() < until) {
		good = neighbours_step(cache->neighbours, READY_AT_ONCE, &more);
		if (good && !more && s->ended)
			good = neighbours_note(cache->neighbours, READY_AT_ONCE, &more);
	}
	return good && more;
}

static bool explain_flow(struct session *s, uint32_t flow, size_t limit, bool brief, struct findings *out)
{
	*out = (struct findings){ 0 };
	struct verdict_cache *cache = cache_of(s);
	const struct trace *trace = cache != NULL && make_ready(cache, s) ? reread_trace(cache->reread, s, flow) : NULL;
	if (trace == NULL)
		return false;
	neighbours_fetch(cache->neighbours, reread_next(cache->reread, NEXT_CHAINS), reread_next(cache->reread, NEXT_POOL));
	struct explain_context context = { .table = session_flows(s), .neighbours = cache->neighbours, .flow = flow,
		                           .kernel = s->kernel != NULL ? kernel_journal(s->kernel) : NULL,
		                           .recall = cache->recall,
		                           .complete = s->ended,
		                           .brief = brief };
	if (s->witness != NULL)
		context.witness = s->witness->tell(s->witness_context, s, flow);
	bool good = explain_trace(trace, &context, limit, out);
	if (good && s->witness != NULL && !s->witness->review(s->witness_context, s, flow, brief, out)) {
		findings_free(out);
		good = false;
	}
	return good;
}

void session_call_witness(struct session *s, const struct session_witness *witness, void *context)
{
	s->witness = witness;
	s->witness_context = context;
	verdict_cache_free(s->verdicts);
	s->verdicts = NULL;
}

void *session_witness_context(const struct session *s, const struct session_witness *witness)
{
	return s->witness == witness ? s->witness_context : NULL;
}

bool session_explain(struct session *s, uint32_t flow, size_t limit, struct findings *out)
{
	return explain_flow(s, flow, limit, false, out);
}

bool session_judge(struct session *s, uint32_t flow, size_t limit, struct findings *out)
{
	return explain_flow(s, flow, limit, true, out);
}

static bool make_room(struct verdict_cache *cache, uint32_t place)
{
	if (place < cache->count)
		return true;
	uint32_t count = place >= cache->count * 2 ? place + 1 : cache->count * 2;
	struct kept_brief *kept = realloc(cache->kept, count * sizeof *kept);
	if (kept == NULL)
		return false;
	memset(kept + cache->count, 0, (count - cache->count) * sizeof *kept);
	cache->kept = kept;
	cache->count = count;
	return true;
}

bool session_settled(const struct session *s, uint32_t flow)
{
	const struct kernel_journal *told = s->kernel != NULL ? kernel_journal(s->kernel) : NULL;
	return told == NULL || s->ended || kernel_journal_settled(told, flow_table_get(session_flows(s), flow)->last + EXPLAIN_KERNEL_NS);
}

enum { BRIEF_LIMIT = 64, BRIEF_LONG = 256 /* segments */ };

const struct verdict_brief *session_brief(struct session *s, uint32_t flow)
{
	const struct flow *f = flow_table_get(session_flows(s), flow);
	struct verdict_cache *cache = f->rst == 0 ? NULL : cache_of(s);
	if (cache == NULL || !make_room(cache, flow - cache->first))
		return NULL;
	struct kept_brief *kept = &cache->kept[flow - cache->first];
	uint32_t segments = f->segments[0] + f->segments[1];
	bool settled = session_settled(s, flow);
	/* Judging a long flow again for each segment that comes in would cost the square of its length: a quarter more makes it worth while. */
	bool grown = segments - kept->segments > (segments < BRIEF_LONG ? 0 : kept->segments / 4);
	if (kept->segments > 0 && !grown && kept->complete == s->ended && (kept->settled || !settled))
		return &kept->brief;
	struct findings findings;
	if (!session_judge(s, flow, BRIEF_LIMIT, &findings))
		return NULL;
	const struct verdict *v = findings_primary(&findings);
	if (v != NULL) {
		kept->brief = (struct verdict_brief){ .cause = v->cause, .frame = v->frame, .from = (uint8_t)v->from, .emitter = (uint8_t)v->emitter,
			                              .confidence = (uint8_t)v->confidence, .severity = (uint8_t)v->severity, .effect = (uint8_t)v->effect };
		kept->segments = segments;
		kept->complete = s->ended;
		kept->settled = settled;
	}
	findings_free(&findings);
	return v != NULL ? &kept->brief : NULL;
}
