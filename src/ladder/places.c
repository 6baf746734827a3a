/* SPDX-License-Identifier: GPL-3.0-or-later
 * places: the rows of one place's flow, with what the other places saw of each, and between them what only those saw. */
#include "ladder/places.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ladder/rows.h"
#include "util/text.h"
#include "vantage/vantage.h"

enum { BACK = 256 }; /* rows of other places that are looked back for the same segment at a third */
enum { SAME_FLAGS = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK };

/* The picture in the making. */
struct places {
	const struct vantage_view *view;
	const struct vantage_other *other[LADDER_SIGHTS]; /* by source; NULL: the ladder's own */
	struct lifelines *lines;
	uint32_t shift[2];         /* what the relative numbers of the source at work are to be changed by, by side here */
	struct rows own, only;     /* rows of the own place; of others alone */
};

/* The ends of the picture name those of the connection, as they are called there. */
static void name_end(struct lifelines *l, unsigned at, enum side side)
{
	const struct flow *f = flow_table_get(session_flows(l->session[at]), l->flow[at]);

	memcpy(l->line[at].address, flow_address(f, side), sizeof l->line[at].address);
	l->line[at].port = flow_port(f, side);
}

/* The places that are drawn, from the client's end to the server's; the own one is always among them. */
static void choose_lines(struct places *p, struct vantage *v, struct session *s, uint32_t flow)
{
	const struct vantage_other *order[VANTAGE_MOST + 1] = { NULL };
	size_t n = 0, own = 0;

	for (size_t i = 0; i < p->view->count; i++)
		if (p->view->other[i].order < 0)
			order[n++] = &p->view->other[i];
	own = n++;
	for (size_t i = 0; i < p->view->count; i++)
		if (p->view->other[i].order > 0)
			order[n++] = &p->view->other[i];
	size_t begin = own >= LIFELINES_MOST ? own - LIFELINES_MOST + 1 : 0;
	struct lifelines *l = p->lines;
	for (size_t i = begin; i < n && l->count < LIFELINES_MOST; i++) {
		const struct vantage_other *o = p->other[l->count] = order[i];
		size_t point = o != NULL ? o->point : vantage_point(v, s);
		l->own = o == NULL ? l->count : l->own;
		l->session[l->count] = vantage_session(v, point);
		l->flow[l->count] = o != NULL ? o->flow : flow;
		l->line[l->count++] = (struct lifeline){ .what = vantage_name(v, point) };
	}
	l->sources = l->count;
	l->more = (unsigned)(p->view->count + 1) - l->count;
	l->places = true;
	name_end(l, 0, SIDE_CLIENT);
	name_end(l, l->count - 1, SIDE_SERVER);
}

/* The nearest line from `at` in steps that is on this side and says something. */
static bool stops_before(const struct ladder_row *r, int at, int step, int end, int *reached)
{
	for (*reached = at; *reached != end; *reached += step) {
		enum fate fate = (enum fate)r->seen[*reached + step].fate;
		if (fate == FATE_ABSENT || fate == FATE_SILENT || fate == FATE_COPIED)
			return true;
	}
	return false;
}

/* The arrow goes from the first place that has it to the last; where the next one lacks it, on to the middle between the two. */
static void set_ends(struct ladder_row *r, unsigned count)
{
	int low = -1, high = 0, reached;

	for (unsigned i = 0; i < count; i++)
		if (r->seen[i].frame != 0) {
			low = low < 0 ? (int)i : low;
			high = (int)i;
		}
	bool cut = stops_before(r, high, 1, (int)count - 1, &reached);
	int right = 2 * reached + cut;
	cut = stops_before(r, low < 0 ? 0 : low, -1, 0, &reached);
	int left = 2 * reached - cut;
	r->begin = (uint8_t)(r->from == SIDE_CLIENT ? left : right);
	r->end = (uint8_t)(r->from == SIDE_CLIENT ? right : left);
}

/* What the other places say of the own rows. */
static void mark_own(struct places *p)
{
	const struct lifelines *l = p->lines;

	for (size_t i = 0; i < p->own.count; i++) {
		struct ladder_row *r = &p->own.items[i];
		struct ladder_sight mine = r->seen[0];
		mine.fate = FATE_SEEN;
		for (unsigned k = 0; k < l->count; k++) {
			const struct vantage_other *o = p->other[k];
			const struct passing *told = o != NULL && r->ordinal < p->view->here.count ? &o->passing[r->ordinal] : NULL;
			r->seen[k] = o == NULL ? mine : (struct ladder_sight){ .fate = FATE_UNKNOWN };
			if (told == NULL)
				continue;
			r->seen[k].fate = told->fate;
			if (told->fate != FATE_SEEN)
				continue;
			r->seen[k] = (struct ladder_sight){ .frame = told->frame, .time = told->time, .ordinal = o->pairs.here[r->ordinal].other,
				                            .changes = told->changes, .fate = FATE_SEEN, .resized = told->resized };
		}
		set_ends(r, l->count);
	}
}

