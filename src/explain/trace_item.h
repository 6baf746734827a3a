/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace_item: a flow's segments as the explanation works on them. Internal to explain/. */
#ifndef TCPWHY_EXPLAIN_TRACE_ITEM_H
#define TCPWHY_EXPLAIN_TRACE_ITEM_H

#include "decode/app.h"
#include "decode/segment.h"
#include "flow/tcb.h"
#include "util/buf.h"

enum {
	TRACE_MAX = 200000,     /* segments of one flow that an explanation looks at */
	TRACE_KEPT = 4096,      /* items whose memory is kept from one flow to the next */
	TRACE_TEXT = 256        /* bytes kept of a RST's payload, of a name, of a first line */
};

/* A segment as far as a rule asks for it: struct segment, whose fields these are, is more than twice as large, and a verdict's time goes
 * into memory that is not in the cache. */
struct trace_segment {
	uint64_t frame;
	int64_t time;
	uint32_t seq, ack, len, captured;
	uint32_t flow_label;
	struct {
		uint32_t tsval, tsecr;
		uint16_t present, mptcp_subtypes;
		uint8_t mptcp_reason, mptcp_flags;
	} options;
	uint16_t flags, window, ip_id, ip_label, interface;
	uint8_t src_mac[6], dst_mac[6];
	bool has_mac;
	uint8_t ip_version, ttl, tos, ip_bits, checksum;
};

/* Both ends before it, as far as a rule asks: of struct tracker. */
struct trace_before {
	struct tracker_end end[2];
	bool handshake_seen : 1, synack_seen : 1, reset : 1;
};

struct trace_item {
	struct trace_segment segment;
	struct trace_before before;
	uint32_t marks;
	uint8_t from;                /* enum side */
	uint8_t app;                 /* enum app_kind; app_note's other fields as far as the rules use them: */
	uint8_t alert_level, alert_code;
	uint8_t requests;            /* HTTP requests without a body that end in this segment (pipelining), at most 255 */
	bool tls_maybe_alert, http_has_body;
	uint16_t status;
	uint16_t text_length, name_length;
	uint32_t text;               /* offset + 1 in the trace's texts of the RST's payload or the first line; 0 = none */
	uint32_t name;               /* likewise SNI or Host */
	uint64_t http_length;
};

struct trace {
	struct trace_item *items;
	size_t count, cap;
	struct buf texts;
	bool lent;                   /* items belong to a set and cannot grow */
	bool cut;                    /* the flow has more segments than were looked at */
	bool bad_reset;              /* a reset's checksum is wrong */
};

static inline bool item_is(const struct trace_item *item, unsigned flag) { return (item->segment.flags & flag) != 0; }
/* Sequence numbers it takes: segment_seglen(). */
static inline uint32_t trace_seglen(const struct trace_segment *s)
{
	return s->len + ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);
}
static inline bool item_duplicate(const struct trace_item *item) { return (item->marks & MARK_DUPLICATE) != 0; }
/* First sequence number after the segment. */
static inline uint32_t item_end(const struct trace_item *item) { return item->segment.seq + trace_seglen(&item->segment); }
/* Payload that the receiver did not have yet. */
static inline bool item_new_data(const struct trace_item *item)
{
	return item->segment.len > 0 && (item->marks & (MARK_RETRANSMISSION | MARK_SPURIOUS | MARK_DUPLICATE | MARK_KEEPALIVE)) == 0;
}

#endif
