/* SPDX-License-Identifier: GPL-3.0-or-later
 * screen: a program on a terminal of our own: a pty, and a terminal emulator that keeps what the program drew. */
#ifndef TCPWHY_TESTS_SCREEN_H
#define TCPWHY_TESTS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "util/buf.h"

struct terminal {
	void *emulator, *cells;  /* VTerm, VTermScreen */
	int columns, rows;
	int fd;                  /* our end of the pty; 0 = not started */
	struct termios settings; /* of the other end, before the start */
	pid_t pid;
	bool ended;
	int status;              /* of waitpid() */
	size_t received;         /* bytes in all */
	struct buf raw;          /* all of them */
	char *env[32];           /* NAME=VALUE or NAME, owned */
	size_t env_count;
	char *feed;              /* file for standard input, owned, NULL = the terminal */
};

/* Before the start. */
bool terminal_env(struct terminal *t, const char *setting);
bool terminal_feed(struct terminal *t, const char *file);

/* Starts $TCPWHY with these arguments; {captures} in them is the folder of the shipped captures. */
bool terminal_start(struct terminal *t, int columns, int rows, char **arguments, size_t n, struct buf *why);

/* Ends the program if it has not ended, and frees everything. */
void terminal_stop(struct terminal *t);

/* Presses a key by its name in the key table; types a text; a mouse button of xterm's numbering, from 1. */
bool terminal_key(struct terminal *t, const char *name);
bool terminal_type(struct terminal *t, const char *text);
void terminal_fill_in(struct buf *out, const char *text); /* text with {captures}, {build} and {tmp} filled in; appends */
bool terminal_shell(const char *command); /* whether it succeeded */
bool terminal_mouse(struct terminal *t, int button, int row, int column);
bool terminal_resize(struct terminal *t, int columns, int rows);
bool terminal_signal(struct terminal *t, const char *name);
bool terminal_hangup(struct terminal *t);

/* Takes what comes for so long; until nothing has come for so long (at most ten times that). */
void terminal_pump(struct terminal *t, unsigned milliseconds);
void terminal_settle(struct terminal *t, unsigned milliseconds);

/* Until the screen has (or has not) a text, is a text, the raw bytes have come, or the deadline has passed: false. */
bool terminal_wait_text(struct terminal *t, const char *text, bool there, unsigned milliseconds);
bool terminal_wait_screen(struct terminal *t, const char *screen, unsigned milliseconds);
bool terminal_wait_raw(struct terminal *t, const char *text, unsigned milliseconds);
bool terminal_wait_stopped(struct terminal *t, unsigned milliseconds);
/* It has ended with this status (-1: any, but not by a signal); the settings of the terminal (stty -a) are what they were before, and its
 * main screen is shown. */
bool terminal_wait_exit(struct terminal *t, int status, unsigned milliseconds, struct buf *why);

/* The screen, a line each without trailing spaces; one row of it. Appends. */
void terminal_text(const struct terminal *t, struct buf *out);
void terminal_row(const struct terminal *t, int row, struct buf *out);
/* By a signal, and put back likewise. */
bool terminal_wait_killed(struct terminal *t, unsigned milliseconds, struct buf *why);
/* The colour of the character there (from 1), -1 = the terminal's own. */
int terminal_colour(struct terminal *t, int row, int column);
/* Presses a key; milliseconds until the screen has text, at most `most`. */
unsigned terminal_answer(struct terminal *t, const char *key, const char *text, unsigned most);
/* How the characters are painted, a line a row: a colour 0 to 7 as a digit, bold as a letter from a; # another colour, * bold and _ underlined
 * without one, % reversed, . nothing of these. Appends. */
void terminal_paints(struct terminal *t, struct buf *out);
bool terminal_colourless(struct terminal *t);
/* Whether nothing but what curses says itself was sent so far; else why. */
bool terminal_harmless(struct terminal *t, struct buf *why);

/* Appends what the system says of the program under a heading of its status, such as "\nState:". */
void terminal_status(const struct terminal *t, const char *field, struct buf *out);

/* How often the program has given up the processor by itself: each time is a wake-up. */
unsigned long terminal_wakeups(const struct terminal *t);
/* Processor time that it has used, microseconds. */
unsigned long terminal_cpu_us(const struct terminal *t);

bool file_read(const char *path, struct buf *out);
bool file_write(const char *path, const struct buf *text);

#endif
