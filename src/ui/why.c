/* SPDX-License-Identifier: GPL-3.0-or-later
 * why: a verdict as lines to read. */
#include "ui/why.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

void why_free(struct why *w)
{
	buf_free(&w->text);
	free(w->lines);
	*w = (struct why){ 0 };
}

static void clear(struct why *w)
{
	buf_clear(&w->text);
	w->count = 0;
}

/* Makes a line of what was appended to text since `at`. */
static void end_line(struct why *w, size_t at, enum paint paint, uint8_t indent, uint64_t frame)
{
	struct why_line *lines = array_grow(w->lines, w->count, &w->room, sizeof *lines, 32);
	if (lines == NULL)
		return;
	w->lines = lines;
	w->lines[w->count++] = (struct why_line){ at, w->text.len - at, paint, indent, frame };
	buf_putc(&w->text, '\n');
}

static void add_line(struct why *w, const char *text, enum paint paint, uint8_t indent)
{
	size_t at = w->text.len;

	buf_puts(&w->text, text);
	end_line(w, at, paint, indent, 0);
}

void why_plain(struct why *w, const char *text)
{
	clear(w);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n"), at = w->text.len;
		buf_add(&w->text, text, n);
		end_line(w, at, PAINT_NORMAL, 0, 0);
		text += n + (text[n] == '\n');
	}
}

static const char *effect_phrase(enum effect effect)
{
	static const char *const phrases[] = {
		[EFFECT_UNKNOWN] = "effect unknown", [EFFECT_KILLED] = "killed the connection", [EFFECT_IGNORED] = "was ignored",
		[EFFECT_CHALLENGED] = "was challenged", [EFFECT_ALREADY_CLOSED] = "came after the close",
	};
	return phrases[effect];
}

static enum paint severity_paint(enum severity severity)
{
	static const enum paint paints[] = { [SEVERITY_INFO] = PAINT_GOOD, [SEVERITY_WARN] = PAINT_WARN, [SEVERITY_PROBLEM] = PAINT_BAD };
	return paints[severity];
}

static void add_facts_line(struct why *w, const struct verdict *v)
{
	size_t at = w->text.len;

	static const char *const senders[] = {
		[EMITTER_UNKNOWN] = "who sent it is not known", [EMITTER_CLIENT] = "sent by the client", [EMITTER_SERVER] = "sent by the server",
		[EMITTER_MIDDLEBOX] = "sent by a middlebox",
	};
	buf_printf(&w->text, "%s (%s), %s, %s", v->cause != NULL ? cause_id(v->cause) : "unknown", confidence_name(v->confidence),
	           senders[v->emitter], effect_phrase(v->effect));
	if (v->role != ROLE_PRIMARY)
		buf_printf(&w->text, "; %s", role_name(v->role));
	end_line(w, at, severity_paint(v->severity), 2, 0);
	at = w->text.len;
	buf_printf(&w->text, "RST in frame %llu, bears the %s's address", (unsigned long long)v->frame,
	           v->from == SIDE_CLIENT ? "client" : "server");
	if (v->trigger != 0)
		buf_printf(&w->text, "; provoked by frame %llu", (unsigned long long)v->trigger);
	end_line(w, at, PAINT_DIM, 2, v->frame);
}

static void add_evidence(struct why *w, const struct verdict *v)
{
	if (v->evidence_count > 0)
		add_line(w, "Evidence", PAINT_STRONG, 0);
	for (size_t i = 0; i < v->evidence_count; i++) {
		const struct evidence_line *e = &v->evidence[i];
		size_t at = w->text.len;
		buf_printf(&w->text, "%c %s", e->weakens ? '-' : '+', e->text);
		if (e->frame != 0)
			buf_printf(&w->text, " [%llu]", (unsigned long long)e->frame);
		end_line(w, at, e->weakens ? PAINT_WARN : PAINT_NORMAL, 2, e->frame);
	}
}

static void add_alternatives(struct why *w, const struct verdict *v, const char *bullet)
{
	if (v->alternative_count > 0)
		add_line(w, "It could also be", PAINT_STRONG, 0);
	for (size_t i = 0; i < v->alternative_count; i++) {
		const struct alternative *a = &v->alternatives[i];
		size_t at = w->text.len;
		buf_printf(&w->text, "%s %s", bullet, cause_id(a->cause));
		if (a->decided_by != NULL && *a->decided_by != '\0')
			buf_printf(&w->text, ": decided by %s", a->decided_by);
		end_line(w, at, PAINT_NORMAL, 2, 0);
	}
}

static void add_list(struct why *w, const char *title, const char *const *items, size_t n, const char *bullet)
{
	if (n > 0)
		add_line(w, title, PAINT_STRONG, 0);
	for (size_t i = 0; i < n; i++) {
		size_t at = w->text.len;
		buf_printf(&w->text, "%s %s", bullet, items[i]);
		end_line(w, at, PAINT_NORMAL, 2, 0);
	}
}

void why_build(struct why *w, const struct verdict *v, const char *bullet)
{
	clear(w);
	add_line(w, v->headline != NULL ? v->headline : "", PAINT_STRONG, 0);
	add_facts_line(w, v);
	add_evidence(w, v);
	add_alternatives(w, v, bullet);
	add_list(w, "Check next", v->checks, v->check_count, bullet);
	add_list(w, "Not known from this capture", v->unknowns, v->unknown_count, bullet);
	add_list(w, "References", v->references, v->reference_count, bullet);
}

static size_t wrap_line(const struct why *w, size_t line, int width, struct why_row *rows)
{
	const struct why_line *l = &w->lines[line];
	const char *text = buf_text(&w->text) + l->at;
	size_t n = l->length, count = 0, done = 0;

	do {
		int room = count == 0 ? width : width - l->indent;
		size_t next, length = draw_break(text + done, n - done, room > 1 ? room : 1, &next);
		if (rows != NULL)
			rows[count] = (struct why_row){ line, l->at + done, length, count == 0 };
		count++;
		done += next;
	} while (done < n);
	return count;
}

struct why_row *why_wrap(const struct why *w, int width, size_t *count)
{
	size_t total = 0;

	for (size_t i = 0; i < w->count; i++)
		total += wrap_line(w, i, width, NULL);
	struct why_row *rows = total > 0 ? reallocarray(NULL, total, sizeof *rows) : NULL;
	*count = rows != NULL ? total : 0;
	total = 0;
	for (size_t i = 0; rows != NULL && i < w->count; i++)
		total += wrap_line(w, i, width, rows + total);
	return rows;
}

void why_draw_row(const struct screen *s, const struct why *w, const struct why_row *r, int y, int x, int width)
{
	const struct why_line *l = &w->lines[r->line];
	int indent = r->first ? 0 : l->indent;

	draw_text(s, y, x + indent, width - indent, l->paint, buf_text(&w->text) + r->at, r->length);
}

void why_text(const struct verdict *v, struct buf *out)
{
	struct why w = { 0 };

	why_build(&w, v, "-");
	buf_add(out, buf_text(&w.text), w.text.len);
	why_free(&w);
}
