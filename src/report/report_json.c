/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_json: the NDJSON report: flow, step, reset and summary lines. Field names and meanings are a contract: see tcpwhy(1). */
#include "report/report_json.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ladder/ladder.h"
#include "report/ids.h"
#include "report/json.h"
#include "report/report_sockets.h"
#include "report/report_vantage.h"
#include "util/text.h"

enum { VERSION = 1, INCIDENTS_WAIT = 4 << 20 };

/* What all lines of one flow have in common. */
struct names {
	const char *capture, *vantage;
	uint32_t flow;
	struct buf flow_id, community_id;
};

static const char *side_name(enum side side)
{
	return side == SIDE_CLIENT ? "client" : "server";
}

/* Fills *n, which is zero-initialised at first and may be filled again. */
static void names_make(struct names *n, struct session *s, uint32_t number, const struct flow *f)
{
	n->capture = session_name(s);
	n->vantage = session_vantage(s);
	n->flow = number;
	buf_clear(&n->flow_id);
	buf_clear(&n->community_id);
	community_id_add(&n->community_id, f->addr[0], f->port[0], f->addr[1], f->port[1]);
	flow_id_add(&n->flow_id, n->vantage, buf_text(&n->community_id), f->first, f->path);
}

static void names_free(struct names *n)
{
	buf_free(&n->flow_id);
	buf_free(&n->community_id);
}

static void line_begin(struct json *j, struct buf *out, const char *type, const struct names *n)
{
	json_begin(j, out);
	json_unsigned(j, "v", VERSION);
	json_text(j, "type", type);
	json_text(j, "capture", n->capture);
	json_text(j, "vantage", n->vantage);
	json_unsigned(j, "flow", n->flow);
	json_buf(j, "flow_id", &n->flow_id);
	json_buf(j, "community_id", &n->community_id);
}

/* Keys that each side has, in the order of enum side. */
typedef const char *const sided[2];

static void put_ends(struct json *j, struct session *s, const struct flow *f, struct buf *scratch)
{
	static sided address = { "client_addr", "server_addr" }, port = { "client_port", "server_port" }, isn = { "client_isn", "server_isn" };
	static sided name = { "client_name", "server_name" };
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		buf_clear(scratch);
		text_add_address(scratch, flow_address(f, side));
		json_buf(j, address[side], scratch);
		json_unsigned(j, port[side], flow_port(f, side));
		const char *known = session_host_name(s, flow_address(f, side));
		if (known != NULL)
			json_text(j, name[side], known);
	}
	json_text(j, "roles", f->roles_seen ? "seen" : "guessed");
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if (f->tracker.end[side].have_isn)
			json_unsigned(j, isn[side], f->tracker.end[side].isn);
}

/* The first segment of a flow tells its VLANs and tunnel. */
static bool put_path(void *context, const struct packet *packet, const struct segment *segment, enum side from, uint32_t marks,
                     const struct tracker *before, const struct tracker *after)
{
	struct json *j = context;
	(void)from, (void)marks, (void)before, (void)after;
	if (segment->vlan_count) {
		json_array_begin(j, "vlan");
		for (size_t i = 0; i < segment->vlan_count && i < sizeof segment->vlan / sizeof *segment->vlan; i++)
			json_unsigned(j, NULL, segment->vlan[i]);
		json_array_end(j);
	}
	struct buf encap = { 0 };
	decode_describe_encap(packet, &encap);
	if (encap.len > 0 || encap.failed)
		json_buf(j, "encap", &encap);
	buf_free(&encap);
	return false;
}

static void put_counts(struct json *j, const struct flow_table *table, const struct flow *f)
{
	static sided segments = { "client_segments", "server_segments" }, bytes = { "client_bytes", "server_bytes" };
	static sided retransmissions = { "client_retransmissions", "server_retransmissions" };
	static sided out_of_order = { "client_out_of_order", "server_out_of_order" };
	static sided duplicate_acks = { "client_duplicate_acks", "server_duplicate_acks" };
	static sided zero_windows = { "client_zero_windows", "server_zero_windows" };
	static sided keepalives = { "client_keepalives", "server_keepalives" };
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		json_unsigned(j, segments[side], f->segments[side]);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		json_unsigned(j, bytes[side], f->bytes[side]);
	json_unsigned(j, "syn", f->syn);
	json_unsigned(j, "synack", f->synack);
	json_unsigned(j, "fin", f->fin);
	json_unsigned(j, "rst", f->rst);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const struct flow_detail *d = flow_table_detail(table, f, side);
		json_unsigned(j, retransmissions[side], d->retransmissions);
		json_unsigned(j, out_of_order[side], d->out_of_order);
		json_unsigned(j, duplicate_acks[side], d->duplicate_acks);
		json_unsigned(j, zero_windows[side], d->zero_windows);
		json_unsigned(j, keepalives[side], d->keepalives);
	}
}

