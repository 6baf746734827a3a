/* SPDX-License-Identifier: GPL-3.0-or-later
 * draw: text, rules and colours on the screen. Drawing goes to curses' standard screen in rectangles that the caller lays out anew each
 * time; nothing here refreshes. */
#ifndef TCPWHY_UI_DRAW_H
#define TCPWHY_UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

/* What a piece of the screen is for; how that looks is one table per scheme. */
enum paint {
	PAINT_NORMAL, PAINT_TITLE, PAINT_STATUS, PAINT_KEY, PAINT_LABEL, PAINT_HEADER, PAINT_MARKER, PAINT_STRONG, PAINT_DIM, PAINT_GOOD,
	PAINT_WARN, PAINT_BAD, PAINT_CLIENT, PAINT_SERVER, PAINT_ERROR, PAINT_COUNT
};

/* How each role looks: colours on a dark and on a light background (-1 = the terminal's own, else 0 to 255), and attributes. */
struct scheme {
	struct { short dark, light; unsigned attributes /* ATTRIBUTE_ bits */; } roles[PAINT_COUNT];
};
enum { ATTRIBUTE_BOLD = 1, ATTRIBUTE_UNDERLINE = 2, ATTRIBUTE_REVERSE = 4, ATTRIBUTE_DIM = 8 };

void scheme_init(struct scheme *scheme); /* the default */

/* Sets a role by its name: "red/magenta bold". False: error says why (appended). */
bool scheme_set(struct scheme *scheme, const char *role, const char *value, struct buf *error);

/* All roles as lines of a configuration file. Appends. */
void scheme_dump(const struct scheme *scheme, struct buf *out);

struct area {
	int y, x, h, w;
};

/* The lines and signs of one way to draw. */
struct glyphs {
	const char *horizontal, *vertical, *cross, *dotted, *arrow_left, *arrow_right, *to, *cut, *up, *down, *bar, *bullet, *bars[9];
};

struct screen {
	bool utf8;
	bool colour;
	bool light;              /* background */
	bool lines;              /* lines are the terminal's own (its alternate character set) */
	const struct glyphs *glyphs;
	unsigned attributes[PAINT_COUNT]; /* as curses takes them */
};

/* Chooses glyphs, and starts colours when wanted. After newterm(); may be called again. */
void screen_init(struct screen *s, const struct scheme *scheme, bool utf8, bool lines, bool colour, bool light);

/* Draws at most w columns of n bytes of printable UTF-8; what does not fit is cut, with a mark in the last column. Skips the first `skip`
 * columns. Returns the columns used. */
int draw_text(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n);
/* The same for an end of a connection, which is cut before its port. */
int draw_end(const struct screen *s, int y, int x, int w, enum paint paint, const char *text, size_t n);
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
