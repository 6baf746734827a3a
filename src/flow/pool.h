/* SPDX-License-Identifier: GPL-3.0-or-later
 * pool: what the table of flows is made of, and where flows and their rarer parts are stored; the parts of the table work on it.
 * Internal to src/flow. */
#ifndef TCPWHY_FLOW_POOL_H
#define TCPWHY_FLOW_POOL_H

#include <stddef.h>

#include "decode/decode.h"
#include "flow/flow.h"
#include "flow/log.h"
#include "flow/names.h"
#include "util/prefetch.h"

enum { BATCH = 64, FLOW_BLOCK_SHIFT = 16, FLOW_BLOCK = 1 << FLOW_BLOCK_SHIFT, PENDING = 256 };

/* What every segment of a flow touches stands in front: flow_table_flush() has it fetched; the rest for those with SYN, FIN or RST. */
enum { FLOW_HOT = 4 * CACHE_LINE };
_Static_assert(offsetof(struct flow, log.first) <= FLOW_HOT && sizeof(struct flow) % CACHE_LINE == 0, "a flow's hot fields are spread out");

/* Words of twelve letters of Zeek's history beyond the first; room for all as text. */
enum { HISTORY_MORE = 4, HISTORY_TEXT = 12 * (1 + HISTORY_MORE) + 1 };

/* A slot names the newest flow of its endpoints. The slot's place is the tag's low bits: growing needs no look at the flows. */
struct slot {
	uint32_t tag;
	uint32_t flow;            /* number + 1; 0 = free */
};

/* Endpoints in canonical order. */
struct key {
	uint8_t addr[2][16];
	uint16_t port[2];
	uint32_t path;
};

/* What few flows have: made when first needed. */
struct extra {
	struct flow_detail detail[2];
	uint64_t history[HISTORY_MORE]; /* letters after the first twelve */
	uint32_t note;            /* first ICMP note + 1, 0 = none */
	uint32_t note_count;
	uint32_t back_path;       /* path of the direction that the flow did not begin with; valid when has_back */
	bool has_back;
};

struct note {
	struct icmp_note note;
	uint32_t next;            /* + 1, 0 = none */
};

/* A SYN that came into a living flow, until it is known whether it was accepted: then it begins a new flow and the old one is put
 * back to what it was without it. */
struct pending {
	uint32_t flow;            /* FLOW_NONE: free */
	uint8_t side;             /* who sent the SYN */
	struct segment syn;
	struct flow before;
};

struct flow_table {
	struct slot *slots;
	uint32_t mask;            /* slots - 1 */
	uint32_t used_slots;
	uint64_t seed[4];
	struct flow **blocks;
	size_t block_count, block_capacity;
	uint32_t count;
	uint32_t first;           /* flows before it were let go, their blocks freed */
	uint64_t evicted;         /* flows let go */
	struct flow *gone;        /* stands for them; NULL until the first */
	uint32_t free_extra;      /* extras let go, linked by their note; 0 = none */
	uint32_t free_note;       /* notes let go, + 1 */
	size_t notes_used;
	bool keep_log;
	bool paths_seen;          /* some flow has a path */
	uint8_t served[65536 / 8]; /* a bit for each port that a SYN or SYN/ACK showed to be a server's */
	bool broken;              /* memory ran out: no further segment is taken */
	struct arena arena;
	struct names names;
	struct extra *extras;     /* from 1 */
	size_t extra_count, extra_capacity;
	struct note *notes;
	size_t note_count, note_capacity;
	struct pending *pending;  /* PENDING of them, by flow number; NULL until the first */
	uint64_t segments, resets;
	bool plain_seen;          /* a segment without SYN, FIN and RST */
	char *history_text;       /* HISTORY_TEXT bytes: what history_text() returns */
	unsigned batch, gathered;
	struct buf batch_hosts;   /* names found in the gathered segments */
	struct {
		uint32_t tag;         /* of the key's hash */
		uint32_t sender;      /* its place in the key, 0 or 1 */
		uint32_t number;      /* of the flow that the tag led to when the batch was fetched, or FLOW_NONE */
		struct flow *flow;    /* the same */
		uint32_t host, host_length; /* in batch_hosts */
	} of[BATCH];
	struct decoded gather[BATCH];
};

static inline struct flow *pool_flow(const struct flow_table *t, uint32_t number)
{
	return &t->blocks[number >> FLOW_BLOCK_SHIFT][number & (FLOW_BLOCK - 1)];
}

/* The SYN that waits in the flow, or NULL. */
static inline struct pending *pool_pending(const struct flow_table *t, uint32_t number)
{
	struct pending *p = t->pending == NULL ? NULL : &t->pending[number % PENDING];
	return p != NULL && p->flow == number ? p : NULL;
}

/* Takes the next flow, all zero, without neighbours: its number. FLOW_NONE: out of memory. */
uint32_t pool_add(struct flow_table *t);

/* The flow's extras, made when it has none. NULL: out of memory. */
struct extra *pool_extra(struct flow_table *t, struct flow *f);

/* What one side counts, all zero for a flow without extras. Never NULL; valid until pool_extra(). */
const struct flow_detail *pool_detail(const struct flow_table *t, const struct flow *f, enum side side);

/* Bytes of all of it. */
size_t pool_memory(const struct flow_table *t);

/* Frees all of it but the struct itself. */
void pool_free(struct flow_table *t);

#endif
