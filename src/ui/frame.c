/* SPDX-License-Identifier: GPL-3.0-or-later
 * frame: title, status line and key bar around a view. */
#include "ui/frame.h"

#include <curses.h>
#include <string.h>

#include "query/field.h"
#include "ui/filterline.h"
#include "ui/prompt.h"
#include "util/clock.h"
#include "util/text.h"

static const int64_t second = 1000000000;

enum { ROWS_LEAST = 10, COLUMNS_LEAST = 40, ROOM_LEAST = 80 /* columns from which memory is told */ };

/* The last part of a path: the file's own name, made printable. */
static void add_name(struct buf *out, const char *name)
{
	const char *slash = strrchr(name, '/');

	name = slash != NULL && slash[1] != '\0' ? slash + 1 : name;
	text_add_printable(out, name, strlen(name));
}

/* How fast packets come from an interface, and what of them was lost. */
static void add_live(struct buf *out, struct session *s)
{
	struct source_counts counts;

	session_counts(s, &counts);
	buf_puts(out, "  ");
	cell_number(out, session_rate(s));
	buf_puts(out, "/s");
	if (counts.dropped_kernel + counts.dropped_interface > 0) {
		buf_puts(out, "  ");
		cell_number(out, counts.dropped_kernel + counts.dropped_interface);
		buf_puts(out, " dropped");
	}
}

static void draw_title(struct ui *ui, const struct view *v)
{
	struct capture *c = ui_capture(ui);
	struct buf left = { 0 }, right = { 0 };
	uint64_t undecoded = 0;

	buf_printf(&left, "tcpwhy  %s  ", v->ops->name);
	add_name(&left, session_name(c->session));
	if (ui->capture_count > 1)
		buf_printf(&left, " [%zu/%zu]", ui->capture + 1, ui->capture_count);
	cell_number(&right, session_packets(c->session));
	buf_puts(&right, " packets  ");
	cell_number(&right, flow_table_seen(session_flows(c->session)));
	buf_puts(&right, " flows  ");
	cell_number(&right, flow_table_resets(session_flows(c->session)));
	buf_puts(&right, " resets");
	if (flow_table_evicted(session_flows(c->session)) > 0) {
		buf_puts(&right, "  ");
		cell_number(&right, flow_table_evicted(session_flows(c->session)));
		buf_puts(&right, " let go");
	}
	if (session_live(c->session))
		add_live(&right, c->session);
	for (unsigned r = REASON_NONE + 1; r < REASON_COUNT; r++)
		undecoded += session_undecoded(c->session, (enum decode_reason)r);
	if (undecoded > 0) {
		buf_puts(&right, "  ");
		cell_number(&right, undecoded);
		buf_puts(&right, " undecoded");
	}
	/* A long file name gives way to the counts as long as enough of it is left to tell it by. */
	int room = COLS - (int)text_width(buf_text(&right), right.len) - 2;
	int used = draw_text(&ui->screen, 0, 0, room > COLS / 2 - 8 ? room : COLS, PAINT_TITLE, buf_text(&left), left.len);
	if (used + 2 < COLS)
		draw_right(&ui->screen, 0, used + 2, COLS - used - 2, PAINT_NORMAL, buf_text(&right), right.len);
	buf_free(&left);
	buf_free(&right);
}

/* What a capture without an end takes so far: "12.3M (9 %), 3.4G on disk". */
static void add_room(struct session *s, struct buf *out)
{
	if (COLS < ROOM_LEAST)
		return;
	cell_bytes(out, session_memory(s));
	if (session_memory_limit(s) > 0)
		buf_printf(out, " (%u %%)", (unsigned)((double)session_memory(s) * 100 / (double)session_memory_limit(s)));
	if (session_spooled(s) > 0) {
		buf_puts(out, ", ");
		cell_bytes(out, session_spooled(s));
		buf_puts(out, " on disk");
	}
	buf_puts(out, "  ");
}

/* "loading 34 %, 12s left" while a capture of known size is read; of what comes in by itself whether it still does. */
static void add_progress(struct ui *ui, struct buf *out)
{
	struct capture *c = ui_capture(ui);
	uint64_t done, total;

	session_progress(c->session, &done, &total);
	if (c->status == SESSION_END) {
		buf_puts(out, total != 0 ? "" : session_live(c->session) ? "capture ended  " : "end of input  ");
		return;
	}
	if (total == 0) {
		buf_puts(out, ui->paused ? "paused (p goes on)  " : session_live(c->session) ? "live  " :
			c->status == SESSION_WAIT ? "waiting for packets  " : "reading  ");
		add_room(c->session, out);
		return;
	}
	done = done < total ? done : total;
	buf_printf(out, "loading %u %%", (unsigned)((double)done * 100 / (double)total));
	int64_t elapsed = clock_ns() - ui->begun;
	if (done > 0 && elapsed > second) {
		int64_t left = (int64_t)((double)elapsed * (double)(total - done) / (double)done);
		buf_puts(out, ", ");
		cell_duration(out, left > second ? left : second);
		buf_puts(out, " left");
	}
	buf_puts(out, "  ");
}

