/* SPDX-License-Identifier: GPL-3.0-or-later
 * same_segment: are two decoded segments the same in every field? (Not as bytes: what lies between fields is nobody's.) */
#ifndef TCPWHY_TESTS_SAME_SEGMENT_H
#define TCPWHY_TESTS_SAME_SEGMENT_H

#include <stdbool.h>
#include <string.h>

#include "decode/segment.h"

static inline bool same_options(const struct tcp_options *a, const struct tcp_options *b)
{
	if (a->present != b->present || a->mss != b->mss || a->wscale != b->wscale || a->sack_count != b->sack_count || a->tsval != b->tsval)
		return false;
	if (a->tfo_length != b->tfo_length || a->mptcp_reason != b->mptcp_reason || a->mptcp_flags != b->mptcp_flags || a->tsecr != b->tsecr)
		return false;
	return a->mptcp_subtypes == b->mptcp_subtypes && a->mptcp_token == b->mptcp_token &&
	       memcmp(a->sack, b->sack, a->sack_count * sizeof a->sack[0]) == 0;
}

static inline bool same_ip(const struct segment *a, const struct segment *b)
{
	return memcmp(a->src, b->src, 16) == 0 && memcmp(a->dst, b->dst, 16) == 0 && a->ip_version == b->ip_version && a->ttl == b->ttl &&
	       a->tos == b->tos && a->ip_bits == b->ip_bits && a->ip_id == b->ip_id && a->ip_label == b->ip_label && a->flow_label == b->flow_label;
}

static inline bool same_tcp(const struct segment *a, const struct segment *b)
{
	return a->src_port == b->src_port && a->dst_port == b->dst_port && a->flags == b->flags && a->window == b->window && a->seq == b->seq &&
	       a->ack == b->ack && a->urgent == b->urgent && a->checksum == b->checksum && a->malformed == b->malformed && a->len == b->len &&
	       a->captured == b->captured && a->payload == b->payload && same_options(&a->options, &b->options);
}

static inline bool same_segment(const struct segment *a, const struct segment *b)
{
	return a->frame == b->frame && a->time == b->time && a->offset == b->offset && a->interface == b->interface &&
	       a->link_type == b->link_type && memcmp(a->src_mac, b->src_mac, 6) == 0 && memcmp(a->dst_mac, b->dst_mac, 6) == 0 && a->has_mac == b->has_mac && a->vlan_count == b->vlan_count &&
	       memcmp(a->vlan, b->vlan, sizeof a->vlan) == 0 && a->path == b->path && same_ip(a, b) && same_tcp(a, b);
}

#endif
