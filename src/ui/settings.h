/* SPDX-License-Identifier: GPL-3.0-or-later
 * settings: everything that a user may set once and for all, by name: one table that the configuration file, --dump-config and the settings
 * screen are made from. */
#ifndef TCPWHY_UI_SETTINGS_H
#define TCPWHY_UI_SETTINGS_H

#include "query/flowline.h"
#include "ui/draw.h"
#include "ui/keys.h"

/* X(NAME, file's name, values, help): settings that have one of several values. The first value is the default. */
#define CHOICE_TABLE(X) \
	X(COLOURS, "colours", "auto always never", "auto: what the terminal can; none with NO_COLOR") \
	X(BACKGROUND, "background", "auto dark light", "auto: as COLORFGBG tells, else dark") \
	X(CHARACTERS, "characters", "auto ascii lines", "auto: by locale; lines: the terminal's own lines") \
	X(MOUSE, "mouse", "yes no", "no: the mouse stays the terminal's, to select text") \
	X(PANEL, "panel", "yes no", "show the why panel at the beginning") \
	X(TIME, "time", "relative absolute delta", "times at the beginning") \
	X(SORT, "sort", NULL, "column to sort by at the beginning") \
	X(DESCENDING, "descending", "no yes", "greatest first")

enum choice_id {
#define X(name, file_name, values, help) CHOICE_##name,
	CHOICE_TABLE(X)
#undef X
	CHOICE_COUNT
};

struct settings {
	int choice[CHOICE_COUNT];                  /* index of the value */
	enum flow_column_id columns[COLUMN_COUNT]; /* that are shown, in their order */
	size_t column_count;
	struct keymap keys;
	struct scheme scheme;
};

/* The defaults. */
void settings_init(struct settings *s);
void settings_free(struct settings *s);

struct choice_row {
	const char *name, *help;
};
const struct choice_row *choice_row(enum choice_id id);

/* Name of a value, NULL past the last. Valid until the next call with the same buffer. */
const char *choice_value(enum choice_id id, int value, struct buf *scratch);

/* Sets one by the name and value of the configuration file, both NUL-terminated. False: one sentence is appended to error. */
bool settings_set(struct settings *s, const char *name, const char *value, struct buf *error);

/* Appends the value of a setting as the file has it. */
void settings_add_columns(const struct settings *s, struct buf *out);
void settings_add_choice(const struct settings *s, enum choice_id id, struct buf *out);

/* Appends a configuration file of all settings as they are, with what each means. */
void settings_dump(const struct settings *s, struct buf *out);

#endif
