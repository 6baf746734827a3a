/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladderdraw: two lifelines, a row a segment; the step panel and the why panel. */
#include <stdlib.h>

#include "ui/ladderdraw.h"
#include "ui/lanes.h"
#include "ui/preview.h"
#include "util/text.h"

enum { NARROW = 60, TIME_COLUMNS = 10, CLOCK_COLUMNS = 15 };

struct layout {
	struct area header, rows, step, why;
};

static void panels_beside(const struct ui *ui, struct area a, struct layout *o)
{
	int w = a.w * 2 / 5;

	o->rows.w = a.w - w - 2;
	o->header.w = o->rows.w;
	o->step = (struct area){ a.y, a.w - w, a.h * 3 / 10, w };
	if (ui->panel)
		o->why = (struct area){ a.y + o->step.h, a.w - w, a.h - o->step.h, w };
	else
		o->step.h = a.h;
}

static bool has_verdicts(const struct ladder_view *l)
{
	for (unsigned i = 0; i < LADDER_SIGHTS; i++)
		if (l->findings[i].count > 0)
			return true;
	return false;
}

static void panels_below(const struct ladder_view *l, struct area a, struct layout *o)
{
	int step = a.h < 12 ? 3 : a.w < NARROW ? 5 : 4;
	int why = 0;

	step += (l->ladder.lines.places || lifelines_lanes(&l->ladder.lines) > 1) && a.h >= 28; /* there is more to say */
	if (l->focus_why) {
		step = 0;
		why = a.h < 12 ? a.h - 2 : a.h - a.h / 4 - 1;
	} else if (l->view.ui->panel && has_verdicts(l) && a.h >= 16)
		why = a.h * 2 / 5;
	o->rows.h = a.h - 1 - step - why;
	o->step = (struct area){ a.y + 1 + o->rows.h, a.x, step, a.w };
	o->why = (struct area){ o->step.y + step, a.x, why, a.w };
}

static struct layout lay_out(const struct ladder_view *l, struct area a)
{
	struct layout o = { .header = { a.y, a.x, 1, a.w }, .rows = { a.y + 1, a.x, a.h - 1, a.w } };

	if (a.w >= UI_WIDE)
		panels_beside(l->view.ui, a, &o);
	else
		panels_below(l, a, &o);
	return o;
}

static void draw_header(const struct ladder_view *l, const struct lanes *c, int y)
{
	static const char *const names[] = { "time", "clock", "delta" };
	const struct screen *s = &l->view.ui->screen;
	const struct flow *f = flow_table_get(session_flows(l->session), l->flow);

	draw_string(s, y, c->time_x, c->time_w, PAINT_DIM, names[l->view.ui->time]);
	lanes_draw_header(s, c, &l->ladder.lines, y);
	struct buf note = { 0 };
	if (l->ladder.unit > 0) {
		buf_puts(&note, "a line: ");
		text_add_duration(&note, l->ladder.unit);
		buf_puts(&note, "  ");
	}
	buf_puts(&note, f->roles_seen ? "relative numbers" : "roles guessed (no SYN captured)");
	draw_text(s, y, c->info_x, c->info_w, PAINT_DIM, buf_text(&note), note.len);
	buf_free(&note);
}

static void draw_time(const struct ladder_view *l, size_t index, const struct lanes *c, int y)
{
	const struct ladder_row *row = &l->ladder.rows[index];
	enum flow_time kind = l->view.ui->time;
	struct buf text = { 0 };
	size_t from = 0;

	if (kind == FLOW_TIME_DELTA && index > 0)
		for (from = index - 1; l->ladder.rows[from].kind == LADDER_GAP;)
			from--;

	if (kind == FLOW_TIME_ABSOLUTE)
		cell_clock(&text, row->time);
	else
		cell_seconds(&text, row->time - l->ladder.rows[from].time);
	draw_right(&l->view.ui->screen, y, c->time_x, c->time_w, PAINT_NORMAL, buf_text(&text), text.len);
	buf_free(&text);
}

static void add_marks(uint32_t marks, struct buf *out)
{
	/* That a RST is exact is what the reader takes for granted; which window a segment probes is in its other mark. */
	marks &= ~(uint32_t)MARK_RST_EXACT;
	bool first = true;

	for (unsigned bit = 0; bit < MARK_COUNT; bit++)
		if ((marks >> bit & 1) != 0) {
			buf_printf(out, "%s%s", first ? "" : ", ", mark_name(bit));
			first = false;
		}
}

size_t ladder_steps(const struct ladder_view *l, size_t rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows && i < l->ladder.count; i++)
		n += l->ladder.rows[i].kind != LADDER_GAP;
	return n;
}

