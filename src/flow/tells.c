/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/tells.h"

enum { PROBE_SEGMENTS = 8 };

static uint32_t when(bool is, unsigned bit)
{
	return is ? bit : 0;
}

/* How it began and ended. */
static uint32_t course(const struct flow *f)
{
	bool reset = f->rst > 0, from_server = reset && f->rst_from == SIDE_SERVER, data = f->bytes[0] + f->bytes[1] > 0;
	return when(f->synack > 0 || (f->midstream && f->bytes[SIDE_SERVER] > 0), TELL_ACCEPTED) |
	       when(f->synack == 0 && from_server && f->bytes[SIDE_SERVER] == 0, TELL_REFUSED) | when(f->synack > 0, TELL_SYNACK) |
	       when(reset, TELL_RESET) | when(from_server, TELL_RESET_BY_SERVER) | when(reset && (f->rst_flags & TCP_ACK) != 0, TELL_RESET_ACK) |
	       when(!data && reset && f->segments[0] + f->segments[1] <= PROBE_SEGMENTS, TELL_PROBE) |
	       when(data && f->established != 0, TELL_CARRIED) | when(f->midstream, TELL_MIDSTREAM) | when(f->tracker.rtt_us != 0, TELL_RTT);
}

static uint32_t end_of(const struct flow *f, enum side side)
{
	/* a SYN alone may be made by hand, with any TTL */
	bool ttl = f->ttl[side].data != 0 || (side == SIDE_SERVER && f->ttl[side].syn != 0);
	return when(f->tracker.end[side].have_fin, tell_of(side, TELL_FIN)) | when(f->bytes[side] > 0, tell_of(side, TELL_DATA)) |
	       when(f->segments[side] > f->rst, tell_of(side, TELL_TRAFFIC)) | when(ttl, tell_of(side, TELL_TTL));
}

static uint32_t numbers_of(const struct flow *f)
{
	const struct tracker_end *c = &f->tracker.end[SIDE_CLIENT], *s = &f->tracker.end[SIDE_SERVER];
	uint32_t print = ((c->isn * 0x9e3779b1u ^ s->isn) * 0x85ebca6bu) >> 20;
	return c->have_isn && s->have_isn ? (print | 1) << 19 : 0;
}

struct flow_tells flow_tells(const struct flow *f)
{
	return (struct flow_tells){
		.first = f->first, .last = f->last, .first_rst = f->first_rst, .established = f->established,
		.bits = course(f) | end_of(f, SIDE_CLIENT) | end_of(f, SIDE_SERVER) | numbers_of(f),
		.rtt_us = f->tracker.rtt_us, .ttl = { f->ttl[0], f->ttl[1] }, .server_port = flow_port(f, SIDE_SERVER),
	};
}
