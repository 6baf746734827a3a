/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow/tells.h"

#include <string.h>

enum { PROBE_SEGMENTS = 8 };

static unsigned when(bool is, unsigned bit)
{
	return is ? bit : 0;
}

/* What the tracker and the counts say of how it began and ended. */
static unsigned course(const struct flow *f)
{
	bool from_server = f->rst > 0 && f->rst_from == SIDE_SERVER, data = f->bytes[0] + f->bytes[1] > 0;
	return when(f->synack > 0 || (f->midstream && f->bytes[SIDE_SERVER] > 0), TELL_ACCEPTED) |
	       when(f->synack == 0 && from_server && f->bytes[SIDE_SERVER] == 0, TELL_REFUSED) | when(f->synack > 0, TELL_SYNACK) |
	       when(f->rst > 0, TELL_RESET) | when(f->tracker.end[0].have_fin || f->tracker.end[1].have_fin, TELL_FIN) |
	       when(!data && f->rst > 0 && f->segments[0] + f->segments[1] <= PROBE_SEGMENTS, TELL_PROBE) |
	       when(data && f->established != 0, TELL_CARRIED) | when(f->midstream, TELL_MIDSTREAM);
}

static unsigned ends(const struct flow *f)
{
	const struct flow_ttl *client = &f->ttl[SIDE_CLIENT], *server = &f->ttl[SIDE_SERVER];
	return when(f->segments[SIDE_CLIENT] > f->rst, TELL_TRAFFIC_CLIENT) | when(f->segments[SIDE_SERVER] > f->rst, TELL_TRAFFIC_SERVER) |
	       when(client->data != 0, TELL_TTL_CLIENT) | /* a SYN alone may be made by hand, with any TTL */
	       when(server->data != 0 || server->syn != 0, TELL_TTL_SERVER) | when(f->tracker.rtt_us != 0, TELL_RTT) |
	       when(f->client != 0 && memcmp(f->addr[0], f->addr[1], 16) != 0, TELL_LOWER_SERVER);
}

uint16_t flow_tells(const struct flow *f)
{
	return (uint16_t)(course(f) | ends(f));
}
