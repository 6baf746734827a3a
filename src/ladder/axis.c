/* SPDX-License-Identifier: GPL-3.0-or-later
 * axis: empty rows for the time that passes. */
#include "ladder/axis.h"

#include <stdlib.h>

/* GAP_MOST: lines that a gap takes at most. All empty lines together: a long flow has its beginning to scale. */
enum { GAP_MOST = 8, LINES_MOST = 20000 };

static int by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Captures may go back in time. */
static int64_t gap_before(const struct ladder_row *rows, size_t i)
{
	int64_t gap = i > 0 ? rows[i].time - rows[i - 1].time : 0;

	return gap > 0 ? gap : 0;
}

/* 1, 2, 5, 10, 20, ... microseconds. */
static int64_t step_of(int step)
{
	static const int64_t of_ten[] = { 1, 2, 5 };
	int64_t unit = 1000;

	for (int i = 0; i < step / 3; i++)
		unit *= 10;
	return unit * of_ten[step % 3];
}

enum { STEPS = 30 /* to 10^10 microseconds a line */ };

static int64_t choose_unit(int64_t *gaps, size_t n, int zoom)
{
	int step = 0;

	qsort(gaps, n, sizeof *gaps, by_length);
	while (step < STEPS && step_of(step) * GAP_MOST < gaps[n * 3 / 4])
		step++;
	step -= zoom;
	return step_of(step < 0 ? 0 : step > STEPS ? STEPS : step);
}

/* Lines before row i; *broken: more would be to scale. */
static size_t lines_before(const struct ladder_row *rows, size_t i, int64_t unit, bool *broken)
{
	int64_t lines = gap_before(rows, i) / unit;

	*broken = lines > GAP_MOST;
	return (size_t)(*broken ? GAP_MOST : lines);
}

static void put_gap(struct ladder_row *out, const struct ladder_row *next, size_t lines, bool broken, int64_t gap)
{
	for (size_t i = 0; i < lines; i++)
		out[i] = (struct ladder_row){ .kind = LADDER_GAP, .ordinal = next->ordinal, .from = next->from, .time = next->time,
			.broken = broken && i == lines / 2 ? gap : 0 };
}

bool axis_space_out(struct ladder_row **rows, size_t *count, int zoom, int64_t *unit)
{
	size_t n = *count, extra = 0, at = 0;
	bool broken;
	int64_t *gaps = n > 0 ? reallocarray(NULL, n, sizeof *gaps) : NULL;

	if (gaps == NULL)
		return n == 0;
	for (size_t i = 0; i < n; i++)
		gaps[i] = gap_before(*rows, i);
	*unit = choose_unit(gaps, n, zoom);
	free(gaps);
	for (size_t i = 0; i < n && extra < LINES_MOST; i++)
		extra += lines_before(*rows, i, *unit, &broken);
	struct ladder_row *out = reallocarray(NULL, n + extra, sizeof *out);
	if (out == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t lines = lines_before(*rows, i, *unit, &broken);
		lines = at + lines <= i + extra ? lines : 0;
		put_gap(&out[at], &(*rows)[i], lines, broken, gap_before(*rows, i));
		at += lines;
		out[at++] = (*rows)[i];
	}
	free(*rows);
	*rows = out;
	*count = at;
	return true;
}
