/* SPDX-License-Identifier: GPL-3.0-or-later
 * joined: packets decoded with the fragments that came before them, now and again. */
#ifndef TCPWHY_DECODE_JOINED_H
#define TCPWHY_DECODE_JOINED_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/store_read.h"
#include "decode/decode.h"
#include "decode/fragments.h"

/* As decode_packet(), but fragments are kept (DECODE_HELD) until their datagram is whole; the frame that completes it is the segment's.
 * Payload may then lie in fragments: valid until the next call with it. fragments may be NULL: no joining. */
enum decode_result decode_packet_joined(const struct packet *packet, unsigned options, struct fragments *fragments, struct decoded *out);

/* Reads from the store what was decoded at `offset` before and decodes it again. known: the one that ingest went through (NULL: none);
 * scratch: another, made without remember, for this purpose alone. False: the packet, or a fragment of it, cannot be read any more. */
bool decode_joined_again(const struct fragments *known, struct fragments *scratch, struct store *store, uint64_t offset,
                         unsigned options, struct packet *packet, struct decoded *out, enum decode_result *result);

#endif