bool ladder_row_has(const struct ladder *ladder, const struct ladder_row *row, unsigned source, uint64_t frame)
{
	for (unsigned i = 0; i < LADDER_SIGHTS; i++)
		if (row->seen[i].frame == frame && (!(ladder->lines.places || ladder->lines.legs) || i == source))
			return true;
	return false;
}

unsigned ladder_verdict_source(const struct ladder_view *l)
{
	for (unsigned i = 0; l->verdict != NULL && i < LADDER_SIGHTS; i++)
		if (l->findings[i].count > 0 && l->verdict >= l->findings[i].items && l->verdict < l->findings[i].items + l->findings[i].count)
			return i;
	return l->ladder.lines.own;
}

const struct verdict *ladder_verdict_of(const struct ladder_view *l, const struct ladder_row *row, const struct findings **all)
{
	if (row->kind != LADDER_SEGMENT || (row->flags & TCP_RST) == 0)
		return NULL;
	for (unsigned n = 0; n < LADDER_SIGHTS; n++) {
		unsigned own = l->ladder.lines.own, i = n == 0 ? own : n <= own ? n - 1 : n; /* the own first */
		for (size_t k = 0; k < l->findings[i].count; k++)
			if (ladder_row_has(&l->ladder, row, i, l->findings[i].items[k].frame)) {
				*all = &l->findings[i];
				return &l->findings[i].items[k];
			}
	}
	return NULL;
}

static void add_numbers(const struct ladder_view *l, const struct ladder_row *row, struct buf *out)
{
	if (row->kind == LADDER_FOLD) { /* how much went each way, and what was lost on it */
		cell_bytes(out, row->fold_bytes[SIDE_CLIENT]);
		buf_printf(out, "B %s  ", l->view.ui->screen.glyphs->to);
		buf_puts(out, l->view.ui->screen.utf8 ? "\u2190 " : "<- ");
		cell_bytes(out, row->fold_bytes[SIDE_SERVER]);
		buf_puts(out, row->marks != 0 ? "B, " : "B");
		add_marks(row->marks, out);
		return;
	}
	buf_printf(out, "seq %u", row->seq);
	if ((row->flags & TCP_ACK) != 0)
		buf_printf(out, " ack %u", row->ack);
	buf_printf(out, " win %u", row->window);
}

static void draw_info(const struct ladder_view *l, const struct ladder_row *row, const struct lanes *c, int y)
{
	const struct screen *s = &l->view.ui->screen;
	struct buf first = { 0 }, rest = { 0 };
	const struct findings *all;
	const struct verdict *v = ladder_verdict_of(l, row, &all);

	if (v != NULL && v->cause != NULL) {
		buf_printf(&first, "%s%s", cause_id(v->cause), v->confidence == CONFIDENCE_POSSIBLE ? "?" : "");
		if (v->role != ROLE_PRIMARY)
			buf_printf(&first, " (%s)", role_name(v->role));
	} else if (row->kind == LADDER_SEGMENT)
		add_marks(row->marks, &first);
	add_numbers(l, row, &rest);
	int skip = l->view.list.offset * 8, x = c->info_x;
	x += draw_skipped(s, y, x, c->info_w, v != NULL ? PAINT_BAD : PAINT_WARN, buf_text(&first), first.len, skip);
	int width = (int)text_width(buf_text(&first), first.len);
	skip = skip > width ? skip - width : 0;
	x += x > c->info_x ? 2 : 0;
	if (x + 6 < c->info_x + c->info_w)
		draw_skipped(s, y, x, c->info_x + c->info_w - x, PAINT_NORMAL, buf_text(&rest), rest.len, skip);
	buf_free(&first);
	buf_free(&rest);
}

static void draw_rows(struct ladder_view *l, struct area a, const struct lanes *c)
{
	const struct screen *s = &l->view.ui->screen;
	struct list *list = &l->view.list;

	list_place(list, l->ladder.count, a.h);
	list->offset = list->offset < 12 ? list->offset : 12;
	l->rows = a;
	for (int i = 0; i < a.h; i++) {
		size_t index = list->top + (size_t)i;
		if (index >= list->count) {
			lanes_draw_lifelines(s, c, a.y + i);
			continue;
		}
		const struct ladder_row *row = &l->ladder.rows[index];
		if (index == list->cursor)
			draw_string(s, a.y + i, a.x, 1, l->focus_why ? PAINT_DIM : PAINT_MARKER, ">");
		if (row->kind == LADDER_GAP) {
			lanes_draw_gap(s, c, row->broken, a.y + i);
			continue;
		}
		draw_time(l, index, c, a.y + i);
		lanes_draw_arrow(s, c, row, a.y + i);
		if (c->info_w > 0)
			draw_info(l, row, c, a.y + i);
	}
}

