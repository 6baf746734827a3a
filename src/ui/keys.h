/* SPDX-License-Identifier: GPL-3.0-or-later
 * keys: the table of keys. The actions, the keys that call them, the help screen, the key bar and doc/keys.md are all made from it. */
#ifndef TCPWHY_UI_KEYS_H
#define TCPWHY_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

enum scope {
	SCOPE_FLOWS = 1, SCOPE_LADDER = 2, SCOPE_SUMMARY = 4, SCOPE_TEXT = 8 /* segment, help */, SCOPE_MENU = 16,
	SCOPE_SETTINGS = 32, SCOPE_GRAPH = 64, SCOPE_COLUMNS = 128,
	SCOPE_ALL = SCOPE_FLOWS | SCOPE_LADDER | SCOPE_SUMMARY | SCOPE_TEXT | SCOPE_MENU | SCOPE_SETTINGS | SCOPE_GRAPH | SCOPE_COLUMNS
};

/* X(action, scopes, keys, label in the key bar or NULL, help). In order of importance for the key bar. */
#define KEY_TABLE(X) \
	X(OPEN, SCOPE_FLOWS | SCOPE_LADDER | SCOPE_SUMMARY | SCOPE_MENU, "Enter", "open", "open what is under the cursor; on evidence: jump to its frame") \
	X(CHANGE, SCOPE_SETTINGS | SCOPE_COLUMNS, "Enter Space", "change", "change the setting, show or hide the column under the cursor") \
	X(MOVE_UP, SCOPE_COLUMNS, "<", "move up", "move the column under the cursor to the left (up in this list)") \
	X(MOVE_DOWN, SCOPE_COLUMNS, ">", "move down", "move it to the right (down)") \
	X(BACK, SCOPE_ALL, "q Esc", "back", "back one level; from the flow list: quit") \
	X(FILTER, SCOPE_FLOWS, "/", "filter", "filter as you type (Enter keeps it, Esc does not, Up: history)") \
	X(READY_FILTER, SCOPE_FLOWS, "f", "ready filters", "ready filters: refused, same cause as this flow, and more") \
	X(NEXT_RESET, SCOPE_FLOWS | SCOPE_LADDER, "r", "next reset", "next reset (flows: next flow with one)") \
	X(PREVIOUS_RESET, SCOPE_FLOWS | SCOPE_LADDER, "R", NULL, "previous reset") \
	X(NEXT_EVENT, SCOPE_LADDER, "n", "next event", "next handshake, teardown or reset segment") \
	X(PREVIOUS_EVENT, SCOPE_LADDER, "N", NULL, "previous such segment") \
	X(FOCUS, SCOPE_LADDER, "Tab", "why", "go to the why panel and back") \
	X(UNFOLD, SCOPE_LADDER, "x", "unfold", "unfold or fold the run under the cursor") \
	X(UNFOLD_ALL, SCOPE_LADDER, "X", NULL, "unfold or fold all runs") \
	X(GRAPH, SCOPE_LADDER, "T", "graph", "time-sequence graph: bytes and their acknowledgments over time") \
	X(SCALE, SCOPE_LADDER, "z", "scale", "rows as far apart as their times, or close together") \
	X(ZOOM_IN, SCOPE_GRAPH | SCOPE_LADDER, "+ =", "closer", "less time on the screen, more detail (ladder: see z)") \
	X(ZOOM_OUT, SCOPE_GRAPH | SCOPE_LADDER, "-", "farther", "more time on the screen") \
	X(SUMMARY, SCOPE_FLOWS, "s", "summary", "summary: resets by cause, service, client; over time") \
	X(SAVE, SCOPE_FLOWS | SCOPE_LADDER, "w", "save", "save as pcapng: marked flows, else those shown; ladder: this one") \
	X(EXPORT, SCOPE_FLOWS | SCOPE_LADDER, "e", "export", "to a file: the ladder (text, Mermaid, SVG), verdict or report") \
	X(PANEL, SCOPE_FLOWS | SCOPE_LADDER, "v", "panel", "show or hide the why panel") \
	X(TIME, SCOPE_FLOWS | SCOPE_LADDER, "t", "time", "times: relative, absolute, delta") \
	X(SORT_LEFT, SCOPE_FLOWS, "<", "sort", "sort by the column before") \
	X(SORT_RIGHT, SCOPE_FLOWS, ">", NULL, "sort by the next column") \
	X(INVERT, SCOPE_FLOWS, "I", NULL, "invert the order") \
	X(PAUSE, SCOPE_FLOWS, "p", NULL, "live: the list stands still, capturing goes on; again: goes on") \
	X(STOP, SCOPE_FLOWS, "z", NULL, "stop loading: what was read so far is all") \
	X(FOLLOW, SCOPE_FLOWS, "F", NULL, "follow the newest flow as flows come in; moving up ends it") \
	X(CLEAR, SCOPE_FLOWS, "c", NULL, "leave out the flows so far; again: show all of them") \
	X(COLUMNS, SCOPE_FLOWS, "C", "columns", "choose columns and their order") \
	X(SETTINGS, SCOPE_FLOWS, "S", NULL, "settings: colours, characters, mouse, what to begin with") \
	X(MARK, SCOPE_FLOWS, "Space", "mark", "mark the flow and go on") \
	X(UNMARK_ALL, SCOPE_FLOWS, "U", NULL, "take all marks away") \
	X(COPY, SCOPE_FLOWS | SCOPE_LADDER, "y", "copy", "copy the verdict (flows: of all marked ones) by OSC 52") \
	X(PLAIN, SCOPE_FLOWS | SCOPE_LADDER, "V", NULL, "ladder and verdicts as plain text, to be selected by hand") \
	X(NEXT_CAPTURE, SCOPE_FLOWS, "Tab", NULL, "next capture, when there are several") \
	X(CAPTURE, SCOPE_FLOWS, "1 2 3 4 5 6 7 8 9", NULL, "capture by number") \
	X(HELP, SCOPE_ALL, "? F1", "help", "this help") \
	X(QUIT, SCOPE_ALL, "Q ^C", "quit", "quit") \
	X(UP, SCOPE_ALL, "Up k", NULL, "one line up") \
	X(DOWN, SCOPE_ALL, "Down j", NULL, "one line down") \
	X(PAGE_UP, SCOPE_ALL, "PgUp ^B", NULL, "one page up") \
	X(PAGE_DOWN, SCOPE_ALL, "PgDn ^F", NULL, "one page down") \
	X(HALF_UP, SCOPE_ALL, "^U", NULL, "half a page up") \
	X(HALF_DOWN, SCOPE_ALL, "^D", NULL, "half a page down") \
	X(HOME, SCOPE_ALL, "Home g", NULL, "first line") \
	X(END, SCOPE_ALL, "End G", NULL, "last line") \
	X(LEFT, SCOPE_ALL, "Left h", NULL, "scroll to the left; summary: close the branch") \
	X(RIGHT, SCOPE_ALL, "Right l", NULL, "scroll to the right; summary: open the branch") \
	X(MOUSE, SCOPE_ALL, "m", NULL, "leave the mouse to the terminal, to select text; or take it back") \
	X(REDRAW, SCOPE_ALL, "^L", NULL, "draw the whole screen again") \
	X(SUSPEND, SCOPE_ALL, "^Z", NULL, "suspend (fg comes back)")

