/* SPDX-License-Identifier: GPL-3.0-or-later
 * table: finding the flow of a segment, 64 segments at a time, so that the memory each needs is on its way while others are worked on. */
#include "flow/table.h"

#include <stdlib.h>
#include <string.h>

#include "decode/app.h"
#include "flow/account.h"
#include "flow/history.h"
#include "flow/paths.h"
#include "flow/slots.h"
#include "flow/split.h"
#include "util/seed.h"
#include "util/text.h"

enum { SLOTS_FIRST = 1024, HOST_MOST = 255 };

struct flow_table *flow_table_new(bool keep_log)
{
	struct flow_table *t = calloc(1, sizeof *t);
	if (t == NULL)
		return NULL;
	t->keep_log = keep_log;
	t->batch = BATCH;
	t->mask = SLOTS_FIRST - 1;
	t->slots = calloc(SLOTS_FIRST, sizeof *t->slots);
	t->history_text = malloc(HISTORY_TEXT);
	if (t->slots == NULL || t->history_text == NULL) {
		flow_table_free(t);
		return NULL;
	}
	t->history_text[0] = '\0';
	seed_draw(t->seed, 4);
	return t;
}

void flow_table_free(struct flow_table *t)
{
	if (t == NULL)
		return;
	pool_free(t);
	free(t);
}

const struct flow_detail *flow_table_detail(const struct flow_table *t, const struct flow *f, enum side side)
{
	return pool_detail(t, f, side);
}

const char *flow_table_history(const struct flow_table *t, const struct flow *f)
{
	return history_text(t, f);
}

const char *flow_table_host(const struct flow_table *t, const struct flow *f)
{
	return names_get(&t->names, f->host);
}

/* --- batches --- */

/* Can these bytes name a host? A cheap look before the parser's: TLS handshake record with a ClientHello, or an HTTP method. */
static bool may_name_host(const uint8_t *p, uint32_t n)
{
	if (n < 16)
		return false;
	if (p[0] == 0x16)
		return p[1] == 3 && p[5] == 1;
	return p[0] >= 'A' && p[0] <= 'Z' && p[1] >= 'A' && p[1] <= 'Z' && p[2] >= 'A' && p[2] <= 'Z';
}

static void gather_host(struct flow_table *t, const struct segment *s)
{
	struct app_note note;
	t->of[t->gathered].host_length = 0;
	if (s->payload == NULL || !may_name_host(s->payload, s->captured))
		return;
	app_classify(s->payload, s->captured, &note);
	if (note.name == NULL || (note.kind != APP_TLS_CLIENT_HELLO && note.kind != APP_HTTP_REQUEST))
		return;
	size_t begin = t->batch_hosts.len;
	text_add_printable(&t->batch_hosts, note.name, note.name_length < HOST_MOST ? note.name_length : HOST_MOST);
	t->of[t->gathered].host = (uint32_t)begin;
	t->of[t->gathered].host_length = (uint32_t)(t->batch_hosts.len - begin);
}

struct decoded *flow_table_slot(struct flow_table *t)
{
	if (t->broken || (t->gathered >= t->batch && !flow_table_flush(t)))
		return NULL;
	return &t->gather[t->gathered];
}

bool flow_table_commit(struct flow_table *t)
{
	struct segment *s = &t->gather[t->gathered].segment;
	unsigned sender = segment_sender(s);
	uint32_t tag = segment_tag(t, s, sender);
	t->of[t->gathered].tag = tag;
	t->of[t->gathered].sender = sender;
	gather_host(t, s);
	s->payload = NULL;
	t->gathered++;
	return t->gathered < t->batch || flow_table_flush(t);
}

bool flow_table_add(struct flow_table *t, const struct segment *segment)
{
	struct decoded *to = flow_table_slot(t);
	if (to == NULL)
		return false;
	to->segment = *segment;
	return flow_table_commit(t);
}

bool flow_table_set_batch(struct flow_table *t, unsigned segments)
{
	if (!flow_table_flush(t))
		return false;
	t->batch = segments < 1 ? 1 : segments > BATCH ? BATCH : segments;
	return true;
}

/* The flow that the first slot with this tag names, whatever its key: what to fetch. */
static uint32_t guess_flow(const struct flow_table *t, uint32_t tag)
{
	for (unsigned i = 0; i < 8; i++) {
		const struct slot *slot = &t->slots[(tag + i) & t->mask];
		if (slot->flow == 0 || slot->tag == tag)
			return slot->flow - 1;
	}
	return FLOW_NONE;
}

