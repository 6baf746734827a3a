/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowline: the columns of a flow. */
#include "query/flowline.h"

#include <string.h>
#include <time.h>

#include "util/endian.h"
#include "util/text.h"

enum { THOUSANDS_MOST = 6 /* in 64 bits, without the first */, NS_PER_US = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

void flow_view_set(struct flow_view *v, uint32_t number)
{
	v->number = number;
	v->flow = flow_table_get(v->table, number);
	v->brief = NULL;
	v->brief_known = false;
	v->previous = v->origin;
	if (v->time == FLOW_TIME_DELTA && number > 0)
		v->previous = flow_table_get(v->table, number - 1)->first;
}

const struct verdict_brief *flow_view_brief(struct flow_view *v)
{
	if (!v->brief_known) {
		v->brief = v->flow->rst > 0 && v->session != NULL ? session_brief(v->session, v->number) : NULL;
		v->brief_known = true;
	}
	return v->brief;
}

static char *put_text(char *at, const char *text)
{
	size_t n = strlen(text);

	memcpy(at, text, n);
	return at + n;
}

/* Without a branch on how many digits there are, for nobody can predict that. value < 1000 */
static char *put_small(char *at, unsigned value)
{
	*at = (char)('0' + value / 100);
	at += value >= 100;
	*at = (char)('0' + value / 10 % 10);
	at += value >= 10;
	*at = (char)('0' + value % 10);
	return at + 1;
}

static char *put_3_digits(char *at, unsigned value)
{
	at[0] = (char)('0' + value / 100);
	at[1] = (char)('0' + value / 10 % 10);
	at[2] = (char)('0' + value % 10);
	return at + 3;
}

static char *put_number(char *at, uint64_t value)
{
	unsigned groups[THOUSANDS_MOST], n = 0;

	for (; value >= 1000; value /= 1000)
		groups[n++] = (unsigned)(value % 1000);
	at = put_small(at, (unsigned)value);
	while (n > 0)
		at = put_3_digits(at, groups[--n]);
	return at;
}

/* thousandths / 1000 with so many decimals, cut, not rounded: a flow of 999.96 ms is not one of 1000.0 ms. */
static char *put_thousandths(char *at, uint64_t thousandths, unsigned decimals)
{
	at = put_number(at, thousandths / 1000);
	if (decimals == 0)
		return at;
	*at++ = '.';
	put_3_digits(at, (unsigned)(thousandths % 1000));
	return at + decimals;
}

static char *put_bytes(char *at, uint64_t bytes)
{
	static const char units[] = "kMGTPE";
	size_t unit = 0;

	if (bytes < 1000)
		return put_number(at, bytes);
	for (; unit + 2 < sizeof units && bytes >= 1000000; bytes /= 1000)
		unit++;
	at = put_thousandths(at, bytes, bytes < 100000 ? 1 : 0);
	*at++ = units[unit];
	return at;
}

static char *put_two(char *at, uint64_t first, char between, uint64_t second, char unit)
{
	at = put_number(at, first);
	*at++ = between;
	at = put_number(at, second);
	*at++ = unit;
	return at;
}

static char *put_duration(char *at, int64_t ns)
{
	uint64_t value = ns > 0 ? (uint64_t)ns : 0;
	uint64_t seconds = value / NS_PER_S;

	if (value < NS_PER_MS)
		return put_text(put_number(at, value / NS_PER_US), "us");
	if (value < NS_PER_S)
		return put_text(put_thousandths(at, value / NS_PER_US, value < 100 * (uint64_t)NS_PER_MS ? 1 : 0), "ms");
	if (seconds < 120)
		return put_text(put_thousandths(at, value / NS_PER_MS, seconds < 10 ? 2 : 1), "s");
	if (seconds < 7200)
		return put_two(at, seconds / 60, 'm', seconds % 60, 's');
	return put_two(at, seconds / 3600, 'h', seconds / 60 % 60, 'm');
}

static char *put_seconds(char *at, int64_t ns)
{
	uint64_t us = (ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns) / NS_PER_US;

	if (ns < 0)
		*at++ = '-';
	at = put_number(at, us / 1000000);
	*at++ = '.';
	return put_3_digits(put_3_digits(at, (unsigned)(us / 1000 % 1000)), (unsigned)(us % 1000));
}

static char *put_2_digits(char *at, int value)
{
	*at++ = (char)('0' + value / 10 % 10);
	*at++ = (char)('0' + value % 10);
	return at;
}

static char *put_clock(char *at, int64_t ns)
{
	int64_t seconds = ns / NS_PER_S, rest = ns % NS_PER_S;
	struct tm tm;

	if (rest < 0) {
		rest += NS_PER_S;
		seconds--;
	}
	time_t when = (time_t)seconds;
	if (localtime_r(&when, &tm) == NULL)
		tm = (struct tm){ 0 };
	at = put_2_digits(at, tm.tm_hour);
	*at++ = ':';
	at = put_2_digits(at, tm.tm_min);
	*at++ = ':';
	at = put_2_digits(at, tm.tm_sec);
	*at++ = '.';
	for (int64_t scale = NS_PER_S / 10; scale >= NS_PER_US; scale /= 10)
		*at++ = (char)('0' + rest / scale % 10);
	return at;
}

/* IPv4 by own code; IPv6, rarer and longer, by the common one. */
static char *put_endpoint(char *at, const uint8_t address[16], uint16_t port)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (memcmp(address, mapped, sizeof mapped) != 0) {
		struct buf text = { 0 };
		text_add_endpoint(&text, address, port);
		if (text.len <= FLOW_CELL_MOST)
			at = put_text(at, buf_text(&text));
		buf_free(&text);
		return at;
	}
	for (unsigned i = 12; i < 16; i++) {
		at = put_small(at, address[i]);
		*at++ = i < 15 ? '.' : ':';
	}
	return put_number(at, port);
}

