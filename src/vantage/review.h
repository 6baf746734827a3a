/* SPDX-License-Identifier: GPL-3.0-or-later
 * review: one reset has one story: where two places have it, the one that tells it better is believed at both. Internal to vantage/. */
#ifndef TCPWHY_VANTAGE_REVIEW_H
#define TCPWHY_VANTAGE_REVIEW_H

#include "vantage/view.h"

/* The places and their names, by point. */
struct reviewers {
	struct session *const *sessions;
	const char *names[VANTAGE_MOST];
};

/* Compares the findings on the flow that is looked at with those of the other places, which are worked out for it, and lets them adopt
 * what is told better there. False: out of memory. The view is read before any other flow is. */
bool review_findings(const struct reviewers *r, const struct vantage_view *view, bool brief, struct findings *f);

#endif
