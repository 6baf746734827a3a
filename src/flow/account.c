/* SPDX-License-Identifier: GPL-3.0-or-later
 * account: what a flow counts of each of its segments. */
#include "flow/account.h"

#include <string.h>

#include "flow/history.h"
#include "flow/step.h"
#include "flow/tracker.h"

static bool port_served(const struct flow_table *t, uint16_t port)
{
	return (t->served[port >> 3] >> (port & 7) & 1) != 0;
}

/* Who serves when no SYN tells: a port that other handshakes of the capture showed to be a server's, else the lower one. */
static bool looks_like_server(const struct flow_table *t, uint16_t port, uint16_t other)
{
	bool served = port_served(t, port);
	return served != port_served(t, other) ? served : port < other;
}

void account_roles(struct flow_table *t, struct flow *f, const struct segment *s)
{
	bool lower = s->src_port == f->port[0] && memcmp(s->src, f->addr[0], 16) == 0;
	unsigned sender = lower ? 0 : 1;
	bool syn = (s->flags & (TCP_SYN | TCP_RST)) == TCP_SYN;
	if (syn) {
		f->client = (uint8_t)((s->flags & TCP_ACK) != 0 ? 1 - sender : sender);
		f->roles_seen = true;
		uint16_t server = f->port[1 - f->client];
		t->served[server >> 3] |= (uint8_t)(1u << (server & 7));
	} else {
		f->client = (uint8_t)(looks_like_server(t, s->src_port, s->dst_port) ? 1 - sender : sender);
		f->midstream = true;
	}
}

static void count_marks(struct flow_table *t, struct flow *f, enum side from, uint32_t marks)
{
	enum { COUNTED = MARK_RETRANSMISSION | MARK_OUT_OF_ORDER | MARK_DUP_ACK | MARK_ZERO_WINDOW | MARK_KEEPALIVE };
	if ((marks & COUNTED) == 0)
		return;
	struct extra *x = pool_extra(t, f);
	if (x == NULL)
		return;
	struct flow_detail *d = &x->detail[from];
	d->retransmissions += (marks & MARK_RETRANSMISSION) != 0;
	d->out_of_order += (marks & MARK_OUT_OF_ORDER) != 0;
	d->duplicate_acks += (marks & MARK_DUP_ACK) != 0;
	d->zero_windows += (marks & MARK_ZERO_WINDOW) != 0;
	d->keepalives += (marks & MARK_KEEPALIVE) != 0;
}

static void count_up(uint16_t *n)
{
	*n = (uint16_t)(*n + (*n < UINT16_MAX));
}

static void count_flags(struct flow_table *t, struct flow *f, const struct segment *s, enum side from)
{
	if ((s->flags & TCP_SYN) != 0)
		count_up((s->flags & TCP_ACK) != 0 ? &f->synack : &f->syn);
	if ((s->flags & TCP_FIN) != 0)
		count_up(&f->fin);
	if ((s->flags & TCP_RST) == 0)
		return;
	t->resets++;
	if (f->rst == 0) {
		f->rst_from = (uint8_t)from;
		f->rst_flags = s->flags;
		f->first_rst = s->time;
	}
	f->rst += f->rst < UINT32_MAX;
	f->rst_seq[from] = s->seq;
}

static void note_sender(struct flow *f, const struct segment *s, enum side from)
{
	struct flow_ttl *ttl = &f->ttl[from];
	uint8_t *kind = (s->flags & TCP_RST) != 0 ? &ttl->rst : (s->flags & TCP_SYN) != 0 ? &ttl->syn : &ttl->data;
	if (*kind == 0)
		*kind = s->ttl;
}

/* Data or an acknowledgment where all is well: every first thing of its side was noted before. Three of four segments. */
static bool is_ordinary(const struct flow *f, const struct segment *s, enum side from, uint32_t marks)
{
	return marks == 0 && (s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK && f->segments[from] != 0 && f->ttl[from].data != 0 &&
	       history_settled(f, s, from);
}

static void count_other(struct flow_table *t, struct flow *f, const struct segment *s, enum side from, uint32_t marks)
{
	count_marks(t, f, from, marks);
	history_note(t, f, s, from, marks);
	count_flags(t, f, s, from);
	note_sender(f, s, from);
	if (f->segments[0] + f->segments[1] == 0)
		f->first = f->last = s->time;
	t->plain_seen = t->plain_seen || (s->flags & (TCP_SYN | TCP_FIN | TCP_RST)) == 0;
}

bool account_segment(struct flow_table *t, struct flow *f, const struct segment *s, enum side from)
{
	bool before = f->tracker.handshake_seen;
	if (t->keep_log && !log_append(&t->arena, &f->log, s->offset, s->frame))
		return false;
	uint32_t marks = tracker_step(&f->tracker, s, from);
	if (!is_ordinary(f, s, from, marks))
		count_other(t, f, s, from, marks);
	if (!before && f->tracker.handshake_seen)
		f->established = s->time;
	if (s->time >= f->last)
		f->last = s->time;
	else if (s->time < f->first)
		f->first = s->time;
	f->segments[from]++;
	f->bytes[from] += s->len;
	if (s->captured < s->len && (s->ip_bits & IP_FRAGMENT) == 0)
		f->cut_short = true;
	t->segments++;
	return true;
}
