/* SPDX-License-Identifier: GPL-3.0-or-later
 * What this machine's own kernel says of the reset: that it sent it, or that it did not although it bears its address; that it took it.
 * Records have no numbers of segments: they are joined to resets by addresses, ports and time, each to one only. */
#include "explain/evidence.h"
#include "explain/kernel_word.h"
#include "kernel/journal.h"

#include <stdlib.h>

/* A record and the packet that it is of lie close together where the packet leaves. An answer's record comes just before the packet; an
 * abort's when the packet has gone through the stack, which may be a while if the process has to wait for its turn. A queue on the way out
 * holds the packet back a little. What is neither close nor far is not decided. */
#define BEFORE_NS (3 * NS_PER_MS)
#define ANSWER_AFTER_NS (NS_PER_MS / 2)
#define ABORT_AFTER_NS (20 * NS_PER_MS)
#define FAR_NS EXPLAIN_KERNEL_NS
/* A packet filter drops what it rejects right after it made the reset. */
#define FILTER_NS (2 * NS_PER_MS)
/* Where the packet arrives its record comes after it. */
#define TOOK_NS (5 * NS_PER_MS)

enum { RESETS_MOST = 128, RECORDS_MOST = 128, PAIRS_MOST = 4096 };

/* The resets of one side and the records between its ends. */
struct joining {
	size_t item[RESETS_MOST];
	size_t items;
	const struct kernel_record *record[RECORDS_MOST];
	size_t records;
};

struct pair {
	int64_t apart;
	uint16_t item, record;
};

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	if (x->apart != y->apart)
		return x->apart < y->apart ? -1 : 1;
	return x->item != y->item ? (x->item < y->item ? -1 : 1) : x->record < y->record ? -1 : x->record > y->record;
}

/* Can the record be the packet's? An abort of Linux is always a RST,ACK with the socket's own number; an answer has window 0, and ACK only
 * with number 0 (RFC 9293 3.10.7.1). */
static bool fits(const struct scene *scene, const struct kernel_record *record, size_t item)
{
	const struct trace_segment *s = &scene->trace->items[item].segment;
	const struct kernel_word *word = kernel_word_find(kernel_journal_reason(scene->context->kernel, record->reason), record->state);
	bool with_ack = (s->flags & TCP_ACK) != 0, abort_like = with_ack && s->seq != 0, answer_like = s->window == 0 && !abort_like;
	bool aborts = word == NULL || word->mechanism == MECHANISM_ABORT, answers = word == NULL || word->mechanism != MECHANISM_ABORT;
	int64_t after = record->time - s->time;
	/* a listener's record names no other end: only where the packet left can it be told whose it is */
	if (record->port[KERNEL_THERE] == 0 && hops_of(s->ttl) != 0)
		return false;
	return (aborts && abort_like && after >= -BEFORE_NS && after <= ABORT_AFTER_NS) ||
	       (answers && answer_like && after >= -BEFORE_NS && after <= ANSWER_AFTER_NS);
}

static struct kernel_ends ends_of(const struct scene *scene, enum side here)
{
	enum side there = side_other(here);
	return (struct kernel_ends){ .address = { flow_address(scene->flow, here), flow_address(scene->flow, there) },
		                     .port = { flow_port(scene->flow, here), flow_port(scene->flow, there) } };
}

static int64_t time_at(const struct scene *scene, size_t item)
{
	return scene->trace->items[item].segment.time;
}

/* The closest pairs first, each reset and each record in one. */
static bool join_pairs(struct scene *scene, const struct joining *j)
{
	bool taken[RECORDS_MOST] = { false };
	size_t n = 0;
	struct pair *pairs = malloc(PAIRS_MOST * sizeof *pairs);
	for (size_t i = 0; pairs != NULL && i < j->items; i++) {
		for (size_t r = 0; r < j->records && n < PAIRS_MOST; r++) {
			int64_t apart = llabs(j->record[r]->time - time_at(scene, j->item[i]));
			if (fits(scene, j->record[r], j->item[i]))
				pairs[n++] = (struct pair){ apart, (uint16_t)i, (uint16_t)r };
		}
	}
	if (n > 0)
		qsort(pairs, n, sizeof *pairs, compare);
	for (size_t k = 0; k < n; k++) {
		size_t item = j->item[pairs[k].item];
		if (taken[pairs[k].record] || scene->kernel[item] != NULL)
			continue;
		taken[pairs[k].record] = true;
		scene->kernel[item] = j->record[pairs[k].record];
	}
	for (size_t r = 0; r < j->records; r++)
		if (!taken[r] && scene->kernel_spare_count < KERNEL_SPARE)
			scene->kernel_spare[scene->kernel_spare_count++] = j->record[r];
	free(pairs);
	return pairs != NULL && n < PAIRS_MOST && scene->kernel_spare_count < KERNEL_SPARE;
}