/* What was put from cell to end. */
static void add_put(struct buf *out, const char *cell, const char *end)
{
	buf_add(out, cell, (size_t)(end - cell));
}

void cell_number(struct buf *out, uint64_t value)
{
	char cell[FLOW_CELL_MOST];
	add_put(out, cell, put_number(cell, value));
}

void cell_bytes(struct buf *out, uint64_t bytes)
{
	char cell[FLOW_CELL_MOST];
	add_put(out, cell, put_bytes(cell, bytes));
}

void cell_duration(struct buf *out, int64_t ns)
{
	char cell[FLOW_CELL_MOST];
	add_put(out, cell, put_duration(cell, ns));
}

void cell_seconds(struct buf *out, int64_t ns)
{
	char cell[FLOW_CELL_MOST];
	add_put(out, cell, put_seconds(cell, ns));
}

void cell_clock(struct buf *out, int64_t ns)
{
	char cell[FLOW_CELL_MOST];
	add_put(out, cell, put_clock(cell, ns));
}

void cell_endpoint(struct buf *out, const uint8_t address[16], uint16_t port)
{
	char cell[FLOW_CELL_MOST];
	add_put(out, cell, put_endpoint(cell, address, port));
}

uint64_t flow_retransmissions(const struct flow_view *v)
{
	if (v->table == NULL)
		return 0;
	return (uint64_t)flow_table_detail(v->table, v->flow, SIDE_CLIENT)->retransmissions +
	       flow_table_detail(v->table, v->flow, SIDE_SERVER)->retransmissions;
}

static uint64_t total_segments(const struct flow *f)
{
	return (uint64_t)f->segments[0] + f->segments[1];
}

static char *put_column_number(struct flow_view *v, char *at) { return put_number(at, v->number); }
static char *put_column_duration(struct flow_view *v, char *at) { return put_duration(at, v->flow->last - v->flow->first); }
static char *put_column_segments(struct flow_view *v, char *at) { return put_number(at, total_segments(v->flow)); }
static char *put_column_bytes(struct flow_view *v, char *at) { return put_bytes(at, v->flow->bytes[0] + v->flow->bytes[1]); }
static char *put_column_state(struct flow_view *v, char *at) { return put_text(at, flow_state_name(flow_state(v->flow))); }

static char *put_column_start(struct flow_view *v, char *at)
{
	if (v->time == FLOW_TIME_ABSOLUTE)
		return put_clock(at, v->flow->first);
	return put_seconds(at, v->flow->first - (v->time == FLOW_TIME_DELTA ? v->previous : v->origin));
}

/* NULL: it is to be shown by its address, for a cut name could be another's. */
static const char *end_name(const struct flow_view *v, enum side side)
{
	const char *name = v->session != NULL ? session_host_name(v->session, flow_address(v->flow, side)) : NULL;
	return name != NULL && strlen(name) <= FLOW_NAME_MOST ? name : NULL;
}

