/* SPDX-License-Identifier: GPL-3.0-or-later
 * decode: the table of steps and the loop that walks it. */
#include "decode/decode.h"

#include <stddef.h>

#include "decode/frame.h"

static const struct {
	step *step;
	const char *name;
	bool tunnel;
} protos[PROTO_COUNT] = {
	[PROTO_ETHERNET] = { step_ethernet, "eth", false },
	[PROTO_SLL] = { step_sll, "sll", false },
	[PROTO_SLL2] = { step_sll2, "sll2", false },
	[PROTO_NULL] = { step_null, "null", false },
	[PROTO_PPP] = { step_ppp, "ppp", false },
	[PROTO_CHDLC] = { step_chdlc, "chdlc", false },
	[PROTO_FRAME_RELAY] = { step_frame_relay, "fr", false },
	[PROTO_LLC] = { step_llc, "llc", false },
	[PROTO_ETHERTYPE] = { step_ethertype, "ethertype", false },
	[PROTO_IP] = { step_ip, NULL, false }, /* no header of its own: tells IPv4 from IPv6 */
	[PROTO_FDDI] = { step_fddi, "fddi", false },
	[PROTO_TOKEN_RING] = { step_token_ring, "tr", false },
	[PROTO_ARCNET] = { step_arcnet, "arcnet", false },
	[PROTO_ARCNET_LINUX] = { step_arcnet_linux, "arcnet", false },
	[PROTO_ATM] = { step_atm, NULL, false },
	[PROTO_DOCSIS] = { step_docsis, "docsis", false },
	[PROTO_NFLOG] = { step_nflog, "nflog", false },
	[PROTO_PKTAP] = { step_pktap, "pktap", false },
	[PROTO_PPI] = { step_ppi, "ppi", false },
	[PROTO_PFLOG] = { step_pflog, "pflog", false },
	[PROTO_JUNIPER] = { step_juniper, "juniper", false },
	[PROTO_ERF] = { step_erf, "erf", false },
	[PROTO_WLAN] = { step_wlan, "wlan", false },
	[PROTO_CAPWAP_WLAN] = { step_capwap_wlan, "wlan", false },
	[PROTO_RADIOTAP] = { step_radiotap, "radiotap", false },
	[PROTO_PRISM] = { step_prism, "prism", false },
	[PROTO_VLAN] = { step_vlan, "vlan", false },
	[PROTO_ISL] = { step_isl, "isl", false },
	[PROTO_PBB] = { step_pbb, "pbb", true },
	[PROTO_ETAG] = { step_etag, "etag", false },
	[PROTO_VNTAG] = { step_vntag, "vntag", false },
	[PROTO_FABRICPATH] = { step_fabricpath, "fabricpath", true },
	[PROTO_TRILL] = { step_trill, "trill", true },
	[PROTO_MACSEC] = { step_macsec, "macsec", false },
	[PROTO_MPLS] = { step_mpls, "mpls", true },
	[PROTO_PPPOE] = { step_pppoe, "pppoe", true },
	[PROTO_NSH] = { step_nsh, "nsh", true },
	[PROTO_IPV4] = { step_ipv4, "ipv4", false },
	[PROTO_IPV6] = { step_ipv6, "ipv6", false },
	[PROTO_IPV6_OPTIONS] = { step_ipv6_options, "options", false },
	[PROTO_IPV6_ROUTING] = { step_ipv6_routing, "routing", false },
	[PROTO_IPV6_FRAGMENT] = { step_ipv6_fragment, "fragment", false },
	[PROTO_AH] = { step_ah, "ah", false },
	[PROTO_ESP] = { step_esp, "esp", true },
	[PROTO_ICMP] = { step_icmp, "icmp", false },
	[PROTO_ICMPV6] = { step_icmpv6, "icmpv6", false },
	[PROTO_GRE] = { step_gre, "gre", true },
	[PROTO_ERSPAN2] = { step_erspan2, "erspan", true },
	[PROTO_ERSPAN3] = { step_erspan3, "erspan", true },
	[PROTO_ETHERIP] = { step_etherip, "etherip", true },
	[PROTO_UDP] = { step_udp, "udp", false },
	[PROTO_VXLAN] = { step_vxlan, "vxlan", true },
	[PROTO_VXLAN_GPE] = { step_vxlan_gpe, "vxlan-gpe", true },
	[PROTO_GENEVE] = { step_geneve, "geneve", true },
	[PROTO_GTPU] = { step_gtpu, "gtp", true },
	[PROTO_TEREDO] = { step_teredo, "teredo", true },
	[PROTO_L2TP] = { step_l2tp, "l2tp", true },
	[PROTO_CAPWAP] = { step_capwap, "capwap", true },
	[PROTO_LISP] = { step_lisp, "lisp", true },
	[PROTO_AYIYA] = { step_ayiya, "ayiya", true },
	[PROTO_TZSP] = { step_tzsp, "tzsp", true },
	[PROTO_SFLOW] = { step_sflow, "sflow", false },
	[PROTO_TCP] = { step_tcp, "tcp", false },
};

