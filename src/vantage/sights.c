/* SPDX-License-Identifier: GPL-3.0-or-later
 * sights: read through the session, one flow at a time. */
#include "vantage/sights.h"

#include <stdlib.h>

#include "util/hash.h"
#include "util/array.h"

enum { PAYLOAD_HASHED = 48 }; /* less than any usual snaplen leaves */

struct reading {
	struct sights *out;
	size_t most;
	bool failed;
};

static uint32_t payload_hash(const struct segment *s)
{
	size_t n = s->captured < PAYLOAD_HASHED ? s->captured : PAYLOAD_HASHED;
	if (s->payload == NULL || n == 0 || (n < PAYLOAD_HASHED && n < s->len))
		return 0;
	return (uint32_t)hash_bytes(s->payload, n, 1) | 1;
}

static bool visit(void *context, const struct packet *packet, const struct segment *s, enum side from, uint32_t marks,
                  const struct tracker *before, const struct tracker *after)
{
	struct reading *r = context;
	struct sights *out = r->out;
	(void)packet, (void)before, (void)after;
	if (out->count == r->most) {
		out->cut = true;
		return false;
	}
	struct sight *of = array_grow(out->of, out->count, &out->room, sizeof *of, 64);
	r->failed = of == NULL;
	if (r->failed)
		return false;
	bool ts = (s->options.present & OPT_TS) != 0;
	out->of = of;
	out->of[out->count++] = (struct sight){
		.frame = s->frame, .time = s->time, .seq = s->seq, .ack = (s->flags & TCP_ACK) != 0 ? s->ack : 0, .len = s->len,
		.tsval = ts ? s->options.tsval : 0, .tsecr = ts ? s->options.tsecr : 0, .payload = payload_hash(s), .flags = s->flags,
		.window = s->window, .ip_id = s->ip_id, .options = s->options.present, .mss = s->options.mss, .ttl = s->ttl, .tos = s->tos,
		.from = (uint8_t)from, .v6 = s->ip_version == 6, .copy = (marks & MARK_DUPLICATE) != 0,
		.again = (marks & (MARK_RETRANSMISSION | MARK_SPURIOUS | MARK_SYN_RETRANSMISSION | MARK_KEEPALIVE)) != 0,
	};
	return true;
}

bool sights_read(struct session *s, uint32_t flow, size_t most, struct sights *out)
{
	struct reading r = { .out = out, .most = most };
	*out = (struct sights){ 0 };
	bool whole = session_walk(s, flow, visit, &r);
	return whole && !r.failed;
}

void sights_free(struct sights *s)
{
	free(s->of);
	*s = (struct sights){ 0 };
}

uint32_t sight_end(const struct sight *s)
{
	return s->seq + s->len + ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);
}
