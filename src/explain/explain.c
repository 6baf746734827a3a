/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/explain.h"

#include <stdlib.h>
#include <string.h>

#include "explain/evidence.h"
#include "explain/texts.h"
#include "util/text.h"

static void measure(struct evidence *e)
{
	measure_packet(e);
	measure_trigger(e);
	measure_origin(e);
	measure_setup(e);
	measure_history(e);
	measure_timers(e);
	measure_after(e);
	measure_burst(e);
	measure_neighbours(e);
	measure_icmp(e);
	measure_witness(e);
	measure_kernel(e);
	measure_third_party(e);
	/* What the numbers alone took for an abort, and is none, must be something's answer. */
	if (holds(e, FACT_THIRD_PARTY) && e->numbers_only)
		measure_trigger_foreign(e);
}

static void remember(struct earlier *earlier, const struct evidence *e, const struct verdict *v)
{
	size_t at = earlier->count < EARLIER_KEPT ? earlier->count++ : EARLIER_KEPT - 1;
	earlier->rst[at] = (struct earlier_rst){
		.index = e->index,
		.from = e->r,
		.role = e->role,
		.effect = e->effect,
		.form = e->form,
		.emitter = v->emitter,
		.mechanism = v->mechanism,
		.mechanism_confidence = v->mechanism_confidence,
		.confidence = v->confidence,
		.third_party = v->mechanism == MECHANISM_THIRD_PARTY,
		.two_answers = holds(e, FACT_TWO_ANSWERS),
		.challenge = holds(e, FACT_CHALLENGED) ? e->frame[FACT_CHALLENGED] : 0,
		.cause = v->cause,
	};
}

static bool explain_one(struct scene *scene, size_t index, struct earlier *earlier, struct verdict *v, struct texts *texts)
{
	const struct trace_item *rst = &scene->trace->items[index];
	struct evidence e;
	memset(&e, 0, offsetof(struct evidence, frame));
	e.scene = scene;
	e.index = index;
	e.rst = rst;
	e.r = (enum side)rst->from;
	e.p = side_other(e.r);
	e.earlier = NO_ITEM;
	measure(&e);
	decide_role(&e, earlier);
	/* A device's reset uses no segment up: the end that it went to may still be answered for real. */
	if (holds(&e, FACT_THIRD_PARTY) && e.trigger != NO_ITEM && scene->consumed[e.trigger] == index + 1)
		scene->consumed[e.trigger] = 0;
	decide_effect(&e, earlier);
	*v = (struct verdict){ .frame = rst->segment.frame, .time = rst->segment.time, .from = e.r };
	v->role = e.role;
	v->form = e.form;
	v->effect = e.effect;
	v->trigger = e.trigger != NO_ITEM ? scene->trace->items[e.trigger].segment.frame : 0;
	decide_verdict(&e, earlier, v);
	remember(earlier, &e, v);
	return scene->context->brief || render_verdict(&e, v, texts);
}

static bool grow(struct findings *out, size_t *cap)
{
	if (out->count < *cap)
		return true;
	size_t more = *cap ? *cap * 2 : 1; /* most flows that are reset are so once */
	struct verdict *items = realloc(out->items, more * sizeof *items);
	if (items == NULL)
		return false;
	out->items = items;
	*cap = more;
	return true;
}

/* Was a new handshake completed between two resets? Then the first one ended an older connection with the same ports, not this one. */
static bool opened_anew(const struct trace *t, size_t from, size_t to)
{
	const struct trace_item *syn = NULL, *synack = NULL;
	for (size_t k = from + 1; k < to; k++) {
		const struct trace_item *item = &t->items[k];
		if (item_duplicate(item) || item_is(item, TCP_RST))
			continue;
		if (item_is(item, TCP_SYN)) {
			bool answer = item_is(item, TCP_ACK);
			syn = answer ? syn : item;
			synack = answer && syn != NULL && item->from != syn->from && item->segment.ack == syn->segment.seq + 1 ? item : NULL;
		} else if (synack != NULL && item->from == syn->from && item->segment.ack == synack->segment.seq + 1) {
			return true;
		}
	}
	return false;
}

/* A storm of resets in one flow: all but the first few hundred are judged by what they look like, since most measurements go through the
 * whole trace. By sender and ACK flag: 1 + the place among the findings of the last one that looked so. */
enum { EXPLAINED_MOST = 512 };
struct alike {
	size_t last[2][2];
};

static size_t *alike_place(struct alike *alike, const struct trace_item *rst)
{
	return &alike->last[rst->from & 1][item_is(rst, TCP_ACK)];
}

static const char *name_frame(struct texts *texts, const char *sentence, uint64_t frame)
{
	struct buf out = { 0 };
	const char *mark = strstr(sentence, "{a}");
	buf_add(&out, sentence, mark != NULL ? (size_t)(mark - sentence) : 0);
	text_add_number(&out, frame);
	buf_puts(&out, mark != NULL ? mark + 3 : sentence);
	const char *kept = out.failed ? NULL : texts_keep(texts, out.data, out.len);
	texts->failed |= out.failed;
	buf_free(&out);
	return kept;
}

