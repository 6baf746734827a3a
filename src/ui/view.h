/* SPDX-License-Identifier: GPL-3.0-or-later
 * view: what a screen is, and what the loop gives it to work with. A view is a const table of operations and a struct of its own that
 * begins with struct view. It draws when asked, takes actions, and never reads a key or refreshes. */
#ifndef TCPWHY_UI_VIEW_H
#define TCPWHY_UI_VIEW_H

#include "query/flowset.h"
#include "report/save.h"
#include "ui/draw.h"
#include "ui/keys.h"
#include "ui/lineedit.h"
#include "ui/list.h"
#include "ui/settings.h"
#include "ui/term.h"

struct ui;
struct view;

struct view_ops {
	const char *name;
	unsigned scope;                                        /* enum scope */
	void (*draw)(struct view *v, struct area a);           /* all of a, which is clear */
	bool (*action)(struct view *v, enum action action, const char *key); /* false: not its own; the loop does the general ones */
	bool (*click)(struct view *v, int y, int x);           /* true when it was the second on what it meant: opens. NULL: no mouse */
	void (*status)(struct view *v, struct buf *left, struct buf *right); /* of the status line */
	bool (*step)(struct view *v, int64_t budget_ns);       /* background work; true: more to do. NULL: none */
	void (*close)(struct view *v);                         /* frees it */
};

struct view {
	const struct view_ops *ops;
	struct ui *ui;
	struct list list;
};

/* One capture and how its flows are shown. */
struct capture {
	struct session *session;
	struct flowset *set;
	enum session_status status;
	uint8_t *marks;             /* a bit a flow */
	size_t mark_bytes;
	size_t marked;
	uint32_t selected;          /* flow number; FLOW_NONE = the first */
	bool follow;                /* the last row is selected, whatever comes */
};

bool capture_is_marked(const struct capture *c, uint32_t flow);
void capture_mark(struct capture *c, uint32_t flow, bool mark);
void capture_unmark_all(struct capture *c);

enum { UI_DEPTH = 8 /* views over one another */, UI_WIDE = 140 /* columns from which the panel stands at the side */ };

/* The filter line while it is being typed. See filterline.h. */
struct filterline {
	bool active;
	struct lineedit edit;
	struct buf before;          /* the filter when it was opened */
	struct buf error;           /* "" = none */
	size_t error_at;
	char **history;             /* oldest first */
	size_t history_count, history_at;
};

/* Asks for a file name in the two last rows. See prompt.h. */
struct prompt {
	bool active;
	const char *label;
	struct lineedit edit;
	struct buf note;            /* why the name was not taken; "" = nothing said yet */
	struct buf asked;           /* the name that exists: Enter with it once more replaces it */
	const struct prompt_use *use;
	void *context;              /* of use */
};

struct ui {
	struct term term;
	struct screen screen;
	struct settings *settings;          /* the caller's of ui_run() */
	struct capture *captures;
	size_t capture_count, capture;      /* capture: the one that is shown */
	struct view *views[UI_DEPTH];
	size_t depth;
	struct filterline line;
	struct prompt prompt;
	struct resolver *resolver;          /* NULL = none */
	bool together;                      /* the captures are to be put together when all are read */
	struct vantage *vantage;            /* they are; NULL = not yet, or never */
	struct saving *saving;              /* flows being saved, NULL = none */
	struct buf filter;                  /* the filter that holds */
	struct buf message;                 /* shown once, in the status line */
	enum paint message_paint;
	enum flow_time time;
	enum flow_column_id sort;
	bool descending;
	size_t count;                       /* typed before a key: how often; 0 = none */
	bool panel;                         /* the why panel is shown */
	bool rested;                        /* no key for a moment: what is dear may be drawn */
	bool paused;                        /* the list stands still while packets come in */
	bool dirty, dirty_tick;             /* draw as soon as a frame may be / at the next tick */
	bool quit;
	int exit_status;
	int64_t begun, drawn, rest_at, refresh_at, flush_at; /* CLOCK_MONOTONIC, ns; 0 = not set */
	uint64_t seen_packets, flushed_packets;
};

static inline struct capture *ui_capture(struct ui *ui) { return &ui->captures[ui->capture]; }

/* Opens a view over the present one; v is freed by its close(). NULL (no memory) is told to the user. */
void ui_push(struct ui *ui, struct view *v);

/* Closes the present view; closing the last quits. */
void ui_pop(struct ui *ui);

/* One sentence in the status line until the next key. */
void ui_message(struct ui *ui, enum paint paint, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Makes text the filter of all captures. False: it is none; the filter stays, error and *offset say why. */
bool ui_set_filter(struct ui *ui, const char *text, struct buf *error, size_t *offset);

/* The same, for a text that is one: were it none after all, that is told in the status line. */
void ui_show(struct ui *ui, const char *text);

/* Sorts all captures by ui->sort and ui->descending. */
void ui_sort(struct ui *ui);

/* Puts text on the clipboard and says so. */
void ui_copy(struct ui *ui, const char *what, const struct buf *text);

/* Makes what the settings say hold. */
void ui_apply_settings(struct ui *ui);

/* Keeps lines (n of them; none: nothing is done) in the configuration file, and says so or why not. */
struct rc_line;
void ui_keep(struct ui *ui, const struct rc_line *lines, size_t n);

#endif
