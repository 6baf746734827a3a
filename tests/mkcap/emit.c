/* SPDX-License-Identifier: GPL-3.0-or-later
 * emit: from a request to a packet in the file, and what it does to the state of both ends. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

static uint32_t sum16(const void *bytes, size_t n, uint32_t sum)
{
	const uint8_t *b = bytes;
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? b[i] : (uint32_t)b[i] << 8;
	return sum;
}

static unsigned fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* Bytes of the IPv4 header. */
static size_t ipv4_head(const struct buf *ip)
{
	return (size_t)(ip->data[0] & 15) * 4;
}

void ip_checksum(struct buf *ip)
{
	put16(ip, 10, 0);
	put16(ip, 10, fold(sum16(ip->data, ipv4_head(ip), 0)));
}

/* Whether a - b is negative in serial arithmetic (RFC 9293 3.4). */
static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static unsigned next_id(const struct request *r)
{
	struct end *e = &r->flow->end[r->from];
	struct host *h = e->host;
	bool from_listener = (r->flags & (SYN | ACK)) == (SYN | ACK);
	switch (h->id) {
	case ID_COUNTER:
		return h->id_state++ & 0xffff;
	case ID_RANDOM:
		h->id_state = h->id_state * 1664525u + 1013904223u;
		return h->id_state >> 16;
	case ID_LINUX:
		return from_listener || r->stateless ? 0 : e->id_next++;
	default:
		return 0;
	}
}

static void put_ip(const struct request *r, unsigned upper, struct buf *ip)
{
	const struct host *h = r->flow->end[r->from].host, *to = r->flow->end[!r->from].host;
	unsigned ttl = r->ttl < 0 ? h->ttl : (unsigned)r->ttl;
	unsigned tos = r->tos >= 0 ? (unsigned)r->tos : r->stateless ? 0 : h->tos;
	if (h->v6) {
		add32(ip, 0x60000000 | tos << 20 | (uint32_t)(r->label < 0 ? h->label : r->label));
		add16(ip, upper);
		add8(ip, 6);
		add8(ip, ttl);
		buf_add(ip, h->addr, 16);
		buf_add(ip, to->addr, 16);
		return;
	}
	unsigned head = 20 + (unsigned)(r->ip_options.len + 3) / 4 * 4;
	add8(ip, 0x40 | head / 4);
	add8(ip, tos);
	add16(ip, upper + head);
	add16(ip, r->id < 0 ? next_id(r) : (unsigned)r->id);
	add16(ip, r->df ? 0x4000 : 0);
	add8(ip, ttl);
	add8(ip, 6);
	add16(ip, 0);
	buf_add(ip, h->addr + 12, 4);
	buf_add(ip, to->addr + 12, 4);
	buf_add(ip, r->ip_options.data, r->ip_options.len);
	while (ip->len < head)
		add8(ip, 0);
}

/* SACK blocks for what arrived out of order, newest first as it was kept. */
static void put_sack(const struct request *r, struct buf *list)
{
	const struct end *e = &r->flow->end[r->from];
	uint32_t base = r->flow->end[!r->from].isn;
	for (size_t i = e->held_count, n = 0; i > 0 && n < 3; i--, n++)
		buf_printf(list, "%s%lu-%lu", n ? "+" : ",nop,nop,sack:", (unsigned long)(base + e->held[i - 1].left),
		           (unsigned long)(base + e->held[i - 1].right));
}

/* The options that a Linux host would send. */
static void usual_options(const struct request *r, struct buf *list)
{
	const struct flow *f = r->flow;
	const struct host *h = f->end[r->from].host;
	bool syn = r->flags & SYN, answer = syn && (r->flags & ACK);
	bool ts = syn && !answer ? h->ts : f->ts;
	if (r->stateless || ((r->flags & RST) && !(r->flags & ACK)))
		return;
	if (syn) {
		bool sack = answer ? f->sack : h->sack, ws = answer ? f->ws : h->ws >= 0;
		if (h->mss)
			buf_puts(list, "mss");
		if (sack)
			buf_puts(list, ts ? ",sackok" : ",nop,nop,sackok");
		if (ts)
			buf_puts(list, sack ? ",ts" : ",nop,nop,ts");
		if (ws)
			buf_puts(list, ",nop,ws");
		return;
	}
	if (ts)
		buf_puts(list, "nop,nop,ts");
	if (f->sack && !(r->flags & RST))
		put_sack(r, list);
}