static void put_state(struct json *j, const struct flow_table *table, const struct flow *f)
{
	const struct tracker *t = &f->tracker;
	json_text(j, "handshake", t->handshake_seen ? "complete" : t->syn_seen || t->synack_seen ? "partial" : "none");
	if (f->tracker.rtt_us)
		json_seconds(j, "rtt", (int64_t)f->tracker.rtt_us * 1000);
	json_text(j, "state", flow_state_name(flow_state(f)));
	json_text(j, "conn_state", flow_conn_state(f));
	json_text(j, "history", flow_table_history(table, f));
	const char *host = flow_table_host(table, f);
	if (host)
		json_text(j, "host", host);
}

/* What keeps the record from being whole. */
static void put_cut(struct json *j, const struct flow *f, bool let_go)
{
	if (!f->midstream && !f->cut_short && !let_go)
		return;
	json_array_begin(j, "cut");
	if (f->midstream)
		json_text(j, NULL, "midstream");
	if (let_go)
		json_text(j, NULL, "evicted");
	if (f->cut_short)
		json_text(j, NULL, "snaplen");
	json_array_end(j);
}

static void put_flow(struct report *r, struct session *s, const struct names *n, const struct flow *f, const struct verdict *primary)
{
	struct json j;
	const struct flow_table *table = session_flows(s);
	line_begin(&j, &r->text, "flow", n);
	put_ends(&j, s, f, &r->scratch);
	if (f->path && !session_walk(s, n->flow, put_path, &j))
		r->reread_failed = true;
	json_time(&j, "first", f->first);
	json_time(&j, "last", f->last);
	json_seconds(&j, "duration", f->last - f->first);
	put_counts(&j, table, f);
	put_state(&j, table, f);
	report_json_elsewhere(r, &j, report_view(r, s, n->flow));
	report_json_sockets(r, &j, s, n->flow);
	if (primary) {
		json_text(&j, "cause", cause_id(primary->cause));
		json_text(&j, "confidence", confidence_name(primary->confidence));
		json_unsigned(&j, "reset_frame", primary->frame);
	}
	put_cut(&j, f, r->letting_go || session_packets_gone(s, f));
	json_end(&j);
}

static void put_evidence(struct json *j, const struct verdict *v)
{
	json_array_begin(j, "evidence");
	for (size_t i = 0; i < v->evidence_count; i++)
		json_text(j, NULL, v->evidence[i].text);
	json_array_end(j);
	json_array_begin(j, "evidence_facts");
	for (size_t i = 0; i < v->evidence_count; i++)
		json_text(j, NULL, v->evidence[i].fact);
	json_array_end(j);
	json_array_begin(j, "evidence_frames");
	for (size_t i = 0; i < v->evidence_count; i++)
		json_unsigned(j, NULL, v->evidence[i].frame);
	json_array_end(j);
	json_array_begin(j, "evidence_bears");
	for (size_t i = 0; i < v->evidence_count; i++)
		json_text(j, NULL, v->evidence[i].weakens ? "weakens" : "supports");
	json_array_end(j);
}

static void put_lines(struct json *j, const char *key, const char *const *lines, size_t n)
{
	json_array_begin(j, key);
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, lines[i]);
	json_array_end(j);
}

static void put_reset(struct report *r, const struct names *n, const struct verdict *v)
{
	struct json j;
	line_begin(&j, &r->text, "reset", n);
	json_unsigned(&j, "frame", v->frame);
	json_time(&j, "time", v->time);
	json_text(&j, "from", side_name(v->from));
	json_text(&j, "emitter", emitter_name(v->emitter));
	json_text(&j, "role", role_name(v->role));
	json_text(&j, "form", form_name(v->form));
	json_text(&j, "mechanism", mechanism_name(v->mechanism));
	json_text(&j, "mechanism_confidence", confidence_name(v->mechanism_confidence));
	json_text(&j, "cause", cause_id(v->cause));
	json_text(&j, "confidence", confidence_name(v->confidence));
	json_text(&j, "effect", effect_name(v->effect));
	json_text(&j, "severity", severity_name(v->severity));
	json_text(&j, "headline", v->headline);
	if (v->trigger)
		json_unsigned(&j, "trigger", v->trigger);
	if (v->kernel_reason)
		json_text(&j, "kernel_reason", v->kernel_reason);
	put_evidence(&j, v);
	json_array_begin(&j, "alternatives");
	for (size_t i = 0; i < v->alternative_count; i++)
		json_text(&j, NULL, cause_id(v->alternatives[i].cause));
	json_array_end(&j);
	json_array_begin(&j, "alternatives_decided_by");
	for (size_t i = 0; i < v->alternative_count; i++)
		json_text(&j, NULL, v->alternatives[i].decided_by);
	json_array_end(&j);
	put_lines(&j, "unknowns", v->unknowns, v->unknown_count);
	put_lines(&j, "check", v->checks, v->check_count);
	put_lines(&j, "references", v->references, v->reference_count);
	json_end(&j);
}