static char *put_end(struct flow_view *v, char *at, enum side side)
{
	const char *name = end_name(v, side);
	if (name == NULL)
		return put_endpoint(at, flow_address(v->flow, side), flow_port(v->flow, side));
	at = put_text(at, name);
	*at++ = ':';
	return put_number(at, flow_port(v->flow, side));
}

static char *put_column_client(struct flow_view *v, char *at) { return put_end(v, at, SIDE_CLIENT); }
static char *put_column_server(struct flow_view *v, char *at) { return put_end(v, at, SIDE_SERVER); }

static const char *view_host(const struct flow_view *v)
{
	return v->table != NULL && v->flow->host != 0 ? flow_table_host(v->table, v->flow) : NULL;
}

/* The strip: which of handshake, data and ending were seen, in the order they belong. */
static char *put_column_flags(struct flow_view *v, char *at)
{
	const struct flow *f = v->flow;
	uint64_t control = (uint64_t)f->syn + f->synack + f->fin + f->rst + (f->established != 0);
	const struct { bool seen; const char *text; } parts[] = {
		{ f->syn > 0, "S " }, { f->synack > 0, "SA " }, { f->established != 0, "A " },
		{ total_segments(f) > control, v->utf8 ? "\u2504 " : "~ " }, { f->fin > 0, "F " }, { f->fin > 1, "F " }, { f->rst > 0, "R " },
	};
	char *begin = at;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i].seen)
			at = put_text(at, parts[i].text);
	return at > begin ? at - 1 : at;
}

static char *put_column_retransmissions(struct flow_view *v, char *at)
{
	uint64_t n = flow_retransmissions(v);

	return n > 0 ? put_number(at, n) : at;
}

static char *put_column_rtt(struct flow_view *v, char *at)
{
	return v->flow->tracker.rtt_us > 0 ? put_duration(at, (int64_t)v->flow->tracker.rtt_us * NS_PER_US) : at;
}

static char *put_column_resets(struct flow_view *v, char *at)
{
	return v->flow->rst > 0 ? put_number(at, v->flow->rst) : at;
}

static char *put_column_cause(struct flow_view *v, char *at)
{
	const struct verdict_brief *brief = flow_view_brief(v);

	if (brief == NULL || brief->cause == NULL || strlen(cause_id(brief->cause)) >= FLOW_CELL_MOST)
		return at;
	at = put_text(at, cause_id(brief->cause));
	if (brief->confidence == CONFIDENCE_POSSIBLE)
		*at++ = '?';
	return at;
}

/* Eight bytes of a text from `word`, big-endian, so that numbers order as the text does. */
static uint64_t text_word(const char *text, unsigned word)
{
	uint64_t key = 0;
	size_t n = text != NULL ? strlen(text) : 0;

	for (size_t i = (size_t)word * 8; i < (size_t)word * 8 + 8; i++)
		key = key << 8 | (i < n ? (uint8_t)text[i] : 0);
	return key;
}

static uint64_t address_word(const uint8_t address[16], uint16_t port, unsigned word)
{
	return word == 2 ? port : (uint64_t)get_be32(address + (size_t)word * 8) << 32 | get_be32(address + (size_t)word * 8 + 4);
}

static uint64_t key_number(struct flow_view *v, unsigned word) { (void)word; return v->number; }
/* Signed times keep their order as unsigned once the sign bit is turned. */
static uint64_t key_start(struct flow_view *v, unsigned word) { (void)word; return (uint64_t)v->flow->first ^ UINT64_C(1) << 63; }
static uint64_t key_segments(struct flow_view *v, unsigned word) { (void)word; return total_segments(v->flow); }
static uint64_t key_bytes(struct flow_view *v, unsigned word) { (void)word; return v->flow->bytes[0] + v->flow->bytes[1]; }
static uint64_t key_retransmissions(struct flow_view *v, unsigned word) { (void)word; return flow_retransmissions(v); }
static uint64_t key_rtt(struct flow_view *v, unsigned word) { (void)word; return v->flow->tracker.rtt_us; }
static uint64_t key_resets(struct flow_view *v, unsigned word) { (void)word; return v->flow->rst; }
/* The names differ within their first eight letters. */
static uint64_t key_state(struct flow_view *v, unsigned word) { return text_word(flow_state_name(flow_state(v->flow)), word); }
static uint64_t key_host(struct flow_view *v, unsigned word) { return text_word(view_host(v), word); }

static uint64_t key_duration(struct flow_view *v, unsigned word)
{
	(void)word;
	return v->flow->last > v->flow->first ? (uint64_t)(v->flow->last - v->flow->first) : 0;
}

