/* SPDX-License-Identifier: GPL-3.0-or-later
 * clocks: how far one capture's clock is from another's, told by segments that both have. A segment that goes from here to there shows
 * the offset plus its delay, one that comes back the delay minus the offset. The least of each direction is the path without queues; half
 * of their difference is the offset, and half of their sum is the most that it can be wrong by (the two ways may differ). */
#ifndef TCPWHY_VANTAGE_CLOCKS_H
#define TCPWHY_VANTAGE_CLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One segment that was seen at both places. at: ns since 1970 by the clock here; difference: time of arrival minus time of departure,
 * each by the clock of its place, ns. */
struct clock_sample {
	int64_t at, difference;
};

/* Those of one direction. Zero-initialised is empty; free `of`. When there are too many, of two neighbours in time the larger goes. */
enum { CLOCK_SAMPLES = 8192 };
struct clock_samples {
	struct clock_sample *of;
	size_t count, room;
};

/* False: out of memory. */
bool clock_sample_add(struct clock_samples *samples, int64_t at, int64_t difference);

/* The clock there = the clock here + offset + drift × (clock here - origin). */
struct clock_fit {
	bool known;
	bool two_way;          /* both directions were seen; else the offset holds the delay of one way as well */
	int64_t origin;        /* ns since 1970, by the clock here */
	int64_t offset;        /* ns */
	int64_t uncertainty;   /* ns, either way; of a two-way fit half of the round trip between the places */
	double drift;          /* 1e-6 = 1 ppm; 0 where too little was seen to tell it */
};

/* to: segments from here to there; from: those that come from there. */
void clock_fit(const struct clock_samples *to, const struct clock_samples *from, struct clock_fit *out);

/* A time of one clock by the other. */
int64_t clock_there(const struct clock_fit *fit, int64_t here);
int64_t clock_here(const struct clock_fit *fit, int64_t there);

#endif
