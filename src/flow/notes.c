/* SPDX-License-Identifier: GPL-3.0-or-later
 * notes: ICMP errors attached to the flows that they quote. */
#include "flow/slots.h"
#include "flow/table.h"

#include <string.h>

#include "util/array.h"

enum { NOTES_A_FLOW = 4, NOTES_MOST = 65536 };

static struct note *note_new(struct flow_table *t)
{
	if (t->free_note != 0) {
		struct note *n = &t->notes[t->free_note - 1];
		t->free_note = n->next;
		return n;
	}
	struct note *notes = array_grow(t->notes, t->note_count, &t->note_capacity, sizeof *notes, 64);
	if (notes == NULL)
		return NULL;
	t->notes = notes;
	return &t->notes[t->note_count++];
}

bool flow_table_icmp(struct flow_table *t, const struct decoded *d)
{
	const struct segment *s = &d->segment;
	if (!flow_table_flush(t))
		return false;
	uint32_t number = flow_table_find(t, s->src, s->src_port, s->dst, s->dst_port, s->path);
	/* the router's answer may come over another VLAN than what it quotes, or from outside the tunnel */
	if (number == FLOW_NONE && s->path != 0)
		number = flow_table_find(t, s->src, s->src_port, s->dst, s->dst_port, 0);
	if (number == FLOW_NONE)
		number = flow_table_find(t, s->src, s->src_port, s->dst, s->dst_port, (uint32_t)PATH_ANY);
	if (number == FLOW_NONE)
		return true;
	struct flow *f = pool_flow(t, number);
	struct extra *x = pool_extra(t, f);
	if (x == NULL)
		return false;
	if (x->note_count >= NOTES_A_FLOW || t->notes_used >= NOTES_MOST)
		return true;
	struct note *n = note_new(t);
	if (n == NULL)
		return false;
	n->next = 0;
	t->notes_used++;
	n->note = (struct icmp_note){ .frame = s->frame, .time = s->time, .version = d->icmp.version, .type = d->icmp.type,
		.code = d->icmp.code, .quoted_from = (uint8_t)flow_side(f, s), .mtu = d->icmp.mtu, .quoted_seq = s->seq };
	memcpy(n->note.from, d->icmp.from, sizeof n->note.from);
	uint32_t *link = &x->note;
	while (*link != 0)
		link = &t->notes[*link - 1].next;
	*link = (uint32_t)(n - t->notes) + 1;
	x->note_count++;
	return true;
}

size_t flow_table_icmp_notes(const struct flow_table *t, uint32_t flow, struct icmp_note *out, size_t max)
{
	const struct flow *f = flow_table_get(t, flow);
	size_t n = 0;
	if (f == NULL || f->extra == 0)
		return 0;
	for (uint32_t at = t->extras[f->extra].note; at != 0 && n < max; at = t->notes[at - 1].next)
		out[n++] = t->notes[at - 1].note;
	return n;
}
