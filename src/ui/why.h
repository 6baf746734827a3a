/* SPDX-License-Identifier: GPL-3.0-or-later
 * why: a verdict as lines to read: headline, who and how sure, evidence, what else it could be, what to check. */
#ifndef TCPWHY_UI_WHY_H
#define TCPWHY_UI_WHY_H

#include "explain/verdict.h"
#include "ui/draw.h"
#include "util/buf.h"

struct why_line {
	size_t at, length;     /* in text */
	enum paint paint;
	uint8_t indent;        /* of the lines it wraps to */
	uint64_t frame;        /* that it stands on; 0 = none */
};

struct why {
	struct buf text;
	struct why_line *lines;
	size_t count, room;
};

/* One line of a why broken to a width. */
struct why_row {
	size_t line;
	size_t at, length;
	bool first;
};

/* Replaces *w by what is said of v; bullet: "·" or ",". */
void why_build(struct why *w, const struct verdict *v, const char *bullet);

/* Replaces *w by plain paragraphs, a line each. */
void why_plain(struct why *w, const char *text);
void why_free(struct why *w);

/* The rows of w at a width, in an array of *count for the caller to free; NULL when there are none. */
struct why_row *why_wrap(const struct why *w, int width, size_t *count);

/* Draws row r at y, x, w columns wide. */
void why_draw_row(const struct screen *s, const struct why *w, const struct why_row *r, int y, int x, int width);

/* The same as text for a ticket, lines unbroken. Appends. */
void why_text(const struct verdict *v, struct buf *out);

#endif
