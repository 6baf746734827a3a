/* SPDX-License-Identifier: GPL-3.0-or-later
 * flow: one TCP connection: who, when, how much, how it stands, and where its segments are in the store. */
#ifndef TCPWHY_FLOW_FLOW_H
#define TCPWHY_FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/segment.h"
#include "flow/log.h"
#include "flow/tcb.h"

#define FLOW_NONE UINT32_MAX

/* How a flow stands at the end (report.md `state`). */
enum flow_state { FLOW_HANDSHAKE, FLOW_OPEN, FLOW_CLOSING, FLOW_CLOSED, FLOW_REFUSED, FLOW_RESET, FLOW_UNANSWERED, FLOW_STATE_COUNT };
const char *flow_state_name(enum flow_state state);

/* Counts of one side that not every flow has; kept apart so that a small flow stays small. */
struct flow_detail {
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows, keepalives;
};

/* TTLs by kind of packet of one side: the first seen of each kind, 0 = none. Linux sends the three with different settings. */
struct flow_ttl {
	uint8_t syn;   /* SYN or SYN/ACK */
	uint8_t data;  /* ACKs and data */
	uint8_t rst;   /* first RST */
};

struct flow {
	/* identity: canonical order, the lower endpoint first */
	uint8_t addr[2][16];
	uint16_t port[2];
	uint32_t path;            /* segment.path: VLANs, tunnels */
	uint8_t client;           /* which of the two is the client: 0 or 1 */
	bool roles_seen;          /* SYN or SYN/ACK captured, else guessed */
	bool midstream;           /* began without a SYN */
	uint8_t history_bits;     /* letters of Zeek's history that are written once a side: see history.c */
	uint32_t next;            /* the flow of the same tuple after this one, or FLOW_NONE */
	uint64_t history;         /* the first twelve of Zeek's letters, five bits each, the first lowest: see history.c */

	struct tracker tracker;

	int64_t first, last;      /* ns since 1970: of its segments */
	uint64_t bytes[2];        /* payload on the wire by side, retransmissions included; likewise by side all below */
	uint32_t segments[2];
	struct flow_ttl ttl[2];

	uint8_t rst_from;         /* side of the first RST */
	bool cut_short;           /* payload of a segment of it was not captured whole (snaplen) */

	/* up to the log's first chunk every segment is counted (FLOW_HOT); what follows is of those with SYN, FIN or RST, and what few ask for */
	struct segment_log log;
	uint16_t syn, synack, fin; /* both directions; these saturate */
	uint16_t rst_flags;       /* of the first RST */
	uint32_t rst;             /* both directions */
	uint32_t rst_seq[2];      /* of the last RST of each side, raw */
	uint32_t extra;           /* index into the table's extras (details of both sides, ICMP notes), 0 = none */
	uint32_t previous;        /* the flow of the same tuple before this one, or FLOW_NONE */
	uint32_t host;            /* index of its SNI or Host in the table's texts, 0 = none */
	/* aligned where the compiler would not by itself, too: a flow is whole cache lines on 32-bit machines as well (pool.h) */
	_Alignas(8) int64_t established; /* when the third segment of the handshake was captured, 0 = not */
	int64_t first_rst;        /* time of its first RST, 0 = none */
};

/* A million flows are common: what one weighs is measured, not guessed. */
_Static_assert(sizeof(struct flow) <= 320, "struct flow has grown");

/* Index (0 or 1) of a side in addr and port. */
static inline unsigned flow_index(const struct flow *f, enum side side)
{
	return side == SIDE_CLIENT ? f->client : 1u - f->client;
}
static inline const uint8_t *flow_address(const struct flow *f, enum side side) { return f->addr[flow_index(f, side)]; }
static inline uint16_t flow_port(const struct flow *f, enum side side) { return f->port[flow_index(f, side)]; }

/* An ICMP error that quoted a segment of a flow. */
struct icmp_note {
	uint64_t frame;           /* of the ICMP message */
	int64_t time;
	uint8_t from[16];         /* who sent it */
	uint8_t version, type, code; /* ICMP of IP version 4 or 6 */
	uint8_t quoted_from;      /* enum side: who had sent the quoted segment */
	uint32_t mtu;             /* 0 = none */
	uint32_t quoted_seq;      /* raw */
};

enum flow_state flow_state(const struct flow *f);

/* Which side of the flow sent this segment (for a connection of an endpoint with itself: by sequence numbers). */
enum side flow_side(const struct flow *f, const struct segment *segment);

/* Zeek's conn_state: "S0", "SF", "REJ", "RSTO"… (anchors-analysis: main.zeek conn_state()). Static text. In conn_state.c. */
const char *flow_conn_state(const struct flow *f);

#endif
