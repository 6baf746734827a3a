/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_text: the report for a ticket: a summary of the capture, then why its connections were reset, worst first. Connections that
 * share a cause and a server are explained once and then listed. */
#include "report/report_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/lines.h"
#include "util/array.h"
#include "util/radix.h"
#include "util/text.h"

enum {
	FULL_PER_CAUSE = 5,  /* explained in full: flows to as many different servers */
	LISTED_PER_CAUSE = 20,
	FRAMES_PER_ROLE = 12, /* frame numbers listed of further resets in one flow */
	TIME_BINS = 10,
	OVER_TIME_LEAST = 10 /* connections: fewer are read one by one */
};

/* A flow with resets, as far as the order of the report needs it. */
struct item {
	uint32_t flow;
	uint32_t cause;     /* index in the catalogue */
	uint64_t frame;
	uint8_t severity, confidence;
};

struct items {
	struct item *at;
	size_t count, room;
};

static bool items_add(struct items *items, const struct item *item)
{
	struct item *at = array_grow(items->at, items->count, &items->room, sizeof *at, 64);
	if (at == NULL)
		return false;
	items->at = at;
	items->at[items->count++] = *item;
	return true;
}

/* Worst first, then in the order of the catalogue; the flows of each, which came in order, stay so. False: out of memory. */
static bool items_sort(struct items *items)
{
	size_t n = items->count;
	struct radix_pair *pairs = malloc((n + 1) * sizeof *pairs), *spare = malloc((n + 1) * sizeof *spare);
	struct item *sorted = malloc((n + 1) * sizeof *sorted);
	bool good = pairs != NULL && spare != NULL && sorted != NULL;
	if (good) {
		for (size_t i = 0; i < n; i++)
			pairs[i] = (struct radix_pair){ (uint64_t)(SEVERITY_PROBLEM - items->at[i].severity) << 32 | items->at[i].cause, (uint32_t)i };
		const struct radix_pair *order = radix_sort(pairs, spare, n);
		for (size_t i = 0; i < n; i++)
			sorted[i] = items->at[order[i].place];
		free(items->at);
		items->at = sorted;
	} else {
		free(sorted);
	}
	free(pairs);
	free(spare);
	return good;
}

/* Counts a flow and its resets. items: notes it there, if it has any, to be told of; NULL: not. */
static void collect_flow(struct report *r, struct session *s, struct flow_view *view, uint32_t number, struct items *items)
{
	const struct flow *f = flow_table_get(view->table, number);
	struct findings found = { 0 };
	if (!report_wants(r, view, number))
		return;
	counts_flow(&r->capture, f);
	if (f->rst == 0)
		return;
	if (!session_judge(s, number, 0, &found))
		r->reread_failed = true;
	for (size_t i = 0; i < found.count; i++)
		report_count_reset(r, &found.items[i]);
	const struct verdict *v = findings_primary(&found);
	if (items != NULL) {
		report_note(r, number, &found);
		if (v && !items_add(items, &(struct item){ number, (uint32_t)report_cause_index(r, v->cause), v->frame, (uint8_t)v->severity,
		                                           (uint8_t)v->confidence }))
			r->text.failed = true;
	}
	findings_free(&found);
}

void report_text_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written)
{
	const struct flow *f = flow_table_get(view->table, written->flow);
	written->segments = f->segments[SIDE_CLIENT] + f->segments[SIDE_SERVER];
	collect_flow(r, s, view, written->flow, NULL);
}

/* First pass: counts every flow and reset, and notes the flows with resets. */
static void collect(struct report *r, struct session *s, struct items *items)
{
	const struct flow_table *table = session_flows(s);
	struct flow_view view = { .session = s, .table = table };
	uint32_t count = flow_table_count(table);
	for (uint32_t number = flow_table_first(table); number < count; number++)
		collect_flow(r, s, &view, number, items);
}

