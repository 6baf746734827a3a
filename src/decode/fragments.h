/* SPDX-License-Identifier: GPL-3.0-or-later
 * fragments: IPv4 and IPv6 fragments put together again (RFC 791 3.2, RFC 8200 4.5), bounded in number, bytes and time. Where pieces
 * overlap, the bytes that came first stay. */
#ifndef TCPWHY_DECODE_FRAGMENTS_H
#define TCPWHY_DECODE_FRAGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/packet.h"

struct fragments;

/* remember: keep, for every datagram put together, where its fragments stand, so that decode_joined_again() finds them. NULL: out of
 * memory. */
struct fragments *fragments_new(bool remember);
void fragments_free(struct fragments *f);

/* The places in the store of the fragments that were put together with the one at `offset`, which is not among them: *places, *count of
 * them, valid until the next packet is decoded. A packet that was whole has none. */
void fragments_places(const struct fragments *known, uint64_t offset, const uint64_t **places, size_t *count);

/* Datagrams that wait for more, and that were let go unfinished (too many, too old, or with pieces that do not fit). */
size_t fragments_waiting(const struct fragments *f);
uint64_t fragments_dropped(const struct fragments *f);

/* For the decoder: one fragment. */
struct fragment {
	uint8_t src[16], dst[16];
	uint32_t id;
	uint32_t path;           /* hash of VLAN and tunnel ids around it */
	uint8_t version;         /* 4 or 6 */
	uint8_t protocol;        /* protocol of what is fragmented, as its first fragment says it */
	bool more;
	uint32_t offset, size;   /* bytes */
	const uint8_t *data;
	const struct packet *packet;
};

struct datagram_view {
	const uint8_t *data;     /* valid until the next call of decode_packet_joined() */
	uint32_t size;
	uint8_t protocol;
};

enum fragment_result { FRAGMENT_HELD, FRAGMENT_WHOLE, FRAGMENT_REFUSED };

enum fragment_result fragments_add(struct fragments *f, const struct fragment *fragment, struct datagram_view *out);

#endif