static uint64_t key_client(struct flow_view *v, unsigned word)
{
	return address_word(flow_address(v->flow, SIDE_CLIENT), flow_port(v->flow, SIDE_CLIENT), word);
}

static uint64_t key_server(struct flow_view *v, unsigned word)
{
	return address_word(flow_address(v->flow, SIDE_SERVER), flow_port(v->flow, SIDE_SERVER), word);
}

static uint64_t key_flags(struct flow_view *v, unsigned word)
{
	const struct flow *f = v->flow;

	(void)word;
	return (uint64_t)(f->syn > 0) << 4 | (uint64_t)(f->synack > 0) << 3 | (uint64_t)(f->established != 0) << 2 |
	       (uint64_t)(f->fin > 0) << 1 | (uint64_t)(f->rst > 0);
}

static uint64_t key_cause(struct flow_view *v, unsigned word)
{
	const struct verdict_brief *brief = flow_view_brief(v);

	return text_word(brief != NULL && brief->cause != NULL ? cause_id(brief->cause) : NULL, word);
}

static const struct flow_column columns[COLUMN_COUNT] = {
	[COLUMN_NUMBER] = { "number", "#", 6, 0, true, 1, put_column_number, key_number },
	[COLUMN_START] = { "start", "Start", 10, 3, true, 1, put_column_start, key_start },
	[COLUMN_DURATION] = { "duration", "Dur", 6, 5, true, 1, put_column_duration, key_duration },
	[COLUMN_CLIENT] = { "client", "Client", 19, 1, false, 3, put_column_client, key_client },
	[COLUMN_SERVER] = { "server", "Server", 19, 0, false, 3, put_column_server, key_server },
	[COLUMN_HOST] = { "host", "Host", 18, 9, false, 4, NULL, key_host },
	[COLUMN_STATE] = { "state", "State", 10, 2, false, 1, put_column_state, key_state },
	[COLUMN_FLAGS] = { "flags", "Flags", 12, 4, false, 1, put_column_flags, key_flags },
	[COLUMN_SEGMENTS] = { "segments", "Segs", 5, 6, true, 1, put_column_segments, key_segments },
	[COLUMN_BYTES] = { "bytes", "Bytes", 6, 7, true, 1, put_column_bytes, key_bytes },
	[COLUMN_RETRANSMISSIONS] = { "retransmissions", "Rtx", 4, 10, true, 1, put_column_retransmissions, key_retransmissions },
	[COLUMN_RTT] = { "rtt", "RTT", 6, 8, true, 1, put_column_rtt, key_rtt },
	[COLUMN_RESETS] = { "resets", "Rst", 4, 11, true, 1, put_column_resets, key_resets },
	[COLUMN_CAUSE] = { "cause", "Cause", 24, 0, false, 4, put_column_cause, key_cause },
};

const struct flow_column *flow_column(enum flow_column_id id)
{
	return &columns[id];
}

const struct flow_column *flow_column_find(const char *id, enum flow_column_id *found)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (strcmp(columns[i].id, id) == 0) {
			*found = (enum flow_column_id)i;
			return &columns[i];
		}
	return NULL;
}

static const char *cell_host(const struct flow_view *v)
{
	const char *host = view_host(v);

	return host != NULL ? host : "";
}

void flow_cell(struct flow_view *v, enum flow_column_id id, struct buf *out)
{
	char cell[FLOW_CELL_MOST];

	if (columns[id].put != NULL)
		add_put(out, cell, columns[id].put(v, cell));
	else
		buf_puts(out, cell_host(v));
}

void flow_line(struct flow_view *v, struct buf *out)
{
	char line[COLUMN_COUNT * (FLOW_CELL_MOST + 2)], *at = line;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		bool shown = false;
		if (columns[i].put != NULL) {
			char *end = columns[i].put(v, at);
			shown = end > at;
			at = end;
		} else if (*cell_host(v) != '\0') {
			/* Hosts have no bound: what stands before goes out first. */
			add_put(out, line, at);
			buf_puts(out, cell_host(v));
			shown = true;
			at = line;
		}
		if (shown) {
			*at++ = ' ';
			*at++ = ' ';
		}
	}
	add_put(out, line, at);
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		flow_unnamed(v, side, out);
}

void flow_unnamed(struct flow_view *v, enum side side, struct buf *out)
{
	if (end_name(v, side) == NULL)
		return;
	buf_puts(out, "  ");
	cell_endpoint(out, flow_address(v->flow, side), flow_port(v->flow, side));
}