static const char *const reasons[REASON_COUNT] = {
	[REASON_NONE] = "none",
	[REASON_LINK_TYPE] = "unknown link type",
	[REASON_LINK_CUT] = "cut before the IP header",
	[REASON_IP_CUT] = "cut inside the IP header",
	[REASON_IP_MALFORMED] = "malformed IP header",
	[REASON_FRAGMENT] = "fragment without its beginning",
	[REASON_TCP_CUT] = "cut inside the TCP header",
	[REASON_TCP_MALFORMED] = "malformed TCP header",
	[REASON_TOO_DEEP] = "too many headers",
	[REASON_ENCRYPTED] = "encrypted or compressed",
	[REASON_SAMPLED] = "samples of packets, not packets",
};

const char *decode_reason_name(enum decode_reason reason)
{
	return (unsigned)reason < REASON_COUNT ? reasons[reason] : "unknown";
}

const char *proto_name(enum proto proto)
{
	return protos[proto].name;
}

bool proto_is_tunnel(enum proto proto)
{
	return protos[proto].tunnel;
}

/* What carries IP in IP is a tunnel too, but has no header of its own: see describe.c. */
static void note_layer(struct trail *trail, const struct frame *f, enum proto proto, const uint8_t *begin, uint32_t left)
{
	if (trail->count == MAX_LAYERS || protos[proto].name == NULL)
		return;
	uint32_t length = f->at >= begin && f->at <= begin + left ? (uint32_t)(f->at - begin) : 0;
	trail->layers[trail->count++] =
		(struct layer){ .proto = proto, .bytes = begin, .length = length, .id = f->id, .has_id = f->has_id };
}

static enum decode_result decode_by_steps(const struct packet *packet, unsigned options, struct fragments *fragments, struct decoded *out,
                                          struct trail *trail)
{
	static const enum decode_result results[] = {
		[END_SEGMENT] = DECODE_SEGMENT, [END_ICMP_ERROR] = DECODE_ICMP_ERROR, [END_NOT_TCP] = DECODE_NOT_TCP,
		[END_HELD] = DECODE_HELD, [END_FAILED] = DECODE_FAILED,
	};
	/* Cleared but for the SACK blocks, which sack_count tells of, and the ICMP error, which its result tells of. */
	struct segment *s = &out->segment;
	memset(s, 0, offsetof(struct segment, options.sack));
	out->reason = REASON_NONE;
	s->frame = packet->number;
	s->time = packet->time;
	s->offset = packet->offset;
	s->interface = packet->interface;
	s->link_type = packet->link_type;
	struct frame f = { .at = packet->data, .left = packet->caplen, .wire = packet->len, .out = out, .packet = packet,
	                   .fragments = fragments, .options = options };
	uint8_t skip = 0;
	enum proto proto = proto_of_link(packet->link_type, &skip);
	if (proto == PROTO_COUNT) {
		out->reason = REASON_LINK_TYPE;
		return DECODE_FAILED;
	}
	if (f.left < skip || f.wire < f.left) {
		out->reason = REASON_LINK_CUT;
		return DECODE_FAILED;
	}
	frame_take(&f, skip);
	for (unsigned depth = 0; depth < MAX_LAYERS; depth++) {
		const uint8_t *begin = f.at;
		uint32_t left = f.left;
		enum proto next = protos[proto].step(&f);
		if (trail != NULL) {
			note_layer(trail, &f, proto, begin, left);
			f.has_id = false;
		}
		if (next <= END_FAILED) {
			s->path = f.hash;
			return results[next];
		}
		proto = next;
	}
	out->reason = REASON_TOO_DEEP;
	return DECODE_FAILED;
}

enum decode_result frame_decode(const struct packet *packet, unsigned options, struct fragments *fragments, struct decoded *out,
                                struct trail *trail)
{
	if (trail == NULL && plain_decode(packet, options, out))
		return DECODE_SEGMENT;
	return decode_by_steps(packet, options, fragments, out, trail);
}

enum decode_result decode_packet(const struct packet *packet, unsigned options, struct decoded *out)
{
	return frame_decode(packet, options, NULL, out, NULL);
}
