/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowline: the columns of a flow. */
#include "query/flowline.h"

#include <string.h>
#include <time.h>

#include "util/text.h"

enum { CELL_MAX = 24, NS_PER_US = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

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

void cell_number(struct buf *out, uint64_t value)
{
	char digits[CELL_MAX];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	buf_add(out, digits + at, sizeof digits - at);
}

/* value / scale with `decimals` decimals, cut, not rounded: a flow of 999.96 ms is not one of 1000.0 ms. */
static void cell_fixed(struct buf *out, uint64_t value, uint64_t scale, unsigned decimals)
{
	char digits[CELL_MAX];
	uint64_t rest = value % scale;

	cell_number(out, value / scale);
	if (decimals == 0)
		return;
	digits[0] = '.';
	for (unsigned i = 1; i <= decimals; i++) {
		scale /= 10;
		digits[i] = (char)('0' + (scale > 0 ? rest / scale : 0) % 10);
	}
	buf_add(out, digits, decimals + 1);
}

void cell_bytes(struct buf *out, uint64_t bytes)
{
	static const char units[] = "kMGTPE";
	uint64_t scale = 1000;
	size_t unit = 0;

	if (bytes < 1000) {
		cell_number(out, bytes);
		return;
	}
	while (unit + 2 < sizeof units && bytes / scale >= 1000) {
		scale *= 1000;
		unit++;
	}
	cell_fixed(out, bytes, scale, bytes / scale < 100 ? 1 : 0);
	buf_putc(out, units[unit]);
}

void cell_duration(struct buf *out, int64_t ns)
{
	uint64_t value = ns > 0 ? (uint64_t)ns : 0;
	uint64_t seconds = value / NS_PER_S;

	if (value < NS_PER_MS) {
		cell_number(out, value / NS_PER_US);
		buf_add(out, "us", 2);
	} else if (value < NS_PER_S) {
		cell_fixed(out, value, NS_PER_MS, value < 100 * (uint64_t)NS_PER_MS ? 1 : 0);
		buf_add(out, "ms", 2);
	} else if (seconds < 120) {
		cell_fixed(out, value, NS_PER_S, seconds < 10 ? 2 : 1);
		buf_putc(out, 's');
	} else if (seconds < 7200) {
		cell_number(out, seconds / 60);
		buf_putc(out, 'm');
		cell_number(out, seconds % 60);
		buf_putc(out, 's');
	} else {
		cell_number(out, seconds / 3600);
		buf_putc(out, 'h');
		cell_number(out, seconds / 60 % 60);
		buf_putc(out, 'm');
	}
}

void cell_seconds(struct buf *out, int64_t ns)
{
	uint64_t magnitude = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		buf_putc(out, '-');
	cell_fixed(out, magnitude, NS_PER_S, 6);
}

void cell_clock(struct buf *out, int64_t ns)
{
	int64_t seconds = ns / NS_PER_S;
	int64_t rest = ns % NS_PER_S;
	struct tm tm;

	if (rest < 0) {
		rest += NS_PER_S;
		seconds--;
	}
	time_t when = (time_t)seconds;
	if (localtime_r(&when, &tm) == NULL)
		tm = (struct tm){ 0 };
	buf_printf(out, "%02d:%02d:%02d.%06d", tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(rest / NS_PER_US));
}

void cell_endpoint(struct buf *out, const uint8_t address[16], uint16_t port)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[32];
	size_t n = 0;

	if (memcmp(address, mapped, sizeof mapped) != 0) {
		text_add_endpoint(out, address, port);
		return;
	}
	for (unsigned i = 12; i < 16; i++) {
		unsigned b = address[i];
		if (b >= 100)
			text[n++] = (char)('0' + b / 100);
		if (b >= 10)
			text[n++] = (char)('0' + b / 10 % 10);
		text[n++] = (char)('0' + b % 10);
		text[n++] = i < 15 ? '.' : ':';
	}
	buf_add(out, text, n);
	cell_number(out, port);
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

static void format_number(struct flow_view *v, struct buf *out)
{
	cell_number(out, v->number);
}

static void format_start(struct flow_view *v, struct buf *out)
{
	if (v->time == FLOW_TIME_ABSOLUTE)
		cell_clock(out, v->flow->first);
	else
		cell_seconds(out, v->flow->first - (v->time == FLOW_TIME_DELTA ? v->previous : v->origin));
}

static void format_duration(struct flow_view *v, struct buf *out)
{
	cell_duration(out, v->flow->last - v->flow->first);
}

static void format_client(struct flow_view *v, struct buf *out)
{
	cell_endpoint(out, flow_address(v->flow, SIDE_CLIENT), flow_port(v->flow, SIDE_CLIENT));
}

static void format_server(struct flow_view *v, struct buf *out)
{
	cell_endpoint(out, flow_address(v->flow, SIDE_SERVER), flow_port(v->flow, SIDE_SERVER));
}

static const char *view_host(const struct flow_view *v)
{
	return v->table != NULL && v->flow->host != 0 ? flow_table_host(v->table, v->flow) : NULL;
}

static void format_host(struct flow_view *v, struct buf *out)
{
	const char *host = view_host(v);

	if (host != NULL)
		buf_puts(out, host);
}

static void format_state(struct flow_view *v, struct buf *out)
{
	buf_puts(out, flow_state_name(flow_state(v->flow)));
}

/* The strip: which of handshake, data and ending were seen, in the order they belong. */
static void format_flags(struct flow_view *v, struct buf *out)
{
	const struct flow *f = v->flow;
	uint64_t control = (uint64_t)f->syn + f->synack + f->fin + f->rst + (f->established != 0);
	const char *between = v->utf8 ? "\u2504" : "~";
	const struct { bool seen; const char *text; } parts[] = {
		{ f->syn > 0, "S" }, { f->synack > 0, "SA" }, { f->established != 0, "A" },
		{ total_segments(f) > control, between }, { f->fin > 0, "F" }, { f->fin > 1, "F" }, { f->rst > 0, "R" },
	};
	bool first = true;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (!parts[i].seen)
			continue;
		if (!first)
			buf_putc(out, ' ');
		buf_puts(out, parts[i].text);
		first = false;
	}
}