static bool put_options(struct scenario *s, const struct request *r, struct buf *out)
{
	const struct end *e = &r->flow->end[r->from];
	struct option_values v = { .host = e->host };
	struct buf list = { 0 };
	v.tsval = r->tsval >= 0 ? (uint32_t)r->tsval : e->host->ts_base + (uint32_t)((s->now - s->start) / 1000000);
	v.tsecr = r->tsecr >= 0 ? (uint32_t)r->tsecr : e->ts_recent;
	if (r->options)
		buf_puts(&list, r->options);
	else
		usual_options(r, &list);
	if (r->more_options)
		buf_printf(&list, ",%s", r->more_options);
	const char *text = buf_text(&list);
	bool good = tcp_options_add(s, text + strspn(text, ","), &v, out);
	buf_free(&list);
	return good;
}

static unsigned header_window(const struct request *r)
{
	const struct end *e = &r->flow->end[r->from];
	uint32_t window = e->window;
	if (r->window >= 0)
		return (unsigned)r->window;
	if (r->stateless || ((r->flags & RST) && !(r->flags & ACK)))
		return 0;
	if (!(r->flags & SYN) && r->flow->ws)
		window >>= e->host->ws > 14 ? 14 : e->host->ws;
	return window > 65535 ? 65535 : window;
}

void packet_checksums(struct buf *ip, const struct request *r)
{
	bool v6 = r->flow->end[r->from].host->v6;
	size_t tcp = v6 ? 40 : ipv4_head(ip);
	if (!v6)
		ip_checksum(ip);
	put16(ip, tcp + 16, 0);
	uint32_t sum = sum16(ip->data + (v6 ? 8 : 12), v6 ? 32 : 8, 6 + (uint32_t)(ip->len - tcp));
	unsigned checksum = r->partial_checksum ? ~fold(sum) & 0xffff : fold(sum16(ip->data + tcp, ip->len - tcp, sum));
	put16(ip, tcp + 16, r->bad_checksum ? checksum ^ 0x5aa5 : checksum);
}

static bool put_tcp(struct scenario *s, const struct request *r, struct buf *ip)
{
	const struct flow *f = r->flow;
	struct buf options = { 0 };
	bool good = put_options(s, r, &options);
	unsigned length = 20 + (unsigned)options.len + (unsigned)r->payload.len;
	put_ip(r, length, ip);
	add16(ip, f->end[r->from].port);
	add16(ip, f->end[!r->from].port);
	add32(ip, r->seq);
	add32(ip, r->ack);
	add16(ip, (r->data_offset < 0 ? 5 + (unsigned)options.len / 4 : (unsigned)r->data_offset) << 12 | r->flags);
	add16(ip, header_window(r));
	add16(ip, 0);
	add16(ip, r->urgent);
	buf_add(ip, options.data, options.len);
	buf_add(ip, r->payload.data, r->payload.len);
	buf_free(&options);
	if (!good || ip->failed)
		return good && scenario_fail(s, "out of memory");
	packet_checksums(ip, r);
	return true;
}

/* The receiver's side of a segment: RCV.NXT over what is in order, the rest held. */
static void receive(struct end *to, uint32_t seq, uint32_t seglen)
{
	uint32_t right = seq + seglen;
	if (seglen == 0 || !before(to->rcv_nxt, right))
		return;
	if (before(to->rcv_nxt, seq)) {
		if (to->held_count < MAX_HELD)
			to->held[to->held_count++] = (struct block){ seq, right };
		return;
	}
	to->rcv_nxt = right;
	for (size_t i = 0; i < to->held_count;) {
		if (before(to->rcv_nxt, to->held[i].left)) {
			i++;
			continue;
		}
		if (before(to->rcv_nxt, to->held[i].right))
			to->rcv_nxt = to->held[i].right;
		to->held_count--;
		memmove(&to->held[i], &to->held[i + 1], (to->held_count - i) * sizeof to->held[0]);
		i = 0;
	}
}

static void step(struct scenario *s, const struct request *r, int index)
{
	struct end *from = &r->flow->end[r->from], *to = &r->flow->end[!r->from];
	const struct segment_record *sent = &s->segments[index];
	uint32_t seq = r->seq - from->isn;
	if (!(r->flags & RST) && before(from->snd_nxt, seq + sent->seglen) && !before(from->snd_nxt, seq))
		from->snd_nxt = seq + sent->seglen;
	if (!r->delivered)
		return;
	to->last = index;
	if (!(r->flags & RST))
		receive(to, seq, sent->seglen);
	if (from->host->ts && (r->flow->ts || (r->flags & SYN)) && !r->stateless)
		to->ts_recent = r->tsval >= 0 ? (uint32_t)r->tsval : from->host->ts_base + (uint32_t)((s->now - s->start) / 1000000);
}

static bool write_once(struct scenario *s, const struct request *r, const struct buf *ip, unsigned interface)
{
	const struct host *from = r->flow->end[r->from].host, *to = r->flow->end[!r->from].host;
	struct frame f = {
		.ip = ip,
		.v6 = from->v6,
		.src_mac = r->src_mac ? r->src_mac : from->mac,
		.dst_mac = r->dst_mac ? r->dst_mac : to->mac,
		.vlan = r->vlan,
		.vlan_count = r->vlan_count,
		.vni = r->flow->vni,
		.interface = interface,
		.packet_type = from == s->vantage ? 4 : 0,
		.padded = s->vantage && from != s->vantage,
		.comment = r->comment,
	};
	return frame_write(s, &f);
}

