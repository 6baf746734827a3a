/* SPDX-License-Identifier: GPL-3.0-or-later
 * way: chooses. */
#include "ladder/way.h"

#include "ladder/hops.h"
#include "ladder/legs.h"
#include "ladder/places.h"

bool way_stream(struct session *s, uint32_t flow, struct lifelines *lines, ladder_take *take, void *context)
{
	bool whole;

	if (places_stream(s, flow, lines, take, context, &whole))
		return whole;
	bool alone = lines->alone;
	if (!alone && legs_stream(s, flow, lines, take, context, &whole))
		return whole;
	*lines = (struct lifelines){ .alone = alone };
	return hops_stream(s, flow, lines, take, context);
}

void way_explain(const struct lifelines *lines, const struct ladder_row *row, struct buf *out)
{
	if (lines->places)
		places_explain(lines, row, out);
	else if (lines->legs)
		legs_explain(lines, row, out);
	else
		hops_explain(lines, row, out);
}