enum action {
	ACTION_NONE,
#define X(name, scopes, keys, bar, help) ACTION_##name,
	KEY_TABLE(X)
#undef X
	ACTION_COUNT
};

struct key_row {
	const char *name;
	unsigned scopes;
	const char *keys;  /* names separated by spaces */
	const char *bar;
	const char *help;
};

/* The row of an action from 1 to ACTION_COUNT - 1: its keys are the default ones. */
const struct key_row *key_row(enum action action);

/* Keys as a user set them; zero-initialised: all as in the table. */
struct keymap {
	char *keys[ACTION_COUNT];  /* NULL = the default */
};
void keymap_free(struct keymap *map);

/* Keys of an action, names separated by spaces. */
const char *keymap_keys(const struct keymap *map, enum action action);

/* Sets the keys of an action by its name in the configuration file ("next-reset"). False: error says why (appended). */
bool keymap_set(struct keymap *map, const char *name, const char *keys, struct buf *error);

/* No key may mean two things on one screen. False: error says which (appended). */
bool keymap_check(const struct keymap *map, struct buf *error);

/* All keys as lines of a configuration file. Appends. */
void keymap_dump(const struct keymap *map, struct buf *out);

/* The action of a key (as a key name such as "PgUp" or "x") in a scope; ACTION_NONE when there is none. */
enum action key_action(const struct keymap *map, const char *key, unsigned scope);

/* Names of the scopes for a reader, in order; NULL past the last. *scope: its bit. */
const char *key_scope_name(size_t index, unsigned *scope);

/* The help screen: rows of the scope `first`, of all scopes, of the others. Appends. */
void key_help(const struct keymap *map, unsigned first, struct buf *out);

#endif