static void put_summary(struct report *r, struct session *s)
{
	const struct counts *c = &r->capture;
	struct buf *out = &r->text;
	struct buf line = { 0 };
	text_add_printable(out, session_name(s), strlen(session_name(s)));
	if (strcmp(session_vantage(s), session_name(s)) != 0) {
		buf_puts(out, " (captured at ");
		text_add_printable(out, session_vantage(s), strlen(session_vantage(s)));
		buf_putc(out, ')');
	}
	buf_printf(out, "\n  %" PRIu64 " packets, %" PRIu64 " TCP segments, %" PRIu64 " connections, %" PRIu64 " resets\n", c->packets,
	           c->segments, c->flows, c->resets);
	if (c->flows) {
		buf_puts(out, "  from ");
		text_add_time(out, c->first);
		buf_puts(out, " for ");
		text_add_duration(out, c->last - c->first);
		buf_putc(out, '\n');
	}
	for (int i = 0; i < FLOW_STATE_COUNT; i++)
		if (c->states[i])
			buf_printf(&line, "%s%" PRIu64 " %s", line.len ? ", " : "", c->states[i], flow_state_name((enum flow_state)i));
	if (line.len > 0 || line.failed)
		lines_join(out, "  connections: ", &line);
	buf_clear(&line);
	for (int i = 0; i < REASON_COUNT; i++)
		if (c->undecoded[i])
			buf_printf(&line, "%s%" PRIu64 " (%s)", line.len ? ", " : "", c->undecoded[i], decode_reason_name((enum decode_reason)i));
	if (line.len > 0 || line.failed)
		lines_join(out, "  packets not decoded: ", &line);
	if (c->evicted > 0) {
		buf_clear(&line);
		buf_printf(&line, "%" PRIu64 " connections were let go to stay within --memory: counted, but not explained one by one", c->evicted);
		lines_join(out, "  note: ", &line);
	}
	if (*session_warning(s))
		lines_add(out, "  note: ", session_warning(s));
	buf_free(&line);
}

/* When connections began to be reset, as numbers: one reads them without seeing them, and pastes them. */
static void put_over_time(struct report *r, struct session *s, const struct items *items)
{
	const struct flow_table *table = session_flows(s);
	uint32_t bins[TIME_BINS] = { 0 };
	int64_t from = INT64_MAX, to = INT64_MIN;
	for (size_t i = 0; i < items->count; i++) {
		int64_t at = flow_table_get(table, items->at[i].flow)->first_rst;
		from = at < from ? at : from;
		to = at > to ? at : to;
	}
	if (items->count < OVER_TIME_LEAST || to - from < TIME_BINS)
		return;
	int64_t width = (to - from) / TIME_BINS + 1;
	for (size_t i = 0; i < items->count; i++)
		bins[(flow_table_get(table, items->at[i].flow)->first_rst - from) / width]++;
	struct buf line = { 0 };
	for (size_t i = 0; i < TIME_BINS; i++)
		buf_printf(&line, "%s%" PRIu32, i > 0 ? " " : "", bins[i]);
	struct buf lead = { 0 };
	buf_printf(&lead, "  connections reset over time (%d parts of ", TIME_BINS);
	text_add_duration(&lead, width);
	buf_puts(&lead, "): ");
	lines_join(&r->text, buf_text(&lead), &line);
	r->text.failed |= lead.failed;
	buf_free(&lead);
	buf_free(&line);
}

static void put_causes(struct report *r)
{
	const struct counts *c = &r->capture;
	size_t *order = calloc(cause_count() + 1, sizeof *order);
	if (order == NULL) {
		r->text.failed = true;
		return;
	}
	size_t n = counts_rank(c, order);
	buf_puts(&r->text, n ? "\nResets by cause (the sender: whose address the reset bears)\n" : "\nNo connection was reset.\n");
	for (size_t i = 0; i < n; i++) {
		struct buf lead = { 0 }, line = { 0 };
		buf_printf(&lead, "  %7" PRIu64 "  ", c->causes[order[i]]);
		buf_printf(&line, "%s: ", cause_id(cause_at(order[i])));
		cause_summary(cause_at(order[i]), &line);
		lines_join(&r->text, buf_text(&lead), &line);
		r->text.failed |= lead.failed;
		buf_free(&lead);
		buf_free(&line);
	}
	free(order);
}

static void put_incidents(struct report *r, struct session *s)
{
	struct incident *incidents;
	size_t n = report_incidents(r, s, &incidents);
	if (n)
		buf_puts(&r->text, "\nIncidents\n");
	for (size_t i = 0; i < n; i++) {
		struct buf line = { 0 };
		text_add_time(&line, incidents[i].first);
		buf_puts(&line, "  ");
		incident_headline(session_flows(s), &incidents[i], &line);
		lines_join(&r->text, "  ", &line);
		buf_free(&line);
	}
	free(incidents);
}

/* "192.0.2.10:40001 [laptop] → 198.51.100.22:80 [web-3]" */
static void put_ends(struct report *r, struct session *s, const struct flow *f)
{
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const char *name = session_host_name(s, flow_address(f, side));
		buf_puts(&r->text, side == SIDE_CLIENT ? "" : r->options.utf8 ? " → " : " -> ");
		text_add_endpoint(&r->text, flow_address(f, side), flow_port(f, side));
		if (name != NULL)
			buf_printf(&r->text, " [%s]", name);
	}
}

