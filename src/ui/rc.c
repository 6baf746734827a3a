/* SPDX-License-Identifier: GPL-3.0-or-later
 * rc: the file of settings. */
#include "ui/rc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/file.h"
#include "util/text.h"

enum { CONFIG_MOST = 256 * 1024, ERRORS_MOST = 10 };

bool rc_name(struct buf *out)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* The XDG base directory specification: a relative path is to be ignored. */
	if (folder != NULL && folder[0] == '/')
		buf_printf(out, "%s/tcpwhy/config", folder);
	else if (home != NULL && home[0] == '/')
		buf_printf(out, "%s/.config/tcpwhy/config", home);
	else
		return false;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The parts of a line of n bytes, without blanks around them. False: a comment or empty. *value_length is SIZE_MAX without "=". */
static bool split(const char *line, size_t n, const char **name, size_t *name_length, const char **value, size_t *value_length)
{
	const char *end = line + n;

	while (line < end && is_blank(*line))
		line++;
	if (line == end || *line == '#')
		return false;
	const char *equals = memchr(line, '=', (size_t)(end - line)), *stop = equals != NULL ? equals : end;
	*name = line;
	while (stop > line && is_blank(stop[-1]))
		stop--;
	*name_length = (size_t)(stop - line);
	*value_length = SIZE_MAX;
	if (equals == NULL)
		return true;
	for (equals++; equals < end && is_blank(*equals); equals++)
		continue;
	while (end > equals && is_blank(end[-1]))
		end--;
	*value = equals;
	*value_length = (size_t)(end - equals);
	return true;
}

static bool take_line(struct settings *s, const char *line, size_t n, struct buf *why)
{
	const char *name, *value;
	size_t name_length, value_length;
	struct buf name_text = { 0 }, value_text = { 0 };

	if (!split(line, n, &name, &name_length, &value, &value_length))
		return true;
	if (value_length == SIZE_MAX) {
		buf_puts(why, "a line is NAME = VALUE or # COMMENT");
		return false;
	}
	buf_add(&name_text, name, name_length);
	buf_add(&value_text, value, value_length);
	bool good = settings_set(s, buf_text(&name_text), buf_text(&value_text), why);
	buf_free(&name_text);
	buf_free(&value_text);
	return good;
}

static void complain(const char *name, unsigned line, const struct buf *why, struct buf *error)
{
	buf_puts(error, error->len > 0 ? "\n" : "");
	text_add_printable(error, name, strlen(name));
	if (line > 0)
		buf_printf(error, ":%u", line);
	buf_printf(error, ": %s", buf_text(why));
}

bool rc_read(const char *name, struct settings *s, struct buf *error)
{
	struct buf text = { 0 }, why = { 0 };
	unsigned number = 0, errors = 0;

	if (!file_get(name, CONFIG_MOST, &text)) {
		bool absent = errno == ENOENT || errno == ENOTDIR;
		buf_puts(&why, strerror(errno));
		if (!absent)
			complain(name, 0, &why, error);
		buf_free(&why);
		buf_free(&text);
		return absent;
	}
	for (const char *at = buf_text(&text); *at != '\0' && errors < ERRORS_MOST;) {
		size_t n = strcspn(at, "\n");
		number++;
		buf_clear(&why);
		if (!take_line(s, at, n, &why)) {
			complain(name, number, &why, error);
			errors++;
		}
		at += n + (at[n] == '\n');
	}
	buf_clear(&why);
	if (!keymap_check(&s->keys, &why)) {
		complain(name, 0, &why, error);
		errors++;
	}
	buf_free(&why);
	buf_free(&text);
	return errors == 0;
}

/* Which of lines a line of the file sets, n when none. */
static size_t find_line(const struct rc_line *lines, size_t n, const char *line, size_t length)
{
	const char *name, *value;
	size_t name_length, value_length, i = 0;

	if (!split(line, length, &name, &name_length, &value, &value_length))
		return n;
	while (i < n && (strlen(lines[i].name) != name_length || memcmp(lines[i].name, name, name_length) != 0))
		i++;
	return i;
}

static void merge(const char *old, const struct rc_line *lines, size_t n, struct buf *out)
{
	bool written[64] = { false };

	for (const char *at = old; *at != '\0';) {
		size_t length = strcspn(at, "\n"), i = find_line(lines, n, at, length);
		if (i == n)
			buf_add(out, at, length);
		else
			buf_printf(out, "%s = %s", lines[i].name, lines[i].value);
		buf_putc(out, '\n');
		if (i < n)
			written[i] = true;
		at += length + (at[length] == '\n');
	}
	for (size_t i = 0; i < n; i++)
		if (!written[i])
			buf_printf(out, "%s = %s\n", lines[i].name, lines[i].value);
}

/* Makes the folders that the file is in. What goes wrong shows when the file is written. */
static void make_folders(const char *name)
{
	struct buf folder = { 0 };

	for (const char *at = name; *at != '\0'; at++) {
		if (*at == '/' && at > name)
			mkdir(buf_text(&folder), 0700);
		buf_putc(&folder, *at);
	}
	buf_free(&folder);
}

bool rc_write(const char *name, const struct rc_line *lines, size_t n, struct buf *error)
{
	struct buf old = { 0 }, text = { 0 };
	bool good = n <= 64 && (file_get(name, CONFIG_MOST, &old) || errno == ENOENT || errno == ENOTDIR);

	if (!good)
		buf_printf(error, "cannot read the settings: %s", strerror(errno));
	if (good) {
		/* People keep such files elsewhere and link to them: what the link leads to is written. */
		make_folders(name);
		char *real = realpath(name, NULL);
		merge(buf_text(&old), lines, n, &text);
		good = !text.failed && file_put(real != NULL ? real : name, true, buf_text(&text), text.len, error) == FILE_DONE;
		free(real);
	}
	buf_free(&old);
	buf_free(&text);
	return good;
}
