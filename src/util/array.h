/* SPDX-License-Identifier: GPL-3.0-or-later
 * array: arrays that grow by doubling. */
#ifndef TCPWHY_UTIL_ARRAY_H
#define TCPWHY_UTIL_ARRAY_H

#include <stddef.h>
#include <stdlib.h>

/* Makes room for one more behind the first `count` of *room elements of so many bytes; an array without room gets `first` of them. Returns
 * the array, which may have moved. NULL: out of memory, and all is as it was. */
static inline void *array_grow(void *array, size_t count, size_t *room, size_t element, size_t first)
{
	if (count < *room)
		return array;
	size_t more = *room > 0 ? *room * 2 : first;
	void *larger = reallocarray(array, more, element);
	if (larger != NULL)
		*room = more;
	return larger;
}

/* Makes room for `wanted` elements in all; the rest as in array_grow(). */
static inline void *array_reserve(void *array, size_t wanted, size_t *room, size_t element)
{
	size_t more = *room > 0 ? *room : 256;
	if (array != NULL && wanted <= *room)
		return array;
	while (more < wanted)
		more *= 2;
	void *larger = reallocarray(array, more, element);
	if (larger != NULL)
		*room = more;
	return larger;
}

#endif
