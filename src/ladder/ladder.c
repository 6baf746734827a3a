/* SPDX-License-Identifier: GPL-3.0-or-later
 * ladder: which rows stand for themselves, and which are folded into one. */
#include "ladder/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "ladder/axis.h"
#include "util/array.h"

enum { HEAD_ROWS = LADDER_ROWS * 3 / 4, TAIL_ROWS = 1024, FOLD_PLAIN = 3, FOLD_PROBES = 8, PROBES_SHOWN = 2 };

/* What a segment is to the folding. */
enum fold_class { FOLD_NEVER, FOLD_DATA, FOLD_PROBE };

struct builder {
	struct ladder *out;
	size_t capacity;
	const struct ladder_options *options;
	uint32_t ordinal;
	bool spoke[2][2];          /* by leg and side */
	enum fold_class run;       /* class of the run at the end of the rows */
	size_t run_begin;          /* its first row */
	uint32_t run_count;        /* its segments */
	bool run_unfolded;
	struct ladder_row last;    /* the last segment taken into a fold */
	struct ladder_row *tail;   /* ring of the last rows, once there are too many */
	uint32_t tail_count;       /* rows that went through the ring */
	bool failed;
};

static bool push(struct builder *b, const struct ladder_row *row)
{
	struct ladder *l = b->out;
	struct ladder_row *rows = array_grow(l->rows, l->count, &b->capacity, sizeof *rows, 32);
	if (rows == NULL) {
		b->failed = true;
		return false;
	}
	l->rows = rows;
	l->rows[l->count++] = *row;
	return true;
}

/* Too many rows: the newest are kept in a ring; of what falls out of it only resets stay. */
static void push_tail(struct builder *b, const struct ladder_row *row)
{
	if (b->tail == NULL) {
		b->tail = malloc(TAIL_ROWS * sizeof *b->tail);
		b->failed = b->tail == NULL;
		if (b->failed)
			return;
		b->out->cut = true;
	}
	struct ladder_row *place = &b->tail[b->tail_count % TAIL_ROWS];
	if (b->tail_count >= TAIL_ROWS && (place->flags & TCP_RST) != 0 && b->out->count < LADDER_ROWS - TAIL_ROWS)
		push(b, place);
	*place = *row;
	b->tail_count++;
}

static void finish_tail(struct builder *b)
{
	uint32_t n = b->tail_count < TAIL_ROWS ? b->tail_count : TAIL_ROWS;
	for (uint32_t i = b->tail_count - n; i < b->tail_count && !b->failed; i++)
		push(b, &b->tail[i % TAIL_ROWS]);
	if (b->tail_count <= TAIL_ROWS && b->out->count <= HEAD_ROWS + TAIL_ROWS)
		b->out->cut = false;
	free(b->tail);
}

static bool is_unfolded(const struct ladder_options *o, uint32_t ordinal)
{
	if (o->unfold_all)
		return true;
	for (size_t i = 0; i < o->unfolded_count; i++)
		if (o->unfolded[i] == ordinal)
			return true;
	return false;
}

/* What goes over both legs of a proxy counts once, where it was asked for. */
static bool fold_counts(const struct lifelines *l, const struct ladder_row *r)
{
	return !l->legs || r->seen[l->own].frame != 0;
}

static void fold_add(struct ladder_row *fold, const struct lifelines *l, const struct ladder_row *r)
{
	if (!fold_counts(l, r))
		return;
	fold->fold_bytes[r->from] += r->len;
	fold->fold_segments[r->from]++;
	memcpy(fold->state_after, r->state_after, sizeof fold->state_after);
}

static void fold_begin(struct ladder_row *r, const struct lifelines *l)
{
	struct ladder_row first = *r;
	r->kind = LADDER_FOLD;
	r->begin = 0;
	r->end = (uint8_t)(2 * lifelines_lanes(l));
	memset(r->fold_bytes, 0, sizeof r->fold_bytes);
	memset(r->fold_segments, 0, sizeof r->fold_segments);
	fold_add(r, l, &first);
}

static void fold_take(struct ladder_row *fold, const struct lifelines *l, const struct ladder_row *r)
{
	fold->count++;
	fold->marks |= r->marks;
	fold_add(fold, l, r);
}

/* A run has become long enough: from row `first` on it is one. */
static void collapse(struct builder *b, size_t first)
{
	struct ladder_row *fold = &b->out->rows[first];
	fold_begin(fold, &b->out->lines);
	for (size_t i = first + 1; i < b->out->count; i++)
		fold_take(fold, &b->out->lines, &b->out->rows[i]);
	b->out->count = first + 1;
}

