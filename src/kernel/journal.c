/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal: a ring of records for each event; those of one pair of ends are chained, newest first. */
#include "kernel/journal.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/format.h"
#include "util/hash.h"
#include "util/seed.h"

enum {
	NAMES = 256,
	GAPS = 32,              /* times in which events were lost; the two oldest become one when there are more */
	CHAIN_MOST = 8192       /* links that a search follows */
};

/* Events of different CPUs come a little out of order. */
#define DISORDER_NS INT64_C(1000000000)

/* As many records as memory may take: a few MB each, touched when used. Sockets change state oftener than they are reset. */
static const size_t sizes[KERNEL_EVENT_COUNT] = {
	[KERNEL_SENT_RESET] = 1 << 17, [KERNEL_TOOK_RESET] = 1 << 16, [KERNEL_STATE] = 1 << 18,
	[KERNEL_REPEATED] = 1 << 16, [KERNEL_DROPPED] = 1 << 13,
};

/* Record number n (from 1) stands at (n - 1) % size. */
struct ring {
	struct kernel_record *records;
	uint64_t *previous;     /* by place: number of the record before it in its chain, 0 = none */
	uint64_t *heads;        /* by hash: number of the newest record */
	size_t size;
	uint64_t added;
};

struct span {
	int64_t from, to;
};

struct kernel_journal {
	struct kernel_scope scope;
	struct ring rings[KERNEL_EVENT_COUNT];
	char names[NAMES][FORMAT_NAME];
	size_t name_count;
	struct span gaps[GAPS];
	size_t gap_count;
	int64_t since, until;
	uint8_t (*addresses)[16];
	size_t address_count;
	uint64_t seed;
};

struct kernel_journal *kernel_journal_new(int64_t since, const struct kernel_scope *scope)
{
	struct kernel_journal *j = calloc(1, sizeof *j);
	if (j == NULL)
		return NULL;
	j->scope = *scope;
	j->since = j->until = since;
	j->name_count = 1;
	bool good = true;
	seed_draw(&j->seed, 1);
	for (size_t e = 0; e < KERNEL_EVENT_COUNT; e++) {
		struct ring *r = &j->rings[e];
		r->size = sizes[e];
		r->records = calloc(r->size, sizeof *r->records);
		r->previous = calloc(r->size, sizeof *r->previous);
		r->heads = calloc(r->size, sizeof *r->heads);
		good = good && r->records != NULL && r->previous != NULL && r->heads != NULL;
	}
	if (good)
		return j;
	kernel_journal_free(j);
	return NULL;
}

void kernel_journal_free(struct kernel_journal *j)
{
	if (j == NULL)
		return;
	for (size_t e = 0; e < KERNEL_EVENT_COUNT; e++) {
		free(j->rings[e].records);
		free(j->rings[e].previous);
		free(j->rings[e].heads);
	}
	free(j->addresses);
	free(j);
}

const struct kernel_scope *kernel_journal_scope(const struct kernel_journal *j)
{
	return &j->scope;
}

int64_t kernel_journal_since(const struct kernel_journal *j)
{
	return j->since;
}

/* What it did once may have left NAT behind. */
void kernel_journal_forwards(struct kernel_journal *j, bool forwards)
{
	j->scope.forwards = j->scope.forwards || forwards;
}

uint8_t kernel_journal_number(struct kernel_journal *j, const char *name)
{
	for (size_t i = 1; i < j->name_count; i++)
		if (strcmp(j->names[i], name) == 0)
			return (uint8_t)i;
	size_t n = strlen(name);
	if (j->name_count == NAMES || n >= FORMAT_NAME)
		return 0;
	memcpy(j->names[j->name_count], name, n + 1);
	return (uint8_t)j->name_count++;
}

const char *kernel_journal_reason(const struct kernel_journal *j, uint8_t number)
{
	return number > 0 && number < j->name_count ? j->names[number] : NULL;
}

/* --- rings --- */

/* Of a connection by all of its ends; of a listener, and of what has no ends, by its port alone. */
static size_t place_of(const struct kernel_journal *j, const struct ring *r, const struct kernel_ends *ends)
{
	uint8_t key[36] = { 0 };
	if (ends->port[KERNEL_THERE] != 0) {
		memcpy(key, ends->address[KERNEL_HERE], 16);
		memcpy(key + 16, ends->address[KERNEL_THERE], 16);
	}
	memcpy(key + 32, ends->port, sizeof ends->port);
	return (size_t)hash_bytes(key, sizeof key, j->seed) & (r->size - 1);
}

static struct kernel_ends ends_of(const struct kernel_record *record)
{
	return (struct kernel_ends){ .address = { record->address[0], record->address[1] }, .port = { record->port[0], record->port[1] } };
}

void kernel_journal_add(struct kernel_journal *j, const struct kernel_record *record)
{
	if (record->event >= KERNEL_EVENT_COUNT)
		return;
	struct ring *r = &j->rings[record->event];
	struct kernel_ends ends = ends_of(record);
	size_t place = place_of(j, r, &ends), at = (size_t)(r->added % r->size);
	r->records[at] = *record;
	r->previous[at] = r->heads[place];
	r->heads[place] = ++r->added;
}

