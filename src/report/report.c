/* SPDX-License-Identifier: GPL-3.0-or-later
 * report: from captures to the format asked for, and what went wrong. */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/report_csv.h"
#include "report/report_json.h"
#include "report/report_live.h"
#include "report/report_text.h"
#include "report/report_vantage.h"
#include "report/shared.h"

struct report *report_new(FILE *out, const struct report_options *options)
{
	struct report *r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	if (!report_init(r, out, options)) {
		report_free(r);
		return NULL;
	}
	if (options->format == REPORT_CSV)
		report_csv_titles(r);
	return r;
}

void report_free(struct report *r)
{
	if (r == NULL)
		return;
	report_release(r);
	free(r);
}

void report_vantage(struct report *r, struct vantage *v)
{
	r->vantage = v;
	if (r->options.format == REPORT_TEXT)
		report_text_vantage(r);
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
		buf_puts(error, "some packets could not be read a second time (was the file changed meanwhile?), or memory ran out. Their resets are not explained.");
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

void report_let_go(void *report, struct session *s, bool flows)
{
	struct report *r = report;
	bool json = r->options.format == REPORT_JSON;
	if (!flows && !json)
		return; /* a line that was written cannot be written again when more is seen */
	begin_meanwhile(r);
	report_live_flows(r, s, flows ? LIVE_LET_GO : LIVE_PACKETS_GO);
	if (flows && json) {
		report_json_incidents(r, s); /* whose flows they are is known only now */
		report_json_incidents_due(r);
	}
	report_flush(r, false);
}

static void json_capture(struct report *r, struct session *s)
{
	if (!r->meanwhile) {
		report_json_capture(r, s);
		return;
	}
	report_live_flows(r, s, LIVE_ALL);
	report_json_incidents(r, s);
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
		[REPORT_TEXT] = report_text_capture, [REPORT_JSON] = json_capture, [REPORT_CSV] = report_csv_capture,
	};
	formats[r->options.format](r, s);
	r->meanwhile = false;
	counts_add(&r->total, &r->capture);
	return settle(r, error);
}

bool report_end(struct report *r, struct buf *error)
{
	if (r->options.format == REPORT_JSON) {
		report_json_vantage(r);
		report_json_summary(r);
	}
	if (!settle(r, error))
		return false;
	error->failed |= r->options.filter != NULL && filter_failed(r->options.filter);
	if (error->failed)
		return false;
	if (r->options.filter == NULL || filter_limited(r->options.filter) == 0)
		return true;
	buf_puts(error, "the filter's pattern needs too many steps for some connections, which were left out; write it simpler.");
	return false;
}

uint64_t report_resets(const struct report *r, const struct cause *cause)
{
	return cause ? r->total.causes[report_cause_index(r, cause)] : r->total.resets;
}
