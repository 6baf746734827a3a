/* SPDX-License-Identifier: GPL-3.0-or-later
 * segment: reads a line that makes packets: time, who, flags, and what differs from the usual. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

enum { RST = 4, SYN = 2, ACK = 16 };

struct repeat {
	uint64_t count;
	int64_t gap;
};

struct segment_record *scenario_segment(const struct scenario *s, const char *name)
{
	uint64_t frame = 0;
	bool number = parse_unsigned(name, UINT64_MAX, &frame);
	for (size_t i = s->segment_count; i > 0; i--) {
		struct segment_record *g = &s->segments[i - 1];
		if (number ? g->frame == frame && frame : g->name && strcmp(g->name, name) == 0)
			return g;
	}
	return NULL;
}

uint64_t scenario_frame(const struct scenario *s, const char *name)
{
	return scenario_frame_at(s, name, 0);
}

uint64_t scenario_frame_at(const struct scenario *s, const char *name, size_t point)
{
	const struct segment_record *g = scenario_segment(s, name);
	return g == NULL ? 0 : point == 0 ? g->frame : g->frames[point];
}

/* "+20ms" after the line before, "@1.5s" after the start. */
static bool take_time(struct scenario *s, const char *text)
{
	int64_t ns;
	if ((*text != '+' && *text != '@') || !parse_duration(text + 1, &ns))
		return scenario_fail(s, "\"%s\" is no time: +20ms, @1.5s", text);
	s->now = *text == '+' ? s->now + ns : s->start + ns;
	return true;
}

/* ">" "<" of the current flow, "name>" "name<", or "client>server" by their hosts, of the current flow if it fits. */
static bool take_who(struct scenario *s, const char *text, struct request *r)
{
	size_t left = strcspn(text, "<>");
	const char *right = text + left + 1;
	if (text[left] == '\0')
		return scenario_fail(s, "\"%s\" says not who sends: > < flow> flow< client>server", text);
	if (*right == '\0') {
		r->flow = left ? scenario_flow(s, text, left) : s->current;
		r->from = text[left] == '<';
	} else if (text[left] == '>') {
		const struct host *a = scenario_host(s, text, left), *b = scenario_host(s, right, strlen(right));
		for (size_t i = s->flow_count + 1; i > 0 && a && b && !r->flow; i--) {
			struct flow *f = i > s->flow_count ? s->current : s->flows[i - 1];
			for (int from = 0; f && from < 2 && !r->flow; from++)
				if (f->end[from].host == a && f->end[!from].host == b) {
					r->flow = f;
					r->from = from;
				}
		}
	}
	if (r->flow == NULL)
		return scenario_fail(s, "there is no flow \"%s\"", text);
	s->current = r->flow;
	return true;
}

static bool letters(const char *text, uint16_t *flags)
{
	static const char names[] = "FSRPAUECWXYZ"; /* bit by bit: E = ECE, C = CWR, W = AE, X Y Z = reserved */
	*flags = 0;
	if (strcmp(text, "-") == 0)
		return true;
	for (; *text; text++) {
		const char *at = strchr(names, *text);
		if (at == NULL)
			return false;
		*flags |= (uint16_t)(1u << (at - names));
	}
	return true;
}

/* The reset that a host without the connection sends for a segment (RFC 9293 3.5.2). */
static void make_reply(struct request *r, const struct segment_record *trigger)
{
	r->stateless = true;
	if (trigger->flags & ACK) {
		r->flags = RST;
		r->seq = trigger->ack;
		r->ack = 0;
	} else {
		r->flags = RST | ACK;
		r->seq = 0;
		r->ack = trigger->seq + trigger->seglen;
	}
}

/* "PA", "again=NAME", "reply", "reply=NAME" */
static bool take_flags(struct scenario *s, const struct token *t, struct request *r)
{
	const struct end *e = &r->flow->end[r->from];
	const char *value = token_value(t, "again");
	const struct segment_record *g = value ? scenario_segment(s, value) : NULL;
	if (value) {
		if (g == NULL)
			return scenario_fail(s, "there is no segment \"%s\" to send again", value);
		r->flags = g->flags;
		r->seq = g->seq;
		r->ack = g->ack;
		buf_add(&r->payload, g->payload.data, g->payload.len);
	} else if (strcmp(t->text, "reply") == 0 || (value = token_value(t, "reply"))) {
		g = value ? scenario_segment(s, value) : e->last >= 0 ? &s->segments[e->last] : NULL;
		if (g == NULL)
			return scenario_fail(s, "there is no segment to reply to");
		make_reply(r, g);
		return true;
	} else {
		if (!letters(t->text, &r->flags))
			return scenario_fail(s, "\"%s\" are no flags (letters FSRPAUECWXYZ, - for none, again=, reply)", t->text);
		r->seq = e->isn + (r->flags & SYN ? 0 : e->snd_nxt);
	}
	r->ack = r->flags & ACK ? r->flow->end[!r->from].isn + e->rcv_nxt : 0;
	return true;
}

