/* SPDX-License-Identifier: GPL-3.0-or-later
 * report: the frame of both formats: counting, buffering, errors. */
#include "report/report_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_AT = 64 * 1024 };

static bool counts_init(struct counts *c)
{
	c->causes = calloc(cause_count() + 1, sizeof *c->causes);
	return c->causes != NULL;
}

static void counts_clear(struct counts *c)
{
	uint64_t *causes = c->causes;
	memset(causes, 0, cause_count() * sizeof *causes);
	*c = (struct counts){ .causes = causes };
}

static void counts_add(struct counts *to, const struct counts *c)
{
	to->captures += c->captures;
	to->packets += c->packets;
	to->segments += c->segments;
	to->flows += c->flows;
	to->resets += c->resets;
	to->truncated |= c->truncated;
	to->live |= c->live;
	to->dropped += c->dropped;
	to->evicted += c->evicted;
	for (size_t i = 0; i < REASON_COUNT; i++)
		to->undecoded[i] += c->undecoded[i];
	for (size_t i = 0; i < FLOW_STATE_COUNT; i++)
		to->states[i] += c->states[i];
	for (size_t i = 0; i < cause_count(); i++)
		to->causes[i] += c->causes[i];
}

static int by_address(const void *left, const void *right)
{
	uintptr_t a = (uintptr_t)((const struct cause_place *)left)->cause, b = (uintptr_t)((const struct cause_place *)right)->cause;
	return (a > b) - (a < b);
}

/* The catalogue is a list to be walked; each reset's cause is looked up in this table instead. */
static bool places_init(struct report *r)
{
	r->cause_count = cause_count();
	r->places = malloc((r->cause_count + 1) * sizeof *r->places);
	if (r->places == NULL)
		return false;
	for (size_t i = 0; i < r->cause_count; i++)
		r->places[i] = (struct cause_place){ .cause = cause_at(i), .index = i };
	qsort(r->places, r->cause_count, sizeof *r->places, by_address);
	return true;
}

size_t report_cause_index(const struct report *r, const struct cause *cause)
{
	struct cause_place wanted = { .cause = cause };
	const struct cause_place *found = bsearch(&wanted, r->places, r->cause_count, sizeof wanted, by_address);
	return found != NULL ? found->index : r->cause_count;
}

void counts_flow(struct counts *c, const struct flow *f)
{
	c->flows++;
	c->segments += (uint64_t)f->segments[SIDE_CLIENT] + f->segments[SIDE_SERVER];
	c->states[flow_state(f)]++;
}

void report_count_reset(struct report *r, const struct verdict *v)
{
	r->capture.resets++;
	r->capture.causes[report_cause_index(r, v->cause)]++; /* one place more than there are causes: never outside */
}

