/* SPDX-License-Identifier: GPL-3.0-or-later
 * ids: names of a flow that other programs and other runs share. */
#ifndef TCPWHY_REPORT_IDS_H
#define TCPWHY_REPORT_IDS_H

#include <stdint.h>

#include "util/buf.h"

/* Community ID version 1, seed 0, of a TCP flow ("1:" and base64). Addresses as in segment (network order, IPv4 as ::ffff:a.b.c.d);
 * the order of the two ends does not matter. */
void community_id_add(struct buf *out, const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port);

/* A stable name of the flow: hash of where it was seen, its Community ID, its first segment's time (ns since 1970), and its path (VLANs
 * and tunnels; 0 = none), so that one tuple in two networks has two names. 16 hexadecimal digits. */
void flow_id_add(struct buf *out, const char *vantage, const char *community_id, int64_t first, uint32_t path);

/* Appends the name of the library that hashes. */
void ids_library(struct buf *out);

/* Which of so many shards (1 or more) a flow of this Community ID belongs to: 0 to shards - 1. The same in every run, on every machine and
 * at every place of capture. */
uint32_t community_id_shard(const char *community_id, uint32_t shards);

#endif