/* "5" relative to the ISN, "+1" and "-1" to what it would be, "raw:5" as it is. */
static bool number(struct scenario *s, const char *text, uint32_t isn, uint32_t *v)
{
	uint64_t n;
	bool shifted = *text == '+' || *text == '-';
	bool raw = strncmp(text, "raw:", 4) == 0;
	if (!parse_unsigned(text + (raw ? 4 : shifted), UINT32_MAX, &n))
		return scenario_fail(s, "\"%s\" is no sequence number: 5, +1, -1, raw:5", text);
	if (raw)
		*v = (uint32_t)n;
	else if (shifted)
		*v += *text == '-' ? 0 - (uint32_t)n : (uint32_t)n;
	else
		*v = isn + (uint32_t)n;
	return true;
}

enum kind { KIND_SEQ, KIND_ACK, KIND_WIN, KIND_WINDOW, KIND_TTL, KIND_TOS, KIND_ID, KIND_DF, KIND_LABEL, KIND_URGENT, KIND_TSVAL, KIND_TSECR,
	KIND_OPTS, KIND_MORE, KIND_IPOPTS, KIND_NAME, KIND_COMMENT, KIND_SMAC, KIND_DMAC, KIND_VLAN, KIND_IF, KIND_DUP, KIND_DUPTTL, KIND_DUPIF,
	KIND_REPEAT, KIND_GAP, KIND_OFFSET, KIND_IPLEN, KIND_EXT, KIND_FRAG, KIND_ONLY };

static const struct { const char *key; enum kind kind; uint64_t max; } keys[] = {
	{ "seq", KIND_SEQ, 0 }, { "ack", KIND_ACK, 0 }, { "win", KIND_WIN, 65535 }, { "window", KIND_WINDOW, UINT32_MAX },
	{ "ttl", KIND_TTL, 255 }, { "tos", KIND_TOS, 255 }, { "ipid", KIND_ID, 65535 }, { "df", KIND_DF, 1 },
	{ "label", KIND_LABEL, 0xfffff }, { "urg", KIND_URGENT, 65535 }, { "tsval", KIND_TSVAL, UINT32_MAX },
	{ "tsecr", KIND_TSECR, UINT32_MAX }, { "opts", KIND_OPTS, 0 }, { "opt", KIND_MORE, 0 }, { "ipopts", KIND_IPOPTS, 0 }, { "name", KIND_NAME, 0 },
	{ "comment", KIND_COMMENT, 0 }, { "smac", KIND_SMAC, 0 }, { "dmac", KIND_DMAC, 0 }, { "vlan", KIND_VLAN, 4095 },
	{ "if", KIND_IF, MAX_INTERFACES - 1 }, { "dup", KIND_DUP, 0 }, { "dupttl", KIND_DUPTTL, 255 },
	{ "dupif", KIND_DUPIF, MAX_INTERFACES - 1 }, { "repeat", KIND_REPEAT, 2000 }, { "gap", KIND_GAP, 0 },
	{ "doff", KIND_OFFSET, 15 }, { "iplen", KIND_IPLEN, 65535 }, { "ext", KIND_EXT, 0 }, { "frag", KIND_FRAG, 0 }, { "only", KIND_ONLY, 0 },
};

/* A key whose value is a plain number. */
static void set_number(struct request *r, struct repeat *again, enum kind kind, uint64_t v)
{
	switch (kind) {
	case KIND_WIN: r->window = (int32_t)v; break;
	case KIND_WINDOW: r->flow->end[r->from].window = (uint32_t)v; break;
	case KIND_TTL: r->ttl = (int)v; break;
	case KIND_TOS: r->tos = (int)v; break;
	case KIND_ID: r->id = (int64_t)v; break;
	case KIND_DF: r->df = (int)v; break;
	case KIND_LABEL: r->label = (int64_t)v; break;
	case KIND_URGENT: r->urgent = (unsigned)v; break;
	case KIND_TSVAL: r->tsval = (int64_t)v; break;
	case KIND_TSECR: r->tsecr = (int64_t)v; break;
	case KIND_VLAN: r->vlan[0] = (uint16_t)v, r->vlan_count = 1; break;
	case KIND_IF: r->interface = r->duplicate_interface = (unsigned)v; break;
	case KIND_DUPTTL: r->duplicate_ttl = (int)v; break;
	case KIND_OFFSET: r->data_offset = (int)v; break;
	case KIND_IPLEN: r->ip_length = (int64_t)v; break;
	case KIND_DUPIF: r->duplicate_interface = (unsigned)v; break;
	default: again->count = v; break;
	}
}

