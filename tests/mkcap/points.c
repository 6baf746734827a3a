/* SPDX-License-Identifier: GPL-3.0-or-later
 * points: further places at which the scenario's packets are captured, each with a file of its own. What is written to the first place's file
 * is copied to the others': earlier or later by the way between, with another TTL, by another clock, changed as a device on the way does. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

enum { FIN = 1, PSH = 8, ACK = 16, NO_END = -1 };

struct point *scenario_point(const struct scenario *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->point_count; i++)
		if (strlen(s->points[i].name) == n && memcmp(s->points[i].name, name, n) == 0)
			return (struct point *)&s->points[i];
	return NULL;
}

/* HOST:REST; returns the host and where the rest begins, NULL when it is none. */
static const struct host *host_and(const struct scenario *s, const char *text, const char **rest)
{
	const char *colon = strchr(text, ':');
	*rest = colon ? colon + 1 : "";
	return colon ? scenario_host(s, text, (size_t)(colon - text)) : NULL;
}

/* HOST:ADDRESS/PORT, HOST:ADDRESS */
static bool take_nat(struct scenario *s, struct point *p, const char *text)
{
	const char *rest;
	struct translation *t = p->nat_count < MAX_TRANSLATIONS ? &p->nats[p->nat_count++] : NULL;
	struct buf address = { 0 };
	uint64_t port = 0;
	bool v6;
	if (t == NULL || (t->host = host_and(s, text, &rest)) == NULL)
		return scenario_fail(s, "nat=HOST:ADDRESS[/PORT], at most %d", MAX_TRANSLATIONS);
	size_t n = strcspn(rest, "/");
	buf_add(&address, rest, n);
	bool good = parse_address(buf_text(&address), t->addr, &v6) && v6 == t->host->v6 && (rest[n] == '\0' || parse_unsigned(rest + n + 1, 65535, &port));
	t->port = (uint16_t)port;
	buf_free(&address);
	return good || scenario_fail(s, "nat=HOST:ADDRESS[/PORT]");
}

static bool take_shift(struct scenario *s, struct point *p, const char *text)
{
	const char *rest;
	uint64_t by = 0;
	const struct host *h = host_and(s, text, &rest);
	if (h == NULL || p->shift_count == MAX_TRANSLATIONS || !parse_unsigned(rest, UINT32_MAX, &by))
		return scenario_fail(s, "shift=HOST:NUMBER");
	p->shifts[p->shift_count++] = (struct shift){ h, (uint32_t)by };
	return true;
}

static bool take_clock(const char *text, int64_t *ns)
{
	bool good = parse_duration(text + (*text == '-'), ns);
	*ns = *text == '-' ? -*ns : *ns;
	return good;
}

static bool point_key(struct scenario *s, struct point *p, const struct token *t)
{
	uint64_t v = 0;
	int64_t ns = 0;
	const char *value;
	bool good;
	if ((value = token_value(t, "nat")))
		return take_nat(s, p, value);
	if ((value = token_value(t, "shift")))
		return take_shift(s, p, value);
	if ((value = token_value(t, "clock"))) {
		good = take_clock(value, &p->clock);
	} else if ((value = token_value(t, "from"))) {
		good = parse_duration(value, &p->from);
	} else if ((value = token_value(t, "until"))) {
		good = parse_duration(value, &p->until);
	} else if ((value = token_value(t, "hops"))) {
		good = parse_unsigned(value, 64, &v);
		p->hops = (int)v;
	} else if ((value = token_value(t, "drift"))) {
		good = parse_unsigned(value, 1000, &v);
		p->drift = (double)v / 1e6;
	} else if ((value = token_value(t, "segment"))) {
		good = parse_unsigned(value, 65535, &v) && v > 0;
		p->largest = (uint32_t)v;
	} else {
		good = parse_duration(t->text, &ns);
		p->distance = ns;
	}
	return good || scenario_fail(s, "a point has no \"%s\"", t->text);
}