/* Relative numbers count from the first that each place saw: a segment that both have tells the difference. */
static void find_shift(struct places *p, const struct vantage_other *o, const struct rows *there)
{
	bool known[2] = { false, false };

	p->shift[0] = p->shift[1] = 0;
	for (size_t i = 0; i < p->own.count && !(known[0] && known[1]); i++) {
		const struct ladder_row *r = &p->own.items[i];
		if (r->ordinal >= p->view->here.count || known[r->from])
			continue;
		const struct pair *pair = &o->pairs.here[r->ordinal];
		if (pair->kind == PAIR_NONE || pair->kind == PAIR_RESIZED || pair->other >= there->count)
			continue;
		p->shift[r->from] = r->seq - there->items[pair->other].seq;
		known[r->from] = true;
	}
}

/* A row of another place as if it had been seen here. */
static void turn(const struct places *p, const struct vantage_other *o, struct ladder_row *r)
{
	if (o->swapped) {
		struct ladder_row t = *r;
		r->from = side_other(t.from);
		for (unsigned side = 0; side < 2; side++) {
			r->state_before[side] = t.state_before[side ^ 1];
			r->state_after[side] = t.state_after[side ^ 1];
			r->port[side] = t.port[side ^ 1];
		}
	}
	r->frame = 0;
	r->time = clock_here(&o->clock, r->time);
	r->seq += p->shift[r->from];
	r->ack += (r->flags & TCP_ACK) != 0 ? p->shift[side_other(r->from)] : 0;
}

/* The row of the same segment at another place that the own one lacks as well. */
static struct ladder_row *same_elsewhere(struct places *p, const struct ladder_row *r, unsigned source)
{
	for (size_t i = p->only.count > BACK ? p->only.count - BACK : 0; i < p->only.count; i++) {
		struct ladder_row *m = &p->only.items[i];
		if (m->seen[source].frame == 0 && m->from == r->from && m->seq == r->seq && m->ack == r->ack && m->len == r->len &&
		    ((m->flags ^ r->flags) & SAME_FLAGS) == 0)
			return m;
	}
	return NULL;
}

/* What this place alone has, or with others but not the own one. */
static bool add_only(struct places *p, unsigned source, const struct rows *there)
{
	const struct vantage_other *o = p->other[source];

	for (size_t i = 0; i < there->count && i < o->sights.count; i++) {
		struct ladder_row r = there->items[i];
		uint8_t kind = o->pairs.there[i].kind;
		if ((kind != PAIR_NONE && kind != PAIR_COPY) || o->sights.of[i].copy)
			continue;
		struct ladder_sight seen = { .frame = r.frame, .ordinal = r.ordinal, .fate = FATE_SEEN };
		turn(p, o, &r);
		seen.time = r.time;
		struct ladder_row *same = same_elsewhere(p, &r, source);
		for (unsigned k = 0; k < p->lines->count; k++) {
			const struct sights *s = p->other[k] != NULL ? &p->other[k]->sights : &p->view->here;
			int64_t first = s->count == 0 ? INT64_MAX : p->other[k] != NULL ? clock_here(&p->other[k]->clock, s->of[0].time) : s->of[0].time;
			r.seen[k] = (struct ladder_sight){ .fate = r.time < first ? FATE_UNKNOWN : FATE_ABSENT };
		}
		if (same == NULL && !rows_append(&p->only, &r))
			return false;
		same = same != NULL ? same : &p->only.items[p->only.count - 1];
		same->seen[source] = seen;
		set_ends(same, p->lines->count);
	}
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct ladder_row *x = a, *y = b;
	return x->time != y->time ? (x->time < y->time ? -1 : 1) : x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

/* Own rows in order of capture, the others between them by time. */
static void hand_on(struct places *p, ladder_take *take, void *context)
{
	size_t i = 0, k = 0;
	bool more = true;

	if (p->only.count > 0)
		qsort(p->only.items, p->only.count, sizeof *p->only.items, by_time);
	while (more && (i < p->own.count || k < p->only.count)) {
		bool own = k == p->only.count || (i < p->own.count && p->own.items[i].time <= p->only.items[k].time);
		more = take(context, own ? &p->own.items[i++] : &p->only.items[k++]);
	}
}

static bool gather(struct places *p, bool *whole)
{
	struct lifelines *l = p->lines;
	bool good = true;

	*whole = ladder_stream(l->session[l->own], l->flow[l->own], rows_collect, &p->own) && !p->own.failed;
	good = !p->own.too_many;
	if (good)
		mark_own(p);
	for (unsigned i = 0; i < l->count && good; i++) {
		struct rows there = { 0 };
		if (p->other[i] == NULL)
			continue;
		*whole = ladder_stream(l->session[i], l->flow[i], rows_collect, &there) && !there.failed && *whole;
		good = !there.too_many;
		if (good) {
			find_shift(p, p->other[i], &there);
			*whole = add_only(p, i, &there) && *whole;
		}
		free(there.items);
	}
	return good;
}

bool places_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context, bool *whole)
{
	struct vantage *v = vantage_of(s);
	struct places p = { .lines = lines };

	p.view = v != NULL && flow_table_get(session_flows(s), flow) != NULL ? vantage_view(v, vantage_point(v, s), flow) : NULL;
	if (p.view == NULL)
		return false;
	choose_lines(&p, v, s, flow);
	bool good = lines->count > 1 && gather(&p, whole);
	if (good)
		hand_on(&p, take, context);
	else
		*lines = (struct lifelines){ .alone = lines->count > 1 };
	free(p.own.items);
	free(p.only.items);
	return good;
}