static void add_to_run(struct builder *b, const struct ladder_row *row)
{
	struct ladder *l = b->out;
	bool folded = l->count > 0 && l->rows[l->count - 1].kind == LADDER_FOLD;
	b->last = *row;
	b->run_count++;
	if (folded && b->run_count > 1) {
		fold_take(&l->rows[l->count - 1], &l->lines, row);
		return;
	}
	if (!push(b, row) || b->run_unfolded)
		return;
	if (b->run == FOLD_DATA && b->run_count >= FOLD_PLAIN)
		collapse(b, b->run_begin);
	else if (b->run == FOLD_PROBE && b->run_count >= FOLD_PROBES)
		collapse(b, b->run_begin + PROBES_SHOWN);
}

/* What came right before a reset is most of its story: it leaves the fold. */
static void release_last(struct builder *b)
{
	struct ladder_row *fold = b->out->count > 0 ? &b->out->rows[b->out->count - 1] : NULL;
	if (fold == NULL || fold->kind != LADDER_FOLD || b->run == FOLD_NEVER || fold->count < 2)
		return;
	struct ladder_row last = b->last;
	fold->count--;
	if (fold_counts(&b->out->lines, &last)) {
		fold->fold_bytes[last.from] -= last.len;
		fold->fold_segments[last.from]--;
		memcpy(fold->state_after, last.state_before, sizeof fold->state_after);
	}
	last.foldable = false;
	push(b, &last);
}

static enum fold_class classify(const struct builder *b, const struct ladder_row *r)
{
	enum {
		PROBES = MARK_KEEPALIVE | MARK_KEEPALIVE_ACK | MARK_ZERO_WINDOW | MARK_WINDOW_PROBE | MARK_WINDOW_PROBE_ACK,
		ODD = MARK_CHALLENGE_ACK | MARK_AFTER_CLOSE | MARK_TFO_DATA
	};
	if ((r->flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0 || (r->marks & ODD) != 0)
		return FOLD_NEVER;
	if (b->out->lines.places && (r->begin % 2 != 0 || r->end % 2 != 0))
		return FOLD_NEVER; /* lost, or made, between two places */
	if ((r->marks & PROBES) != 0)
		return FOLD_PROBE;
	if (r->len > 0 && !b->spoke[lifelines_leg(&b->out->lines, r)][r->from])
		return FOLD_NEVER; /* the first thing that this side says */
	if ((r->marks & MARK_LATE_DATA) != 0 && !(b->run == FOLD_DATA && (b->last.marks & MARK_LATE_DATA) != 0))
		return b->run == FOLD_NEVER ? FOLD_DATA : FOLD_NEVER;
	if (r->state_before[0] != r->state_after[0] || r->state_before[1] != r->state_after[1])
		return FOLD_NEVER;
	return FOLD_DATA;
}

static void add_row(struct builder *b, struct ladder_row *row)
{
	enum fold_class class = classify(b, row);
	bool *spoke = &b->spoke[lifelines_leg(&b->out->lines, row)][row->from];
	*spoke = *spoke || (row->len > 0 && (row->flags & TCP_SYN) == 0);
	row->foldable = class != FOLD_NEVER;
	if (b->tail != NULL || (b->out->count >= HEAD_ROWS && class != b->run)) {
		b->run = FOLD_NEVER;
		push_tail(b, row);
		return;
	}
	if (class == FOLD_NEVER) {
		if ((row->flags & TCP_RST) != 0)
			release_last(b);
		b->run = FOLD_NEVER;
		push(b, row);
		return;
	}
	if (class != b->run) {
		b->run = class;
		b->run_begin = b->out->count;
		b->run_count = 0;
		b->run_unfolded = is_unfolded(b->options, row->ordinal) ||
		                  (class == FOLD_PROBE && is_unfolded(b->options, row->ordinal + PROBES_SHOWN));
	}
	if (b->run_unfolded && b->out->count >= HEAD_ROWS)
		push_tail(b, row);
	else
		add_to_run(b, row);
}

/* Takes a row of way_stream(). */
static bool take_row(void *context, const struct ladder_row *row)
{
	struct builder *b = context;
	struct ladder_row copy = *row;
	copy.ordinal = b->ordinal++;
	add_row(b, &copy);
	return !b->failed;
}

bool ladder_build(struct session *s, uint32_t flow, const struct ladder_options *options, struct ladder *out)
{
	static const struct ladder_options folded = { 0 };
	struct builder b = { .out = out, .options = options != NULL ? options : &folded };
	*out = (struct ladder){ 0 };
	bool whole = way_stream(s, flow, &out->lines, take_row, &b);
	finish_tail(&b);
	b.failed = b.failed || (b.options->to_scale && !axis_space_out(&out->rows, &out->count, b.options->zoom, &out->unit));
	return whole && !b.failed;
}

void ladder_free(struct ladder *l)
{
	free(l->rows);
	*l = (struct ladder){ 0 };
}
