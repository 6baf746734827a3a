/* SPDX-License-Identifier: GPL-3.0-or-later
 * page: a page of the kernel's trace ring buffer as trace_pipe_raw gives it, event by event. Its form is told by events/header_page and
 * events/header_event of tracefs and by include/linux/ring_buffer.h of Linux. */
#ifndef TCPWHY_KERNEL_PAGE_H
#define TCPWHY_KERNEL_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct format;

/* Where things stand in a page. */
struct page_layout {
	uint16_t commit_at, commit_size; /* how many bytes of events there are, and flags */
	uint16_t data_at;
	uint16_t data_size;              /* at most */
};

/* From header_page. False: it is not as any kernel is known to write it. */
bool page_layout(const struct format *header, struct page_layout *out);

struct page {
	const uint8_t *at, *end;
	uint64_t time;          /* of the event read last, by the clock of the trace */
	bool lost;              /* events before the first of this page were overwritten before they were read */
};

/* Begins to read a page of n bytes. False: it is too short to be one. */
bool page_begin(const struct page_layout *layout, const uint8_t *bytes, size_t n, struct page *page);

/* The next event: its bytes stay in the page. False: there is none, or what follows is no event. */
bool page_next(struct page *page, const uint8_t **event, size_t *n);

#endif