static void add_state(struct buf *out, const struct ladder_view *l, const struct ladder_row *row, enum side side)
{
	const struct ui *ui = l->view.ui;

	buf_printf(out, "%s %s", ladder_row_end(row, side), tcp_state_name((enum tcp_state)row->state_before[side]));
	if (row->state_before[side] != row->state_after[side])
		buf_printf(out, " %s %s", ui->screen.glyphs->to, tcp_state_name((enum tcp_state)row->state_after[side]));
	/* States are those that the segments make; a reset that the verdict takes for forged is not that of the end which it names. */
	const struct findings *all;
	const struct verdict *v = (row->flags & TCP_RST) != 0 && row->from == side ? ladder_verdict_of(l, row, &all) : NULL;
	if (v != NULL && v->mechanism == MECHANISM_THIRD_PARTY && v->emitter == EMITTER_MIDDLEBOX)
		buf_puts(out, " (not its own)");
}

/* Lines of text into an area, wrapped; returns the rows used. */
static int draw_wrapped(const struct screen *s, struct area a, enum paint paint, const struct buf *text)
{
	const char *at = buf_text(text);
	size_t n = text->len;
	int y = 0;

	for (; y < a.h && n > 0; y++) {
		size_t next, length = draw_break(at, n, a.w, &next);
		if (y + 1 == a.h)
			length = n; /* the last row shows by its mark that there is more */
		draw_text(s, a.y + y, a.x, a.w, paint, at, length);
		at += next;
		n -= next;
	}
	return y;
}

/* What this machine's kernel says now, beside what the segments show: where there is room with a line of its own, else behind the state. */
static void add_kernel(const struct ladder_view *l, enum side side, bool behind, struct buf *out)
{
	const struct lifelines *lines = &l->ladder.lines;

	if (l->kernel[side].len == 0)
		return;
	if (behind)
		buf_puts(out, "; kernel: ");
	else
		buf_printf(out, "%s's kernel now: ", lines->legs ? lines->line[lines->own + (side == SIDE_SERVER)].what : side == SIDE_CLIENT ? "client" : "server");
	buf_puts(out, buf_text(&l->kernel[side]));
}

static void draw_below_states(const struct ladder_view *l, const struct ladder_row *row, struct area a)
{
	const struct screen *s = &l->view.ui->screen;
	struct buf text = { 0 };

	add_numbers(l, row, &text);
	draw_text(s, a.y, a.x, a.w, PAINT_NORMAL, buf_text(&text), text.len);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER && a.h > 1; side++) {
		buf_clear(&text);
		add_kernel(l, side, false, &text);
		int used = draw_wrapped(s, (struct area){ a.y + 1, a.x, a.h - 1, a.w }, PAINT_STATUS, &text);
		a.y += used;
		a.h -= used;
	}
	buf_free(&text);
}

static void draw_step(const struct ladder_view *l, struct area a)
{
	const struct ui *ui = l->view.ui;
	const struct list *list = &l->view.list;
	struct buf text = { 0 }, states[2] = { { 0 }, { 0 } };

	if (a.h < 2 || list->count == 0)
		return;
	const struct ladder_row *row = &l->ladder.rows[list->cursor];
	buf_printf(&text, "Step %zu of %zu, ", ladder_steps(l, list->cursor + 1), ladder_steps(l, list->count));
	if (row->frame != 0)
		buf_printf(&text, "frame %llu", (unsigned long long)row->frame);
	else
		buf_puts(&text, "not in this capture");
	draw_titled_rule(&ui->screen, a, PAINT_LABEL, buf_text(&text));
	buf_clear(&text);
	ladder_explain_row(row, &text);
	way_explain(&l->ladder.lines, row, &text);
	add_state(&states[0], l, row, SIDE_CLIENT);
	add_state(&states[1], l, row, SIDE_SERVER);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER && a.h <= 7; side++)
		add_kernel(l, side, true, &states[side]);
	bool one = (int)(text_width(buf_text(&states[0]), states[0].len) + 3 + text_width(buf_text(&states[1]), states[1].len)) < a.w - 1;
	int lines = one ? 1 : 2, x = a.x + 1, w = a.w - 2, room = a.h - 1 - lines;
	if (room < 1) { /* very low: what it does matters more than the server's state */
		lines = a.h - 2;
		room = 1;
	}
	/* On a low screen states keep the last rows; where there is plenty they follow the text. */
	int used = draw_wrapped(&ui->screen, (struct area){ a.y + 1, x, room, w }, PAINT_NORMAL, &text);
	int y = a.h > 6 ? a.y + 1 + used : a.y + a.h - lines;
	if (lines > 0)
		draw_text(&ui->screen, y, x, w, PAINT_STATUS, buf_text(&states[0]), states[0].len);
	if (one)
		draw_text(&ui->screen, y, x + (int)text_width(buf_text(&states[0]), states[0].len) + 3, w, PAINT_STATUS, buf_text(&states[1]),
		          states[1].len);
	else if (lines > 1)
		draw_text(&ui->screen, y + 1, x, w, PAINT_STATUS, buf_text(&states[1]), states[1].len);
	if (a.h > 7)
		draw_below_states(l, row, (struct area){ y + lines, x, a.y + a.h - y - lines, w });
	buf_free(&text);
	buf_free(&states[0]);
	buf_free(&states[1]);
}