static void draw_status(struct ui *ui, struct view *v, int y)
{
	const char *warning = session_warning(ui_capture(ui)->session);
	struct buf left = { 0 }, right = { 0 };

	add_progress(ui, &right);
	if (ui->saving != NULL)
		buf_printf(&right, "saving %u %%  ", saving_percent(ui->saving));
	if (v->ops->status != NULL)
		v->ops->status(v, &left, &right);
	enum paint paint = ui->message.len > 0 ? ui->message_paint : PAINT_STATUS;
	if (ui->message.len > 0) {
		buf_clear(&left);
		buf_puts(&left, buf_text(&ui->message));
	} else if (*warning != '\0' && v->ops->scope == SCOPE_FLOWS && ui->filter.len == 0) {
		buf_clear(&left);
		buf_puts(&left, warning);
		paint = PAINT_WARN;
	}
	draw_rule(&ui->screen, y, 0, COLS, PAINT_DIM, ui->screen.glyphs->horizontal);
	int width = (int)text_width(buf_text(&right), right.len), room = COLS - width - 6;
	if (left.len > 0 && room > 4) {
		draw_string(&ui->screen, y, 1, 1, paint, " ");
		int used = draw_text(&ui->screen, y, 2, room, paint, buf_text(&left), left.len);
		draw_string(&ui->screen, y, 2 + used, 1, paint, " ");
	}
	if (width > 0 && width + 4 < COLS) {
		/* Without colour: it changes with each move of the cursor, and colours are bytes. */
		draw_string(&ui->screen, y, COLS - width - 3, 1, PAINT_NORMAL, " ");
		draw_text(&ui->screen, y, COLS - width - 2, width, PAINT_NORMAL, buf_text(&right), right.len);
		draw_string(&ui->screen, y, COLS - 2, 1, PAINT_NORMAL, " ");
	}
	buf_free(&left);
	buf_free(&right);
}

static const char *short_key(const char *keys, char *first, size_t room)
{
	size_t n = strcspn(keys, " ");

	n = n < room - 1 ? n : room - 1;
	memcpy(first, keys, n);
	first[n] = '\0';
	return first;
}

/* Labels by importance; what has no room is left out, but for help and back, which keep theirs. */
static void draw_key_bar(struct ui *ui, const struct view *v, int y)
{
	int x = 0, kept = 7;

	for (unsigned a = 1; a < ACTION_COUNT; a++) {
		const struct key_row *row = key_row((enum action)a);
		char key[16];
		if (row->bar == NULL || (row->scopes & v->ops->scope) == 0)
			continue;
		const char *keys = keymap_keys(&ui->settings->keys, (enum action)a);
		if (*keys == '\0')
			continue;
		int width = (int)strlen(short_key(keys, key, sizeof key)) + 1 + (int)strlen(row->bar);
		int reserve = a == ACTION_HELP ? 0 : kept + 2;
		if (a != ACTION_HELP && x + width + reserve > COLS)
			continue;
		if (x + width > COLS)
			break;
		x += draw_string(&ui->screen, y, x, COLS - x, PAINT_KEY, key) + 1;
		x += draw_string(&ui->screen, y, x, COLS - x, PAINT_LABEL, row->bar) + 2;
	}
}

static void draw_too_small(struct ui *ui)
{
	struct buf text = { 0 };

	buf_printf(&text, "%dx%d: too small. tcpwhy needs %dx%d.", COLS, LINES, COLUMNS_LEAST, ROWS_LEAST);
	const char *at = buf_text(&text);
	size_t n = text.len;
	for (int y = 0; y < LINES && n > 0; y++) {
		size_t next, length = draw_break(at, n, COLS, &next);
		draw_text(&ui->screen, y, 0, COLS, PAINT_NORMAL, at, length);
		at += next;
		n -= next;
	}
	buf_free(&text);
}

void frame_draw(struct ui *ui)
{
	struct view *v = ui->views[ui->depth - 1];

	erase();
	/* The cursor is hidden, so it need not be put anywhere, but in the filter line. */
	bool typing = ui->line.active || ui->prompt.active;
	curs_set(typing ? 1 : 0);
	leaveok(stdscr, typing ? FALSE : TRUE);
	if (LINES < ROWS_LEAST || COLS < COLUMNS_LEAST) {
		draw_too_small(ui);
		return;
	}
	draw_title(ui, v);
	v->ops->draw(v, (struct area){ .y = 1, .x = 0, .h = LINES - 3, .w = COLS });
	if (typing) {
		(ui->prompt.active ? prompt_draw : filterline_draw)(ui, LINES - 2);
		return;
	}
	draw_status(ui, v, LINES - 2);
	draw_key_bar(ui, v, LINES - 1);
}

void frame_help(const struct keymap *keys, unsigned scope, struct buf *out)
{
	key_help(keys, scope, out);
	buf_puts(out,
		"Filter: terms separated by spaces; all must hold\n"
		"  word         regular expression (PCRE2) over the whole line of a flow\n"
		"  field:regex  over one field; field=text, field!=text: exactly this\n"
		"  field>n      numbers: > < >= <= = !=  with ns us ms s m h, k M G\n"
		"  !term        does not hold;  \"a b\": quotes keep a space in a term\n"
		"  Lower case finds either case; a capital letter makes it exact.\n"
		"Fields\n");
	for (size_t i = 0; field_at(i) != NULL; i++)
		buf_printf(out, "  %-16s %s\n", field_at(i)->name, field_at(i)->help);
	buf_puts(out,
		"\nSigns\n"
		"  S SA A F R   SYN, SYN ACK, ACK of the handshake, FIN, RST; between: data\n"
		"  cause?       possible only; see the alternatives in the why panel\n"
		"  +  -         evidence that supports a cause, that weakens it\n"
		"  *            marked flow; in the ladder an arrow that begins between two lines\n"
		"  x            an arrow that ends between two lines: not seen beyond\n");
}