static void format_segments(struct flow_view *v, struct buf *out)
{
	cell_number(out, total_segments(v->flow));
}

static void format_bytes(struct flow_view *v, struct buf *out)
{
	cell_bytes(out, v->flow->bytes[0] + v->flow->bytes[1]);
}

static void format_retransmissions(struct flow_view *v, struct buf *out)
{
	uint64_t n = flow_retransmissions(v);

	if (n > 0)
		cell_number(out, n);
}

static void format_rtt(struct flow_view *v, struct buf *out)
{
	if (v->flow->rtt_us > 0)
		cell_duration(out, (int64_t)v->flow->rtt_us * NS_PER_US);
}

static void format_resets(struct flow_view *v, struct buf *out)
{
	if (v->flow->rst > 0)
		cell_number(out, v->flow->rst);
}

static void format_cause(struct flow_view *v, struct buf *out)
{
	const struct verdict_brief *brief = flow_view_brief(v);

	if (brief == NULL || brief->cause == NULL)
		return;
	buf_puts(out, cause_id(brief->cause));
	if (brief->confidence == CONFIDENCE_POSSIBLE)
		buf_putc(out, '?');
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
	uint64_t key = 0;

	if (word == 2)
		return port;
	for (unsigned i = word * 8; i < word * 8 + 8; i++)
		key = key << 8 | address[i];
	return key;
}

static uint64_t key_number(struct flow_view *v, unsigned word) { (void)word; return v->number; }
/* Signed times keep their order as unsigned once the sign bit is turned. */
static uint64_t key_start(struct flow_view *v, unsigned word) { (void)word; return (uint64_t)v->flow->first ^ UINT64_C(1) << 63; }
static uint64_t key_segments(struct flow_view *v, unsigned word) { (void)word; return total_segments(v->flow); }
static uint64_t key_bytes(struct flow_view *v, unsigned word) { (void)word; return v->flow->bytes[0] + v->flow->bytes[1]; }
static uint64_t key_retransmissions(struct flow_view *v, unsigned word) { (void)word; return flow_retransmissions(v); }
static uint64_t key_rtt(struct flow_view *v, unsigned word) { (void)word; return v->flow->rtt_us; }
static uint64_t key_resets(struct flow_view *v, unsigned word) { (void)word; return v->flow->rst; }
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
	[COLUMN_NUMBER] = { "number", "#", 6, 0, true, 1, format_number, key_number },
	[COLUMN_START] = { "start", "Start", 10, 3, true, 1, format_start, key_start },
	[COLUMN_DURATION] = { "duration", "Dur", 6, 5, true, 1, format_duration, key_duration },
	[COLUMN_CLIENT] = { "client", "Client", 19, 1, false, 3, format_client, key_client },
	[COLUMN_SERVER] = { "server", "Server", 19, 0, false, 3, format_server, key_server },
	[COLUMN_HOST] = { "host", "Host", 18, 9, false, 4, format_host, key_host },
	[COLUMN_STATE] = { "state", "State", 10, 2, false, 2, format_state, key_state },
	[COLUMN_FLAGS] = { "flags", "Flags", 12, 4, false, 1, format_flags, key_flags },
	[COLUMN_SEGMENTS] = { "segments", "Segs", 5, 6, true, 1, format_segments, key_segments },
	[COLUMN_BYTES] = { "bytes", "Bytes", 6, 7, true, 1, format_bytes, key_bytes },
	[COLUMN_RETRANSMISSIONS] = { "retransmissions", "Rtx", 4, 10, true, 1, format_retransmissions, key_retransmissions },
	[COLUMN_RTT] = { "rtt", "RTT", 6, 8, true, 1, format_rtt, key_rtt },
	[COLUMN_RESETS] = { "resets", "Rst", 4, 11, true, 1, format_resets, key_resets },
	[COLUMN_CAUSE] = { "cause", "Cause", 24, 0, false, 4, format_cause, key_cause },
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

void flow_line(struct flow_view *v, struct buf *out)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		size_t before = out->len;
		columns[i].format(v, out);
		if (out->len > before)
			buf_add(out, "  ", 2);
	}
}