/* Of the flow that was opened; where that has none, of the next stretch. */
static const struct verdict *primary_of(const struct ladder_view *l)
{
	const struct verdict *primary = NULL;

	for (unsigned i = 0; i < l->ladder.lines.sources; i++)
		if (l->findings[i].count > 0 && (primary == NULL || i == l->ladder.lines.own))
			primary = findings_primary(&l->findings[i]);
	return primary;
}

/* The reset under the cursor, else the primary one. */
static void choose_verdict(struct ladder_view *l)
{
	const struct findings *all;
	const struct verdict *verdict = NULL;

	if (l->view.list.cursor < l->ladder.count)
		verdict = ladder_verdict_of(l, &l->ladder.rows[l->view.list.cursor], &all);
	if (verdict == NULL)
		verdict = primary_of(l);
	if (verdict == l->verdict && l->why.count > 0)
		return;
	l->verdict = verdict;
	l->why_list.cursor = l->why_list.top = 0;
	free(l->wrapped);
	l->wrapped = NULL;
	if (verdict != NULL)
		why_build(&l->why, verdict, l->view.ui->screen.glyphs->bullet);
	else {
		struct buf text = { 0 };
		preview_no_reset(session_flows(l->session), l->flow, &text);
		why_plain(&l->why, buf_text(&text));
		buf_free(&text);
	}
}

/* "Why: reset 1 of 3, primary": counted on its own stretch; of another place with its name. */
static void add_why_title(const struct ladder_view *l, struct buf *out)
{
	const struct lifelines *lines = &l->ladder.lines;
	unsigned source = ladder_verdict_source(l);
	const struct findings *f = &l->findings[source];

	buf_puts(out, "Why");
	if (l->verdict == NULL)
		return;
	buf_printf(out, ": reset %zu of %zu, %s", (size_t)(l->verdict - f->items) + 1, f->count, role_name(l->verdict->role));
	if (lines->places)
		buf_printf(out, ", at %s", lines->line[source].what);
	buf_puts(out, l->focus_why ? "" : "  (Tab)");
}

static void draw_why(struct ladder_view *l, struct area a)
{
	const struct screen *s = &l->view.ui->screen;
	struct buf title = { 0 };
	size_t count;

	if (!l->focus_why)
		choose_verdict(l);
	l->why_rows = (struct area){ 0 };
	if (a.h < 2)
		return;
	add_why_title(l, &title);
	draw_titled_rule(s, a, PAINT_LABEL, buf_text(&title));
	buf_free(&title);
	free(l->wrapped);
	struct why_row *rows = l->wrapped = why_wrap(&l->why, a.w - 3, &count);
	list_place(&l->why_list, count, a.h - 1);
	l->why_rows = (struct area){ a.y + 1, a.x, a.h - 1, a.w };
	for (int i = 0; i + 1 < a.h && l->why_list.top + (size_t)i < count; i++) {
		size_t index = l->why_list.top + (size_t)i;
		if (l->focus_why && index == l->why_list.cursor)
			draw_string(s, a.y + 1 + i, a.x, 1, PAINT_MARKER, ">");
		why_draw_row(s, &l->why, &rows[index], a.y + 1 + i, a.x + 2, a.w - 3);
	}
	if (l->why_list.top + l->why_list.height < count)
		draw_string(s, a.y + a.h - 1, a.x + a.w - 1, 1, PAINT_DIM, s->glyphs->cut);
}

void ladder_draw(struct ladder_view *l, struct area a)
{
	const struct screen *s = &l->view.ui->screen;

	if (!l->readable || l->ladder.count == 0) {
		draw_string(s, a.y + 1, a.x + 2, a.w - 2, PAINT_ERROR, "The packets of this flow cannot be read again.");
		return;
	}
	struct layout o = lay_out(l, a);
	struct lanes c = lanes_lay_out(o.rows, l->view.ui->time == FLOW_TIME_ABSOLUTE ? CLOCK_COLUMNS : TIME_COLUMNS, l->ladder.lines.count);
	draw_header(l, &c, o.header.y);
	draw_rows(l, o.rows, &c);
	draw_step(l, o.step);
	draw_why(l, o.why);
	if (a.w >= UI_WIDE)
		draw_column(s, a.y, o.step.x - 1, a.h, PAINT_DIM, s->glyphs->vertical);
}
