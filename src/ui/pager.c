/* SPDX-License-Identifier: GPL-3.0-or-later
 * pager: a text to scroll through: help, segment detail. */
#include <stdlib.h>
#include <string.h>

#include "ui/views.h"

struct pager {
	struct view view;
	char *name;
	struct view_ops ops;   /* own copy, for the name */
	struct buf text;
	size_t *starts;        /* of the lines, and the end of the text */
	size_t count;
};

static void draw(struct view *v, struct area a)
{
	struct pager *p = (struct pager *)v;
	const struct screen *s = &v->ui->screen;

	list_place(&v->list, p->count, a.h);
	for (int i = 0; i < a.h && v->list.top + (size_t)i < p->count; i++) {
		size_t line = v->list.top + (size_t)i;
		const char *text = buf_text(&p->text) + p->starts[line];
		size_t n = p->starts[line + 1] - p->starts[line] - 1;
		bool heading = n > 0 && text[0] != ' ';
		draw_skipped(s, a.y + i, a.x + 1, a.w - 2, heading ? PAINT_STRONG : PAINT_NORMAL, text, n, v->list.offset * 8);
	}
}

static bool action(struct view *v, enum action action, const char *key)
{
	(void)key;
	if (action == ACTION_HELP && strcmp(v->ops->name, "Help") == 0) {
		ui_pop(v->ui);
		return true;
	}
	return false;
}

static void status(struct view *v, struct buf *left, struct buf *right)
{
	size_t last = v->list.top + v->list.height;

	(void)left;
	buf_printf(right, "%zu-%zu of %zu", v->list.top + 1, last < v->list.count ? last : v->list.count, v->list.count);
}

static void close_pager(struct view *v)
{
	struct pager *p = (struct pager *)v;

	buf_free(&p->text);
	free(p->starts);
	free(p->name);
	free(p);
}

static bool find_lines(struct pager *p)
{
	const char *text = buf_text(&p->text);
	size_t lines = 1;

	if (p->text.len == 0 || text[p->text.len - 1] != '\n')
		buf_putc(&p->text, '\n');
	text = buf_text(&p->text);
	for (size_t i = 0; i < p->text.len; i++)
		lines += text[i] == '\n';
	p->starts = reallocarray(NULL, lines, sizeof *p->starts);
	if (p->starts == NULL || p->text.failed)
		return false;
	p->starts[0] = 0;
	for (size_t i = 0; i < p->text.len; i++)
		if (text[i] == '\n')
			p->starts[++p->count] = i + 1;
	return true;
}

struct view *pager_open(struct ui *ui, const char *name, struct buf *text)
{
	struct pager *p = calloc(1, sizeof *p);

	if (p == NULL) {
		buf_free(text);
		return NULL;
	}
	p->text = *text;
	*text = (struct buf){ 0 };
	p->name = strdup(name);
	p->ops = (struct view_ops){ .name = p->name, .scope = SCOPE_TEXT, .draw = draw, .action = action, .status = status,
		.close = close_pager };
	p->view = (struct view){ .ops = &p->ops, .ui = ui, .list.pager = true };
	if (p->name != NULL && find_lines(p)) {
		p->view.list.count = p->count; /* keys may come before the first frame */
		return &p->view;
	}
	close_pager(&p->view);
	return NULL;
}
