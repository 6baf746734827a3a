/* SPDX-License-Identifier: GPL-3.0-or-later
 * svg: a flow's ladder as a picture: lifelines, arrows that slope with time's direction, readable without colours. */
#include <inttypes.h>

#include "ladder/export.h"
#include "util/text.h"

/* Pixels. */
enum { LEFT = 170, LANE = 400, LANE_NARROW = 280, NOTES = 430, TOP = 70, ROW = 26, SLOPE = 8, HEAD = 7, TEXT_SIZE = 13 };

static const char style[] =
	"<style>\n"
	"text { font: 13px monospace; fill: #222 }\n"
	"line, path { stroke: #444; fill: none }\n"
	".client { stroke: #1a5fb4 } .server { stroke: #a05a00 } .rst { stroke: #c01c28; stroke-width: 2 }\n"
	".fold { stroke: #888; stroke-dasharray: 3 4 } .life { stroke: #aaa } .dim { fill: #666 } .bad { fill: #c01c28; font-weight: bold }\n"
	"</style>\n";

static void add_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '&': buf_puts(out, "&amp;"); break;
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		default: buf_putc(out, *text);
		}
	}
}

static void add_text(struct buf *out, int x, int y, const char *attributes, const struct buf *text)
{
	buf_printf(out, "<text x=\"%d\" y=\"%d\"%s>", x, y, attributes);
	add_escaped(out, buf_text(text));
	out->failed |= text->failed;
	buf_puts(out, "</text>\n");
}

static int lane_width(const struct lifelines *l)
{
	return l->count > 2 ? LANE_NARROW : LANE;
}

/* Of an end of an arrow, which may stand between two lifelines. */
static int x_of(const struct lifelines *l, unsigned half)
{
	return LEFT + (int)half * lane_width(l) / 2;
}

static int right_of(const struct lifelines *l)
{
	return x_of(l, 2 * lifelines_lanes(l));
}

static void add_head(const struct lifelines *l, uint32_t flow, int bottom, struct buf *out)
{
	struct buf text = { 0 };

	buf_printf(&text, "Flow %" PRIu32, flow);
	add_text(out, 10, 24, "", &text);
	for (unsigned i = 0; i < l->count; i++) {
		int x = x_of(l, 2 * i);
		buf_clear(&text);
		buf_puts(&text, l->line[i].what);
		if (l->line[i].port != 0) {
			buf_putc(&text, ' ');
			text_add_endpoint(&text, l->line[i].address, l->line[i].port);
		}
		add_text(out, x, TOP - 24, " text-anchor=\"middle\"", &text);
		buf_printf(out, "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", x, TOP - 14, x, bottom);
	}
	buf_free(&text);
}

static void add_arrow(const struct ladder_row *r, const struct lifelines *l, int y, struct buf *out)
{
	bool right = r->from == SIDE_CLIENT;
	int from = x_of(l, r->begin), to = x_of(l, r->end), back = right ? -HEAD : HEAD;
	const char *class = (r->flags & TCP_RST) != 0 ? "rst" : right ? "client" : "server";

	buf_printf(out, "<path class=\"%s\" d=\"M%d %d L%d %d m%d %d L%d %d L%d %d\"/>\n", class, from, y, to, y + SLOPE, back, -5, to, y + SLOPE,
	           to + back, y + SLOPE + 5);
}

static void add_note(const struct ladder_row *r, struct buf *text)
{
	if (r->kind == LADDER_FOLD) {
		buf_puts(text, "client ");
		text_add_bytes(text, r->fold_bytes[SIDE_CLIENT]);
		buf_puts(text, ", server ");
		text_add_bytes(text, r->fold_bytes[SIDE_SERVER]);
		return;
	}
	buf_printf(text, "seq %" PRIu32, r->seq);
	if ((r->flags & TCP_ACK) != 0)
		buf_printf(text, " ack %" PRIu32, r->ack);
	for (unsigned bit = 0; bit < MARK_COUNT; bit++)
		if ((r->marks >> bit & 1) != 0)
			buf_printf(text, ", %s", mark_name(bit));
}

/* A gap that is not to scale says how long it is. */
static void add_gap(const struct ladder_row *r, const struct lifelines *l, int y, struct buf *out)
{
	struct buf text = { 0 };

	if (r->broken == 0)
		return;
	text_add_duration(&text, r->broken);
	buf_puts(&text, ", not to scale");
	add_text(out, (LEFT + right_of(l)) / 2, y + 4, " class=\"dim\" text-anchor=\"middle\"", &text);
	buf_free(&text);
}

static void add_row(const struct ladder_row *r, const struct lifelines *l, int64_t first, int y, struct buf *out)
{
	struct buf text = { 0 };
	int64_t us = (r->time - first) / 1000;
	int middle = (x_of(l, r->begin) + x_of(l, r->end)) / 2;

	buf_printf(&text, "%s%" PRId64 ".%06" PRId64, us < 0 ? "-" : "", (us < 0 ? -us : us) / 1000000, (us < 0 ? -us : us) % 1000000);
	add_text(out, LEFT - 60, y + 4, " class=\"dim\" text-anchor=\"end\"", &text);
	if (r->kind == LADDER_FOLD)
		buf_printf(out, "<line class=\"fold\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", LEFT, y + 4, right_of(l), y + 4);
	else
		add_arrow(r, l, y, out);
	buf_clear(&text);
	ladder_row_label(r, &text);
	add_text(out, middle, y - 1, (r->flags & TCP_RST) != 0 ? " class=\"bad\" text-anchor=\"middle\"" : " text-anchor=\"middle\"",
	         &text);
	buf_clear(&text);
	add_note(r, &text);
	add_text(out, right_of(l) + 14, y + 8, " class=\"dim\"", &text);
	buf_free(&text);
}

bool ladder_export_svg(struct session *s, uint32_t flow, const struct ladder_options *options, struct buf *out)
{
	struct ladder l;
	bool whole = ladder_build(s, flow, options, &l);
	int bottom = TOP + (int)l.count * ROW + SLOPE, width = right_of(&l.lines) + NOTES;

	if (flow_table_get(session_flows(s), flow) == NULL)
		return false;
	buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n%s", width,
	           bottom + TEXT_SIZE, width,
	           bottom + TEXT_SIZE, style);
	buf_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, bottom + TEXT_SIZE);
	add_head(&l.lines, flow, bottom, out);
	for (size_t i = 0; i < l.count; i++)
		if (l.rows[i].kind == LADDER_GAP)
			add_gap(&l.rows[i], &l.lines, TOP + (int)i * ROW, out);
		else
			add_row(&l.rows[i], &l.lines, l.rows[0].time, TOP + (int)i * ROW, out);
	buf_puts(out, "</svg>\n");
	ladder_free(&l);
	return whole;
}
