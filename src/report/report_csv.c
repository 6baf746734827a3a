/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_csv: the report for a spreadsheet (RFC 4180): a line a connection, with the verdict on its primary reset. */
#include "report/report_csv.h"

#include <string.h>

#include "util/text.h"

struct row {
	struct session *session;
	uint32_t number;
	const struct flow *flow;
	const struct verdict *verdict; /* NULL = not reset */
};

/* Spreadsheets run a cell that begins like a formula, and a packet may choose how a name begins. */
static bool like_formula(const char *text)
{
	return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

static void put_text(struct buf *out, const char *text)
{
	struct buf cell = { 0 };
	if (like_formula(text))
		buf_putc(&cell, '\'');
	text_add_printable(&cell, text, strlen(text));
	bool quote = strpbrk(buf_text(&cell), "\",; ") != NULL;
	if (quote)
		buf_putc(out, '"');
	for (const char *c = buf_text(&cell); *c; c++) {
		if (*c == '"')
			buf_putc(out, '"');
		buf_putc(out, *c);
	}
	if (quote)
		buf_putc(out, '"');
	out->failed |= cell.failed;
	buf_free(&cell);
}

static void put_capture(const struct row *r, struct buf *out) { put_text(out, session_name(r->session)); }
static void put_number(const struct row *r, struct buf *out) { text_add_number(out, r->number); }
static void put_first(const struct row *r, struct buf *out) { text_add_time(out, r->flow->first); }

/* Seconds with microseconds: a plain decimal number in every program. */
static void put_us(uint64_t us, struct buf *out)
{
	text_add_number(out, us / 1000000);
	buf_putc(out, '.');
	text_add_padded(out, us % 1000000, 6);
}

static void put_duration(const struct row *r, struct buf *out)
{
	put_us((uint64_t)(r->flow->last - r->flow->first) / 1000, out);
}

static void put_rtt(const struct row *r, struct buf *out)
{
	if (r->flow->tracker.rtt_us)
		put_us(r->flow->tracker.rtt_us, out);
}

static void put_client(const struct row *r, struct buf *out) { text_add_address(out, flow_address(r->flow, SIDE_CLIENT)); }
static void put_client_port(const struct row *r, struct buf *out) { text_add_number(out, flow_port(r->flow, SIDE_CLIENT)); }
static void put_server(const struct row *r, struct buf *out) { text_add_address(out, flow_address(r->flow, SIDE_SERVER)); }
static void put_server_port(const struct row *r, struct buf *out) { text_add_number(out, flow_port(r->flow, SIDE_SERVER)); }

static void put_host(const struct row *r, struct buf *out)
{
	const char *host = flow_table_host(session_flows(r->session), r->flow);
	put_text(out, host ? host : "");
}

static void put_state(const struct row *r, struct buf *out) { put_text(out, flow_state_name(flow_state(r->flow))); }
static void put_client_segments(const struct row *r, struct buf *out) { text_add_number(out, r->flow->segments[SIDE_CLIENT]); }
static void put_server_segments(const struct row *r, struct buf *out) { text_add_number(out, r->flow->segments[SIDE_SERVER]); }
static void put_client_bytes(const struct row *r, struct buf *out) { text_add_number(out, r->flow->bytes[SIDE_CLIENT]); }
static void put_server_bytes(const struct row *r, struct buf *out) { text_add_number(out, r->flow->bytes[SIDE_SERVER]); }
static void put_rst(const struct row *r, struct buf *out) { text_add_number(out, r->flow->rst); }

static void put_retransmissions(const struct row *r, struct buf *out)
{
	const struct flow_table *table = session_flows(r->session);
	text_add_number(out, (uint64_t)flow_table_detail(table, r->flow, SIDE_CLIENT)->retransmissions +
	                         flow_table_detail(table, r->flow, SIDE_SERVER)->retransmissions);
}

/* From here on there is a verdict. */
static void put_frame(const struct row *r, struct buf *out) { text_add_number(out, r->verdict->frame); }
static void put_from(const struct row *r, struct buf *out) { buf_puts(out, r->verdict->from == SIDE_CLIENT ? "client" : "server"); }
static void put_emitter(const struct row *r, struct buf *out) { put_text(out, emitter_name(r->verdict->emitter)); }
static void put_cause(const struct row *r, struct buf *out) { put_text(out, cause_id(r->verdict->cause)); }
static void put_confidence(const struct row *r, struct buf *out) { put_text(out, confidence_name(r->verdict->confidence)); }
static void put_effect(const struct row *r, struct buf *out) { put_text(out, effect_name(r->verdict->effect)); }
static void put_severity(const struct row *r, struct buf *out) { put_text(out, severity_name(r->verdict->severity)); }
static void put_headline(const struct row *r, struct buf *out) { put_text(out, r->verdict->headline); }
static void put_check(const struct row *r, struct buf *out) { put_text(out, r->verdict->check_count ? r->verdict->checks[0] : ""); }

/* Names as in NDJSON where they mean the same. */
static const struct {
	const char *name;
	void (*put)(const struct row *r, struct buf *out);
	bool of_verdict;
} columns[] = {
	{ "capture", put_capture, false },
	{ "flow", put_number, false },
	{ "first", put_first, false },
	{ "duration", put_duration, false },
	{ "client_addr", put_client, false },
	{ "client_port", put_client_port, false },
	{ "server_addr", put_server, false },
	{ "server_port", put_server_port, false },
	{ "host", put_host, false },
	{ "state", put_state, false },
	{ "client_segments", put_client_segments, false },
	{ "server_segments", put_server_segments, false },
	{ "client_bytes", put_client_bytes, false },
	{ "server_bytes", put_server_bytes, false },
	{ "retransmissions", put_retransmissions, false },
	{ "rtt", put_rtt, false },
	{ "rst", put_rst, false },
	{ "reset_frame", put_frame, true },
	{ "from", put_from, true },
	{ "emitter", put_emitter, true },
	{ "cause", put_cause, true },
	{ "confidence", put_confidence, true },
	{ "effect", put_effect, true },
	{ "severity", put_severity, true },
	{ "headline", put_headline, true },
	{ "check", put_check, true },
};
enum { COLUMNS = sizeof columns / sizeof *columns };

void report_csv_titles(struct report *r)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i)
			buf_putc(&r->text, ',');
		buf_puts(&r->text, columns[i].name);
	}
	buf_puts(&r->text, "\r\n");
}