/* Is the record with this number still there? */
static bool is_kept(const struct ring *r, uint64_t number)
{
	return number != 0 && r->added - number < r->size;
}

static bool same_ends(const struct kernel_record *record, const struct kernel_ends *ends)
{
	return memcmp(record->port, ends->port, sizeof ends->port) == 0 &&
	       memcmp(record->address[KERNEL_HERE], ends->address[KERNEL_HERE], 16) == 0 &&
	       memcmp(record->address[KERNEL_THERE], ends->address[KERNEL_THERE], 16) == 0;
}

/* A listener's address is often none at all. */
static bool same_listener(const struct kernel_record *record, const struct kernel_ends *ends)
{
	static const uint8_t any[16];
	const uint8_t *here = record->address[KERNEL_HERE];
	return record->port[KERNEL_HERE] == ends->port[KERNEL_HERE] && record->port[KERNEL_THERE] == 0 &&
	       (memcmp(here, any, 16) == 0 || memcmp(here, ends->address[KERNEL_HERE], 16) == 0);
}

typedef bool same(const struct kernel_record *record, const struct kernel_ends *ends);

static size_t find(const struct kernel_journal *j, const struct ring *r, const struct kernel_ends *ends, same *is_same,
                   const struct span *when, const struct kernel_record **out, size_t most)
{
	size_t found = 0;
	uint64_t number = r->heads[place_of(j, r, ends)];
	for (unsigned links = 0; is_kept(r, number) && links < CHAIN_MOST && found < most; links++) {
		size_t at = (size_t)((number - 1) % r->size);
		const struct kernel_record *record = &r->records[at];
		if (record->time < when->from - DISORDER_NS)
			break;
		if (record->time >= when->from && record->time <= when->to && is_same(record, ends))
			out[found++] = record;
		number = r->previous[at];
	}
	return found;
}

static const uint8_t nowhere[16];

size_t kernel_journal_find(const struct kernel_journal *j, enum kernel_event event, const struct kernel_ends *ends, int64_t from,
                           int64_t to, const struct kernel_record **out, size_t most)
{
	static const struct kernel_ends none = { .address = { nowhere, nowhere } };
	return find(j, &j->rings[event], ends != NULL ? ends : &none, same_ends, &(struct span){ from, to }, out, most);
}

size_t kernel_journal_find_listener(const struct kernel_journal *j, enum kernel_event event, const struct kernel_ends *ends, int64_t from,
                                    int64_t to, const struct kernel_record **out, size_t most)
{
	struct kernel_ends listener = *ends;
	listener.port[KERNEL_THERE] = 0;
	return find(j, &j->rings[event], &listener, same_listener, &(struct span){ from, to }, out, most);
}

void kernel_journal_recent(struct kernel_journal *j, enum kernel_event event, int64_t from, kernel_journal_visit *visit, void *context)
{
	struct ring *r = &j->rings[event];
	for (uint64_t number = r->added; is_kept(r, number); number--) {
		struct kernel_record *record = &r->records[(number - 1) % r->size];
		if (record->time < from || !visit(context, record))
			return;
	}
}

/* --- what is known --- */

void kernel_journal_until(struct kernel_journal *j, int64_t time)
{
	j->until = time > j->until ? time : j->until;
}

void kernel_journal_lost(struct kernel_journal *j, int64_t from, int64_t to)
{
	if (j->gap_count == GAPS) {
		j->gaps[1].from = j->gaps[0].from;
		memmove(j->gaps, j->gaps + 1, (GAPS - 1) * sizeof *j->gaps);
		j->gap_count--;
	}
	j->gaps[j->gap_count++] = (struct span){ from, to };
}

void kernel_journal_addresses(struct kernel_journal *j, const uint8_t (*addresses)[16], size_t n)
{
	uint8_t (*copy)[16] = n > 0 ? reallocarray(NULL, n, sizeof *copy) : NULL;
	if (copy != NULL)
		memcpy(copy, addresses, n * sizeof *copy);
	free(j->addresses);
	j->addresses = copy;
	j->address_count = copy != NULL ? n : 0;
}

bool kernel_journal_is_own(const struct kernel_journal *j, const uint8_t address[16])
{
	for (size_t i = 0; i < j->address_count; i++)
		if (memcmp(j->addresses[i], address, 16) == 0)
			return true;
	return false;
}

bool kernel_journal_settled(const struct kernel_journal *j, int64_t to)
{
	return j->until >= to;
}

bool kernel_journal_covers(const struct kernel_journal *j, int64_t from, int64_t to)
{
	const struct ring *sent = &j->rings[KERNEL_SENT_RESET];
	if (from < j->since || to > j->until)
		return false;
	if (sent->added > sent->size && from < sent->records[sent->added % sent->size].time + DISORDER_NS)
		return false;
	for (size_t i = 0; i < j->gap_count; i++)
		if (j->gaps[i].from <= to && j->gaps[i].to >= from)
			return false;
	return true;
}