size_t counts_rank(const struct counts *c, size_t *order)
{
	size_t n = 0;
	for (size_t i = 0; i < cause_count(); i++) {
		if (c->causes[i] == 0)
			continue;
		size_t at = n++;
		for (; at > 0 && c->causes[order[at - 1]] < c->causes[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return n;
}

const struct verdict *findings_primary(const struct findings *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].role == ROLE_PRIMARY)
			return &found->items[i];
	return found->count ? &found->items[0] : NULL;
}

void report_flush(struct report *r, bool all)
{
	if (!all && r->text.len < FLUSH_AT)
		return;
	if (r->text.len && fwrite(r->text.data, 1, r->text.len, r->out) != r->text.len)
		r->write_failed = true;
	r->text.len = 0;
}

bool report_wants(const struct report *r, struct flow_view *view, uint32_t flow)
{
	flow_view_set(view, flow);
	return r->options.filter == NULL || filter_matches(r->options.filter, view);
}

void report_note(struct report *r, uint32_t flow, const struct findings *found)
{
	const struct verdict *v = findings_primary(found);
	if (v == NULL)
		return;
	if (r->reset_flow_count == r->reset_flow_room) {
		size_t room = r->reset_flow_room ? r->reset_flow_room * 2 : 64;
		struct incident_entry *at = realloc(r->reset_flows, room * sizeof *at);
		if (at == NULL) {
			r->text.failed = true;
			return;
		}
		r->reset_flows = at;
		r->reset_flow_room = room;
	}
	r->reset_flows[r->reset_flow_count++] = (struct incident_entry){ .flow = flow, .time = v->time, .cause = v->cause, .resets = found->count };
}

size_t report_incidents(struct report *r, struct session *s, struct incident **out)
{
	*out = NULL;
	if (r->reset_flow_count == 0)
		return 0;
	size_t n = incidents_find(session_flows(s), r->reset_flows, r->reset_flow_count, out);
	if (n != SIZE_MAX)
		return n;
	r->text.failed = true;
	return 0;
}

struct report *report_new(FILE *out, const struct report_options *options)
{
	struct report *r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	r->out = out;
	r->options = *options;
	if (counts_init(&r->capture) && counts_init(&r->total) && places_init(r)) {
		if (options->format == REPORT_CSV)
			report_csv_titles(r);
		return r;
	}
	report_free(r);
	return NULL;
}

void report_free(struct report *r)
{
	if (r == NULL)
		return;
	free(r->capture.causes);
	free(r->total.causes);
	free(r->reset_flows);
	free(r->live);
	free(r->places);
	buf_free(&r->scratch);
	buf_free(&r->incidents);
	buf_free(&r->text);
	free(r);
}

/* Everything out, and what went wrong since the last time into error. */
static bool settle(struct report *r, struct buf *error)
{
	errno = 0;
	report_flush(r, true);
	if (fflush(r->out) != 0)
		r->write_failed = true;
	if (r->write_failed) {
		buf_printf(error, "the output could not be written: %s.", errno ? strerror(errno) : "write error");
		return false;
	}
	if (r->text.failed) {
		buf_puts(error, "memory ran out while the report was made. Narrow it with -e FILTER.");
		return false;
	}
	if (r->reread_failed) {
		r->reread_failed = false;
		buf_puts(error, "some packets could not be read a second time: was the file changed meanwhile? Their resets are not explained.");
		return false;
	}
	return true;
}

static void begin_capture(struct report *r)
{
	counts_clear(&r->capture);
	r->reset_flow_count = 0;
}

static void begin_meanwhile(struct report *r)
{
	if (r->meanwhile)
		return;
	begin_capture(r);
	r->live_count = 0;
	r->live_next = 0;
	r->meanwhile = true;
}

bool report_meanwhile(struct report *r, struct session *s, struct buf *error)
{
	if (r->options.format != REPORT_JSON)
		return true;
	begin_meanwhile(r);
	report_live_flows(r, s, LIVE_DUE);
	return settle(r, error);
}

void report_let_go(void *report, struct session *s)
{
	struct report *r = report;
	if (r->options.format != REPORT_JSON)
		return;
	begin_meanwhile(r);
	report_live_flows(r, s, LIVE_LET_GO);
	report_json_incidents(r, s); /* whose flows they are is known only now */
	report_flush(r, false);
}

bool report_capture(struct report *r, struct session *s, struct buf *error)
{
	struct source_counts counts;
	if (!r->meanwhile)
		begin_capture(r);
	session_counts(s, &counts);
	r->capture.live = session_live(s);
	r->capture.evicted = flow_table_evicted(session_flows(s));
	r->capture.dropped = counts.dropped_kernel + counts.dropped_interface;
	r->capture.captures = 1;
	r->capture.packets = session_packets(s);
	r->capture.truncated = session_truncated(s);
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++)
		r->capture.undecoded[i] = session_undecoded(s, (enum decode_reason)i);
	static void (*const formats[])(struct report *, struct session *) = {
		[REPORT_TEXT] = report_text_capture, [REPORT_JSON] = report_json_capture, [REPORT_CSV] = report_csv_capture,
	};
	formats[r->options.format](r, s);
	r->meanwhile = false;
	counts_add(&r->total, &r->capture);
	return settle(r, error);
}

bool report_end(struct report *r, struct buf *error)
{
	if (r->options.format == REPORT_JSON)
		report_json_summary(r);
	return settle(r, error);
}

uint64_t report_resets(const struct report *r, const struct cause *cause)
{
	return cause ? r->total.causes[report_cause_index(r, cause)] : r->total.resets;
}
