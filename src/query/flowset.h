/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowset: which flows of a session are shown, in which order. Filtering and sorting run in slices, so that a million flows never hold
 * up a key; flows that come in while a capture is read are taken in as they come. */
#ifndef TCPWHY_QUERY_FLOWSET_H
#define TCPWHY_QUERY_FLOWSET_H

#include "query/filter.h"

struct flowset;

/* Shows all flows of s, by number. s stays the caller's and must outlive the set. NULL: out of memory. */
struct flowset *flowset_new(struct session *s);
void flowset_free(struct flowset *set);

/* Takes over filter (NULL = all flows). The old list stays until the new one is there, or has been in the making for a while. */
void flowset_filter(struct flowset *set, struct filter *filter);
void flowset_sort(struct flowset *set, enum flow_column_id column, bool descending);

/* Flows have changed (more was read): look at them all again in the background. Call it now and then while a capture is read, and at
 * its end: orders by a column that changes are made anew only then. */
void flowset_refresh(struct flowset *set);

/* Leaves out the flows before this number (0 = none is left out). */
void flowset_from(struct flowset *set, uint32_t first);
uint32_t flowset_first(const struct flowset *set);

/* Works for about budget_ns. True when there is more to do now. */
bool flowset_step(struct flowset *set, int64_t budget_ns);

/* Whether the list has changed since the last call. */
bool flowset_changed(struct flowset *set);

size_t flowset_count(const struct flowset *set);
uint32_t flowset_at(const struct flowset *set, size_t index);  /* flow number; index < flowset_count() */
size_t flowset_find(const struct flowset *set, uint32_t flow); /* its index, or flowset_count() when it is not shown */

/* The same; where it is not shown: the index of the flow that stands where it would, after the last one's the last. 0: the list is empty. */
size_t flowset_nearest(const struct flowset *set, uint32_t flow);

/* How far filtering is, in percent; 100 when it is done. */
unsigned flowset_percent(const struct flowset *set);

/* True when the filter was given up because its pattern needs too many steps; the list stays as it was. */
bool flowset_gave_up(const struct flowset *set);

/* Memory ran out: flows are missing in the list. */
bool flowset_failed(const struct flowset *set);

/* Fills what a view of a flow of this session needs but the flow itself. */
void flowset_view(const struct flowset *set, struct flow_view *view);

#endif
