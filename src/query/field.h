/* SPDX-License-Identifier: GPL-3.0-or-later
 * field: the names that a filter may ask for: what text or number of a flow each stands for. */
#ifndef TCPWHY_QUERY_FIELD_H
#define TCPWHY_QUERY_FIELD_H

#include "query/flowline.h"

enum field_unit { UNIT_COUNT_OF, UNIT_BYTES, UNIT_TIME };

struct field {
	const char *name;
	const char *help;
	uint8_t cost;                /* terms are tried in rising order of it */
	enum field_unit unit;        /* of numbers */
	uint8_t values;              /* how many numbers it has (both ports), 0 = a text field */
	bool (*number)(struct flow_view *v, unsigned index, uint64_t *value); /* false: not known for this flow */
	void (*text)(struct flow_view *v, struct buf *out);
};

const struct field *field_find(const char *name, size_t n); /* NULL when there is none */
const struct field *field_at(size_t index);                 /* NULL past the last */

/* Reads a number with an optional decimal part and unit (ms s m h us ns; k M G T, B) from n bytes, all of which must be used. Times come
 * out in ns (no unit: seconds), counts and bytes as such. False: *offset is where it stops making sense. */
bool field_parse_number(const char *text, size_t n, enum field_unit unit, uint64_t *value, size_t *offset);

#endif