static bool set_key(struct scenario *s, struct request *r, struct repeat *again, size_t row, const char *value)
{
	uint64_t v = 0;
	const struct flow *f = r->flow;
	switch (keys[row].kind) {
	case KIND_SEQ: return number(s, value, f->end[r->from].isn, &r->seq);
	case KIND_ACK: return number(s, value, f->end[!r->from].isn, &r->ack);
	case KIND_OPTS: r->options = value; return true;
	case KIND_MORE: r->more_options = value; return true;
	case KIND_EXT: r->extensions = value; return true;
	case KIND_FRAG: r->fragments = value; return true;
	case KIND_IPOPTS:
		return (parse_bytes(value, &r->ip_options) && r->ip_options.len <= 40) ||
		       scenario_fail(s, "\"%s\" are no bytes, or more than 40", value);
	case KIND_NAME: r->name = value; return true;
	case KIND_COMMENT: r->comment = value; return true;
	case KIND_SMAC: r->src_mac = r->mac[0]; return parse_mac(value, r->mac[0]) || scenario_fail(s, "smac=02:00:00:00:00:01");
	case KIND_DMAC: r->dst_mac = r->mac[1]; return parse_mac(value, r->mac[1]) || scenario_fail(s, "dmac=02:00:00:00:00:01");
	case KIND_DUP: return parse_duration(value, &r->duplicate) || scenario_fail(s, "dup=20us");
	case KIND_ONLY: return point_list(s, value, &r->points);
	case KIND_GAP: return parse_duration(value, &again->gap) || scenario_fail(s, "gap=20us");
	default: break;
	}
	if (!parse_unsigned(value, keys[row].max, &v))
		return scenario_fail(s, "\"%s=%s\" is out of range", keys[row].key, value);
	set_number(r, again, keys[row].kind, v);
	if (r->interface >= s->interface_count || r->duplicate_interface >= s->interface_count)
		return scenario_fail(s, "there is no such interface");
	return true;
}

static bool take_rest(struct scenario *s, const struct token *t, struct request *r, struct repeat *again)
{
	bool taken;
	if (!payload_token(s, t, &r->payload, &taken))
		return false;
	if (taken)
		return true;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *value = token_value(t, keys[i].key);
		if (value)
			return set_key(s, r, again, i, value);
	}
	if (strcmp(t->text, "lost") == 0)
		r->captured = r->delivered = false;
	else if (strcmp(t->text, "unseen") == 0)
		r->captured = false;
	else if (strcmp(t->text, "dropped") == 0)
		r->delivered = false;
	else if (strcmp(t->text, "badsum") == 0)
		r->bad_checksum = true;
	else if (strcmp(t->text, "partsum") == 0)
		r->partial_checksum = true;
	else if (strcmp(t->text, "stateless") == 0)
		r->stateless = true;
	else
		return scenario_fail(s, "a segment has no \"%s\"", t->text);
	return true;
}

static void request_init(struct request *r)
{
	*r = (struct request){ .window = -1, .ttl = -1, .tos = -1, .df = 1, .id = -1, .label = -1, .tsval = -1, .tsecr = -1,
		                   .captured = true, .delivered = true, .points = ~0u, .duplicate = -1, .duplicate_ttl = -1, .data_offset = -1, .ip_length = -1 };
}

static void use_flow(struct request *r)
{
	r->vlan_count = r->flow->vlan_count;
	memcpy(r->vlan, r->flow->vlan, sizeof r->vlan);
}

/* One of the segments that a macro is made of. */
static bool simple(struct scenario *s, struct flow *f, int from, const char *flags, int64_t after)
{
	struct request r;
	struct token t = { .text = strdup(flags) };
	request_init(&r);
	r.flow = f;
	r.from = from;
	use_flow(&r);
	s->now += after;
	bool good = take_flags(s, &t, &r) && emit_segment(s, &r);
	free(t.text);
	return good;
}

