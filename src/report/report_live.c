/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_live: which flows of a live capture are written when: once they have ended and nothing follows, or have fallen silent. */
#include "report/report_live.h"

#include <stdlib.h>

#include "report/report_csv.h"
#include "report/report_json.h"
#include "report/report_text.h"

/* After its end a flow may still draw resets (repeats, echoes): they come within seconds. */
#define ENDED_NS INT64_C(5000000000)
#define SILENT_NS INT64_C(120000000000)
#define FORGET_NS INT64_C(300000000000)

static bool take_new(struct report *r, uint32_t count)
{
	size_t need = r->live_count + (count - r->live_next);
	if (need > r->live_room) {
		size_t room = need > r->live_room * 2 ? need : r->live_room * 2;
		struct live_flow *live = realloc(r->live, room * sizeof *live);
		if (live == NULL)
			return false;
		r->live = live;
		r->live_room = room;
	}
	while (r->live_next < count)
		r->live[r->live_count++] = (struct live_flow){ .flow = r->live_next++ };
	return true;
}

static bool has_ended(const struct flow *f)
{
	enum flow_state state = flow_state(f);
	return state == FLOW_CLOSED || state == FLOW_REFUSED || state == FLOW_RESET;
}

/* Is it time to write the flow? */
static bool is_due(const struct session *s, const struct flow *f, bool ended, int64_t now, enum live_flows which, bool goes)
{
	if (which == LIVE_LET_GO)
		return goes;
	if (which == LIVE_PACKETS_GO)
		return f->rst > 0 && session_packets_go(s, f);
	return which == LIVE_ALL || now - f->last >= (ended ? ENDED_NS : SILENT_NS);
}

void report_live_flows(struct report *r, struct session *s, enum live_flows which)
{
	static void (*const formats[])(struct report *, struct session *, struct flow_view *, struct live_flow *) = {
		[REPORT_TEXT] = report_text_flow, [REPORT_JSON] = report_json_flow, [REPORT_CSV] = report_csv_flow,
	};
	const struct flow_table *table = session_flows(s);
	struct flow_view view = { .session = s, .table = table };
	int64_t now = session_clock(s);
	size_t kept = 0;
	uint32_t spared = 0; /* flows that will move on, as flow_table_evict() does it */
	if (r->live_next < flow_table_first(table))
		r->live_next = flow_table_first(table);
	if (!take_new(r, flow_table_count(table))) {
		r->text.failed = true;
		return;
	}
	for (size_t i = 0; i < r->live_count; i++) {
		struct live_flow *l = &r->live[i];
		if (l->flow < flow_table_first(table))
			continue; /* let go: written then, or moved to another number */
		const struct flow *f = flow_table_get(table, l->flow);
		bool ended = has_ended(f), news = f->segments[0] + f->segments[1] != l->segments;
		bool below = l->flow < flow_table_evicts_before(table);
		bool moves = below && spared < flow_table_moves_most() && flow_table_lives(f, now), goes = below && !moves;
		spared += moves;
		r->letting_go = which == LIVE_LET_GO && goes && !ended;
		if (news && is_due(s, f, ended, now, which, goes) && !r->write_failed && !r->text.failed)
			formats[r->options.format](r, s, &view, l);
		r->letting_go = false;
		/* an ended one is watched a while longer for what still comes, and until it was written */
		if (!ended || now - f->last < FORGET_NS || f->segments[0] + f->segments[1] != l->segments)
			r->live[kept++] = *l;
	}
	r->live_count = kept;
}
