/* SPDX-License-Identifier: GPL-3.0-or-later
 * field: the table of filter fields. */
#include "query/field.h"

#include <string.h>

static void text_end(struct flow_view *v, enum flow_column_id id, enum side side, struct buf *out)
{
	flow_cell(v, id, out);
	flow_unnamed(v, side, out);
}

static void text_client(struct flow_view *v, struct buf *out) { text_end(v, COLUMN_CLIENT, SIDE_CLIENT, out); }
static void text_server(struct flow_view *v, struct buf *out) { text_end(v, COLUMN_SERVER, SIDE_SERVER, out); }
static void text_host(struct flow_view *v, struct buf *out) { flow_cell(v, COLUMN_HOST, out); }
static void text_state(struct flow_view *v, struct buf *out) { flow_cell(v, COLUMN_STATE, out); }
static void text_flags(struct flow_view *v, struct buf *out) { flow_cell(v, COLUMN_FLAGS, out); }
static void text_conn_state(struct flow_view *v, struct buf *out) { buf_puts(out, flow_conn_state(v->flow)); }

static void text_cause(struct flow_view *v, struct buf *out)
{
	const struct verdict_brief *b = flow_view_brief(v);

	if (b != NULL && b->cause != NULL)
		buf_puts(out, cause_id(b->cause));
}

static void text_history(struct flow_view *v, struct buf *out)
{
	if (v->table != NULL)
		buf_puts(out, flow_table_history(v->table, v->flow));
}

static void text_sender(struct flow_view *v, struct buf *out)
{
	const struct verdict_brief *b = flow_view_brief(v);

	if (b != NULL)
		buf_puts(out, emitter_name((enum emitter)b->emitter));
}

static void text_confidence(struct flow_view *v, struct buf *out)
{
	const struct verdict_brief *b = flow_view_brief(v);

	if (b != NULL)
		buf_puts(out, confidence_name((enum confidence)b->confidence));
}

static void text_effect(struct flow_view *v, struct buf *out)
{
	const struct verdict_brief *b = flow_view_brief(v);

	if (b != NULL)
		buf_puts(out, effect_name((enum effect)b->effect));
}

static void text_severity(struct flow_view *v, struct buf *out)
{
	const struct verdict_brief *b = flow_view_brief(v);

	if (b != NULL)
		buf_puts(out, severity_name((enum severity)b->severity));
}

/* Whose address the first reset bears. */
static void text_from(struct flow_view *v, struct buf *out)
{
	if (v->flow->rst > 0)
		buf_puts(out, v->flow->rst_from == SIDE_CLIENT ? "client" : "server");
}

static bool number_flow(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = v->number;
	return true;
}

static bool number_duration(struct flow_view *v, unsigned i, uint64_t *value)
{
	*value = flow_column(COLUMN_DURATION)->key(v, i);
	return true;
}

static bool number_start(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = v->flow->first > v->origin ? (uint64_t)(v->flow->first - v->origin) : 0;
	return true;
}

static bool number_segments(struct flow_view *v, unsigned i, uint64_t *value)
{
	*value = flow_column(COLUMN_SEGMENTS)->key(v, i);
	return true;
}

static bool number_bytes(struct flow_view *v, unsigned i, uint64_t *value)
{
	*value = flow_column(COLUMN_BYTES)->key(v, i);
	return true;
}

static bool number_retransmissions(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = flow_retransmissions(v);
	return true;
}

static bool number_rtt(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = (uint64_t)v->flow->tracker.rtt_us * 1000;
	return v->flow->tracker.rtt_us > 0;
}

static bool number_resets(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = v->flow->rst;
	return true;
}

static bool number_first_reset(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = v->flow->first_rst > v->origin ? (uint64_t)(v->flow->first_rst - v->origin) : 0;
	return v->flow->rst > 0;
}

static bool number_port(struct flow_view *v, unsigned i, uint64_t *value)
{
	*value = v->flow->port[i];
	return true;
}

static bool number_client_port(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = flow_port(v->flow, SIDE_CLIENT);
	return true;
}

static bool number_server_port(struct flow_view *v, unsigned i, uint64_t *value)
{
	(void)i;
	*value = flow_port(v->flow, SIDE_SERVER);
	return true;
}

enum { COST_NUMBER = 0, COST_WORD = 1, COST_TEXT = 2, COST_VERDICT = 3 };

#define NUMBER(name, unit, values, help) { #name, help, COST_NUMBER, unit, values, number_##name, NULL }
#define TEXT(name, cost, help) { #name, help, cost, UNIT_COUNT_OF, 0, NULL, text_##name }