static void put_flow_title(struct report *r, struct session *s, uint32_t number, const struct flow *f)
{
	struct buf *out = &r->text;
	const char *host = flow_table_host(session_flows(s), f);
	buf_printf(out, "Flow %" PRIu32 "  ", number);
	put_ends(r, s, f);
	if (host)
		buf_printf(out, " (%s)", host);
	if (!f->roles_seen)
		buf_puts(out, "  (who opened it was not captured: a guess)");
	buf_putc(out, '\n');
}

/* "frame 7 at … from the server, 1.2 ms after the connection began" */
static void put_where(struct report *r, const struct flow *f, const struct verdict *v)
{
	struct buf *out = &r->text;
	buf_printf(out, "  reset in frame %" PRIu64 " at ", v->frame);
	text_add_time(out, v->time);
	buf_printf(out, ", from the %s, after ", v->from == SIDE_CLIENT ? "client" : "server");
	text_add_duration(out, v->time - f->first);
	buf_putc(out, '\n');
}

static void put_list(struct buf *out, const char *title, const char *const *lines, size_t n)
{
	if (n)
		buf_printf(out, "  %s\n", title);
	for (size_t i = 0; i < n; i++)
		lines_add(out, "    - ", lines[i]);
}

/* The frame that a sentence stands on, unless it names it itself. */
static void put_evidence(struct buf *out, const struct evidence_line *e)
{
	struct buf line = { 0 }, frame = { 0 };
	buf_printf(&line, "%s%s", e->weakens ? "against it: " : "", e->text);
	buf_printf(&frame, "frame %" PRIu64, e->frame);
	const char *named = strstr(e->text, buf_text(&frame));
	bool names_it = named && (named[frame.len] < '0' || named[frame.len] > '9');
	if (e->frame && !names_it)
		buf_printf(&line, " [%s]", buf_text(&frame));
	lines_join(out, "    - ", &line);
	out->failed |= frame.failed;
	buf_free(&line);
	buf_free(&frame);
}

static void put_reasons(struct report *r, const struct verdict *v)
{
	struct buf *out = &r->text;
	struct buf line = { 0 };
	if (v->evidence_count)
		buf_puts(out, "  Because\n");
	for (size_t i = 0; i < v->evidence_count; i++) {
		put_evidence(out, &v->evidence[i]);
	}
	if (v->alternative_count)
		buf_puts(out, "  Could also be\n");
	for (size_t i = 0; i < v->alternative_count; i++) {
		buf_clear(&line);
		buf_puts(&line, cause_id(v->alternatives[i].cause));
		if (v->alternatives[i].decided_by && *v->alternatives[i].decided_by)
			buf_printf(&line, ": %s", v->alternatives[i].decided_by);
		lines_join(out, "    - ", &line);
	}
	put_list(out, "Not known from here", v->unknowns, v->unknown_count);
	put_list(out, "Check next", v->checks, v->check_count);
	buf_clear(&line);
	for (size_t i = 0; i < v->reference_count; i++)
		buf_printf(&line, "%s%s", i ? "; " : "", v->references[i]);
	if (line.len > 0 || line.failed)
		lines_join(out, "  References: ", &line);
	buf_free(&line);
}

/* The resets of one role and cause among the others of a flow. */
static void put_kind(struct buf *line, const struct findings *found, const struct verdict *primary, enum role role,
                     const struct cause *cause)
{
	size_t n = 0;
	for (size_t i = 0; i < found->count; i++) {
		const struct verdict *v = &found->items[i];
		if (v == primary || v->role != role || v->cause != cause)
			continue;
		if (n < FRAMES_PER_ROLE)
			buf_printf(line, "%s%" PRIu64, n ? ", " : line->len ? "; frame " : "frame ", v->frame);
		n++;
	}
	if (n > FRAMES_PER_ROLE)
		buf_printf(line, " and %zu more", n - FRAMES_PER_ROLE);
	if (n)
		buf_printf(line, " (%s, %s)", role_name(role), cause_id(cause));
}

