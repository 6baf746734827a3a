/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_vantage: places, clocks, and how many connections were found at which. */
#include "report/report_vantage.h"

#include <inttypes.h>
#include <string.h>

#include "report/lines.h"
#include "util/text.h"

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

/* What became of a segment on its way to or from another place. */
enum outcome { OUTCOME_SEEN, OUTCOME_LOST, OUTCOME_MADE, OUTCOME_MISSED, OUTCOME_DOUBLED, OUTCOME_UNSURE, OUTCOMES };

static enum outcome outcome_of(const struct vantage_other *o, const struct passing *p, enum side from)
{
	switch ((enum fate)p->fate) {
	case FATE_SEEN: return OUTCOME_SEEN;
	case FATE_ABSENT: return (o->order > 0) == (from == SIDE_CLIENT) ? OUTCOME_LOST : OUTCOME_MADE;
	case FATE_MISSED: return OUTCOME_MISSED;
	case FATE_COPIED: return OUTCOME_DOUBLED;
	case FATE_SILENT:
	case FATE_UNKNOWN: break;
	}
	return OUTCOME_UNSURE;
}

static uint64_t count_outcome(const struct vantage_view *view, const struct vantage_other *o, enum outcome wanted)
{
	uint64_t n = 0;
	for (size_t i = 0; i < view->here.count; i++)
		n += !view->here.of[i].copy && outcome_of(o, &o->passing[i], (enum side)view->here.of[i].from) == wanted;
	return n;
}

const struct vantage_view *report_view(struct report *r, const struct session *s, uint32_t flow)
{
	struct vantage *v = r->vantage;
	const struct vantage_view *view = v != NULL ? vantage_view(v, vantage_point(v, s), flow) : NULL;
	return view != NULL && view->count > 0 ? view : NULL;
}

void report_json_elsewhere(struct report *r, struct json *j, const struct vantage_view *view)
{
	static const struct {
		const char *key;
		enum outcome outcome;
	} counts[] = { { "passage_seen", OUTCOME_SEEN }, { "passage_lost", OUTCOME_LOST }, { "passage_made", OUTCOME_MADE },
		       { "passage_missed", OUTCOME_MISSED }, { "passage_doubled", OUTCOME_DOUBLED }, { "passage_unsure", OUTCOME_UNSURE } };
	if (view == NULL)
		return;
	json_array_begin(j, "elsewhere");
	for (size_t i = 0; i < view->count; i++) {
		buf_clear(&r->scratch);
		buf_printf(&r->scratch, "%s: %" PRIu32, vantage_name(r->vantage, view->other[i].point), view->other[i].flow);
		json_buf(j, NULL, &r->scratch);
	}
	json_array_end(j);
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
		json_array_begin(j, counts[k].key);
		for (size_t i = 0; i < view->count; i++)
			json_unsigned(j, NULL, count_outcome(view, &view->other[i], counts[k].outcome));
		json_array_end(j);
	}
}

void report_json_passage(struct report *r, struct json *j, const struct vantage_view *view, uint32_t ordinal)
{
	static const char *const words[OUTCOMES] = { "seen", "lost", "made", "missed", "doubled", "unsure" };
	if (view == NULL || ordinal >= view->here.count)
		return;
	enum side from = (enum side)view->here.of[ordinal].from;
	json_array_begin(j, "passage");
	for (size_t i = 0; i < view->count; i++)
		json_text(j, NULL, words[outcome_of(&view->other[i], &view->other[i].passing[ordinal], from)]);
	json_array_end(j);
	json_array_begin(j, "passage_frames");
	for (size_t i = 0; i < view->count; i++)
		json_unsigned(j, NULL, view->other[i].passing[ordinal].frame);
	json_array_end(j);
	json_array_begin(j, "passage_changes");
	for (size_t i = 0; i < view->count; i++) {
		buf_clear(&r->scratch);
		for (unsigned bit = 0; bit < CHANGE_COUNT; bit++)
			if (view->other[i].passing[ordinal].changes >> bit & 1)
				buf_printf(&r->scratch, "%s%s", r->scratch.len ? ", " : "", change_name(bit));
		json_buf(j, NULL, &r->scratch);
	}
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
