/* SPDX-License-Identifier: GPL-3.0-or-later
 * plot: points of time and sequence number in cells. */
#include "ladder/plot.h"

#include <stdlib.h>
#include <string.h>

enum { DOTS_X = 2, DOTS_Y = 4, BRAILLE = 0x2800 };

/* The more telling sign first. */
static const struct { uint16_t flags; uint32_t marks; char letter; } signs[] = {
	{ TCP_RST, 0, 'X' }, { TCP_SYN, 0, 'S' }, { TCP_FIN, 0, 'F' }, { 0, MARK_ZERO_WINDOW, 'Z' }, { 0, MARK_RETRANSMISSION, 'R' },
};

/* Column and row of a dot; false: outside the time shown. */
static bool place(const struct plot *p, int64_t time, uint64_t number, int *x, int *y)
{
	int w = p->w * DOTS_X, h = p->h * DOTS_Y;
	double span = (double)(p->to - p->from), at = (double)(time - p->from);

	if (time < p->from || time > p->to)
		return false;
	*x = span > 0 ? (int)(at / span * (double)(w - 1)) : 0;
	double range = (double)(p->most - p->least), above = number > p->least ? (double)(number - p->least) : 0;
	*y = range > 0 ? h - 1 - (int)(above / range * (double)(h - 1)) : h - 1;
	*y = *y < 0 ? 0 : *y;
	return true;
}

static void set_dot(struct plot *p, int x, int y)
{
	static const uint8_t bits[DOTS_Y][DOTS_X] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

	p->dots[y / DOTS_Y * p->w + x / DOTS_X] |= bits[y % DOTS_Y][x % DOTS_X];
}

static void put_point(struct plot *p, const struct timeseq_point *point, enum side side)
{
	int x, top, bottom;

	/* What the other end acknowledges stands in this direction's numbers. */
	if (point->from != (uint8_t)side) {
		if (point->acks && place(p, point->time, point->ack, &x, &top))
			set_dot(p, x, top);
		return;
	}
	if (!place(p, point->time, point->end, &x, &top) || !place(p, point->time, point->seq, &x, &bottom))
		return;
	for (int y = top; point->end > point->seq && y <= bottom; y++)
		set_dot(p, x, y);
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if ((point->flags & signs[i].flags) != 0 || (point->marks & signs[i].marks) != 0) {
			char *letter = &p->letters[top / DOTS_Y * p->w + x / DOTS_X];
			/* The more telling sign stays. */
			if (*letter == 0 || strchr("XSFZR", *letter) > strchr("XSFZR", signs[i].letter))
				*letter = signs[i].letter;
			return;
		}
}

/* The numbers of the time shown: a part of the flow fills the screen as the whole does. */
static void set_range(struct plot *p, const struct timeseq *t, enum side side)
{
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		const struct timeseq_point *at = &t->points[i];
		bool own = at->from == (uint8_t)side;
		if (at->time < p->from || at->time > p->to || (!own && !at->acks))
			continue;
		uint64_t low = own ? at->seq : at->ack, high = own ? at->end : at->ack;
		p->least = !any || low < p->least ? low : p->least;
		p->most = !any || high > p->most ? high : p->most;
		any = true;
	}
}

bool plot_build(const struct timeseq *t, enum side side, int64_t from, int64_t to, int w, int h, struct plot *out)
{
	*out = (struct plot){ .w = w > 0 ? w : 0, .h = h > 0 ? h : 0, .from = from, .to = to };
	size_t cells = (size_t)out->w * (size_t)out->h;

	set_range(out, t, side);
	if (cells == 0)
		return true;
	out->dots = calloc(cells, 1);
	out->letters = calloc(cells, 1);
	if (out->dots == NULL || out->letters == NULL)
		return false;
	for (size_t i = 0; i < t->count; i++)
		put_point(out, &t->points[i], side);
	return true;
}

void plot_free(struct plot *p)
{
	free(p->dots);
	free(p->letters);
	*p = (struct plot){ 0 };
}

void plot_cell(const struct plot *p, size_t cell, bool utf8, char text[4])
{
	uint32_t c = BRAILLE + p->dots[cell];
	const char braille[] = { (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)), 0 };
	const char plain[] = { p->letters[cell] != 0 ? p->letters[cell] : p->dots[cell] != 0 ? '*' : ' ', 0 };

	if (utf8 && plain[0] == '*')
		memcpy(text, braille, sizeof braille);
	else
		memcpy(text, plain, sizeof plain);
}