/* The other resets of the flow, by role and cause: "frames 8, 9: repeat, in-flight-after-abort". */
static void put_others(struct report *r, const struct findings *found, const struct verdict *primary)
{
	struct buf line = { 0 };
	uint32_t *roles = calloc(r->cause_count + 1, sizeof *roles); /* by cause: bits of the roles that there are */
	if (roles == NULL) {
		r->text.failed = true;
		return;
	}
	for (size_t i = 0; i < found->count; i++)
		if (&found->items[i] != primary)
			roles[report_cause_index(r, found->items[i].cause)] |= 1u << found->items[i].role;
	for (enum role role = ROLE_PRIMARY; role <= ROLE_DUPLICATE; role++)
		for (size_t c = 0; c < r->cause_count; c++)
			if (roles[c] & 1u << role)
				put_kind(&line, found, primary, role, cause_at(c));
	free(roles);
	if (line.len > 0 || line.failed)
		lines_join(&r->text, "  Further resets in it: ", &line);
	buf_free(&line);
}

/* The verdict in the words of the catalogue, on one line if it fits. */
static void put_terms(struct report *r, const struct verdict *v)
{
	const char *dot = r->options.utf8 ? " · " : ", ";
	struct buf line = { 0 };
	buf_printf(&line, "cause: %s [%s]%smechanism: %s [%s]%smade by: %s%seffect: %s", cause_id(v->cause), confidence_name(v->confidence), dot,
	           mechanism_name(v->mechanism), confidence_name(v->mechanism_confidence), dot, emitter_name(v->emitter), dot,
	           effect_name(v->effect));
	lines_join(&r->text, "  ", &line);
	buf_free(&line);
}

static void put_flow(struct report *r, struct session *s, uint32_t number)
{
	const struct flow *f = flow_table_get(session_flows(s), number);
	struct findings found = { 0 };
	if (!session_explain(s, number, 0, &found))
		r->reread_failed = true;
	const struct verdict *v = findings_primary(&found);
	if (v) {
		buf_putc(&r->text, '\n');
		put_flow_title(r, s, number, f);
		put_where(r, f, v);
		lines_add(&r->text, "  => ", v->headline);
		put_terms(r, v);
		put_reasons(r, v);
		put_others(r, &found, v);
	}
	findings_free(&found);
}

static void put_rest(struct report *r, struct session *s, const struct item *item)
{
	const struct flow *f = flow_table_get(session_flows(s), item->flow);
	struct buf *out = &r->text;
	buf_printf(out, "  flow %" PRIu32 "  ", item->flow);
	put_ends(r, s, f);
	buf_printf(out, "  frame %" PRIu64 " [%s]\n", item->frame, confidence_name((enum confidence)item->confidence));
}

/* All flows of one cause: n items. */
static void put_group(struct report *r, struct session *s, const struct item *items, size_t n)
{
	const uint8_t *servers[FULL_PER_CAUSE];
	const struct item *listed[LISTED_PER_CAUSE];
	size_t full = 0, rest = 0;
	for (size_t i = 0; i < n; i++) {
		if (full == FULL_PER_CAUSE && rest >= LISTED_PER_CAUSE) {
			rest += n - i; /* only counted */
			break;
		}
		const uint8_t *server = flow_address(flow_table_get(session_flows(s), items[i].flow), SIDE_SERVER);
		bool known = false;
		for (size_t k = 0; k < full && !known; k++)
			known = memcmp(servers[k], server, 16) == 0;
		if (!known && full < FULL_PER_CAUSE) {
			servers[full++] = server;
			put_flow(r, s, items[i].flow);
		} else {
			if (rest < LISTED_PER_CAUSE)
				listed[rest] = &items[i];
			rest++;
		}
		report_flush(r, false);
	}
	if (rest)
		buf_printf(&r->text, "\nAlso %s (%zu)\n", cause_id(cause_at(items->cause)), rest);
	for (size_t i = 0; i < rest && i < LISTED_PER_CAUSE; i++)
		put_rest(r, s, listed[i]);
	if (rest > LISTED_PER_CAUSE)
		buf_printf(&r->text, "  ... and %zu more; tcpwhy --json tells of each\n", rest - LISTED_PER_CAUSE);
}

void report_text_capture(struct report *r, struct session *s)
{
	struct items items = { 0 };
	if (r->total.captures)
		buf_putc(&r->text, '\n');
	collect(r, s, &items);
	put_summary(r, s);
	put_over_time(r, s, &items);
	put_causes(r);
	put_incidents(r, s);
	if (!items_sort(&items)) {
		r->text.failed = true;
		items.count = 0;
	}
	for (size_t i = 0, n; i < items.count; i += n) {
		n = 1;
		while (i + n < items.count && items.at[i + n].cause == items.at[i].cause && items.at[i + n].severity == items.at[i].severity)
			n++;
		put_group(r, s, &items.at[i], n);
	}
	free(items.at);
}