/* +0 handshake [FLOW] [rtt=20ms]: SYN, SYN/ACK, ACK as seen at the client, or at the server if it is the vantage. */
static bool handshake(struct scenario *s, const struct token *t, int n)
{
	int64_t rtt = 1000000;
	struct flow *f = s->current;
	for (int i = 0; i < n; i++) {
		const char *value = token_value(&t[i], "rtt");
		if (value && !parse_duration(value, &rtt))
			return scenario_fail(s, "rtt=20ms");
		if (!value)
			f = scenario_flow(s, t[i].text, strlen(t[i].text));
	}
	if (f == NULL)
		return scenario_fail(s, "there is no such flow");
	s->current = f;
	bool at_server = s->vantage && s->vantage == f->end[1].host;
	return simple(s, f, 0, "S", 0) && simple(s, f, 1, "SA", at_server ? 45000 : rtt) && simple(s, f, 0, "A", at_server ? rtt : 28000);
}

/* +1ms icmp from=ADDR|HOST quote=SEGMENT [type=3] [code=1] [mtu=N] [bytes=8] [ttl=64] */
static bool icmp(struct scenario *s, const struct token *t, int n)
{
	static const char *const names[] = { "type", "code", "mtu", "bytes", "ttl" };
	uint64_t v[] = { 3, 1, 0, 8, 64 };
	const struct segment_record *quoted = NULL;
	uint8_t from[16] = { 0 };
	bool known = false, v6 = false;
	for (int i = 0; i < n; i++) {
		const char *value;
		size_t k = 0;
		if ((value = token_value(&t[i], "from"))) {
			const struct host *h = scenario_host(s, value, strlen(value));
			known = h || parse_address(value, from, &v6);
			if (h)
				memcpy(from, h->addr, sizeof from);
			continue;
		}
		if ((value = token_value(&t[i], "quote"))) {
			quoted = scenario_segment(s, value);
			continue;
		}
		while (k < 5 && !(value = token_value(&t[i], names[k])))
			k++;
		if (k == 5 || !parse_unsigned(value, 65535, &v[k]))
			return scenario_fail(s, "icmp has no \"%s\"", t[i].text);
	}
	if (quoted == NULL || !known)
		return scenario_fail(s, "icmp from=ADDRESS quote=SEGMENT [type= code= mtu= bytes= ttl=]");
	return emit_icmp(s, quoted, from, (unsigned)v[0], (unsigned)v[1], (uint32_t)v[2], (size_t)v[3], (unsigned)v[4]);
}

/* +1ms frame HEX: any frame, as it is */
static bool raw_frame(struct scenario *s, const struct token *t, int n)
{
	struct buf bytes = { 0 };
	if (n != 1 || !parse_bytes(t[0].text, &bytes)) {
		buf_free(&bytes);
		return scenario_fail(s, "frame HEXADECIMAL");
	}
	bool good = frame_write(s, &(struct frame){ .raw = &bytes });
	buf_free(&bytes);
	return good;
}

static bool one_segment(struct scenario *s, struct token *t, int n, struct request *r)
{
	struct repeat again = { .count = 1 };
	if (!take_who(s, t[1].text, r))
		return false;
	use_flow(r);
	if (!take_flags(s, &t[2], r))
		return false;
	uint32_t seq = r->seq;
	for (int i = 3; i < n; i++)
		if (!take_rest(s, &t[i], r, &again))
			return false;
	bool follows = seq == r->seq && again.count > 1;
	for (uint64_t i = 0; i < again.count; i++) {
		if (i) {
			s->now += again.gap;
			r->name = NULL;
			if (follows)
				r->seq = r->flow->end[r->from].isn + r->flow->end[r->from].snd_nxt;
		}
		if (!emit_segment(s, r))
			return false;
	}
	return true;
}

bool segment_line(struct scenario *s, struct token *t, int n)
{
	if (!take_time(s, t[0].text))
		return false;
	if (n >= 2 && strcmp(t[1].text, "handshake") == 0)
		return handshake(s, t + 2, n - 2);
	if (n >= 2 && strcmp(t[1].text, "icmp") == 0)
		return icmp(s, t + 2, n - 2);
	if (n >= 2 && strcmp(t[1].text, "frame") == 0)
		return raw_frame(s, t + 2, n - 2);
	if (n == 1)
		return true; /* time passes */
	if (n < 3)
		return scenario_fail(s, "TIME WHO FLAGS [what differs]...");
	struct request r;
	request_init(&r);
	bool good = one_segment(s, t, n, &r);
	buf_free(&r.payload);
	buf_free(&r.ip_options);
	return good;
}
