/* SPDX-License-Identifier: GPL-3.0-or-later
 * shared: what the formats of a report do alike. */
#include "report/shared.h"

#include <stdlib.h>

#include "report/ids.h"
#include "util/array.h"

enum { FLUSH_AT = 64 * 1024 };

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

void report_count_reset(struct report *r, const struct verdict *v)
{
	r->capture.resets++;
	r->capture.causes[report_cause_index(r, v->cause)]++; /* one place more than there are causes: never outside */
}

void report_flush(struct report *r, bool all)
{
	if (!all && r->text.len < FLUSH_AT)
		return;
	if (r->text.len && fwrite(r->text.data, 1, r->text.len, r->out) != r->text.len)
		r->write_failed = true;
	r->text.len = 0;
}

static bool in_shard(struct report *r, const struct flow *f)
{
	if (r->options.shards == 0)
		return true;
	buf_clear(&r->scratch);
	community_id_add(&r->scratch, f->addr[0], f->port[0], f->addr[1], f->port[1]);
	return community_id_shard(buf_text(&r->scratch), r->options.shards) == r->options.shard;
}

bool report_wants(struct report *r, struct flow_view *view, uint32_t flow)
{
	flow_view_set(view, flow);
	return in_shard(r, view->flow) && (r->options.filter == NULL || filter_matches(r->options.filter, view));
}

void report_note(struct report *r, uint32_t flow, const struct findings *found)
{
	const struct verdict *v = findings_primary(found);
	if (v == NULL)
		return;
	struct incident_entry *at = array_grow(r->reset_flows, r->reset_flow_count, &r->reset_flow_room, sizeof *at, 64);
	if (at == NULL) {
		r->text.failed = true;
		return;
	}
	r->reset_flows = at;
	r->reset_flows[r->reset_flow_count++] = (struct incident_entry){ .flow = flow, .time = v->time, .cause = v->cause,
		                                                              .resets = found->count };
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

bool report_init(struct report *r, FILE *out, const struct report_options *options)
{
	r->out = out;
	r->options = *options;
	return counts_init(&r->capture) && counts_init(&r->total) && places_init(r);
}

void report_release(struct report *r)
{
	free(r->capture.causes);
	free(r->total.causes);
	free(r->reset_flows);
	free(r->live);
	free(r->places);
	buf_free(&r->scratch);
	buf_free(&r->incidents);
	buf_free(&r->text);
}
