/* SPDX-License-Identifier: GPL-3.0-or-later
 * settings: the table of settings. */
#include "ui/settings.h"

#include <string.h>

#include "util/text.h"

static const struct {
	struct choice_row row;
	const char *values;  /* separated by spaces; NULL: the columns' names */
} choices[CHOICE_COUNT] = {
#define X(name, file_name, values, help) [CHOICE_##name] = { { file_name, help }, values },
	CHOICE_TABLE(X)
#undef X
};

static const char key_prefix[] = "key.", colour_prefix[] = "colour.", columns_name[] = "columns";

void settings_init(struct settings *s)
{
	*s = (struct settings){ .column_count = COLUMN_COUNT };
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		s->columns[i] = (enum flow_column_id)i;
	scheme_init(&s->scheme);
}

void settings_free(struct settings *s)
{
	keymap_free(&s->keys);
}

const struct choice_row *choice_row(enum choice_id id)
{
	return &choices[id].row;
}

const char *choice_value(enum choice_id id, int value, struct buf *scratch)
{
	const char *at = choices[id].values;

	buf_clear(scratch);
	if (at == NULL)
		return value < COLUMN_COUNT ? flow_column((enum flow_column_id)value)->id : NULL;
	for (; value > 0 && *at != '\0'; value--) {
		at += strcspn(at, " ");
		at += *at == ' ';
	}
	if (*at == '\0')
		return NULL;
	buf_add(scratch, at, strcspn(at, " "));
	return buf_text(scratch);
}

static bool set_choice(struct settings *s, enum choice_id id, const char *value, struct buf *error)
{
	struct buf scratch = { 0 };
	const char *name;
	bool found = false;

	for (int i = 0; !found && (name = choice_value(id, i, &scratch)) != NULL; i++)
		if (strcmp(name, value) == 0) {
			s->choice[id] = i;
			found = true;
		}
	if (!found)
		buf_printf(error, "%s is one of", choices[id].row.name);
	for (int i = 0; !found && (name = choice_value(id, i, &scratch)) != NULL; i++)
		buf_printf(error, "%s %s", i > 0 ? "," : "", name);
	buf_free(&scratch);
	return found;
}

/* The next word of *at in a buffer, "" when there is none. */
static const char *next_word(const char **at, struct buf *word)
{
	*at += strspn(*at, " \t");
	size_t n = strcspn(*at, " \t");
	buf_clear(word);
	buf_add(word, *at, n);
	*at += n;
	return buf_text(word);
}

static bool set_columns(struct settings *s, const char *value, struct buf *error)
{
	enum flow_column_id columns[COLUMN_COUNT];
	bool taken[COLUMN_COUNT] = { false };
	struct buf word = { 0 };
	size_t count = 0;
	bool good = true;

	while (good && *next_word(&value, &word) != '\0') {
		enum flow_column_id id = COLUMN_COUNT;
		good = flow_column_find(buf_text(&word), &id) != NULL && !taken[id];
		if (good) {
			taken[id] = true;
			columns[count++] = id;
		} else {
			text_add_printable(error, buf_text(&word), word.len);
			buf_puts(error, id < COLUMN_COUNT ? " is there twice" : " is no column; there are");
			for (unsigned i = 0; id == COLUMN_COUNT && i < COLUMN_COUNT; i++)
				buf_printf(error, " %s", flow_column((enum flow_column_id)i)->id);
		}
	}
	buf_free(&word);
	if (good && count == 0) {
		buf_puts(error, "columns: at least one is needed");
		return false;
	}
	if (good) {
		memcpy(s->columns, columns, count * sizeof columns[0]);
		s->column_count = count;
	}
	return good;
}

bool settings_set(struct settings *s, const char *name, const char *value, struct buf *error)
{
	for (unsigned i = 0; i < CHOICE_COUNT; i++)
		if (strcmp(name, choices[i].row.name) == 0)
			return set_choice(s, (enum choice_id)i, value, error);
	if (strcmp(name, columns_name) == 0)
		return set_columns(s, value, error);
	if (strncmp(name, key_prefix, sizeof key_prefix - 1) == 0)
		return keymap_set(&s->keys, name + sizeof key_prefix - 1, value, error);
	if (strncmp(name, colour_prefix, sizeof colour_prefix - 1) == 0)
		return scheme_set(&s->scheme, name + sizeof colour_prefix - 1, value, error);
	buf_puts(error, "there is no setting ");
	text_add_printable(error, name, strlen(name));
	buf_puts(error, "; tcpwhy --dump-config shows those there are");
	return false;
}

void settings_add_columns(const struct settings *s, struct buf *out)
{
	for (size_t i = 0; i < s->column_count; i++)
		buf_printf(out, "%s%s", i > 0 ? " " : "", flow_column(s->columns[i])->id);
}

void settings_add_choice(const struct settings *s, enum choice_id id, struct buf *out)
{
	struct buf scratch = { 0 };

	buf_puts(out, choice_value(id, s->choice[id], &scratch));
	out->failed |= scratch.failed;
	buf_free(&scratch);
}

void settings_dump(const struct settings *s, struct buf *out)
{
	buf_puts(out, "# tcpwhy: settings. A line each; what is not set has its default. $XDG_CONFIG_HOME/tcpwhy/config, else ~/.config/tcpwhy/config.\n\n");
	for (unsigned i = 0; i < CHOICE_COUNT; i++) {
		buf_printf(out, "# %s", choices[i].row.help);
		if (choices[i].values != NULL)
			buf_printf(out, " (%s)", choices[i].values);
		buf_printf(out, "\n%s = ", choices[i].row.name);
		settings_add_choice(s, (enum choice_id)i, out);
		buf_putc(out, '\n');
	}
	buf_puts(out, "# columns of the flow list, in their order; those without room are left out\ncolumns = ");
	settings_add_columns(s, out);
	buf_puts(out, "\n\n# Colours: on a dark background / on a light one, then attributes. default black red green yellow blue magenta cyan white or\n"
	              "# 0 to 255; bold underline reverse dim.\n");
	scheme_dump(&s->scheme, out);
	buf_puts(out, "\n# Keys: names separated by spaces; ^X is Ctrl-X; nothing takes the keys away.\n");
	keymap_dump(&s->keys, out);
}