/* The verdict on a reset that looks as an earlier one of the storm does. */
static bool judge_alike(const struct scene *scene, size_t index, const struct verdict *like, struct verdict *v, struct texts *texts)
{
	const struct trace_item *rst = &scene->trace->items[index];
	bool had_effect = like->effect != EFFECT_IGNORED && like->effect != EFFECT_CHALLENGED;
	*v = *like;
	v->frame = rst->segment.frame;
	v->time = rst->segment.time;
	v->trigger = 0;
	v->role = item_duplicate(rst) ? ROLE_DUPLICATE : like->role == ROLE_PRIMARY && had_effect ? ROLE_REPEAT : like->role;
	v->effect = like->effect == EFFECT_KILLED ? EFFECT_ALREADY_CLOSED : like->effect;
	v->confidence = like->confidence > CONFIDENCE_LIKELY ? CONFIDENCE_LIKELY : like->confidence;
	v->evidence_count = 0;
	if (scene->context->brief)
		return true;
	struct evidence_line *line = &v->evidence[v->evidence_count++];
	*line = (struct evidence_line){ .fact = fact_name(FACT_ONE_OF_MANY), .frame = like->frame, .number = FACT_ONE_OF_MANY };
	line->text = name_frame(texts, fact_sentence(FACT_ONE_OF_MANY), like->frame);
	return line->text != NULL;
}

/* Gathered once for all rules and all resets of a flow. */
static void look_around(const struct explain_context *c, struct vicinity *v)
{
	if (c->neighbours == NULL) {
		v->service.count = v->host[0].count = v->host[1].count = 0;
		v->service.any = v->host[0].any = v->host[1].any = 0;
		return;
	}
	neighbours_service(c->neighbours, c->flow, &v->service);
	neighbours_host(c->neighbours, c->flow, SIDE_CLIENT, &v->host[SIDE_CLIENT]);
	neighbours_host(c->neighbours, c->flow, SIDE_SERVER, &v->host[SIDE_SERVER]);
}

enum { CONSUMED_FEW = 64 }; /* segments of a flow that needs no memory of its own for scene.consumed */

bool explain_trace(const struct trace *t, const struct explain_context *context, size_t limit, struct findings *out)
{
	*out = (struct findings){ 0 };
	struct vicinity vicinity;
	struct scene scene = { .trace = t, .context = context, .flow = flow_table_get(context->table, context->flow), .vicinity = &vicinity };
	struct earlier earlier;
	earlier.count = 0;
	struct alike alike = { 0 };
	uint32_t few[CONSUMED_FEW] = { 0 };
	struct texts *texts = context->brief ? NULL : calloc(1, sizeof *texts);
	out->texts = texts;
	scene.consumed = t->count < CONSUMED_FEW ? few : calloc(t->count + 1, sizeof *scene.consumed);
	bool ok = (texts != NULL || context->brief) && scene.consumed != NULL;
	size_t cap = 0;
	if (ok) {
		look_around(context, &vicinity);
		measure_scene(&scene);
		ok = measure_kernel_scene(&scene);
	}
	for (size_t i = 0; ok && i < t->count && (limit == 0 || out->count < limit); i++) {
		if (!(t->items[i].segment.flags & TCP_RST))
			continue;
		size_t *alike_at = alike_place(&alike, &t->items[i]);
		if (!grow(out, &cap)) {
			ok = false;
		} else if (out->count >= EXPLAINED_MOST && *alike_at != 0) {
			ok = judge_alike(&scene, i, &out->items[*alike_at - 1], &out->items[out->count], texts);
		} else {
			if (earlier.count > 0 && opened_anew(t, earlier.rst[earlier.count - 1].index, i))
				earlier.count = 0;
			ok = explain_one(&scene, i, &earlier, &out->items[out->count], texts);
			*alike_at = out->count + 1;
		}
		out->count += ok;
	}
	if (scene.consumed != few)
		free(scene.consumed);
	free(scene.kernel);
	if (!ok)
		findings_free(out);
	return ok;
}

const struct verdict *findings_primary(const struct findings *f)
{
	const struct verdict *first = f->count > 0 ? &f->items[0] : NULL;
	for (size_t i = f->count; i-- > 0;)
		if (f->items[i].role == ROLE_PRIMARY)
			first = &f->items[i];
	for (size_t i = 0; i < f->count; i++) {
		const struct verdict *v = &f->items[i];
		if (v->role == ROLE_PRIMARY && (v->effect == EFFECT_KILLED || v->effect == EFFECT_UNKNOWN))
			return v;
	}
	return first;
}

void findings_free(struct findings *f)
{
	if (f->texts != NULL)
		texts_free(f->texts);
	free(f->texts);
	free(f->items);
	*f = (struct findings){ 0 };
}