static void put_flags(struct json *j, uint16_t flags)
{
	static const struct { uint16_t bit; const char *name; } names[] = {
		{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" }, { TCP_PSH, "PSH" }, { TCP_ACK, "ACK" },
		{ TCP_URG, "URG" }, { TCP_ECE, "ECE" }, { TCP_CWR, "CWR" }, { TCP_AE, "AE" },
	};
	struct buf text = { 0 };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (flags & names[i].bit)
			buf_printf(&text, "%s%s", text.len ? "," : "", names[i].name);
	json_buf(j, "flags", &text);
	buf_free(&text);
}

/* Where step lines go: context of put_step(). */
struct steps {
	struct report *report;
	uint32_t flow;
	const struct vantage_view *view; /* NULL: no other place has the flow */
};

static bool put_step(void *context, const struct ladder_row *row)
{
	const struct steps *steps = context;
	struct report *r = steps->report;
	struct json j;
	struct buf text = { 0 };
	json_begin(&j, &r->text);
	json_text(&j, "type", "step");
	json_unsigned(&j, "flow", steps->flow);
	json_unsigned(&j, "frame", row->frame);
	json_text(&j, "from", side_name(row->from));
	put_flags(&j, row->flags);
	json_unsigned(&j, "seq", row->seq);
	json_unsigned(&j, "ack", row->ack);
	json_unsigned(&j, "length", row->len);
	json_unsigned(&j, "window", row->window);
	json_array_begin(&j, "marks");
	for (unsigned bit = 0; bit < MARK_COUNT; bit++)
		if (row->marks & 1u << bit)
			json_text(&j, NULL, mark_name(bit));
	json_array_end(&j);
	json_text(&j, "client_state", tcp_state_name((enum tcp_state)row->state_after[SIDE_CLIENT]));
	json_text(&j, "server_state", tcp_state_name((enum tcp_state)row->state_after[SIDE_SERVER]));
	ladder_explain_row(row, &text);
	json_buf(&j, "text", &text);
	report_json_passage(r, &j, steps->view, row->ordinal);
	json_end(&j);
	buf_free(&text);
	report_flush(r, false);
	return !r->write_failed && !r->text.failed;
}

static void put_steps(struct report *r, struct session *s, uint32_t flow)
{
	struct steps steps = { .report = r, .flow = flow, .view = report_view(r, s, flow) };
	if (!ladder_stream(s, flow, put_step, &steps))
		r->reread_failed = true;
}

static void write_incidents(struct report *r)
{
	buf_add(&r->text, r->incidents.data, r->incidents.len);
	r->text.failed |= r->incidents.failed;
	buf_clear(&r->incidents);
}

/* What an incident's flows share, and how much it is. The line waits for the end of the report. */
static void put_incident(struct report *r, struct session *s, const struct incident *incident)
{
	struct json j;
	struct buf text = { 0 };
	const struct flow *f = flow_table_get(session_flows(s), incident->example);
	json_begin(&j, &r->incidents);
	json_unsigned(&j, "v", VERSION);
	json_text(&j, "type", "incident");
	json_text(&j, "capture", session_name(s));
	json_text(&j, "vantage", session_vantage(s));
	json_time(&j, "first", incident->first);
	json_time(&j, "last", incident->last);
	json_text(&j, "cause", cause_id(incident->cause));
	if (incident->by_service) {
		text_add_address(&text, flow_address(f, SIDE_SERVER));
		json_buf(&j, "server_addr", &text);
		json_unsigned(&j, "server_port", flow_port(f, SIDE_SERVER));
	}
	if (!incident->by_service || incident->one_client) {
		buf_clear(&text);
		text_add_address(&text, flow_address(f, SIDE_CLIENT));
		json_buf(&j, "client_addr", &text);
	}
	json_unsigned(&j, "flows", incident->flows);
	json_unsigned(&j, "resets", incident->resets);
	buf_clear(&text);
	incident_headline(session_flows(s), incident, &text);
	json_buf(&j, "headline", &text);
	json_end(&j);
	buf_free(&text);
}

void report_json_incidents(struct report *r, struct session *s)
{
	struct incident *incidents;
	size_t n = report_incidents(r, s, &incidents);
	for (size_t i = 0; i < n; i++)
		put_incident(r, s, &incidents[i]);
	free(incidents);
	r->reset_flow_count = 0;
}

void report_json_incidents_due(struct report *r)
{
	if (r->incidents.len > INCIDENTS_WAIT)
		write_incidents(r);
}

/* names: kept from flow to flow for its memory. */
static void put_lines_of_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written, struct names *names)
{
	const struct flow_table *table = session_flows(s);
	const struct flow *f = flow_table_get(table, written->flow);
	bool again = written->segments != 0;
	struct findings found = { 0 };
	written->segments = f->segments[SIDE_CLIENT] + f->segments[SIDE_SERVER];
	if (!report_wants(r, view, written->flow))
		return;
	names_make(names, s, written->flow, f);
	if (!again)
		counts_flow(&r->capture, f);
	if (f->rst && !session_explain(s, written->flow, 0, &found))
		r->reread_failed = true;
	if (written->resets == 0)
		report_note(r, written->flow, &found);
	put_flow(r, s, names, f, findings_primary(&found));
	if (r->options.steps)
		put_steps(r, s, written->flow);
	for (size_t i = 0; i < found.count; i++) {
		if (i >= written->resets)
			report_count_reset(r, &found.items[i]);
		put_reset(r, names, &found.items[i]);
		report_flush(r, false);
	}
	written->resets = (uint32_t)found.count;
	findings_free(&found);
	report_flush(r, false);
}