static const struct field fields[] = {
	TEXT(client, COST_TEXT, "address and port of the client"),
	TEXT(server, COST_TEXT, "address and port of the server"),
	TEXT(host, COST_TEXT, "TLS server name or HTTP Host"),
	TEXT(state, COST_WORD, "handshake open closing closed refused reset unanswered"),
	TEXT(flags, COST_WORD, "the strip of the list: S SA A ~ F R"),
	TEXT(history, COST_WORD, "Zeek's history letters"),
	TEXT(conn_state, COST_WORD, "Zeek's conn_state: S0 SF REJ RSTO RSTR ..."),
	TEXT(from, COST_WORD, "client or server: whose address the first reset bears"),
	TEXT(cause, COST_VERDICT, "cause of the primary reset, such as abort-unread-data"),
	TEXT(sender, COST_VERDICT, "who made it: client server middlebox unknown"),
	TEXT(confidence, COST_VERDICT, "certain likely possible"),
	TEXT(effect, COST_VERDICT, "killed ignored challenged already-closed unknown"),
	TEXT(severity, COST_VERDICT, "info warn problem"),
	NUMBER(flow, UNIT_COUNT_OF, 1, "number of the flow"),
	NUMBER(port, UNIT_COUNT_OF, 2, "either port"),
	NUMBER(client_port, UNIT_COUNT_OF, 1, "the client's port"),
	NUMBER(server_port, UNIT_COUNT_OF, 1, "the server's port"),
	NUMBER(start, UNIT_TIME, 1, "time since the capture's first flow"),
	NUMBER(duration, UNIT_TIME, 1, "from first to last segment"),
	NUMBER(rtt, UNIT_TIME, 1, "round trip time of the handshake"),
	NUMBER(segments, UNIT_COUNT_OF, 1, "segments of both sides"),
	NUMBER(bytes, UNIT_BYTES, 1, "payload of both sides"),
	NUMBER(retransmissions, UNIT_COUNT_OF, 1, "retransmitted segments"),
	NUMBER(first_reset, UNIT_TIME, 1, "time of its first reset since the capture's first flow"),
	NUMBER(resets, UNIT_COUNT_OF, 1, "RST segments"),
};

const struct field *field_at(size_t index)
{
	return index < sizeof fields / sizeof fields[0] ? &fields[index] : NULL;
}

const struct field *field_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strlen(fields[i].name) == n && memcmp(fields[i].name, name, n) == 0)
			return &fields[i];
	return NULL;
}

static const struct unit {
	const char *name;
	enum field_unit of;
	uint64_t scale;
} units[] = {
	{ "ns", UNIT_TIME, 1 }, { "us", UNIT_TIME, 1000 }, { "ms", UNIT_TIME, 1000000 }, { "s", UNIT_TIME, 1000000000 },
	{ "m", UNIT_TIME, UINT64_C(60000000000) }, { "h", UNIT_TIME, UINT64_C(3600000000000) }, { "", UNIT_TIME, 1000000000 },
	{ "", UNIT_BYTES, 1 }, { "B", UNIT_BYTES, 1 }, { "k", UNIT_BYTES, 1000 }, { "kB", UNIT_BYTES, 1000 }, { "K", UNIT_BYTES, 1000 },
	{ "M", UNIT_BYTES, 1000000 }, { "MB", UNIT_BYTES, 1000000 }, { "G", UNIT_BYTES, 1000000000 }, { "GB", UNIT_BYTES, 1000000000 },
	{ "", UNIT_COUNT_OF, 1 }, { "k", UNIT_COUNT_OF, 1000 }, { "M", UNIT_COUNT_OF, 1000000 }, { "G", UNIT_COUNT_OF, 1000000000 },
};

static const struct unit *find_unit(const char *text, size_t n, enum field_unit of)
{
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (units[i].of == of && strlen(units[i].name) == n && memcmp(units[i].name, text, n) == 0)
			return &units[i];
	return NULL;
}

bool field_parse_number(const char *text, size_t n, enum field_unit of, uint64_t *value, size_t *offset)
{
	enum { MOST = 1000000000 }; /* of whole units read: enough, and no product overflows after the check below */
	uint64_t whole = 0, part = 0, part_scale = 1;
	size_t i = 0;

	for (; i < n && text[i] >= '0' && text[i] <= '9' && whole < (uint64_t)MOST * MOST; i++)
		whole = whole * 10 + (uint64_t)(text[i] - '0');
	*offset = i;
	if (i == 0)
		return false;
	if (i + 1 < n && text[i] == '.' && text[i + 1] >= '0' && text[i + 1] <= '9')
		for (i++; i < n && text[i] >= '0' && text[i] <= '9'; i++)
			if (part_scale < MOST) {
				part = part * 10 + (uint64_t)(text[i] - '0');
				part_scale *= 10;
			}
	*offset = i;
	const struct unit *unit = find_unit(text + i, n - i, of);
	if (unit == NULL)
		return false;
	*offset = 0;
	/* part * scale / part_scale, each product below 2^64: part is below part_scale, and that at most MOST */
	uint64_t rest = part * (unit->scale / part_scale) + part * (unit->scale % part_scale) / part_scale;
	if (__builtin_mul_overflow(whole, unit->scale, value) || __builtin_add_overflow(*value, rest, value))
		return false;
	*offset = n;
	return true;
}
