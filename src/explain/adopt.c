/* SPDX-License-Identifier: GPL-3.0-or-later
 * adopt: a verdict with the words of another. Frames in them are the other capture's: each line says whose it is. */
#include "explain/adopt.h"

#include <string.h>

#include "explain/cause.h"
#include "explain/texts.h"
#include "util/text.h"

enum { ADOPTED_MOST = 9 }; /* lines of evidence, the first included */

bool verdict_yields(const struct verdict *v, const struct verdict *other, bool nearer)
{
	if (v->role == ROLE_DUPLICATE || other->role == ROLE_DUPLICATE || other->cause == cause_find("unknown"))
		return false;
	if (v->confidence == CONFIDENCE_CERTAIN)
		return false;
	if (other->confidence > v->confidence)
		return nearer || other->confidence == CONFIDENCE_CERTAIN || other->cause == v->cause || v->cause == cause_find("unknown");
	return nearer && other->confidence == v->confidence && other->cause != v->cause;
}

static const char *keep(struct texts *texts, const char *place, const char *text)
{
	struct buf line = { 0 };
	if (place != NULL)
		buf_printf(&line, "at %s: ", place);
	buf_puts(&line, text != NULL ? text : "");
	const char *kept = line.failed ? NULL : texts_keep(texts, buf_text(&line), line.len);
	buf_free(&line);
	return kept != NULL ? kept : "";
}

static void keep_lines(struct texts *texts, const char *const *from, size_t n, const char **to, size_t *count)
{
	for (size_t i = 0; i < n; i++)
		to[i] = keep(texts, NULL, from[i]);
	*count = n;
}

static bool has_fact(const struct evidence_line *lines, size_t n, uint16_t number)
{
	for (size_t i = 0; i < n; i++)
		if (lines[i].number == number)
			return true;
	return false;
}

/* "the capture at server, where it is frame 7, tells more of it", then what it tells, then what is told here beside that. */
static void keep_evidence(struct texts *texts, struct verdict *v, const struct verdict *other, const char *place)
{
	struct evidence_line own[VERDICT_EVIDENCE];
	size_t own_count = v->evidence_count, n = 0;
	struct buf first = { 0 };
	memcpy(own, v->evidence, sizeof own);
	buf_printf(&first, "the capture at %s, where this reset is frame ", place);
	text_add_number(&first, other->frame);
	buf_puts(&first, ", tells more of it");
	v->evidence[n++] = (struct evidence_line){ .fact = fact_name(FACT_TOLD_ELSEWHERE), .frame = v->frame, .number = FACT_TOLD_ELSEWHERE,
		                                   .text = keep(texts, NULL, buf_text(&first)) };
	for (size_t i = 0; i < other->evidence_count && n < ADOPTED_MOST; i++) {
		v->evidence[n] = other->evidence[i];
		v->evidence[n].frame = 0;
		v->evidence[n++].text = keep(texts, place, other->evidence[i].text);
	}
	for (size_t i = 0; i < own_count && n < VERDICT_EVIDENCE; i++)
		if (!has_fact(v->evidence, n, own[i].number))
			v->evidence[n++] = own[i];
	v->evidence_count = n;
	texts->failed |= first.failed;
	buf_free(&first);
}

bool verdict_mention(struct findings *f, struct verdict *v, const struct verdict *other, const char *place)
{
	if (other->cause == v->cause || other->confidence <= v->confidence || v->role == ROLE_DUPLICATE || other->role == ROLE_DUPLICATE)
		return true;
	struct texts *texts = f->texts;
	struct buf line = { 0 };
	buf_printf(&line, "that is %s by the capture at %s, where this reset is frame ", confidence_name(other->confidence), place);
	text_add_number(&line, other->frame);
	verdict_add_alternative(v, other->cause, line.failed ? "" : keep(texts, NULL, buf_text(&line)));
	texts->failed |= line.failed;
	buf_free(&line);
	return !texts->failed;
}

bool verdict_adopt(struct findings *f, struct verdict *v, const struct verdict *other, const char *place, bool brief)
{
	struct texts *texts = f->texts;
	v->cause = other->cause;
	v->confidence = other->confidence;
	v->mechanism = other->mechanism;
	v->mechanism_confidence = other->mechanism_confidence;
	v->emitter = other->emitter;
	v->severity = v->effect == EFFECT_ALREADY_CLOSED ? v->severity : other->severity;
	if (brief)
		return true;
	v->headline = keep(texts, NULL, other->headline);
	keep_evidence(texts, v, other, place);
	v->alternative_count = other->alternative_count;
	for (size_t i = 0; i < other->alternative_count; i++)
		v->alternatives[i] = (struct alternative){ other->alternatives[i].cause, keep(texts, NULL, other->alternatives[i].decided_by) };
	keep_lines(texts, other->unknowns, other->unknown_count, v->unknowns, &v->unknown_count);
	keep_lines(texts, other->checks, other->check_count, v->checks, &v->check_count);
	keep_lines(texts, other->references, other->reference_count, v->references, &v->reference_count);
	return !texts->failed;
}