bool declare_point(struct scenario *s, struct token *t, int n)
{
	if (n < 2 || s->point_count == MAX_POINTS || scenario_point(s, t[1].text, strlen(t[1].text)))
		return scenario_fail(s, "point NAME [DISTANCE] [key=value]..., each name once, at most %d", MAX_POINTS);
	struct point *p = &s->points[s->point_count++];
	*p = (struct point){ .name = strdup(t[1].text), .until = NO_END };
	for (int i = 2; i < n; i++)
		if (!point_key(s, p, &t[i]))
			return false;
	return true;
}

bool point_list(struct scenario *s, const char *text, unsigned *points)
{
	*points = 0;
	for (;;) {
		size_t n = strcspn(text, ",");
		const struct point *p = scenario_point(s, text, n);
		if (p == NULL)
			return scenario_fail(s, "there is no point \"%s\"", text);
		*points |= 1u << (p - s->points);
		if (text[n] == '\0')
			return true;
		text += n + 1;
	}
}

/* --- packets --- */

static void put(struct buf *b, size_t at, uint32_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		b->data[at + i] = (char)(v >> (8 * (bytes - 1 - i)));
}

static uint32_t get(const struct buf *b, size_t at, size_t bytes)
{
	uint32_t v = 0;
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (uint8_t)b->data[at + i];
	return v;
}

/* What an end is called at the point. end: 0 sender, 1 receiver. */
static void translate(const struct point *p, const struct request *r, int end, struct buf *ip, size_t tcp)
{
	const struct host *h = r->flow->end[end == 0 ? r->from : !r->from].host;
	for (size_t i = 0; i < p->nat_count; i++) {
		if (p->nats[i].host != h)
			continue;
		size_t length = h->v6 ? 16 : 4, at = (h->v6 ? 8u : 12u) + (size_t)end * length;
		memcpy(ip->data + at, p->nats[i].addr + 16 - length, length);
		if (p->nats[i].port != 0)
			put(ip, tcp + (size_t)end * 2, p->nats[i].port, 2);
	}
	for (size_t i = 0; i < p->shift_count; i++) {
		bool ack = (get(ip, tcp + 12, 2) & ACK) != 0;
		if (p->shifts[i].host == h && (end == 0 || ack))
			put(ip, tcp + 4 + (size_t)end * 4, get(ip, tcp + 4 + (size_t)end * 4, 4) + p->shifts[i].by, 4);
	}
}

static bool keep(struct scenario *s, struct point *p, const struct request *r, int64_t time, const struct buf *ip)
{
	struct stored *list = realloc(p->stored, (p->stored_count + 1) * sizeof *list);
	if (list == NULL)
		return scenario_fail(s, "out of memory");
	p->stored = list;
	struct stored *f = &list[p->stored_count];
	const struct host *from = r->flow->end[r->from].host, *to = r->flow->end[!r->from].host;
	*f = (struct stored){ .time = time, .order = p->stored_count, .segment = s->segment_count - 1, .v6 = from->v6 };
	memcpy(f->src_mac, from->mac, 6);
	memcpy(f->dst_mac, to->mac, 6);
	buf_add(&f->ip, ip->data, ip->len);
	p->stored_count++;
	return !f->ip.failed || scenario_fail(s, "out of memory");
}

