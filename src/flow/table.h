/* SPDX-License-Identifier: GPL-3.0-or-later
 * table: all flows of one capture. Open addressing with a seeded hash; look-ups in batches of segments, prefetched, because at a
 * million flows each one is a cache miss; flows in blocks that never move; numbers instead of pointers. */
#ifndef TCPWHY_FLOW_TABLE_H
#define TCPWHY_FLOW_TABLE_H

#include <stddef.h>

#include "decode/decode.h"
#include "flow/flow.h"

struct flow_table;

/* keep_log: whether flows record where their segments are. NULL when memory cannot be had. */
struct flow_table *flow_table_new(bool keep_log);
void flow_table_free(struct flow_table *t);

/* Takes one decoded segment (copied). Work is done in batches: call flow_table_flush() before looking at flows. False: out of memory. */
bool flow_table_add(struct flow_table *t, const struct segment *segment);
bool flow_table_flush(struct flow_table *t);

/* The same without the copy: where the next segment is to be decoded to, and then, when it is one, that it was. Its payload is looked
 * at now and not kept. NULL, false: out of memory. */
struct decoded *flow_table_slot(struct flow_table *t);
bool flow_table_commit(struct flow_table *t);

/* Segments gathered before they are worked on (1 to 64; 64 at first). Results do not depend on it. Flushes. */
bool flow_table_set_batch(struct flow_table *t, unsigned segments);

/* One more than the last number. The numbers before flow_table_first() are of flows that were let go: 0 as long as none were. */
uint32_t flow_table_count(const struct flow_table *t);
uint32_t flow_table_first(const struct flow_table *t);

/* NULL: there never was such a flow. One that was let go is all zero, but for the time at which the capture began. */
struct flow *flow_table_get(const struct flow_table *t, uint32_t number);

/* Lets the oldest flows go, up to flow_table_evicts_before(); those of them that still live (flow_table_lives() at `now`, ns since 1970; an
 * eighth at most) get new numbers, the last ones. Everything that was found by number is stale then. False: there are too few flows for
 * that, or memory for the work is missing; nothing has changed. */
bool flow_table_evict(struct flow_table *t, int64_t now);
bool flow_table_can_evict(const struct flow_table *t);
uint32_t flow_table_evicts_before(const struct flow_table *t);
uint32_t flow_table_moves_most(void); /* of those that live: the oldest */
bool flow_table_lives(const struct flow *f, int64_t now);
uint64_t flow_table_evicted(const struct flow_table *t); /* flows let go so far */
uint64_t flow_table_seen(const struct flow_table *t);    /* flows in all, let go or not; one that moved is one */

/* The living flow with these endpoints (either order) and path; FLOW_NONE when there is none. Addresses as in segment. */
uint32_t flow_table_find(const struct flow_table *t, const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port,
                         uint32_t path);

/* Totals over all flows. */
uint64_t flow_table_segments(const struct flow_table *t);
uint64_t flow_table_resets(const struct flow_table *t);
bool flow_table_plain_seen(const struct flow_table *t); /* any segment without SYN, FIN and RST: no filter kept those out */
size_t flow_table_memory(const struct flow_table *t); /* bytes */

const struct flow_detail *flow_table_detail(const struct flow_table *t, const struct flow *f, enum side side); /* never NULL */
/* Zeek's history letters, "" when none. Valid until the next call. */
const char *flow_table_history(const struct flow_table *t, const struct flow *f);
/* SNI or Host, printable, NULL when none. Valid until segments are added. */
const char *flow_table_host(const struct flow_table *t, const struct flow *f);

/* Attaches an ICMP error to the flow that it quotes, if there is one: at most 4 a flow and 65536 in all, later ones are let go. Never
 * makes a flow. False: out of memory. */
bool flow_table_icmp(struct flow_table *t, const struct decoded *icmp);

/* The notes of a flow, oldest first, at most max of them into out; returns how many were written. */
size_t flow_table_icmp_notes(const struct flow_table *t, uint32_t flow, struct icmp_note *out, size_t max);

/* Walks the places of a flow's segments in capture order. Zero-initialise, then call until false. Ends with the next flow_table_add(). */
bool flow_table_log_next(const struct flow_table *t, const struct flow *f, struct log_cursor *cursor);

#endif
