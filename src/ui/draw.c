/* SPDX-License-Identifier: GPL-3.0-or-later
 * draw: text, rules and colours on the screen. */
#include "ui/draw.h"

#include <curses.h>
#include <string.h>

#include "util/text.h"

static const struct glyphs utf8_glyphs = {
	.horizontal = "\u2500", .vertical = "\u2502", .cross = "\u253c", .dotted = "\u2504", .arrow_left = "\u25c0",
	.arrow_right = "\u25b6", .to = "\u2192", .cut = "\u2026", .up = "\u25b2", .down = "\u25bc", .bar = "\u2588", .bullet = "\u00b7",
	.bars = { " ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588" },
};

static const struct glyphs ascii_glyphs = {
	.horizontal = "-", .vertical = "|", .cross = "+", .dotted = ".", .arrow_left = "<", .arrow_right = ">", .to = "->",
	.cut = "~", .up = "^", .down = "v", .bar = "#", .bullet = "*",
	.bars = { " ", ".", ".", ":", ":", "|", "|", "#", "#" },
};

void screen_init(struct screen *s, const struct scheme *scheme, bool utf8, bool lines, bool colour, bool light)
{
	static const struct { unsigned bit; attr_t attribute; } attributes[] = {
		{ ATTRIBUTE_BOLD, A_BOLD }, { ATTRIBUTE_UNDERLINE, A_UNDERLINE }, { ATTRIBUTE_REVERSE, A_REVERSE }, { ATTRIBUTE_DIM, A_DIM },
	};

	s->utf8 = utf8 && !lines;
	s->lines = lines;
	s->light = light;
	s->glyphs = s->utf8 ? &utf8_glyphs : &ascii_glyphs;
	s->colour = colour && has_colors() && start_color() == OK && use_default_colors() == OK;
	for (short i = 0; i < (short)PAINT_COUNT; i++) {
		short wanted = light ? scheme->roles[i].light : scheme->roles[i].dark;
		s->attributes[i] = 0;
		for (size_t k = 0; k < sizeof attributes / sizeof attributes[0]; k++)
			if ((scheme->roles[i].attributes & attributes[k].bit) != 0)
				s->attributes[i] |= attributes[k].attribute;
		/* A colour that the terminal has not is its own. */
		if (s->colour && wanted >= 0 && wanted < COLORS) {
			init_pair((short)(i + 1), wanted, -1);
			s->attributes[i] |= (unsigned)COLOR_PAIR(i + 1);
		}
	}
}

static attr_t paint_attributes(const struct screen *s, enum paint paint)
{
	return s->attributes[paint];
}

