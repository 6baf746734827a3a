/* SPDX-License-Identifier: GPL-3.0-or-later
 * columns: which columns of the flow list stand where. */
#include "ui/columns.h"

#include <string.h>

enum { MARKER_WIDTH = 2, GAP = 1, IPV4_END = 21 /* 255.255.255.255:65535 */ };

static int total_width(const int *widths)
{
	int total = MARKER_WIDTH - GAP;

	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		total += widths[i] > 0 ? widths[i] + GAP : 0;
	return total;
}

/* Gives a column that was narrowed up to `most` columns back as far as there is room. */
static void widen_to(int *widths, int i, int most, int room)
{
	int left = room - total_width(widths), wanted = most - widths[i];

	if (widths[i] > 0 && wanted > 0 && left > 0)
		widths[i] += left < wanted ? left : wanted;
}

/* Ends first, whole unless they are IPv6: one without its port could be any. */
static void widen(int *widths, const int *natural, int room)
{
	static const int ends[] = { COLUMN_SERVER, COLUMN_CLIENT };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		widen_to(widths, ends[i], natural[ends[i]] < IPV4_END ? natural[ends[i]] : IPV4_END, room);
	for (int i = COLUMN_COUNT - 1; i >= 0; i--)
		widen_to(widths, i, natural[i], room);
}

/* What a column may be narrowed to: a number that is cut is none. */
static int least_width(int id, int natural)
{
	const struct flow_column *column = flow_column((enum flow_column_id)id);

	return column->right || natural < column->width ? natural : column->width;
}

/* Narrows columns to the width they want at least, leaves out columns by rank until the rest fits, and at last narrows the widest of those
 * that must stay. */
static void fit_by_rank(int *widths, int room)
{
	int natural[COLUMN_COUNT];

	memcpy(natural, widths, sizeof natural);
	for (int i = 0; i < COLUMN_COUNT; i++)
		widths[i] = least_width(i, widths[i]);
	while (total_width(widths) > room) {
		int drop = COLUMN_HIDDEN, widest = 0;
		for (int i = 0; i < COLUMN_COUNT; i++) {
			uint8_t rank = flow_column((enum flow_column_id)i)->rank;
			if (widths[i] > 0 && rank > 0 && (drop == COLUMN_HIDDEN || rank > flow_column((enum flow_column_id)drop)->rank))
				drop = i;
			if (widths[i] > widths[widest])
				widest = i;
		}
		if (drop != COLUMN_HIDDEN)
			widths[drop] = 0;
		else if (widths[widest] > 4)
			widths[widest]--;
		else
			return;
	}
	widen(widths, natural, room);
}

/* Scrolled sideways: the first column stays, then columns in order from the one scrolled to, as many as fit. */
static void fit_in_order(const struct settings *shown, int *widths, int room, size_t skip)
{
	int used = MARKER_WIDTH + widths[shown->columns[0]];

	for (size_t i = 1; i < shown->column_count; i++) {
		int left = room - used - GAP, *width = &widths[shown->columns[i]];
		if (i < skip || left < 4)
			*width = 0;
		else if (*width > left)
			*width = left;
		used += *width > 0 ? *width + GAP : 0;
	}
}

void columns_lay_out(const struct settings *settings, const uint8_t *natural, int room, int *offset, int *widths, int *x)
{
	int at = MARKER_WIDTH, most = settings->column_count > 2 ? (int)settings->column_count - 2 : 0;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		widths[i] = 0;
		x[i] = COLUMN_HIDDEN;
	}
	for (size_t i = 0; i < settings->column_count; i++)
		widths[settings->columns[i]] = natural[settings->columns[i]];
	*offset = *offset < most ? *offset : most;
	if (*offset > 0)
		fit_in_order(settings, widths, room, (size_t)*offset);
	else
		fit_by_rank(widths, room);
	for (size_t i = 0; i < settings->column_count; i++) {
		enum flow_column_id id = settings->columns[i];
		x[id] = widths[id] > 0 ? at : COLUMN_HIDDEN;
		at += widths[id] > 0 ? widths[id] + GAP : 0;
	}
}
