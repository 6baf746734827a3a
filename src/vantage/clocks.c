/* SPDX-License-Identifier: GPL-3.0-or-later
 * clocks: the two lower envelopes. For a drift b, the line under all samples of a direction that has this slope touches it at its least
 * delay; the right b is the one for which both lines together lie highest (the linear program of Moon, Skelly, Towsley: Estimation and
 * removal of clock skew from network delay measurements, INFOCOM 1999, for both directions at once). That height is concave in b. */
#include "vantage/clocks.h"

#include <stdlib.h>

#include "util/array.h"

enum {
	DRIFT_SAMPLES = 16,      /* of each direction: with fewer, no drift is told */
	DRIFT_STEPS = 64
};
static const double drift_most = 1e-3;            /* 1000 ppm: no clock is that bad */
static const double drift_span = 1e9;             /* ns that the samples must span */
static const double drift_gain = 10e3;            /* ns that the drift must explain */

static int by_time(const void *a, const void *b)
{
	const struct clock_sample *x = a, *y = b;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void thin_out(struct clock_samples *s)
{
	size_t n = 0;
	qsort(s->of, s->count, sizeof *s->of, by_time);
	for (size_t i = 0; i + 1 < s->count; i += 2)
		s->of[n++] = s->of[i].difference <= s->of[i + 1].difference ? s->of[i] : s->of[i + 1];
	s->count = n;
}

bool clock_sample_add(struct clock_samples *s, int64_t at, int64_t difference)
{
	if (s->count == CLOCK_SAMPLES)
		thin_out(s);
	struct clock_sample *of = array_grow(s->of, s->count, &s->room, sizeof *of, 64);
	if (of == NULL)
		return false;
	s->of = of;
	s->of[s->count++] = (struct clock_sample){ at, difference };
	return true;
}

/* One direction, as distances from a first guess of the offset. sign: 1 to there, -1 from there. */
struct envelope {
	const struct clock_samples *samples;
	int64_t origin, guess;
	int sign;
};

/* Cut off, a nanosecond would hang on how a machine calculates. */
static int64_t nearest(double ns)
{
	return (int64_t)(ns < 0 ? ns - 0.5 : ns + 0.5);
}

/* Where the line of this slope lies at the origin when it touches the samples from below. */
static double height(const struct envelope *e, double drift)
{
	double least = 0;
	for (size_t i = 0; i < e->samples->count; i++) {
		const struct clock_sample *s = &e->samples->of[i];
		double h = (double)(s->difference - e->sign * e->guess) - e->sign * drift * (double)(s->at - e->origin);
		least = i == 0 || h < least ? h : least;
	}
	return least;
}

static double both(const struct envelope e[2], double drift)
{
	return height(&e[0], drift) + height(&e[1], drift);
}

/* Where the height falls below `level` between the best drift and the limit. */
static double edge(const struct envelope e[2], double best, double limit, double level)
{
	double in = best, out = limit;
	for (int i = 0; i < DRIFT_STEPS; i++) {
		double middle = (in + out) / 2;
		if (both(e, middle) >= level)
			in = middle;
		else
			out = middle;
	}
	return in;
}

/* The drift that both directions fit best; where many fit as well, the one in their middle. 0 where none explains much more than none. */
static double find_drift(const struct envelope e[2], double span)
{
	if (e[0].samples->count < DRIFT_SAMPLES || e[1].samples->count < DRIFT_SAMPLES || span < drift_span)
		return 0;
	double low = -drift_most, high = drift_most;
	for (int i = 0; i < DRIFT_STEPS; i++) {
		double a = low + (high - low) / 3, b = high - (high - low) / 3;
		if (both(e, a) < both(e, b))
			low = a;
		else
			high = b;
	}
	double best = (low + high) / 2, top = both(e, best), gain = top - both(e, 0);
	if (gain < drift_gain)
		return 0;
	double level = top - gain / 50;
	return (edge(e, best, -drift_most, level) + edge(e, best, drift_most, level)) / 2;
}

static void stretch(const struct clock_samples *s, int64_t span[2])
{
	for (size_t i = 0; i < s->count; i++) {
		span[0] = s->of[i].at < span[0] ? s->of[i].at : span[0];
		span[1] = s->of[i].at > span[1] ? s->of[i].at : span[1];
	}
}

void clock_fit(const struct clock_samples *to, const struct clock_samples *from, struct clock_fit *out)
{
	*out = (struct clock_fit){ 0 };
	if (to->count == 0 && from->count == 0)
		return;
	int64_t span[2] = { INT64_MAX, INT64_MIN };
	int64_t guess = to->count > 0 ? to->of[0].difference : -from->of[0].difference;
	stretch(to, span);
	stretch(from, span);
	out->known = true;
	out->two_way = to->count > 0 && from->count > 0;
	out->origin = span[0];
	const struct envelope e[2] = { { to, span[0], guess, 1 }, { from, span[0], guess, -1 } };
	out->drift = find_drift(e, (double)(span[1] - span[0]));
	double forth = height(&e[0], out->drift), back = height(&e[1], out->drift);
	if (out->two_way) {
		out->offset = guess + nearest((forth - back) / 2);
		out->uncertainty = nearest((forth + back) / 2);
		out->uncertainty = out->uncertainty > 0 ? out->uncertainty : 0;
	} else {
		out->offset = guess + nearest(to->count > 0 ? forth : -back);
	}
}

int64_t clock_there(const struct clock_fit *fit, int64_t here)
{
	return here + fit->offset + nearest(fit->drift * (double)(here - fit->origin));
}

int64_t clock_here(const struct clock_fit *fit, int64_t there)
{
	int64_t apart = there - fit->offset - fit->origin;
	/* ns since 1970 do not fit into a double: only what the drift makes of them goes through one */
	return fit->origin + apart - nearest((double)apart * fit->drift / (1 + fit->drift));
}
