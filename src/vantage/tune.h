/* SPDX-License-Identifier: GPL-3.0-or-later
 * tune: what it takes to read two flows of one connection in the same terms: the points' clocks, and the shift of sequence numbers. Internal
 * to vantage/. */
#ifndef TCPWHY_VANTAGE_TUNE_H
#define TCPWHY_VANTAGE_TUNE_H

#include "vantage/groups.h"
#include "vantage/pairs.h"

/* Fits every point's clock to the first one's, into clocks (one a point). False: out of memory. */
bool tune_clocks(struct session *const *sessions, const struct groups *g, struct clock_fit *clocks);

/* The clock from one point to another, from what is known of both by a third. */
struct clock_fit clock_between(const struct clock_fit *here, const struct clock_fit *there);

/* Who is client, and the shift by the ISNs that are known; without a clock. */
struct alignment tune_alignment(const struct flow *here, const struct flow *there);

/* The shift of a side whose ISN is not known at both, by a payload that both have. */
void tune_shift(const struct sights *here, const struct sights *there, struct alignment *a);

#endif