/* The packet, or the packets of at most `largest` bytes of payload that it was on the wire. */
static bool keep_pieces(struct scenario *s, struct point *p, const struct request *r, int64_t time, const struct buf *ip, size_t tcp)
{
	size_t head = tcp + (get(ip, tcp + 12, 1) >> 4) * 4u, length = ip->len - head, largest = p->largest ? p->largest : length;
	uint32_t flags = get(ip, tcp + 12, 2);
	bool v6 = tcp == 40, good = true;
	size_t at = 0;
	do {
		size_t n = length - at < largest ? length - at : largest;
		struct buf piece = { 0 };
		buf_add(&piece, ip->data, head);
		buf_add(&piece, ip->data + head + at, n);
		if (piece.failed)
			return scenario_fail(s, "out of memory");
		put(&piece, v6 ? 4 : 2, (uint32_t)(piece.len - (v6 ? 40 : 0)), 2);
		put(&piece, tcp + 4, get(ip, tcp + 4, 4) + (uint32_t)at, 4);
		put(&piece, tcp + 12, at + n < length ? flags & ~(uint32_t)(FIN | PSH) : flags, 2);
		if (!v6 && at > 0)
			put(&piece, 4, (get(ip, 4, 2) + (uint32_t)(at / largest)) & 0xffff, 2);
		packet_checksums(&piece, r);
		good = keep(s, p, r, time + (int64_t)(at / (largest ? largest : 1)) * 1000, &piece);
		buf_free(&piece);
		at += n;
	} while (good && at < length);
	return good;
}

bool points_add(struct scenario *s, const struct request *r, const struct buf *ip)
{
	if (s->point_count > 1 && (r->extensions || r->fragments || r->ip_length >= 0 || r->data_offset >= 0))
		return scenario_fail(s, "with several points, packets are plain: no ext=, frag=, iplen=, doff=");
	for (size_t i = 1; i < s->point_count; i++) {
		struct point *p = &s->points[i];
		int64_t way = (p->distance - s->points[0].distance) * (r->from == 0 ? 1 : -1), time = s->now + way;
		int hops = (p->hops - s->points[0].hops) * (r->from == 0 ? 1 : -1);
		bool on = time - s->start >= p->from && (p->until == NO_END || time - s->start <= p->until);
		bool v6 = r->flow->end[r->from].host->v6;
		if ((r->points & 1u << i) == 0 || !on)
			continue;
		struct buf copy = { 0 };
		size_t tcp = v6 ? 40 : 20;
		buf_add(&copy, ip->data, ip->len);
		if (copy.failed)
			return scenario_fail(s, "out of memory");
		copy.data[v6 ? 7 : 8] = (char)(copy.data[v6 ? 7 : 8] - hops);
		translate(p, r, 0, &copy, tcp);
		translate(p, r, 1, &copy, tcp);
		time += p->clock + (int64_t)(p->drift * (double)(time - s->start));
		bool good = keep_pieces(s, p, r, time, &copy, tcp);
		buf_free(&copy);
		if (!good)
			return false;
	}
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct stored *x = a, *y = b;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

bool points_write(struct scenario *s)
{
	struct buf file = s->file;
	uint64_t frames = s->frames;
	bool good = true;
	for (size_t i = 1; good && i < s->point_count; i++) {
		struct point *p = &s->points[i];
		s->file = (struct buf){ 0 };
		s->frames = 0;
		for (size_t k = 0; k < s->interface_count; k++)
			s->interfaces[k].described = false;
		if (p->stored_count > 0)
			qsort(p->stored, p->stored_count, sizeof *p->stored, by_time);
		for (size_t k = 0; good && k < p->stored_count; k++) {
			const struct stored *f = &p->stored[k];
			s->now = f->time;
			good = frame_write(s, &(struct frame){ .ip = &f->ip, .v6 = f->v6, .src_mac = f->src_mac, .dst_mac = f->dst_mac });
			uint64_t *frame = &s->segments[f->segment].frames[i];
			*frame = *frame == 0 ? s->frames : *frame;
		}
		if (good && s->frames == 0)
			good = scenario_fail(s, "nothing was captured at point \"%s\"", p->name);
		p->file = s->file;
	}
	s->file = file;
	s->frames = frames;
	return good;
}

void points_free(struct scenario *s)
{
	for (size_t i = 0; i < s->point_count; i++) {
		for (size_t k = 0; k < s->points[i].stored_count; k++)
			buf_free(&s->points[i].stored[k].ip);
		free(s->points[i].stored);
		free(s->points[i].name);
		buf_free(&s->points[i].file);
	}
}