void report_json_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written)
{
	struct names names = { 0 };
	put_lines_of_flow(r, s, view, written, &names);
	r->text.failed |= names.flow_id.failed || names.community_id.failed || r->scratch.failed;
	names_free(&names);
}

void report_json_capture(struct report *r, struct session *s)
{
	const struct flow_table *table = session_flows(s);
	struct flow_view view = { .session = s, .table = table };
	struct names names = { 0 };
	uint32_t count = flow_table_count(table);
	for (uint32_t number = flow_table_first(table); number < count && !r->write_failed && !r->text.failed; number++)
		put_lines_of_flow(r, s, &view, &(struct live_flow){ .flow = number }, &names);
	r->text.failed |= names.flow_id.failed || names.community_id.failed || r->scratch.failed;
	names_free(&names);
	report_json_incidents(r, s);
}

static void put_cause_counts(struct json *j, const struct counts *c)
{
	size_t *order = calloc(cause_count() + 1, sizeof *order);
	if (order == NULL) {
		j->out->failed = true;
		return;
	}
	size_t n = counts_rank(c, order);
	json_array_begin(j, "causes");
	for (size_t i = 0; i < n; i++) {
		struct buf text = { 0 };
		buf_printf(&text, "%s: %" PRIu64, cause_id(cause_at(order[i])), c->causes[order[i]]);
		json_buf(j, NULL, &text);
		buf_free(&text);
	}
	json_array_end(j);
	free(order);
}

void report_json_summary(struct report *r)
{
	const struct counts *c = &r->total;
	struct json j;
	uint64_t undecoded = 0;
	for (size_t i = 0; i < REASON_COUNT; i++)
		undecoded += c->undecoded[i];
	write_incidents(r);
	json_begin(&j, &r->text);
	json_unsigned(&j, "v", VERSION);
	json_text(&j, "type", "summary");
	json_unsigned(&j, "captures", c->captures);
	json_unsigned(&j, "packets", c->packets);
	json_unsigned(&j, "segments", c->segments);
	json_unsigned(&j, "flows", c->flows);
	json_unsigned(&j, "resets", c->resets);
	json_unsigned(&j, "undecoded", undecoded);
	json_array_begin(&j, "undecoded_reasons");
	for (size_t i = 0; i < REASON_COUNT; i++) {
		if (c->undecoded[i] == 0)
			continue;
		struct buf text = { 0 };
		buf_printf(&text, "%s: %" PRIu64, decode_reason_name((enum decode_reason)i), c->undecoded[i]);
		json_buf(&j, NULL, &text);
		buf_free(&text);
	}
	json_array_end(&j);
	json_bool(&j, "truncated", c->truncated);
	if (c->live)
		json_unsigned(&j, "dropped", c->dropped);
	if (c->evicted > 0)
		json_unsigned(&j, "evicted", c->evicted);
	put_cause_counts(&j, c);
	json_end(&j);
}
