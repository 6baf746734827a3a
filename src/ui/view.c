/* SPDX-License-Identifier: GPL-3.0-or-later
 * view: what views ask of the program: other views, messages, filter, order, marks, the clipboard. */
#include "ui/view.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ui/rc.h"

bool capture_is_marked(const struct capture *c, uint32_t flow)
{
	return flow / 8 < c->mark_bytes && (c->marks[flow / 8] >> flow % 8 & 1) != 0;
}

void capture_mark(struct capture *c, uint32_t flow, bool mark)
{
	size_t need = (size_t)flow / 8 + 1;

	if (capture_is_marked(c, flow) == mark)
		return;
	if (need > c->mark_bytes) {
		size_t room = need * 2;
		uint8_t *marks = realloc(c->marks, room);
		if (marks == NULL)
			return;
		memset(marks + c->mark_bytes, 0, room - c->mark_bytes);
		c->marks = marks;
		c->mark_bytes = room;
	}
	c->marks[flow / 8] ^= (uint8_t)(1u << flow % 8);
	c->marked += mark ? 1 : (size_t)-1;
}

void capture_unmark_all(struct capture *c)
{
	if (c->mark_bytes > 0)
		memset(c->marks, 0, c->mark_bytes);
	c->marked = 0;
}

void ui_push(struct ui *ui, struct view *v)
{
	if (v == NULL)
		ui_message(ui, PAINT_ERROR, "out of memory");
	else if (ui->depth == UI_DEPTH)
		v->ops->close(v);
	else
		ui->views[ui->depth++] = v;
	ui->dirty = true;
}

void ui_pop(struct ui *ui)
{
	struct view *v = ui->views[--ui->depth];

	v->ops->close(v);
	ui->quit = ui->quit || ui->depth == 0;
	ui->dirty = true;
}

void ui_message(struct ui *ui, enum paint paint, const char *format, ...)
{
	va_list args;

	buf_clear(&ui->message);
	ui->message_paint = paint;
	va_start(args, format);
	buf_vprintf(&ui->message, format, args);
	va_end(args);
	ui->dirty = true;
}

bool ui_set_filter(struct ui *ui, const char *text, struct buf *error, size_t *offset)
{
	struct buf kept = { 0 };

	/* Each capture has a filter of its own, since a filter keeps scratch; the text is the same, so only the first can fail by it. */
	for (size_t i = 0; i < ui->capture_count; i++) {
		struct filter *filter = filter_compile(text, error, offset);
		if (filter == NULL) {
			buf_free(&kept);
			return false;
		}
		flowset_filter(ui->captures[i].set, filter);
	}
	buf_puts(&kept, text);
	buf_free(&ui->filter);
	ui->filter = kept;
	ui->paused = false;
	ui->dirty = true;
	return true;
}

void ui_show(struct ui *ui, const char *text)
{
	struct buf error = { 0 };
	size_t offset;

	if (!ui_set_filter(ui, text, &error, &offset))
		ui_message(ui, PAINT_ERROR, "%s", buf_text(&error));
	buf_free(&error);
}

void ui_sort(struct ui *ui)
{
	for (size_t i = 0; i < ui->capture_count; i++)
		flowset_sort(ui->captures[i].set, ui->sort, ui->descending);
	ui->paused = false;
	ui->dirty = true;
}

void ui_apply_settings(struct ui *ui)
{
	const int *choice = ui->settings->choice;

	ui->panel = choice[CHOICE_PANEL] == 0; /* values in the order of CHOICE_TABLE */
	ui->time = (enum flow_time)choice[CHOICE_TIME];
	if (ui->sort != (enum flow_column_id)choice[CHOICE_SORT] || ui->descending != (choice[CHOICE_DESCENDING] == 1)) {
		ui->sort = (enum flow_column_id)choice[CHOICE_SORT];
		ui->descending = choice[CHOICE_DESCENDING] == 1;
		ui_sort(ui);
	}
	term_apply(&ui->term, ui->settings, &ui->screen);
}

void ui_copy(struct ui *ui, const char *what, const struct buf *text)
{
	if (term_copy(&ui->term, buf_text(text), text->len))
		ui_message(ui, PAINT_GOOD, "%s copied to the clipboard of your terminal (%zu bytes)", what, text->len);
	else
		ui_message(ui, PAINT_ERROR, "%s: more than a terminal takes into its clipboard (%zu bytes)", what, text->len);
}

void ui_keep(struct ui *ui, const struct rc_line *lines, size_t n)
{
	struct buf name = { 0 }, error = { 0 };

	if (n == 0)
		return;
	if (!rc_name(&name))
		buf_puts(&error, "neither XDG_CONFIG_HOME nor HOME is set");
	else
		rc_write(buf_text(&name), lines, n, &error);
	ui_message(ui, error.len > 0 ? PAINT_ERROR : PAINT_GOOD, error.len > 0 ? "not kept: %s" : "kept in %s",
	           error.len > 0 ? buf_text(&error) : buf_text(&name));
	buf_free(&name);
	buf_free(&error);
}
