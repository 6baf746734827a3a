/* SPDX-License-Identifier: GPL-3.0-or-later
 * taker: from pages of trace events to the records of the journal, without a system call. Internal to kernel/. */
#ifndef TCPWHY_KERNEL_TAKER_H
#define TCPWHY_KERNEL_TAKER_H

#include "kernel/event.h"
#include "kernel/journal.h"
#include "kernel/page.h"

struct taker {
	struct page_layout layout;
	struct event_plan plans[KERNEL_EVENT_COUNT]; /* those that are there */
	uint64_t reset_skb[2];   /* the packets that the latest resets answered (older kernels), and their records' times */
	int64_t reset_time[2];
};

/* Takes a page of n bytes of one CPU. to_real: what is to be added to the trace's clock for ns since 1970. *latest: time of that CPU's
 * latest event, 0 = none yet; goes on. False: it is no page. */
bool taker_page(struct taker *t, const uint8_t *bytes, size_t n, int64_t to_real, int64_t *latest, struct kernel_journal *j);

#endif
