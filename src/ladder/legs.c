/* SPDX-License-Identifier: GPL-3.0-or-later
 * legs: rows of both legs, in order of time. */
#include "ladder/legs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ladder/rows.h"
#include "util/text.h"
#include "vantage/vantage.h"

static bool find_legs(struct session *s, uint32_t flow, struct legs *out, struct session *sessions[2])
{
	struct vantage *v = vantage_of(s);
	struct legs_scope alone = { .sessions = &s, .count = 1 };
	bool found = v != NULL ? vantage_legs(v, vantage_point(v, s), flow, out) : legs_find(&alone, 0, flow, out);
	for (unsigned leg = 0; found && leg < 2; leg++)
		sessions[leg] = v != NULL ? vantage_session(v, out->point[leg]) : s;
	return found;
}

static struct lifeline line_of(const char *what, const struct flow *f, enum side side)
{
	struct lifeline l = { .what = what, .port = flow_port(f, side) };
	memcpy(l.address, flow_address(f, side), sizeof l.address);
	return l;
}

static const char *middle_of(const struct legs *legs)
{
	return legs->sure == CONFIDENCE_POSSIBLE ? "host" : "proxy";
}

static void set_lines(const struct legs *legs, struct session *const sessions[2], struct lifelines *out)
{
	const struct flow *f[2];
	for (unsigned leg = 0; leg < 2; leg++) {
		out->session[leg] = sessions[leg];
		out->flow[leg] = legs->flow[leg];
		f[leg] = flow_table_get(session_flows(sessions[leg]), legs->flow[leg]);
	}
	out->line[0] = line_of("client", f[0], SIDE_CLIENT);
	out->line[1] = line_of(middle_of(legs), f[0], SIDE_SERVER);
	out->line[2] = line_of("server", f[1], SIDE_SERVER);
	out->count = 3;
	out->sources = 2;
	out->own = legs->own;
	out->legs = true;
	out->legs_sure = (uint8_t)legs->sure;
	out->legs_passed = (unsigned)legs->passed_count;
	out->legs_clock = legs->clock.known ? legs->clock.uncertainty : -1;
}

/* A leg's rows as they stand in the picture. */
static void place(struct rows *r, unsigned leg, const struct legs *legs)
{
	for (size_t i = 0; i < r->count; i++) {
		struct ladder_row *row = &r->items[i];
		if (leg != legs->own && legs->clock.known) {
			row->time = clock_here(&legs->clock, row->time);
			row->seen[0].time = row->time;
		}
		row->seen[leg] = row->seen[0];
		row->seen[!leg] = (struct ladder_sight){ 0 };
		unsigned left = 2 * leg, right = left + 2;
		row->ends[SIDE_CLIENT] = leg == 0 ? "client" : middle_of(legs);
		row->ends[SIDE_SERVER] = leg == 0 ? middle_of(legs) : "server";
		row->begin = (uint8_t)(row->from == SIDE_CLIENT ? left : right);
		row->end = (uint8_t)(row->from == SIDE_CLIENT ? right : left);
	}
}

static void note_passed(struct rows rows[2], const struct legs *legs)
{
	for (size_t i = 0; i < legs->passed_count; i++) {
		const struct leg_pass *p = &legs->passed[i];
		for (unsigned leg = 0; leg < 2; leg++) {
			if (p->ordinal[0] >= rows[0].count || p->ordinal[1] >= rows[1].count)
				continue;
			rows[leg].items[p->ordinal[leg]].passed_frame = p->frame[!leg];
			rows[leg].items[p->ordinal[leg]].passed_time = rows[!leg].items[p->ordinal[!leg]].time;
		}
	}
}

/* Those of the other capture have no frame in this one. */
static void hand_on(struct rows rows[2], const struct lifelines *l, ladder_take *take, void *context)
{
	size_t at[2] = { 0, 0 };
	bool more = true, apart = l->session[0] != l->session[1];
	while (more && (at[0] < rows[0].count || at[1] < rows[1].count)) {
		unsigned leg = at[0] == rows[0].count || (at[1] < rows[1].count && rows[1].items[at[1]].time < rows[0].items[at[0]].time);
		struct ladder_row *row = &rows[leg].items[at[leg]++];
		row->frame = apart && leg != l->own ? 0 : row->frame;
		more = take(context, row);
	}
}

bool legs_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context, bool *whole)
{
	struct legs *legs = malloc(sizeof *legs);
	struct session *sessions[2];
	struct rows rows[2] = { 0 };
	bool good = legs != NULL && flow_table_get(session_flows(s), flow) != NULL && session_hops(s, flow, lines->flow) == 1 && find_legs(s, flow, legs, sessions);
	*whole = true;
	for (unsigned leg = 0; good && leg < 2; leg++) {
		*whole = ladder_stream(sessions[leg], legs->flow[leg], rows_collect, &rows[leg]) && !rows[leg].failed && *whole;
		good = !rows[leg].too_many;
		place(&rows[leg], leg, legs);
	}
	if (good) {
		note_passed(rows, legs);
		set_lines(legs, sessions, lines);
		hand_on(rows, lines, take, context);
	} else {
		*lines = (struct lifelines){ 0 };
	}
	free(rows[0].items);
	free(rows[1].items);
	free(legs);
	return good;
}

void legs_explain(const struct lifelines *l, const struct ladder_row *r, struct buf *out)
{
	if (r->kind != LADDER_SEGMENT || r->passed_frame == 0)
		return;
	int64_t after = r->passed_time - r->time;
	buf_puts(out, after >= 0 ? " Its payload went on" : " Its payload came");
	if (l->session[0] != l->session[1])
		buf_puts(out, " in the other capture");
	buf_printf(out, after >= 0 ? " as frame %" PRIu64 ", after " : " with frame %" PRIu64 ", ", r->passed_frame);
	text_add_duration(out, after >= 0 ? after : -after);
	buf_puts(out, after >= 0 ? "." : " before.");
}

void legs_name(const struct lifelines *l, struct buf *out)
{
	if (l->legs_sure == CONFIDENCE_POSSIBLE)
		buf_puts(out, "two connections of one host");
	else
		buf_printf(out, "two connections of one proxy (%s)", confidence_name((enum confidence)l->legs_sure));
}

void legs_describe(const struct lifelines *l, struct buf *out)
{
	legs_name(l, out);
	if (l->legs_sure == CONFIDENCE_POSSIBLE)
		buf_puts(out, ": it opened the second right after the first spoke, and no other then; "
		              "no payload shows that one serves the other");
	else
		buf_printf(out, ": %u payload%s went on unchanged", l->legs_passed, l->legs_passed == 1 ? "" : "s");
	if (l->legs_clock >= 0) {
		buf_puts(out, "; the other capture's clock is told give or take ");
		text_add_duration(out, l->legs_clock);
	}
}