size_t draw_character(const char *text, size_t n, int *columns)
{
	size_t length = 1;

	while (length < n && ((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	*columns = (int)text_width(text, length);
	return length;
}

/* Bytes of text that fit into w columns; *columns is how many they take. */
static size_t fit(const char *text, size_t n, int w, int *columns)
{
	size_t at = 0;

	*columns = 0;
	while (at < n) {
		int width;
		size_t length = draw_character(text + at, n - at, &width);
		if (*columns + width > w)
			break;
		*columns += width;
		at += length;
	}
	return at;
}

/* A glyph of the set: with the terminal's own lines where it has them. */
static void put_glyph(const struct screen *s, const char *glyph)
{
	if (s->lines && glyph == s->glyphs->horizontal)
		addch(ACS_HLINE);
	else if (s->lines && glyph == s->glyphs->vertical)
		addch(ACS_VLINE);
	else
		addstr(glyph);
}

static void put(const struct screen *s, const char *text, size_t n)
{
	if (s->lines && (text == s->glyphs->horizontal || text == s->glyphs->vertical)) {
		put_glyph(s, text);
		return;
	}
	if (s->utf8) {
		addnstr(text, (int)n);
		return;
	}
	for (size_t i = 0; i < n;) {
		int width;
		size_t length = draw_character(text + i, n - i, &width);
		if (length == 1)
			addch((chtype)(unsigned char)text[i]);
		for (; length > 1 && width > 0; width--)
			addch('?');
		i += length;
	}
}

int draw_skipped(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n, int skip)
{
	int columns = 0, skipped = 0;

	if (w <= 0 || y < 0 || y >= LINES || x < 0 || x >= COLS)
		return 0;
	if (w > COLS - x)
		w = COLS - x;
	if (skip > 0) {
		size_t at = fit(text, n, skip, &skipped);
		text += at;
		n -= at;
	}
	attr_t attributes = paint_attributes(s, paint);
	move(y, x);
	attron(attributes);
	size_t whole = fit(text, n, w, &columns);
	if (whole < n) {
		whole = fit(text, n, w - 1, &columns);
		put(s, text, whole);
		addstr(s->glyphs->cut);
		columns++;
	} else
		put(s, text, whole);
	attroff(attributes);
	return columns;
}

int draw_text(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n)
{
	return draw_skipped(s, y, x, w, paint, text, n, 0);
}

/* Columns that stay of the end of what is to be cut to w: a third, but the port whole. */
static int tail_columns(const char *text, size_t n, int w)
{
	size_t port = n;

	while (port > 0 && text[port - 1] != ':')
		port--;
	int wanted = port > 0 ? (int)text_width(text + port - 1, n - port + 1) : 0;
	wanted = wanted > w / 3 ? wanted : w / 3;
	return wanted < w - 2 ? wanted : w / 3;
}

int draw_end(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n)
{
	int width = (int)text_width(text, n), tail = tail_columns(text, n, w), columns;

	if (width <= w)
		return draw_text(s, y, x, w, paint, text, n);
	/* More than fits into its part, the head gets the mark. */
	int used = draw_text(s, y, x, w - tail, paint, text, n);
	size_t from = fit(text, n, width - tail, &columns);
	return used + draw_text(s, y, x + used, tail, paint, text + from, n - from);
}

int draw_string(const struct screen *s, int y, int x, int w, enum paint paint, const char *text)
{
	return draw_text(s, y, x, w, paint, text, strlen(text));
}

int draw_right(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n)
{
	int columns = (int)text_width(text, n);

	return draw_text(s, y, columns < w ? x + w - columns : x, columns < w ? columns : w, paint, text, n);
}

void draw_rule(const struct screen *s, int y, int x, int w, enum paint paint, const char *glyph)
{
	attr_t attributes = paint_attributes(s, paint);

	if (y < 0 || y >= LINES || x < 0)
		return;
	move(y, x);
	attron(attributes);
	for (int i = 0; i < w && x + i < COLS; i++)
		put_glyph(s, glyph);
	attroff(attributes);
}

void draw_column(const struct screen *s, int y, int x, int h, enum paint paint, const char *glyph)
{
	for (int i = 0; i < h; i++)
		draw_rule(s, y + i, x, 1, paint, glyph);
}

void draw_titled_rule(const struct screen *s, struct area a, enum paint paint, const char *title)
{
	draw_rule(s, a.y, a.x, a.w, PAINT_DIM, s->glyphs->horizontal);
	if (*title == '\0' || a.w < 8)
		return;
	draw_string(s, a.y, a.x + 2, 1, paint, " ");
	int used = draw_string(s, a.y, a.x + 3, a.w - 6, paint, title);
	draw_string(s, a.y, a.x + 3 + used, 1, paint, " ");
}

size_t draw_break(const char *text, size_t n, int w, size_t *next)
{
	int columns;
	size_t whole = fit(text, n, w, &columns), end;

	if (whole == 0 && n > 0)
		whole = draw_character(text, n, &columns);
	if (whole == n) {
		*next = n;
		return n;
	}
	for (end = whole; end > 0 && text[end] != ' '; end--)
		continue;
	if (end == 0) {
		*next = whole;
		return whole;
	}
	*next = end + 1;
	return end;
}
