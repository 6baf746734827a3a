/* SPDX-License-Identifier: GPL-3.0-or-later
 * term: the terminal: taking it and giving it back, keys by name, mouse, signals as something to poll, suspending, the clipboard. */
#ifndef TCPWHY_UI_TERM_H
#define TCPWHY_UI_TERM_H

#include <stdio.h>
#include <termios.h>

#include "ui/draw.h"
#include "ui/settings.h"
#include "util/buf.h"

struct term {
	FILE *in, *out;
	bool own_in, own_out;   /* opened by us: /dev/tty */
	void *screen;           /* curses' SCREEN */
	void *keys;             /* a window of no size on the screen, to read keys from */
	int signals;            /* descriptor to poll */
	unsigned char mask[128]; /* the signal mask to go back to */
	bool mouse;             /* is ours */
	bool lost;              /* the terminal has gone */
};

enum term_event { TERM_NOTHING, TERM_KEY, TERM_MOUSE };
enum term_button { BUTTON_CLICK, BUTTON_UP, BUTTON_DOWN };

struct term_mouse {
	int y, x;
	enum term_button button;
};

/* Takes the terminal. False: error says why; nothing is to be closed then. */
bool term_open(struct term *t, const struct settings *settings, struct screen *screen, struct buf *error);

/* Makes settings hold that were changed meanwhile: colours, characters, mouse. */
void term_apply(struct term *t, const struct settings *settings, struct screen *screen);

/* Gives the terminal back as it was. Harmless when it has gone. */
void term_close(struct term *t);

int term_fd(const struct term *t);

/* Whether there is anything to read. Where poll() says so and there is not, the terminal has gone. */
bool term_has_input(const struct term *t);

/* The next key that has come in: its name in *name ("a", "Up", "^L", "Enter", "Esc", "Space", "é") or the mouse. Never blocks longer than
 * it takes to tell Esc from an arrow key (25 ms). */
enum term_event term_next(struct term *t, struct buf *name, struct term_mouse *mouse);

/* The next signal that has come in (SIGWINCH, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGCONT), 0 when there is none. */
int term_signal(struct term *t);

/* Takes over the terminal's present size. True when it has changed. */
bool term_resize(struct term *t);

/* Gives the terminal back, stops the process, and takes it again when continued. */
void term_suspend(struct term *t);

/* Takes the mouse, or leaves it to the terminal. */
void term_mouse(struct term *t, bool take);

/* Draws everything anew at the next refresh. */
void term_redraw(struct term *t);

/* Sends what was drawn. */
void term_refresh(struct term *t);

/* Puts n bytes on the clipboard of whoever sits at the terminal (OSC 52). False: more than terminals take. */
bool term_copy(struct term *t, const char *text, size_t n);

/* Appends the name and version of the library that draws. */
void term_library(struct buf *out);

#endif
