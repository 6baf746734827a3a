/* SPDX-License-Identifier: GPL-3.0-or-later
 * tells: what a flow tells those who judge another one near it, in 48 bytes instead of its five cache lines: a judgment looks at up to
 * three times 128 flows, and in a large table each line is a cache miss. */
#ifndef TCPWHY_FLOW_TELLS_H
#define TCPWHY_FLOW_TELLS_H

#include <stdint.h>

#include "flow/flow.h"

/* By the bits alone, who looks for something passes over the flows that have nothing of it. */
enum {
	TELL_ACCEPTED = 1u << 0,        /* the server answered the SYN, or sent data in a flow that began before the capture */
	TELL_REFUSED = 1u << 1,         /* its reset is all that the server sent */
	TELL_SYNACK = 1u << 2,
	TELL_RESET = 1u << 3,
	TELL_RESET_BY_SERVER = 1u << 4, /* its first reset */
	TELL_RESET_ACK = 1u << 5,       /* … has the ACK flag */
	TELL_PROBE = 1u << 6,           /* reset after a few segments without data */
	TELL_CARRIED = 1u << 7,         /* established, and data passed */
	TELL_MIDSTREAM = 1u << 8,
	TELL_RTT = 1u << 9,             /* the handshake's round trip is known */
	/* of a side, the client's; the server's is the next bit: tell_of() */
	TELL_FIN = 1u << 11,
	TELL_DATA = 1u << 13,
	TELL_TRAFFIC = 1u << 15,        /* it sent more than there are resets */
	TELL_TTL = 1u << 17,            /* a TTL of its own packets is known */
	/* twelve bits of a hash of both initial sequence numbers, of which most connections have their own; zero: not both are known */
	TELL_NUMBERS = 0xfffu << 19
};

static inline unsigned tell_of(enum side side, unsigned bit)
{
	return bit << side;
}

struct flow_tells {
	int64_t first, last, first_rst, established; /* as in the flow */
	uint32_t bits;
	uint32_t rtt_us;
	struct flow_ttl ttl[2];
	uint16_t server_port;
};

/* Of a flow as it is now. */
struct flow_tells flow_tells(const struct flow *f);

/* The side that its first reset came from, when it has TELL_RESET. */
static inline enum side tells_reset_from(unsigned bits)
{
	return (bits & TELL_RESET_BY_SERVER) != 0 ? SIDE_SERVER : SIDE_CLIENT;
}

#endif