/* What a segment touches of its flow comes in at once; the place where the log goes on, when the flow is there. All slots first: a prefetch
 * waits until its page is found, and 64 of them after each other wait as long as one that stands alone. */
static void fetch(struct flow_table *t)
{
	for (unsigned i = 0; i < t->gathered; i++)
		__builtin_prefetch(&t->slots[t->of[i].tag & t->mask]);
	for (unsigned i = 0; i < t->gathered; i++) {
		uint32_t number = guess_flow(t, t->of[i].tag);
		t->of[i].number = number;
		if (number == FLOW_NONE)
			continue;
		t->of[i].flow = pool_flow(t, number);
		bool rare = (t->gather[i].segment.flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0;
		prefetch_write(t->of[i].flow, rare ? sizeof(struct flow) : FLOW_HOT);
	}
	for (unsigned i = 0; i < t->gathered; i++) {
		if (t->of[i].number == FLOW_NONE)
			continue;
		const struct segment_log *log = &t->of[i].flow->log;
		if (log->tail != 0)
			__builtin_prefetch(arena_at(&t->arena, log->tail) + log->tail_used, 1);
	}
}

/* The newest flow of the segment's endpoints, which is not the one that was fetched. */
static uint32_t find_flow(struct flow_table *t, unsigned i)
{
	const struct segment *s = &t->gather[i].segment;
	struct key k;
	segment_key(&k, s);
	uint32_t number = slot_find(t, &k, t->of[i].tag)->flow - 1;
	return t->paths_seen || k.path != 0 ? path_join(t, &k, number, s) : number;
}

static inline enum side side_of(const struct flow *f, const struct segment *s, unsigned sender)
{
	if (s->src_port == s->dst_port)
		return flow_side(f, s); /* may be a connection of an endpoint with itself */
	return sender == f->client ? SIDE_CLIENT : SIDE_SERVER;
}

static bool take(struct flow_table *t, unsigned i)
{
	const struct segment *s = &t->gather[i].segment;
	uint32_t number = t->of[i].number;
	struct flow *f = t->of[i].flow;
	if (number == FLOW_NONE || f->next != FLOW_NONE || !segment_is(t, f, s, t->of[i].sender)) {
		number = find_flow(t, i);
		f = number == FLOW_NONE ? NULL : pool_flow(t, number);
	}
	if (f == NULL || !split_stays(t, number, f, s)) {
		number = split_choose(t, number, s);
		if (number == FLOW_NONE)
			return false;
		f = pool_flow(t, number);
	}
	enum side from = side_of(f, s, t->of[i].sender);
	if (t->of[i].host_length > 0 && f->host == 0 && from == SIDE_CLIENT && !t->batch_hosts.failed)
		f->host = names_add(&t->names, t->batch_hosts.data + t->of[i].host, t->of[i].host_length, t->seed[0]);
	return account_segment(t, f, s, from);
}

bool flow_table_flush(struct flow_table *t)
{
	if (t->broken)
		return false;
	fetch(t);
	for (unsigned i = 0; i < t->gathered && !t->broken; i++)
		t->broken = !take(t, i) || t->broken;
	t->broken = t->broken || t->batch_hosts.failed || t->names.bytes.failed;
	t->gathered = 0;
	buf_clear(&t->batch_hosts);
	return !t->broken;
}

/* --- looking --- */

uint32_t flow_table_count(const struct flow_table *t)
{
	return t->count;
}

struct flow *flow_table_get(const struct flow_table *t, uint32_t number)
{
	if (number < t->first)
		return t->gone;
	return number < t->count ? pool_flow(t, number) : NULL;
}

uint32_t flow_table_find(const struct flow_table *t, const uint8_t a[16], uint16_t a_port, const uint8_t b[16], uint16_t b_port,
                         uint32_t path)
{
	struct key k;
	key_make(&k, a, a_port, b, b_port, path);
	const struct slot *slot = slot_find(t, &k, key_tag(t, &k));
	return slot->flow == 0 ? FLOW_NONE : slot->flow - 1;
}

uint64_t flow_table_segments(const struct flow_table *t)
{
	return t->segments;
}

uint64_t flow_table_resets(const struct flow_table *t)
{
	return t->resets;
}

bool flow_table_plain_seen(const struct flow_table *t)
{
	return t->plain_seen;
}

size_t flow_table_memory(const struct flow_table *t)
{
	return pool_memory(t);
}

bool flow_table_log_next(const struct flow_table *t, const struct flow *f, struct log_cursor *cursor)
{
	return log_next(&t->arena, &f->log, cursor);
}
