/* SPDX-License-Identifier: GPL-3.0-or-later
 * plot_text: a flow's time-sequence graph as text. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ladder/export.h"
#include "ladder/plot.h"
#include "util/text.h"

enum { AXIS = 8 /* columns for numbers */, WIDTH = 80, PLOT_HEIGHT = 10 };

/* Spaces that end a line are left out. */
static void add_line(const struct plot *p, int y, bool utf8, struct buf *out)
{
	size_t end = 0, first = (size_t)y * (size_t)p->w;
	struct buf line = { 0 };

	for (size_t i = 0; i < (size_t)p->w; i++) {
		char cell[4];
		plot_cell(p, first + i, utf8, cell);
		buf_puts(&line, cell);
		end = cell[0] != ' ' ? line.len : end;
	}
	buf_add(out, buf_text(&line), end);
	buf_putc(out, '\n');
	out->failed |= line.failed;
	buf_free(&line);
}

/* Its lines with what stands before them: the most and the least number, and who sent. */
static void add_plot(const struct plot *p, enum side side, bool utf8, struct buf *out)
{
	for (int y = 0; y < p->h; y++) {
		struct buf label = { 0 };
		if (y == 0 || y == p->h - 1)
			text_add_bytes(&label, y == 0 ? p->most : p->least);
		else if (y == 1)
			buf_puts(&label, side == SIDE_CLIENT ? "client" : "server");
		buf_printf(out, "%*s%s", AXIS, buf_text(&label), utf8 ? "│" : "|");
		out->failed |= label.failed;
		buf_free(&label);
		add_line(p, y, utf8, out);
	}
}

/* "0.200000", "1.500000 s": ns */
static void add_seconds(struct buf *out, uint64_t ns, const char *unit)
{
	buf_printf(out, "%" PRIu64 ".%06" PRIu64 "%s", ns / 1000000000, ns / 1000 % 1000000, unit);
}

static void add_times(const struct timeseq *t, uint64_t from, uint64_t to, struct buf *out)
{
	struct buf begin = { 0 }, end = { 0 };

	add_seconds(&begin, from, "");
	add_seconds(&end, to, " s");
	buf_printf(out, "%*s%s%*s\n", AXIS + 1, "", from > 0 ? buf_text(&begin) : "0", WIDTH - AXIS - 1 - (from > 0 ? (int)begin.len : 1),
	           buf_text(&end));
	buf_printf(out, "%*sbytes over time, with their ACKs  " PLOT_LEGEND "\n", 2, "");
	if (t->step > 1)
		buf_printf(out, "  Drawn: 1 of %" PRIu32 " of the ordinary segments.\n", t->step);
	out->failed |= begin.failed || end.failed;
	buf_free(&begin);
	buf_free(&end);
}

static void add_title(uint32_t flow, const struct flow *f, struct buf *out)
{
	struct lifeline ends[2] = { { .port = flow_port(f, SIDE_CLIENT) }, { .port = flow_port(f, SIDE_SERVER) } };

	memcpy(ends[0].address, flow_address(f, SIDE_CLIENT), sizeof ends[0].address);
	memcpy(ends[1].address, flow_address(f, SIDE_SERVER), sizeof ends[1].address);
	ladder_add_title(flow, f, &ends[0], &ends[1], out);
}

bool ladder_export_graph(struct session *s, uint32_t flow, uint64_t from, uint64_t to, bool utf8, struct buf *out)
{
	static const enum side sides[] = { SIDE_CLIENT, SIDE_SERVER };
	const struct flow *f = flow_table_get(session_flows(s), flow);
	struct timeseq t;

	if (f == NULL)
		return false;
	bool good = timeseq_build(s, flow, &t);
	uint64_t whole = t.count > 0 ? (uint64_t)timeseq_duration(&t) : 0;
	from = from < whole ? from : 0;
	to = to > from && to < whole ? to : whole;
	add_title(flow, f, out);
	for (size_t i = 0; i < 2 && t.count > 0; i++) {
		int64_t first = t.points[0].time;
		struct plot p;
		bool built = plot_build(&t, sides[i], first + (int64_t)from, first + (int64_t)to, WIDTH - AXIS - 1, PLOT_HEIGHT, &p);
		if (built)
			add_plot(&p, sides[i], utf8, out);
		plot_free(&p);
		good = good && built;
	}
	if (t.count > 0)
		add_times(&t, from, to, out);
	timeseq_free(&t);
	return good;
}
