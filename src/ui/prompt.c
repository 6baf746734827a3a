/* SPDX-License-Identifier: GPL-3.0-or-later
 * prompt: asking for the name of a file to write. */
#include "ui/prompt.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/text.h"

/* The capture's own name without folder and ending; what is no plain name ("-", an interface) is "capture". */
static void add_stem(const struct ui *ui, struct buf *out)
{
	const char *name = session_name(ui->captures[ui->capture].session), *slash = strrchr(name, '/');

	name = slash != NULL ? slash + 1 : name;
	size_t n = strcspn(name, ".");
	if (n == 0 || strcmp(name, "-") == 0)
		buf_puts(out, "capture");
	else
		text_add_printable(out, name, n);
}

void prompt_open(struct ui *ui, const char *label, const char *ending, const struct prompt_use *use, void *context)
{
	struct prompt *p = &ui->prompt;
	struct buf name = { 0 };

	prompt_close(ui);
	add_stem(ui, &name);
	buf_puts(&name, ending);
	lineedit_set(&p->edit, buf_text(&name));
	buf_free(&name);
	buf_clear(&p->note);
	buf_clear(&p->asked);
	p->label = label;
	p->use = use;
	p->context = context;
	p->active = true;
}

void prompt_close(struct ui *ui)
{
	struct prompt *p = &ui->prompt;

	if (p->active)
		p->use->drop(p->context);
	p->active = false;
	p->context = NULL;
}

void prompt_free(struct ui *ui)
{
	prompt_close(ui);
	lineedit_free(&ui->prompt.edit);
	buf_free(&ui->prompt.note);
	buf_free(&ui->prompt.asked);
}

/* A leading ~/ is what a shell would make of it. */
static void add_path(const char *name, struct buf *out)
{
	const char *home = getenv("HOME");

	if (name[0] == '~' && name[1] == '/' && home != NULL) {
		buf_puts(out, home);
		name++;
	}
	buf_puts(out, name);
}

/* Nobody wants to replace what is being looked at, also not under another name. */
static bool is_open_capture(const struct ui *ui, const char *path)
{
	struct stat target, source;

	for (size_t i = 0; i < ui->capture_count; i++)
		if (stat(path, &target) == 0 && stat(session_name(ui->captures[i].session), &source) == 0 && target.st_dev == source.st_dev &&
		    target.st_ino == source.st_ino)
			return true;
	return false;
}

static void accept(struct ui *ui)
{
	struct prompt *p = &ui->prompt;
	struct buf path = { 0 };
	bool replace = p->asked.len > 0 && strcmp(buf_text(&p->asked), buf_text(&p->edit.text)) == 0;

	buf_clear(&p->note);
	if (p->edit.text.len == 0) {
		buf_puts(&p->note, "a name is missing; Esc leaves");
		return;
	}
	add_path(buf_text(&p->edit.text), &path);
	if (is_open_capture(ui, buf_text(&path)))
		buf_puts(&p->note, "this is the capture that is shown: choose another name");
	else
		switch (p->use->accept(ui, p->context, buf_text(&path), replace, &p->note)) {
		case FILE_DONE:
			prompt_close(ui);
			break;
		case FILE_EXISTS:
			buf_puts(&p->note, "this file exists: Enter again replaces it, Esc leaves");
			buf_clear(&p->asked);
			buf_puts(&p->asked, buf_text(&p->edit.text));
			break;
		case FILE_FAILED:
			break;
		}
	buf_free(&path);
}

void prompt_key(struct ui *ui, const char *key)
{
	struct prompt *p = &ui->prompt;

	if (strcmp(key, "Enter") == 0)
		accept(ui);
	else if (strcmp(key, "Esc") == 0 || strcmp(key, "^C") == 0)
		prompt_close(ui);
	else if (lineedit_key(&p->edit, key) == LINEEDIT_CHANGED)
		buf_clear(&p->note);
}

void prompt_draw(struct ui *ui, int y)
{
	const struct prompt *p = &ui->prompt;
	int cursor, x;

	draw_rule(&ui->screen, y, 0, COLS, PAINT_NORMAL, " ");
	draw_rule(&ui->screen, y + 1, 0, COLS, PAINT_NORMAL, " ");
	x = draw_string(&ui->screen, y, 0, COLS / 2, PAINT_KEY, p->label) + 1;
	lineedit_draw(&p->edit, &ui->screen, y, x, COLS - x, PAINT_NORMAL, &cursor);
	if (p->note.len > 0)
		draw_text(&ui->screen, y + 1, 0, COLS, PAINT_ERROR, buf_text(&p->note), p->note.len);
	else
		draw_string(&ui->screen, y + 1, 0, COLS, PAINT_DIM, "Enter writes the file  Esc leaves  ^U empties the line");
	move(y, cursor);
}
