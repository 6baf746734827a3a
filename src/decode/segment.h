/* SPDX-License-Identifier: GPL-3.0-or-later
 * segment: one TCP segment as decoded from one captured frame: what all later parts work on. Numbers are in host byte order. */
#ifndef TCPWHY_DECODE_SEGMENT_H
#define TCPWHY_DECODE_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

/* TCP flags as in the header (RFC 9293 3.1), low 12 bits: reserved bits included. */
enum {
	TCP_FIN = 0x001, TCP_SYN = 0x002, TCP_RST = 0x004, TCP_PSH = 0x008, TCP_ACK = 0x010, TCP_URG = 0x020,
	TCP_ECE = 0x040, TCP_CWR = 0x080, TCP_AE = 0x100, TCP_RESERVED = 0xe00
};

/* Which options stood in the header. */
enum {
	OPT_MSS = 0x001, OPT_WSCALE = 0x002, OPT_SACK_OK = 0x004, OPT_SACK = 0x008, OPT_TS = 0x010, OPT_MPTCP = 0x020,
	OPT_TFO = 0x040, OPT_MD5_AO = 0x080, OPT_OTHER = 0x100,
	OPT_MALFORMED = 0x200, /* a length of 0 or 1, or past the header: options after it were not read */
	OPT_CUT = 0x400        /* the snaplen cuts the options: what is not set here is not known */
};

struct sack_block {
	uint32_t left, right;
};

struct tcp_options {
	uint16_t present;         /* OPT_ bits */
	uint16_t mss;
	uint8_t wscale;           /* as signalled; more than 14 counts as 14 (RFC 7323 2.3) when used */
	uint8_t sack_count;
	uint8_t tfo_length;       /* cookie bytes, 0 = cookie request */
	uint8_t mptcp_reason;     /* of MP_TCPRST (RFC 8684 3.6) */
	uint8_t mptcp_flags;      /* U V W T of MP_TCPRST, low four bits; T = 1 */
	uint16_t mptcp_subtypes;  /* bit n: subtype n present (0 MP_CAPABLE, 1 MP_JOIN, 7 MP_FASTCLOSE, 8 MP_TCPRST) */
	uint32_t mptcp_token;     /* receiver's token of a MP_JOIN SYN, else 0 */
	uint32_t tsval, tsecr;
	struct sack_block sack[4];
};

enum checksum {
	CHECKSUM_UNKNOWN, /* not all bytes captured, a fragment, or not asked for */
	CHECKSUM_GOOD,
	CHECKSUM_PARTIAL, /* pseudo-header sum only: offload on the capturing host */
	CHECKSUM_BAD
};

enum { IP_DF = 1, IP_MF = 2, IP_FRAGMENT = 4 };

struct segment {
	/* capture */
	uint64_t frame;           /* packet.number */
	int64_t time;             /* ns since 1970 */
	uint64_t offset;          /* packet.offset */
	uint16_t interface;
	uint16_t link_type;
	/* link: innermost Ethernet header (or SLL sender); zero where there is none */
	uint8_t src_mac[6], dst_mac[6];
	bool has_mac;
	uint8_t vlan_count;       /* VLAN ids of all levels, outermost first */
	uint16_t vlan[4];
	uint32_t path;            /* hash of what beside the addresses names the network: VLAN ids and tunnel ids; 0 = none */
	/* IP: innermost header. IPv4 addresses as ::ffff:a.b.c.d, network order */
	uint8_t src[16], dst[16];
	uint8_t ip_version;       /* 4 or 6 */
	uint8_t ttl;              /* or hop limit */
	uint8_t tos;              /* or traffic class */
	uint8_t ip_bits;          /* IP_ bits; DF is not known (clear) for IPv6 */
	uint16_t ip_id;           /* IPv4 only */
	uint16_t ip_label;        /* sum over the IP security options (130, 133, 134: RFC 1108, CIPSO; IPv6 CALIPSO); 0 = none */
	uint32_t flow_label;      /* IPv6 only */
	/* TCP */
	uint16_t src_port, dst_port;
	uint16_t flags;
	uint16_t window;          /* as in the header, not scaled */
	uint32_t seq, ack;        /* ack as in the header also without the ACK flag */
	uint16_t urgent;
	uint8_t checksum;         /* enum checksum */
	bool malformed;           /* data offset beyond the segment: no payload is counted */
	uint32_t len;             /* payload bytes on the wire, by the IP length, without padding that the length counts too */
	uint32_t captured;        /* of these, bytes at payload */
	const uint8_t *payload;   /* into the packet; valid as long as its bytes are */
	struct tcp_options options;
};

/* Sequence numbers a segment takes: payload + SYN + FIN (RFC 9293 3.3.1, SEG.LEN). */
static inline uint32_t segment_seglen(const struct segment *s)
{
	return s->len + ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);
}

#endif
