/* SPDX-License-Identifier: GPL-3.0-or-later
 * draw: text, rules and colours on the screen. Drawing goes to curses' standard screen in rectangles that the caller lays out anew each
 * time; nothing here refreshes. */
#ifndef TCPWHY_UI_DRAW_H
#define TCPWHY_UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

/* What a piece of the screen is for; how that looks is one table per scheme. */
enum paint {
	PAINT_NORMAL, PAINT_TITLE, PAINT_STATUS, PAINT_KEY, PAINT_LABEL, PAINT_HEADER, PAINT_MARKER, PAINT_STRONG, PAINT_DIM, PAINT_GOOD,
	PAINT_WARN, PAINT_BAD, PAINT_CLIENT, PAINT_SERVER, PAINT_ERROR, PAINT_COUNT
};

struct area {
	int y, x, h, w;
};

/* The lines and signs of one way to draw. */
struct glyphs {
	const char *horizontal, *vertical, *dotted, *arrow_left, *arrow_right, *to, *cut, *up, *down, *bar, *bullet, *bars[9];
};

struct screen {
	bool utf8;
	bool colour;
	bool light;              /* background */
	const struct glyphs *glyphs;
};

/* Chooses glyphs, and starts colours when wanted. After newterm(). */
void screen_init(struct screen *s, bool utf8, bool colour, bool light);

/* Draws at most w columns of n bytes of printable UTF-8; what does not fit is cut, with a mark in the last column. Skips the first `skip`
 * columns. Returns the columns used. */
int draw_text(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n);
int draw_string(const struct screen *s, int y, int x, int w, enum paint paint, const char *text);
int draw_right(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n);
int draw_skipped(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n, int skip);

/* Repeats a one-column glyph w times. */
void draw_rule(const struct screen *s, int y, int x, int w, enum paint paint, const char *glyph);
void draw_column(const struct screen *s, int y, int x, int h, enum paint paint, const char *glyph);
/* A horizontal rule with a title in it. */
void draw_titled_rule(const struct screen *s, struct area a, enum paint paint, const char *title);

/* How many bytes of text (n of them) go on one line of w columns, broken at a space where there is one; *next is where the following line
 * begins. At least one character goes on a line. */
size_t draw_break(const char *text, size_t n, int w, size_t *next);

/* Bytes of the UTF-8 character at text (at least 1, at most n), and columns it takes. */
size_t draw_character(const char *text, size_t n, int *columns);

#endif
