/* SPDX-License-Identifier: GPL-3.0-or-later
 * frame: the decoder's place in a frame, and the steps that carry it from one header to the next. A step looks at the header at `at`,
 * notes what it says, moves past it and returns the protocol of what follows, or one of the ends. decode.c has the table of them. */
#ifndef TCPWHY_DECODE_FRAME_H
#define TCPWHY_DECODE_FRAME_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "capture/packet.h"
#include "decode/decoded.h"
#include "decode/headers.h"

enum proto {
	/* ends */
	END_SEGMENT, END_ICMP_ERROR, END_NOT_TCP, END_HELD, END_FAILED,
	/* links */
	PROTO_ETHERNET, PROTO_SLL, PROTO_SLL2, PROTO_NULL, PROTO_PPP, PROTO_CHDLC, PROTO_FRAME_RELAY, PROTO_LLC, PROTO_ETHERTYPE, PROTO_IP,
	PROTO_FDDI, PROTO_TOKEN_RING, PROTO_ARCNET, PROTO_ARCNET_LINUX, PROTO_ATM, PROTO_DOCSIS, PROTO_NFLOG, PROTO_PKTAP, PROTO_PPI,
	PROTO_PFLOG, PROTO_JUNIPER, PROTO_ERF, PROTO_WLAN, PROTO_CAPWAP_WLAN, PROTO_RADIOTAP, PROTO_PRISM,
	/* shims between link and network */
	PROTO_VLAN, PROTO_ISL, PROTO_PBB, PROTO_ETAG, PROTO_VNTAG, PROTO_FABRICPATH, PROTO_TRILL, PROTO_MACSEC, PROTO_MPLS, PROTO_PPPOE, PROTO_NSH,
	/* network */
	PROTO_IPV4, PROTO_IPV6, PROTO_IPV6_OPTIONS, PROTO_IPV6_ROUTING, PROTO_IPV6_FRAGMENT, PROTO_AH, PROTO_ESP, PROTO_ICMP, PROTO_ICMPV6,
	/* tunnels */
	PROTO_GRE, PROTO_ERSPAN2, PROTO_ERSPAN3, PROTO_ETHERIP, PROTO_UDP, PROTO_VXLAN, PROTO_VXLAN_GPE, PROTO_GENEVE, PROTO_GTPU, PROTO_TEREDO,
	PROTO_L2TP, PROTO_CAPWAP, PROTO_LISP, PROTO_AYIYA, PROTO_TZSP, PROTO_SFLOW,
	/* transport */
	PROTO_TCP,
	PROTO_COUNT
};

struct fragments;

struct frame {
	const uint8_t *at;          /* the next header */
	uint32_t left;              /* captured bytes from at on that belong to the innermost datagram so far */
	uint32_t wire;              /* the same as it was on the wire: >= left */
	struct decoded *out;
	const struct packet *packet;
	struct fragments *fragments; /* NULL: fragments are not put together */
	unsigned options;           /* DECODE_ */
	uint32_t hash;              /* of VLAN and tunnel ids */
	uint32_t id;                /* VLAN, VNI, key… that the step just made read, for a reader; valid when has_id */
	bool has_id;
	bool quoted;                /* inside what an ICMP error quotes */
	bool exact;                 /* wire is the word of a header that no capturing tool shortens: IP's length cannot be more */
	bool partial;               /* a first fragment alone: the rest of the datagram is elsewhere */
	const uint8_t *final;       /* address for the checksum's pseudo header instead of the IPv6 destination: of a routing header */
	const uint8_t *home;        /* … instead of the IPv6 source: home address option */
};

typedef enum proto step(struct frame *f);

/* Moves past n <= left bytes. */
static inline void frame_take(struct frame *f, uint32_t n)
{
	f->at += n;
	f->left -= n;
	f->wire -= n;
}

/* What is at `at` is no longer than n bytes: the rest is padding or a trailer. */
static inline void frame_limit(struct frame *f, uint32_t n)
{
	if (f->wire > n)
		f->wire = n;
	if (f->left > n)
		f->left = n;
}

