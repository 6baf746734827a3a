/* SPDX-License-Identifier: GPL-3.0-or-later
 * vantage: captures of the same traffic taken at several places, put together: which flows are one connection, how far the clocks are
 * apart, and for each segment of a flow where else it was seen. */
#ifndef TCPWHY_VANTAGE_VANTAGE_H
#define TCPWHY_VANTAGE_VANTAGE_H

#include "session/session.h"
#include "vantage/legs.h"
#include "vantage/match.h"
#include "vantage/view.h"

struct vantage;

/* sessions: read to their ends, in the order of the command line, at most VANTAGE_MOST; they must outlive the vantage. Their verdicts rest
 * on all of them from now on. NULL: out of memory. */
struct vantage *vantage_new(struct session *const *sessions, size_t n);
void vantage_free(struct vantage *v);

/* The one that a session's verdicts rest on; NULL: it stands alone. */
struct vantage *vantage_of(const struct session *s);

size_t vantage_count(const struct vantage *v);
struct session *vantage_session(const struct vantage *v, size_t point);
const char *vantage_name(const struct vantage *v, size_t point); /* printable */
/* Which point a session is. */
size_t vantage_point(const struct vantage *v, const struct session *s);

/* The clock of a point by that of the first one: not known where no connection ties them. */
const struct clock_fit *vantage_clock(const struct vantage *v, size_t point);

/* The flow of another point that is the same connection; FLOW_NONE when it was not found there. */
uint32_t vantage_flow(const struct vantage *v, size_t point, uint32_t flow, size_t other);

/* How many flows of a point were found at another. */
uint32_t vantage_paired(const struct vantage *v, size_t point, size_t other);

/* Read again and worked out now; valid until the next call. NULL: out of memory, or the packets could not be read again; without others
 * when the flow was found nowhere else. */
const struct vantage_view *vantage_view(struct vantage *v, size_t point, uint32_t flow);

/* The other connection of the proxy at which a flow of a point ends or begins; in the same capture or another. False as legs_find(). */
bool vantage_legs(const struct vantage *v, size_t point, uint32_t flow, struct legs *out);

#endif