static bool join_side(struct scene *scene, enum side side)
{
	struct joining j = { .items = 0 };
	const struct trace *t = scene->trace;
	for (size_t i = 0; i < t->count && j.items < RESETS_MOST; i++)
		if (item_is(&t->items[i], TCP_RST) && t->items[i].from == side && !item_duplicate(&t->items[i]))
			j.item[j.items++] = i;
	if (j.items == 0)
		return true;
	struct kernel_ends ends = ends_of(scene, side);
	int64_t from = time_at(scene, j.item[0]) - FAR_NS, to = time_at(scene, j.item[j.items - 1]) + FAR_NS;
	j.records = kernel_journal_find(scene->context->kernel, KERNEL_SENT_RESET, &ends, from, to, j.record, RECORDS_MOST);
	j.records += kernel_journal_find_listener(scene->context->kernel, KERNEL_SENT_RESET, &ends, from, to, j.record + j.records,
	                                          RECORDS_MOST - j.records);
	return join_pairs(scene, &j) && j.items < RESETS_MOST && j.records < RECORDS_MOST;
}

bool measure_kernel_scene(struct scene *scene)
{
	if (scene->context->kernel == NULL)
		return true;
	scene->kernel = calloc(scene->trace->count + 1, sizeof *scene->kernel);
	if (scene->kernel == NULL)
		return false;
	bool client = join_side(scene, SIDE_CLIENT), server = join_side(scene, SIDE_SERVER);
	scene->kernel_joined = client && server;
	return true;
}

/* Is there a record that could be this reset's, but is too far away to say so? */
static bool may_be_told(const struct evidence *e, const struct kernel_ends *ends, int64_t at)
{
	for (size_t i = 0; i < e->scene->kernel_spare_count; i++) {
		int64_t after = e->scene->kernel_spare[i]->time - at;
		if (e->scene->kernel_spare[i]->port[KERNEL_HERE] == ends->port[KERNEL_HERE] && after >= -FAR_NS && after <= FAR_NS)
			return true;
	}
	return false;
}

/* The kernel is silent about a reset that bears this machine's address. That says something only where it had to speak: it tells all its
 * resets, none of that time was lost, and the connection ends here (it has or had its socket; or the packet filter dropped something at
 * that moment, and no address of this machine stands for hosts behind it). */
static void measure_silence(struct evidence *e, const struct kernel_ends *ends, int64_t at)
{
	const struct kernel_journal *j = e->scene->context->kernel;
	const struct kernel_scope *scope = kernel_journal_scope(j);
	const struct kernel_record *socket, *drop;
	if (!scope->all_resets || !e->scene->kernel_joined || !kernel_journal_covers(j, at - FAR_NS, at + FAR_NS) ||
	    may_be_told(e, ends, at))
		return;
	bool had_socket = kernel_journal_find(j, KERNEL_STATE, ends, INT64_MIN / 2, at, &socket, 1) > 0;
	bool dropped = kernel_journal_find(j, KERNEL_DROPPED, NULL, at - FILTER_NS, at + FILTER_NS, &drop, 1) > 0;
	bool own = kernel_journal_is_own(j, ends->address[KERNEL_HERE]) && !scope->forwards;
	if (!had_socket && !(own && dropped))
		return;
	fact_set(e, FACT_KERNEL_NOT_SENT, e->rst->segment.frame, 0, 0);
	fact_put(e, FACT_KERNEL_FILTER, dropped, e->rst->segment.frame, dropped ? llabs(drop->time - at) : 0, 0);
}