static void put_row(struct report *r, const struct row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i)
			buf_putc(&r->text, ',');
		if (row->verdict || !columns[i].of_verdict)
			columns[i].put(row, &r->text);
	}
	buf_puts(&r->text, "\r\n");
}

static void put_flow(struct report *r, struct session *s, struct flow_view *view, uint32_t number)
{
	const struct flow *f = flow_table_get(view->table, number);
	struct findings found = { 0 };
	if (!report_wants(r, view, number))
		return;
	counts_flow(&r->capture, f);
	if (f->rst && !session_explain(s, number, 0, &found))
		r->reread_failed = true;
	for (size_t i = 0; i < found.count; i++)
		report_count_reset(r, &found.items[i]);
	put_row(r, &(struct row){ .session = s, .number = number, .flow = f, .verdict = findings_primary(&found) });
	findings_free(&found);
	report_flush(r, false);
}

void report_csv_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written)
{
	const struct flow *f = flow_table_get(view->table, written->flow);
	written->segments = f->segments[SIDE_CLIENT] + f->segments[SIDE_SERVER];
	put_flow(r, s, view, written->flow);
}

void report_csv_capture(struct report *r, struct session *s)
{
	const struct flow_table *table = session_flows(s);
	struct flow_view view = { .session = s, .table = table };
	uint32_t count = flow_table_count(table);
	for (uint32_t number = flow_table_first(table); number < count && !r->write_failed && !r->text.failed; number++)
		put_flow(r, s, &view, number);
}
