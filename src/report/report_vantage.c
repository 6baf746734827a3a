/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_vantage: places, clocks, and how many connections were found at which. */
#include "report/report_vantage.h"

#include <inttypes.h>
#include <string.h>

#include "report/lines.h"
#include "util/text.h"
#include "vantage/vantage.h"

static uint32_t flows_at(const struct vantage *v, size_t point)
{
	const struct flow_table *table = session_flows(vantage_session(v, point));
	return flow_table_count(table) - flow_table_first(table);
}

/* Parts in a million, with as many decimals as json_seconds() writes. */
static int64_t ppm(double drift)
{
	return (int64_t)(drift * 1e15);
}

void report_json_vantage(struct report *r)
{
	const struct vantage *v = r->vantage;
	for (size_t point = 0; v != NULL && point < vantage_count(v); point++) {
		const struct clock_fit *clock = vantage_clock(v, point);
		struct json j;
		json_begin(&j, &r->text);
		json_unsigned(&j, "v", 1);
		json_text(&j, "type", "vantage");
		json_text(&j, "capture", session_name(vantage_session(v, point)));
		json_text(&j, "vantage", vantage_name(v, point));
		json_text(&j, "reference", vantage_name(v, 0));
		if (clock->known) {
			json_seconds(&j, "clock_offset", clock->offset);
			if (clock->two_way)
				json_seconds(&j, "clock_uncertainty", clock->uncertainty);
			json_seconds(&j, "clock_drift_ppm", ppm(clock->drift));
		}
		json_unsigned(&j, "flows", flows_at(v, point));
		json_array_begin(&j, "flows_paired");
		for (size_t other = 0; other < vantage_count(v); other++) {
			struct buf text = { 0 };
			if (other == point)
				continue;
			text_add_printable(&text, vantage_name(v, other), strlen(vantage_name(v, other)));
			buf_printf(&text, ": %" PRIu32, vantage_paired(v, point, other));
			json_buf(&j, NULL, &text);
			buf_free(&text);
		}
		json_array_end(&j);
		json_end(&j);
	}
}

void report_json_elsewhere(struct report *r, struct json *j, const struct session *s, uint32_t flow)
{
	const struct vantage *v = r->vantage;
	size_t point = v != NULL ? vantage_point(v, s) : 0;
	bool any = false;
	for (size_t other = 0; v != NULL && other < vantage_count(v); other++) {
		uint32_t there = vantage_flow(v, point, flow, other);
		struct buf text = { 0 };
		if (there == FLOW_NONE)
			continue;
		if (!any)
			json_array_begin(j, "elsewhere");
		any = true;
		buf_printf(&text, "%s: %" PRIu32, vantage_name(v, other), there);
		json_buf(j, NULL, &text);
		buf_free(&text);
	}
	if (any)
		json_array_end(j);
}

/* "clock 90.000 s ahead of client's (within 5 ms), gaining 100 ppm" */
static void add_clock(const struct vantage *v, size_t point, struct buf *out)
{
	const struct clock_fit *clock = vantage_clock(v, point);
	if (point == 0) {
		buf_puts(out, "the other clocks are told by its own");
		return;
	}
	if (!clock->known) {
		buf_puts(out, "no connection ties its clock to the others");
		return;
	}
	int64_t offset = clock->offset < 0 ? -clock->offset : clock->offset;
	buf_printf(out, "clock %" PRId64 ".%06" PRId64 " s %s", offset / 1000000000, offset % 1000000000 / 1000, clock->offset < 0 ? "behind " : "ahead of ");
	text_add_printable(out, vantage_name(v, 0), strlen(vantage_name(v, 0)));
	if (clock->two_way) {
		buf_puts(out, "'s, give or take ");
		text_add_duration(out, clock->uncertainty);
	} else {
		buf_puts(out, "'s and the way there (only one direction was seen at both)");
	}
	if (clock->drift > 0 || clock->drift < 0)
		buf_printf(out, ", %s %.1f ppm", clock->drift < 0 ? "losing" : "gaining", clock->drift < 0 ? -clock->drift * 1e6 : clock->drift * 1e6);
}

void report_text_vantage(struct report *r)
{
	const struct vantage *v = r->vantage;
	buf_printf(&r->text, "Captured at %zu places\n", vantage_count(v));
	for (size_t point = 0; point < vantage_count(v); point++) {
		struct buf lead = { 0 }, line = { 0 };
		buf_puts(&lead, "  ");
		text_add_printable(&lead, vantage_name(v, point), strlen(vantage_name(v, point)));
		buf_puts(&lead, ": ");
		buf_printf(&line, "%" PRIu32 " connections, of which", flows_at(v, point));
		bool more = false;
		for (size_t other = 0; other < vantage_count(v); other++) {
			if (other == point)
				continue;
			buf_printf(&line, "%s %" PRIu32 " at ", more ? "," : "", vantage_paired(v, point, other));
			text_add_printable(&line, vantage_name(v, other), strlen(vantage_name(v, other)));
			more = true;
		}
		buf_puts(&line, "; ");
		add_clock(v, point, &line);
		lines_join(&r->text, buf_text(&lead), &line);
		r->text.failed |= lead.failed;
		buf_free(&lead);
		buf_free(&line);
	}
	buf_putc(&r->text, '\n');
}
