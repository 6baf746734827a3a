/* SPDX-License-Identifier: GPL-3.0-or-later
 * row: from the segments of one flow to rows, one each. What follows may still put the states of the last ones right. */
#include "ladder/row.h"

#include <stdlib.h>

#include "util/array.h"

enum { HELD_MOST = 1024 };

struct builder {
	struct ladder_row *rows;   /* held: a segment to come may change their states */
	size_t count, room;
	const struct flow *flow;
	uint32_t ordinal;
	uint32_t base[2];          /* of relative numbers where no ISN is known: one before the first number seen, as is the custom */
	bool based[2];
	ladder_take *take;
	void *context;
	bool stopped;              /* by take */
	bool failed;
};

static void hand_on(struct builder *b)
{
	for (size_t i = 0; i < b->count && !b->stopped; i++)
		b->stopped = !b->take(b->context, &b->rows[i]);
	b->count = 0;
}

static bool may_change(uint8_t state)
{
	return state == TCP_CLOSE_WAIT || state == TCP_LISTEN;
}

/* A row is held as long as a segment to come may still put its states right: see unsee_fin() and unsee_listening(). */
static void stream_row(struct builder *b, const struct ladder_row *row)
{
	bool held = may_change(row->state_after[SIDE_CLIENT]) || may_change(row->state_after[SIDE_SERVER]);
	struct ladder_row *rows = array_grow(b->rows, b->count, &b->room, sizeof *rows, 32);
	if (rows == NULL) {
		b->failed = true;
		return;
	}
	b->rows = rows;
	b->rows[b->count++] = *row;
	if (!held || b->count >= HELD_MOST)
		hand_on(b);
}

/* The number that relative ones count from. */
static uint32_t base_of(struct builder *b, const struct tracker *t, enum side side, uint32_t first, bool said)
{
	if (t->end[side].have_isn)
		return t->end[side].isn;
	if (!b->based[side] && said) {
		b->base[side] = first - 1;
		b->based[side] = true;
	}
	return b->base[side];
}

static uint32_t window_of(const struct tracker *after, const struct segment *s, enum side from, bool *known)
{
	struct tracker t = *after; /* as if this segment had been the last: a reset's window is not kept there */
	t.end[from].window = s->window;
	t.end[from].window_of_syn = (s->flags & TCP_SYN) != 0;
	t.end[from].spoke = true;
	return tracker_window(&t, from, known);
}

/* A server that a SYN finds is shown as listening all along. */
static void show_listening(struct ladder_row *r)
{
	for (unsigned side = 0; side < 2; side++)
		if (r->state_before[side] == TCP_CLOSED && r->state_after[side] == TCP_LISTEN)
			r->state_before[side] = TCP_LISTEN;
}

/* A refusal: nobody listened, after all. The rows of the attempt are put right. */
static void unsee_listening(struct builder *b, struct ladder_row *r)
{
	enum side side = r->from;
	if ((r->flags & TCP_RST) == 0 || r->state_before[side] != TCP_LISTEN || r->state_after[side] != TCP_CLOSED)
		return;
	r->state_before[side] = TCP_CLOSED;
	for (size_t i = b->count; i-- > 0 && b->rows[i].state_after[side] == TCP_LISTEN;)
		b->rows[i].state_before[side] = b->rows[i].state_after[side] = TCP_CLOSED;
}

/* FINs that crossed: only the second shows that its sender had not got the first. The rows between are put right. */
static void unsee_fin(struct builder *b, struct ladder_row *r)
{
	enum side side = r->from;
	if (r->state_before[side] != TCP_CLOSE_WAIT || r->state_after[side] != TCP_FIN_WAIT_1)
		return;
	r->state_before[side] = TCP_ESTABLISHED;
	for (size_t i = b->count; i-- > 0 && b->rows[i].state_after[side] == TCP_CLOSE_WAIT;) {
		struct ladder_row *row = &b->rows[i];
		row->state_after[side] = TCP_ESTABLISHED;
		if (row->state_before[side] != TCP_CLOSE_WAIT)
			break;
		row->state_before[side] = TCP_ESTABLISHED;
	}
}

static bool visit(void *context, const struct packet *packet, const struct segment *s, enum side from, uint32_t marks,
                  const struct tracker *before, const struct tracker *after)
{
	struct builder *b = context;
	enum side to = side_other(from);
	bool ack = (s->flags & TCP_ACK) != 0;
	struct ladder_row row = { .kind = LADDER_SEGMENT, .ordinal = b->ordinal++, .count = 1, .frame = s->frame, .offset = s->offset,
		.time = s->time, .from = from, .flags = s->flags, .len = s->len, .marks = marks, .option_bits = s->options.present,
		.mss = s->options.mss, .wscale = s->options.wscale, .checksum = s->checksum };
	(void)packet;
	for (unsigned side = 0; side < 2; side++) {
		row.state_before[side] = before->end[side].state;
		row.state_after[side] = after->end[side].state;
		row.port[side] = flow_port(b->flow, (enum side)side);
	}
	show_listening(&row);
	unsee_listening(b, &row);
	unsee_fin(b, &row);
	row.seq = s->seq - base_of(b, after, from, s->seq, true);
	row.ack = ack ? s->ack - base_of(b, after, to, s->ack, true) : 0;
	row.window = window_of(after, s, from, &row.window_known);
	row.seen[0] = (struct ladder_sight){ .frame = s->frame, .time = s->time, .ordinal = row.ordinal };
	row.begin = from == SIDE_CLIENT ? 0 : 2;
	row.end = 2 - row.begin;
	row.fold_bytes[from] = s->len;
	row.fold_segments[from] = 1;
	if (s->payload != NULL && s->captured > 0) {
		app_classify(s->payload, s->captured, &row.note);
		row.note.name = row.note.line = NULL;
		row.note.name_length = row.note.line_length = 0;
	}
	stream_row(b, &row);
	return !b->failed && !b->stopped;
}

bool ladder_stream(struct session *s, uint32_t flow, ladder_take *take, void *context)
{
	struct builder b = { .take = take, .context = context };
	b.flow = flow_table_get(session_flows(s), flow);
	if (b.flow == NULL)
		return false;
	bool whole = session_walk(s, flow, visit, &b);
	hand_on(&b);
	free(b.rows);
	return whole && !b.failed;
}
