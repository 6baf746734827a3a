/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_kernel: two bytes of a length, so much of a format, and the rest as a page of events, a list of processes and an answer of
 * inet_diag: nothing is read outside. */
#include <stdint.h>
#include <stdlib.h>

#include "kernel/comm.h"
#include "kernel/diag.h"
#include "kernel/event.h"
#include "kernel/page.h"
#include "util/endian.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_events(const struct event_plan *plan, const struct page_layout *layout, const uint8_t *data, size_t size)
{
	struct page page;
	const uint8_t *event;
	size_t n;
	for (bool good = page_begin(layout, data, size, &page); good && page_next(&page, &event, &n);) {
		struct kernel_record record;
		struct event_extra extra;
		if (event < data || n > (size_t)(data + size - event))
			abort();
		if (event_decode(plan, event, n, &record, &extra) && (record.state >= KERNEL_STATE_COUNT || record.old_state >= KERNEL_STATE_COUNT))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct page_layout usual = { .commit_at = 8, .commit_size = 8, .data_at = 16, .data_size = 4080 };
	char comm[KERNEL_COMM];
	struct kernel_socket socket;
	if (size < 2)
		return 0;
	size_t text = get_le16(data) < size - 2 ? get_le16(data) : size - 2;
	const uint8_t *rest = data + 2 + text;
	size_t n = size - 2 - text;
	for (enum kernel_event e = 0; e < KERNEL_EVENT_COUNT; e++) {
		struct event_plan plan;
		struct page_layout layout;
		if (event_plan(e, (const char *)data + 2, text, &plan))
			read_events(&plan, page_layout(&plan.format, &layout) ? &layout : &usual, rest, n);
		format_free(&plan.format);
	}
	(void)comm_find((const char *)rest, n, 1, comm);
	(void)diag_read(rest, n, &socket);
	return 0;
}
