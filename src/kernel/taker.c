/* SPDX-License-Identifier: GPL-3.0-or-later
 * taker: which event becomes which record, and the reasons that older kernels tell in an event of their own. */
#include "kernel/taker.h"

#include <string.h>

/* Older kernels do not tell the reason of a reset, but right after it that for which the packet was dropped that it answers. */
struct late_reason {
	int64_t time;
	uint8_t reason;
};

static bool put_reason(void *context, struct kernel_record *record)
{
	const struct late_reason *late = context;
	if (record->time != late->time)
		return true;
	record->reason = late->reason;
	return false;
}

static void take_drop(struct taker *t, const struct event_plan *plan, const struct event_extra *extra, struct kernel_record *record,
                      struct kernel_journal *j)
{
	const char *reason = format_symbol(&plan->format, extra->reason);
	if (reason == NULL)
		return;
	for (size_t i = 0; i < 2; i++) {
		if (extra->skb == 0 || t->reset_skb[i] != extra->skb)
			continue;
		struct late_reason late = { .time = t->reset_time[i], .reason = kernel_journal_number(j, reason) };
		t->reset_skb[i] = 0;
		if (strcmp(reason, "NOT_SPECIFIED") != 0)
			kernel_journal_recent(j, KERNEL_SENT_RESET, late.time, put_reason, &late);
	}
	if (strcmp(reason, "NETFILTER_DROP") == 0)
		kernel_journal_add(j, record);
}

static void take_event(struct taker *t, const uint8_t *event, size_t n, int64_t time, struct kernel_journal *j)
{
	const struct event_plan *plan = NULL;
	struct kernel_record record;
	struct event_extra extra;
	uint64_t type;
	for (size_t e = 0; e < KERNEL_EVENT_COUNT && plan == NULL; e++)
		if (t->plans[e].there && event_type(&t->plans[e], event, n, &type) && type == t->plans[e].format.id)
			plan = &t->plans[e];
	if (plan == NULL || !event_decode(plan, event, n, &record, &extra))
		return;
	record.time = time;
	if (plan->event == KERNEL_DROPPED) {
		take_drop(t, plan, &extra, &record, j);
		return;
	}
	const char *reason = extra.has_reason ? format_symbol(&plan->format, extra.reason) : NULL;
	record.reason = reason != NULL ? kernel_journal_number(j, reason) : 0;
	if (plan->event == KERNEL_SENT_RESET && !extra.has_reason && extra.skb != 0) {
		t->reset_skb[1] = t->reset_skb[0];
		t->reset_time[1] = t->reset_time[0];
		t->reset_skb[0] = extra.skb;
		t->reset_time[0] = time;
	}
	kernel_journal_add(j, &record);
}

bool taker_page(struct taker *t, const uint8_t *bytes, size_t n, int64_t to_real, int64_t *latest, struct kernel_journal *j)
{
	struct page page;
	const uint8_t *event;
	size_t length;
	if (!page_begin(&t->layout, bytes, n, &page))
		return false;
	int64_t before = *latest;
	bool lost = page.lost;
	while (page_next(&page, &event, &length)) {
		*latest = (int64_t)page.time + to_real;
		if (lost)
			kernel_journal_lost(j, before, *latest);
		lost = false;
		take_event(t, event, length, *latest, j);
	}
	return true;
}
