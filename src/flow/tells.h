/* SPDX-License-Identifier: GPL-3.0-or-later
 * tells: what a flow shows of its two ends, as bits: who looks for something among many flows passes over those that have nothing of it
 * without a look at them, which in a large table is a cache miss each. */
#ifndef TCPWHY_FLOW_TELLS_H
#define TCPWHY_FLOW_TELLS_H

#include <stdint.h>

#include "flow/flow.h"

enum {
	TELL_ACCEPTED = 1u << 0,        /* the server answered the SYN, or sent data in a flow that began before the capture */
	TELL_REFUSED = 1u << 1,         /* its reset is all that the server sent */
	TELL_SYNACK = 1u << 2,
	TELL_RESET = 1u << 3,
	TELL_FIN = 1u << 4,             /* of either side */
	TELL_PROBE = 1u << 5,           /* reset after a few segments without data */
	TELL_CARRIED = 1u << 6,         /* established, and data passed */
	TELL_MIDSTREAM = 1u << 7,
	TELL_TRAFFIC_CLIENT = 1u << 8,  /* the side sent more than there are resets */
	TELL_TRAFFIC_SERVER = 1u << 9,
	TELL_TTL_CLIENT = 1u << 10,     /* a TTL of the side's own packets is known */
	TELL_TTL_SERVER = 1u << 11,
	TELL_RTT = 1u << 12,            /* the handshake's round trip is known */
	TELL_LOWER_SERVER = 1u << 13    /* the lower of the two addresses (flow.addr[0]) is the server's; of one address, the client's is said */
};

/* Of a flow as it is now. */
uint16_t flow_tells(const struct flow *f);

#endif
