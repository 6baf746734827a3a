/* SPDX-License-Identifier: GPL-3.0-or-later
 * tcb: what is known of both ends of a connection, from the wire alone (the transmission control blocks of RFC 9293 3.3.1), and what may
 * be asked of it. */
#ifndef TCPWHY_FLOW_TCB_H
#define TCPWHY_FLOW_TCB_H

#include <stdbool.h>
#include <stdint.h>

enum side { SIDE_CLIENT, SIDE_SERVER };

static inline enum side side_other(enum side s) { return s == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT; }

/* RFC 9293 3.3.2. UNKNOWN: the capture began after the handshake and nothing yet tells; once data or ACKs flow it is ESTABLISHED. */
enum tcp_state {
	TCP_CLOSED, TCP_LISTEN, TCP_SYN_SENT, TCP_SYN_RECEIVED, TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2, TCP_CLOSE_WAIT,
	TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT, TCP_UNKNOWN, TCP_STATE_COUNT
};
const char *tcp_state_name(enum tcp_state state); /* "SYN-RECEIVED" */

/* One end, as far as the wire tells. Hot fields first; keep it small, it is part of every flow. */
struct tracker_end {
	uint32_t isn;            /* valid when have_isn */
	uint32_t snd_nxt;        /* highest sequence number sent + 1 (SYN and FIN count); valid when have_seq */
	uint32_t snd_una;        /* highest acknowledgment of it seen from the other end; valid when have_acked */
	uint32_t rcv_nxt;        /* highest acknowledgment that this end sent; valid when have_ack */
	uint32_t fin_seq;        /* sequence number of its FIN; valid when have_fin. Until then of its RST; valid when rst_ahead */
	uint32_t contiguous;     /* in-order data of this end captured up to here (what the other end can have received in order) */
	uint32_t hole_end;       /* where what was captured begins again after `contiguous`; valid when hole */
	uint32_t advanced_us;    /* time of the segment that last advanced snd_nxt (or of a repeated SYN), microseconds modulo 2^32 */
	uint16_t window;         /* last advertised, raw */
	uint8_t wscale;          /* as signalled; 255 = not known (no SYN of this end captured) or not in use */
	uint8_t state;           /* enum tcp_state */
	uint8_t dup_acks;        /* in a row, saturating */
	bool have_isn : 1, have_seq : 1, have_acked : 1, have_ack : 1, have_fin : 1, fin_acked : 1, have_contiguous : 1;
	bool keepalive_pending : 1; /* sent a keepalive that is not answered yet */
	bool zero_window : 1;       /* advertises window 0 at present */
	bool sent_data : 1;
	bool sack_ok : 1, ts_ok : 1; /* offered in its SYN */
	bool fin_arrived : 1;       /* its FIN reached the other end in order */
	bool hole : 1, holes : 1;   /* something before snd_nxt was not captured; more than one piece of it */
	bool sacked_end : 1;        /* the other end's SACK covers the last byte before snd_nxt */
	bool probe_pending : 1;     /* sent a window probe that is not answered yet */
	bool challenge_due : 1;     /* sent something that RFC 5961 answers with a challenge ACK */
	bool window_of_syn : 1;     /* `window` stood in a SYN: never scaled (RFC 7323 2.2) */
	bool options_cut : 1;       /* the SYN's options were cut by the snaplen: wscale is not known */
	bool spoke : 1;             /* sent any segment but a RST */
	bool at_rest : 1;           /* nothing is under way that another segment could settle: predict.c */
	bool rst_ahead : 1;         /* a RST of it lay in the window, beyond what had been captured; at tracker.rst_time */
};

enum { TRACKER_RECENT = 4 };