/* A header says that n bytes follow, whatever the frame's length said: a frame may be longer (Ethernet padding) or shorter (cut by a tool
 * that forgot the original length). */
static inline void frame_length(struct frame *f, uint32_t n)
{
	f->wire = n;
	if (f->left > n)
		f->left = n;
}

/* The frame cannot be decoded further. What an ICMP error quotes is cut by nature: no failure. */
static inline enum proto frame_fail(struct frame *f, enum decode_reason reason)
{
	f->out->reason = reason;
	return f->quoted ? END_NOT_TCP : END_FAILED;
}

/* A tunnel's header is not whole: cut by the snaplen, or never as long, in which case it is none of this tunnel's. */
static inline enum proto frame_short(struct frame *f, uint32_t n)
{
	return f->wire < n ? END_NOT_TCP : frame_fail(f, REASON_LINK_CUT);
}

/* An id for a reader. */
static inline void frame_id(struct frame *f, uint32_t id)
{
	f->id = id;
	f->has_id = true;
}

/* A path's hash with one more id in it; never 0. */
static inline uint32_t path_hash(uint32_t hash, enum proto proto, uint32_t id)
{
	uint32_t h = (hash ^ (uint32_t)proto << 24 ^ id) + 0x9e3779b9u;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	h ^= h >> 16;
	return h != 0 ? h : 1;
}

/* An id that tells networks apart and is the same in both directions: part of the flow's identity. */
static inline void frame_identity(struct frame *f, enum proto proto, uint32_t id)
{
	f->hash = path_hash(f->hash, proto, id);
	frame_id(f, id);
}

/* plain.c: decodes a frame of the commonest kind whole: all that frame_decode() would make of it. False: it is of another kind, and *out
 * means nothing. */
bool plain_decode(const struct packet *packet, unsigned options, struct decoded *out);

/* The protocol of an EtherType; of a PPP protocol number; of an IP protocol number. END_NOT_TCP where none is known. */
enum proto proto_of_ethertype(uint16_t type);
enum proto proto_of_ppp(uint16_t number);
enum proto proto_of_ip(uint8_t number);

/* Where decoding begins for a link type, with *skip bytes to pass over first. PROTO_COUNT: not known. */
enum proto proto_of_link(uint16_t link_type, uint8_t *skip);

step step_ethernet, step_sll, step_sll2, step_null, step_ppp, step_chdlc, step_frame_relay, step_llc, step_ethertype, step_ip;
step step_fddi, step_token_ring, step_arcnet, step_arcnet_linux, step_atm, step_docsis, step_nflog, step_pktap, step_ppi, step_pflog;
step step_juniper, step_erf, step_wlan, step_capwap_wlan, step_radiotap, step_prism;
step step_vlan, step_isl, step_pbb, step_etag, step_vntag, step_fabricpath, step_trill, step_macsec, step_mpls, step_pppoe, step_nsh;
step step_ipv4, step_ipv6, step_ipv6_options, step_ipv6_routing, step_ipv6_fragment, step_ah, step_esp, step_icmp, step_icmpv6;
step step_gre, step_erspan2, step_erspan3, step_etherip, step_udp, step_vxlan, step_vxlan_gpe, step_geneve, step_gtpu, step_teredo;
step step_l2tp, step_capwap, step_lisp, step_ayiya, step_tzsp, step_sflow;
step step_tcp;

/* One header that decoding went through, for a reader. */
struct layer {
	enum proto proto;
	const uint8_t *bytes;
	uint32_t length;            /* captured bytes of the header */
	uint32_t id;
	bool has_id;
};

enum { MAX_LAYERS = 40 };

struct trail {
	struct layer layers[MAX_LAYERS];
	unsigned count;
};

/* Decodes a frame from its beginning; trail may be NULL. */
enum decode_result frame_decode(const struct packet *packet, unsigned options, struct fragments *fragments, struct decoded *out,
                                struct trail *trail);

const char *proto_name(enum proto proto);     /* "ipv4", "vxlan" */
bool proto_is_tunnel(enum proto proto);       /* part of report.md's encap */

#endif
