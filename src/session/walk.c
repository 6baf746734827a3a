/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk: from a flow back to its packets. */
#include "session/walk.h"

#include "decode/joined.h"
#include "flow/tracker.h"
#include "session/session_internal.h"

enum step_again session_step(struct session *s, const struct flow *f, uint64_t offset, uint64_t frame, unsigned options,
                             struct tracker *tracker, session_visit *visit, void *context)
{
	struct packet packet = { 0 };
	struct decoded d;
	enum decode_result result;
	struct store *store = source_store(s->source);
	if (offset < source_kept_from(s->source))
		return STEP_ON; /* given up by the spool: for us the flow begins later */
	if (store == NULL || !decode_joined_again(s->fragments, s->scratch, store, offset, options, &packet, &d, &result) ||
	    result != DECODE_SEGMENT)
		return STEP_UNREADABLE;
	packet.number = d.segment.frame = frame;
	d.segment.offset = offset;
	enum side from = flow_side(f, &d.segment);
	struct tracker before = *tracker;
	uint32_t marks = tracker_step(tracker, &d.segment, from);
	return visit(context, &packet, &d.segment, from, marks, &before, tracker) ? STEP_ON : STEP_STOPPED;
}

bool session_walk(struct session *s, uint32_t flow, session_visit *visit, void *context)
{
	const struct flow *f = flow_table_get(s->flows, flow);
	struct log_cursor at = { 0 };
	struct tracker tracker;
	enum step_again step = STEP_ON;
	if (f == NULL || source_store(s->source) == NULL)
		return false;
	tracker_init(&tracker);
	while (step == STEP_ON && flow_table_log_next(s->flows, f, &at))
		step = session_step(s, f, at.offset, at.frame, DECODE_CHECKSUM, &tracker, visit, context);
	return step != STEP_UNREADABLE;
}