struct tracker {
	uint64_t recent[TRACKER_RECENT]; /* marks of the last packets, to know a copy of one: duplicate.c */
	struct tracker_end end[2]; /* by enum side */
	uint32_t rtt_us;           /* of the handshake, microseconds, 0 = not known */
	bool handshake_seen : 1;   /* SYN, SYN/ACK and the ACK of it were captured */
	bool syn_seen : 1, synack_seen : 1;
	bool reset : 1;            /* a RST that its receiver accepts ended the connection (cleared when its receiver goes on all the same) */
	bool copied_elsewhere : 1; /* … with other link addresses or on another interface */
	bool duplicated : 1;       /* copies of packets of this flow were captured */
	uint8_t recent_next : 2;
	uint8_t interface;         /* that its first packet came from, modulo 256 */
	uint16_t rst_time;         /* of the last RST that lay ahead, units of 2^20 ns, modulo 2^16 */
};

/* What kind of segment it was that came: tracker_step(). */
enum {
	MARK_RETRANSMISSION = 1u << 0,   /* sequence numbers that the sender had sent before */
	MARK_SPURIOUS = 1u << 1,         /* … and that were acknowledged already */
	MARK_OUT_OF_ORDER = 1u << 2,     /* fills a hole: late, not a second copy */
	MARK_DUP_ACK = 1u << 3,          /* RFC 5681 section 2 */
	MARK_KEEPALIVE = 1u << 4,        /* RFC 1122 4.2.3.6: SEG.SEQ = SND.NXT-1, 0 or 1 byte */
	MARK_KEEPALIVE_ACK = 1u << 5,
	MARK_ZERO_WINDOW = 1u << 6,      /* advertises 0 (not on SYN, FIN, RST) */
	MARK_WINDOW_PROBE = 1u << 7,     /* probes a zero window */
	MARK_WINDOW_PROBE_ACK = 1u << 8,
	MARK_WINDOW_UPDATE = 1u << 9,
	MARK_WINDOW_FULL = 1u << 10,
	MARK_CHALLENGE_ACK = 1u << 11,   /* RFC 5961: ACK of the current numbers in answer to an unacceptable SYN, RST or ACK */
	MARK_HOLE_BEFORE = 1u << 12,     /* segments before it were not captured (or lost) */
	MARK_ACKS_UNSEEN = 1u << 13,     /* acknowledges data not captured */
	MARK_LATE_DATA = 1u << 14,       /* payload after the receiver's FIN */
	MARK_AFTER_CLOSE = 1u << 15,     /* any segment after the connection was over */
	MARK_TFO_DATA = 1u << 16,        /* SYN with data */
	MARK_SYN_RETRANSMISSION = 1u << 17,
	MARK_SYN_OTHER_ISN = 1u << 18,   /* SYN inside a living flow with another ISN */
	MARK_RST_EXACT = 1u << 19,       /* RST: SEG.SEQ == RCV.NXT of the receiver (RFC 5961 3.2) */
	MARK_RST_IN_WINDOW = 1u << 20,   /* RST: in the window, not exact: a challenge ACK is due */
	MARK_RST_OUTSIDE = 1u << 21,     /* RST: outside the window, or below: to be ignored */
	MARK_RST_UNKNOWN = 1u << 22,     /* RST: not enough is known to tell */
	MARK_SIMULTANEOUS_OPEN = 1u << 23,
	MARK_DUPLICATE = 1u << 24,       /* the same packet captured twice: state not stepped */
	MARK_COUNT = 25
};
const char *mark_name(unsigned bit_index); /* "retransmission", "keepalive"… */

void tracker_init(struct tracker *t);

/* Whether the connection has ended: reset, or both ends closed. Segments that still come are MARK_AFTER_CLOSE. */
static inline bool tracker_over(const struct tracker *t)
{
	const struct tracker_end *a = &t->end[0], *b = &t->end[1];
	bool closed = (a->state == TCP_CLOSED || a->state == TCP_TIME_WAIT) && (b->state == TCP_CLOSED || b->state == TCP_TIME_WAIT);
	return t->reset || (closed && (a->spoke || b->spoke));
}

/* Receive window of an end in bytes as it last advertised it (scaled when the scale is known). *known is false when the scale is not. */
uint32_t tracker_window(const struct tracker *t, enum side of, bool *known);

/* What the end `of` expects next: the highest in-order byte of the other end that it has acknowledged or must have received.
 * *known is false when nothing of either was captured. */
uint32_t tracker_rcv_nxt(const struct tracker *t, enum side of, bool *known);

#endif
