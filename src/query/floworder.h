/* SPDX-License-Identifier: GPL-3.0-or-later
 * floworder: flow numbers put in the order of a column, in slices: the keys of all are gathered, then sorted digit by digit. Stable: ties
 * stand by number. */
#ifndef TCPWHY_QUERY_FLOWORDER_H
#define TCPWHY_QUERY_FLOWORDER_H

#include "query/flowline.h"

struct flow_order;

/* Begins to order numbers (count of them, each once, copied), which are flows of the table of view. NULL: out of memory. */
struct flow_order *flow_order_new(const struct flow_view *view, enum flow_column_id column, bool descending, const uint32_t *numbers, size_t count);
void flow_order_free(struct flow_order *o);

/* Works until about `until` (clock_ns()). True: there is more to do. */
bool flow_order_step(struct flow_order *o, int64_t until);

size_t flow_order_count(const struct flow_order *o);

/* Writes the numbers in their order to out, flow_order_count() of them: when there is no more to do. */
void flow_order_put(const struct flow_order *o, uint32_t *out);

/* Whether flow a stands before flow b in such an order. view is moved. */
bool flow_order_before(struct flow_view *view, enum flow_column_id column, bool descending, uint32_t a, uint32_t b);

#endif