/* Did P's socket take it? Where several resets could be meant nothing is said. */
static void measure_taken(struct evidence *e, int64_t at)
{
	struct kernel_ends ends = ends_of(e->scene, e->p);
	const struct kernel_record *took;
	if (kernel_journal_find(e->scene->context->kernel, KERNEL_TOOK_RESET, &ends, at - ANSWER_AFTER_NS, at + TOOK_NS, &took, 1) == 0)
		return;
	for (size_t i = 0; i < e->scene->trace->count; i++) {
		int64_t before = took->time - time_at(e->scene, i);
		bool near = before >= -ANSWER_AFTER_NS && before <= TOOK_NS;
		if (near && i != e->index && item_is(item_at(e, i), TCP_RST) && item_at(e, i)->from == e->r)
			return;
	}
	fact_set(e, FACT_KERNEL_TOOK, e->rst->segment.frame, 0, 0);
}

/* An abort closes the socket before the reset goes: what it was in until then says more. */
static int64_t states_of(const struct evidence *e, const struct kernel_ends *ends, const struct kernel_record *record)
{
	const struct kernel_journal *j = e->scene->context->kernel;
	const struct kernel_record *closed;
	int64_t at = record->time;
	bool before = record->state == KERNEL_CLOSE &&
	              kernel_journal_find(j, KERNEL_STATE, ends, at - ABORT_AFTER_NS, at, &closed, 1) > 0 && closed->state == KERNEL_CLOSE;
	return KERNEL_STATES(record->state, before ? closed->old_state : KERNEL_STATE_NONE);
}

/* A listener that closes aborts what waits in its queue, right after its own state has changed. */
static void measure_listener(struct evidence *e, const struct kernel_ends *ends, int64_t at)
{
	const struct kernel_record *closed[RECORDS_MOST];
	size_t n = kernel_journal_find_listener(e->scene->context->kernel, KERNEL_STATE, ends, at - ABORT_AFTER_NS, at, closed, RECORDS_MOST);
	for (size_t i = 0; i < n; i++) {
		if (closed[i]->old_state != KERNEL_LISTEN || closed[i]->state != KERNEL_CLOSE)
			continue;
		fact_set(e, FACT_KERNEL_LISTENER_CLOSED, e->rst->segment.frame, at - closed[i]->time, 0);
		return;
	}
}

static void measure_sent(struct evidence *e, const struct kernel_ends *ends, const struct kernel_record *record)
{
	const struct kernel_journal *j = e->scene->context->kernel;
	const char *reason = kernel_journal_reason(j, record->reason);
	e->kernel = record;
	e->word = kernel_word_find(reason, record->state);
	fact_set(e, reason != NULL ? FACT_KERNEL_SENT : FACT_KERNEL_SENT_UNTOLD, e->rst->segment.frame, record->reason,
	         states_of(e, ends, record));
	const struct kernel_record *socket;
	if (record->state == KERNEL_CLOSE)
		measure_listener(e, ends, record->time);
	bool socketless = e->word == NULL || e->word->mechanism != MECHANISM_ABORT;
	e->kernel_end = !socketless || kernel_journal_find(j, KERNEL_STATE, ends, INT64_MIN / 2, record->time, &socket, 1) > 0;
	/* an answer is made while any process happens to run; an abort is a process's own doing */
	if (record->pid != 0 && (e->word == NULL || e->word->mechanism == MECHANISM_ABORT))
		fact_set(e, FACT_KERNEL_PROCESS, e->rst->segment.frame, record->pid, 0);
}

void measure_kernel(struct evidence *e)
{
	const struct kernel_record *repeated[RECORDS_MOST];
	if (e->scene->kernel == NULL || item_duplicate(e->rst))
		return;
	struct kernel_ends ends = ends_of(e->scene, e->r);
	int64_t at = e->rst->segment.time;
	const struct kernel_record *record = e->scene->kernel[e->index];
	if (record != NULL)
		measure_sent(e, &ends, record);
	else
		measure_silence(e, &ends, at);
	measure_taken(e, at);
	size_t n = kernel_journal_find(e->scene->context->kernel, KERNEL_REPEATED, &ends, e->scene->flow->first, at, repeated,
	                               RECORDS_MOST);
	if (n > 0)
		fact_set(e, FACT_KERNEL_REPEATED, 0, (int64_t)n, 0);
}
