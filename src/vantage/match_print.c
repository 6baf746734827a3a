/* SPDX-License-Identifier: GPL-3.0-or-later
 * match_print: flows that neither addresses nor numbers join: behind a NAT and begun before the capture, or with sequence numbers that a
 * device rewrote. What such a device leaves alone is the payload with the timestamps or the IP ID of its packet: one packet that
 * is the same in payload and timestamps, or two in payload and IP ID, make two flows one connection. A proxy's two legs carry the same payload, but in packets of their own. */
#include "vantage/match.h"

#include <stdlib.h>

#include "util/hash.h"
#include "util/array.h"
#include "vantage/sights.h"

enum { PRINT_FLOWS = 4096, PRINT_SIGHTS = 64, PRINTS_EQUAL = 2, PAYLOAD_LEAST = 8 };

struct print {
	uint64_t key;
	uint32_t point, flow;
	bool sure;                /* with timestamps: no other packet bears the same */
};

struct prints {
	struct print *of;
	size_t count, room;
};

/* Two flows that have a print in common. */
struct meeting {
	struct print a, b;
};

static bool add(struct prints *p, const struct print *print)
{
	struct print *of = array_grow(p->of, p->count, &p->room, sizeof *of, 1024);
	if (of == NULL)
		return false;
	p->of = of;
	p->of[p->count++] = *print;
	return true;
}

static bool add_flow(struct prints *p, struct session *s, uint32_t point, uint32_t flow)
{
	struct sights sights;
	bool good = true;
	sights_read(s, flow, PRINT_SIGHTS, &sights); /* what cannot be read has no prints */
	for (size_t i = 0; good && i < sights.count; i++) {
		const struct sight *at = &sights.of[i];
		if (at->payload == 0 || at->len < PAYLOAD_LEAST || at->copy || (at->tsval == 0 && at->ip_id == 0))
			continue;
		const uint32_t words[] = { at->len, at->payload, at->tsval, at->tsval != 0 ? at->tsecr : at->ip_id };
		good = add(p, &(struct print){ hash_bytes(words, sizeof words, 6), point, flow, at->tsval != 0 });
	}
	sights_free(&sights);
	return good;
}

static int by_key(const void *a, const void *b)
{
	const struct print *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->point != y->point)
		return x->point < y->point ? -1 : 1;
	return x->flow < y->flow ? -1 : x->flow > y->flow;
}

static int by_flows(const void *a, const void *b)
{
	const struct meeting *x = a, *y = b;
	if (x->a.point != y->a.point)
		return x->a.point < y->a.point ? -1 : 1;
	if (x->a.flow != y->a.flow)
		return x->a.flow < y->a.flow ? -1 : 1;
	if (x->b.point != y->b.point)
		return x->b.point < y->b.point ? -1 : 1;
	return x->b.flow < y->b.flow ? -1 : x->b.flow > y->b.flow;
}

/* Prints that are at two neighbouring points once each. *out holds one less than there are prints. */
static size_t meet(const struct prints *p, struct meeting *out)
{
	size_t n = 0;
	for (size_t i = 0; i + 1 < p->count; i++) {
		const struct print *a = &p->of[i], *b = a + 1;
		bool first = i == 0 || a[-1].key != a->key || a[-1].point != a->point;
		bool last = i + 2 >= p->count || b[1].key != b->key || b[1].point != b->point;
		if (a->key == b->key && a->point != b->point && first && last)
			out[n++] = (struct meeting){ *a, *b };
	}
	qsort(out, n, sizeof *out, by_flows);
	return n;
}

static bool join_all(struct groups *g, const struct meeting *of, size_t n)
{
	bool good = true;
	for (size_t i = 0, end; good && i < n; i = end) {
		bool sure = of[i].a.sure;
		for (end = i + 1; end < n && by_flows(&of[i], &of[end]) == 0; end++)
			sure = sure || of[end].a.sure;
		const struct group *x = groups_find(g, of[i].a.point, of[i].a.flow), *y = groups_find(g, of[i].b.point, of[i].b.flow);
		bool taken = (x != NULL && x->flow[of[i].b.point] != FLOW_NONE) || (y != NULL && y->flow[of[i].a.point] != FLOW_NONE);
		if ((sure || end - i >= PRINTS_EQUAL) && !taken)
			good = groups_join(g, of[i].a.point, of[i].a.flow, of[i].b.point, of[i].b.flow);
	}
	return good;
}

bool match_prints(struct session *const *sessions, struct groups *g)
{
	struct prints p = { 0 };
	bool good = true;
	size_t points = 0;
	for (uint32_t point = 0; point < g->points; point++) {
		const struct flow_table *table = session_flows(sessions[point]);
		size_t taken = p.count, flows = 0;
		for (uint32_t i = flow_table_first(table); good && i < flow_table_count(table) && flows < PRINT_FLOWS; i++) {
			const struct flow *f = flow_table_get(table, i);
			if (g->index[point][i] != 0 || f->bytes[0] + f->bytes[1] == 0)
				continue;
			flows++;
			good = add_flow(&p, sessions[point], point, i);
		}
		points += p.count > taken;
	}
	struct meeting *meetings = good && points > 1 ? calloc(p.count, sizeof *meetings) : NULL;
	if (meetings != NULL) {
		qsort(p.of, p.count, sizeof *p.of, by_key);
		good = join_all(g, meetings, meet(&p, meetings));
	} else {
		good = good && points <= 1;
	}
	free(meetings);
	free(p.of);
	return good;
}