static void add_changes(const struct ladder_sight *seen, struct buf *out)
{
	bool any = false;

	for (unsigned bit = 0; bit < CHANGE_COUNT; bit++)
		if ((seen->changes >> bit & 1) != 0) {
			buf_printf(out, "%s%s", any ? ", " : "; changed on the way: ", change_name(bit));
			any = true;
		}
	if (seen->resized)
		buf_puts(out, "; there in segments of another size");
}

/* Where it was seen, in the order of its way. */
static void add_seen(const struct lifelines *l, const struct ladder_row *r, struct buf *out)
{
	const struct ladder_sight *last = NULL;

	for (unsigned i = 0; i < l->count; i++) {
		unsigned at = r->from == SIDE_CLIENT ? i : l->count - 1 - i;
		const struct ladder_sight *seen = &r->seen[at];
		if (seen->frame == 0)
			continue;
		buf_printf(out, last == NULL ? " At %s" : ", at %s", l->line[at].what);
		if (last != NULL) {
			buf_puts(out, " after ");
			text_add_duration(out, seen->time - last->time);
		}
		buf_printf(out, " (frame %" PRIu64 ")", seen->frame);
		add_changes(seen, out);
		last = seen;
	}
	buf_putc(out, '.');
}

static void add_fate(const struct lifelines *l, const struct ladder_row *r, unsigned at, struct buf *out)
{
	switch ((enum fate)r->seen[at].fate) {
	case FATE_SILENT:
		buf_printf(out, " Not in the capture at %s, which may have missed it or ended before.", l->line[at].what);
		break;
	case FATE_MISSED:
		buf_printf(out, " It passed %s, whose capture missed it.", l->line[at].what);
		break;
	case FATE_COPIED:
		buf_printf(out, " It passed %s only once: the network doubled it.", l->line[at].what);
		break;
	case FATE_UNKNOWN:
		buf_printf(out, " The capture at %s does not cover this time.", l->line[at].what);
		break;
	case FATE_ABSENT:
	case FATE_SEEN:
		break;
	}
}

void places_explain(const struct lifelines *l, const struct ladder_row *r, struct buf *out)
{
	bool client = r->from == SIDE_CLIENT;

	if (r->kind != LADDER_SEGMENT)
		return;
	unsigned near = r->begin % 2 != 0 ? (client ? r->begin / 2u + 1 : r->begin / 2u) : 0, far = client ? near - 1 : near + 1;
	if (r->begin % 2 != 0 && r->seen[far].fate == FATE_ABSENT)
		buf_printf(out, " Made between %s and %s.", l->line[far].what, l->line[near].what);
	near = r->end % 2 != 0 ? (client ? r->end / 2u : r->end / 2u + 1) : 0;
	far = client ? near + 1 : near - 1;
	if (r->end % 2 != 0 && r->seen[far].fate == FATE_ABSENT)
		buf_printf(out, " Lost between %s and %s.", l->line[near].what, l->line[far].what);
	add_seen(l, r, out);
	for (unsigned i = 0; i < l->count; i++)
		add_fate(l, r, i, out);
}