static bool write_fragments(struct scenario *s, const struct request *r, const struct buf *ip)
{
	bool good = true;
	size_t at = 0;
	for (const char *cuts = r->fragments; good && cuts;) {
		struct buf piece = { 0 };
		good = wrap_fragment(s, ip, &at, &cuts, &piece) && write_once(s, r, &piece, r->interface);
		buf_free(&piece);
	}
	return good;
}

static bool write_duplicate(struct scenario *s, const struct request *r, const struct buf *ip)
{
	struct buf twin = { 0 };
	bool v6 = r->flow->end[r->from].host->v6;
	buf_add(&twin, ip->data, ip->len);
	if (twin.failed)
		return scenario_fail(s, "out of memory");
	if (r->duplicate_ttl >= 0) {
		twin.data[v6 ? 7 : 8] = (char)r->duplicate_ttl;
		if (!v6)
			ip_checksum(&twin);
	}
	s->now += r->duplicate;
	bool good = write_once(s, r, &twin, r->duplicate_interface);
	buf_free(&twin);
	return good;
}

bool emit_segment(struct scenario *s, struct request *r)
{
	struct segment_record *list = realloc(s->segments, (s->segment_count + 1) * sizeof *list);
	if (list == NULL || s->segment_count >= MAX_SEGMENTS)
		return scenario_fail(s, "more than %d segments", MAX_SEGMENTS);
	s->segments = list;
	int index = (int)s->segment_count++;
	struct segment_record *sent = &list[index];
	*sent = (struct segment_record){ .name = r->name ? strdup(r->name) : NULL, .flow = r->flow, .from = r->from, .flags = r->flags,
		                             .seq = r->seq, .ack = r->ack };
	sent->seglen = (uint32_t)r->payload.len + !!(r->flags & SYN) + !!(r->flags & FIN);
	buf_add(&sent->payload, r->payload.data, r->payload.len);
	if (!put_tcp(s, r, &sent->ip) || (r->extensions && !wrap_extensions(s, &sent->ip, r->extensions)) ||
	    (r->ip_length >= 0 && !wrap_length(s, &sent->ip, (unsigned)r->ip_length)))
		return false;
	if (r->captured && !points_add(s, r, &sent->ip))
		return false;
	if (r->captured && (r->points & 1u) != 0) {
		if (!(r->fragments ? write_fragments(s, r, &sent->ip) : write_once(s, r, &sent->ip, r->interface)))
			return false;
		sent->frame = s->frames;
	}
	step(s, r, index);
	return r->duplicate < 0 || write_duplicate(s, r, &sent->ip);
}

/* RFC 792, RFC 4443: type, code, checksum, four bytes (MTU), the packet that it is about. */
bool emit_icmp(struct scenario *s, const struct segment_record *quoted, const uint8_t from[16], unsigned type, unsigned code,
               uint32_t rest, size_t bytes, unsigned ttl)
{
	const struct host *to = quoted->flow->end[quoted->from].host, *far = quoted->flow->end[!quoted->from].host;
	size_t n = (to->v6 ? 40u : 20u) + bytes;
	struct buf ip = { 0 };
	n = n < quoted->ip.len ? n : quoted->ip.len;
	if (to->v6) {
		add32(&ip, 0x60000000);
		add16(&ip, (unsigned)n + 8);
		add8(&ip, 58);
		add8(&ip, ttl);
		buf_add(&ip, from, 16);
		buf_add(&ip, to->addr, 16);
	} else {
		add32(&ip, 0x45c00000 | (uint32_t)(n + 28));
		add32(&ip, 0x1c5e0000);
		add8(&ip, ttl);
		add8(&ip, 1);
		add16(&ip, 0);
		buf_add(&ip, from + 12, 4);
		buf_add(&ip, to->addr + 12, 4);
		ip_checksum(&ip);
	}
	size_t at = ip.len;
	add8(&ip, type);
	add8(&ip, code);
	add16(&ip, 0);
	add32(&ip, rest);
	buf_add(&ip, quoted->ip.data, n);
	if (ip.failed)
		return scenario_fail(s, "out of memory");
	uint32_t sum = to->v6 ? sum16(ip.data + 8, 32, 58 + (uint32_t)(ip.len - at)) : 0;
	put16(&ip, at + 2, fold(sum16(ip.data + at, ip.len - at, sum)));
	struct frame f = { .ip = &ip, .v6 = to->v6, .src_mac = far->mac, .dst_mac = to->mac };
	bool good = frame_write(s, &f);
	buf_free(&ip);
	return good;
}
