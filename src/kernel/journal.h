/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal: what the kernel told while the capture ran: the newest records, bounded, found by addresses and ports; and what it cannot
 * have told (before it was asked, where events were lost). */
#ifndef TCPWHY_KERNEL_JOURNAL_H
#define TCPWHY_KERNEL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/record.h"

struct kernel_journal;

/* What this machine is, for what its kernel's silence means. */
struct kernel_scope {
	bool all_resets;        /* resets without a socket are told, too (Linux 6.10 and later) */
	bool forwards;          /* it forwards packets: its addresses may be those of hosts behind it, by NAT */
	bool drops;             /* what its packet filter drops is told */
};

/* From time `since` on (ns since 1970) the kernel tells. NULL: out of memory. */
struct kernel_journal *kernel_journal_new(int64_t since, const struct kernel_scope *scope);
void kernel_journal_free(struct kernel_journal *j);
const struct kernel_scope *kernel_journal_scope(const struct kernel_journal *j);
int64_t kernel_journal_since(const struct kernel_journal *j);
/* That the machine forwards packets may change. */
void kernel_journal_forwards(struct kernel_journal *j, bool forwards);

/* A number for a reason's name, 0 for none or one too many. */
uint8_t kernel_journal_number(struct kernel_journal *j, const char *name);
/* NULL: the kernel did not say. */
const char *kernel_journal_reason(const struct kernel_journal *j, uint8_t number);

/* Adds a record; of the oldest one is let go when there are too many. */
void kernel_journal_add(struct kernel_journal *j, const struct kernel_record *record);
/* Until this time everything was told that ever will be. Time does not go back. */
void kernel_journal_until(struct kernel_journal *j, int64_t time);
/* In this time events were lost. */
void kernel_journal_lost(struct kernel_journal *j, int64_t from, int64_t to);
/* This machine's own addresses (16 bytes each), instead of those it had; copied. */
void kernel_journal_addresses(struct kernel_journal *j, const uint8_t (*addresses)[16], size_t n);

struct kernel_ends {
	const uint8_t *address[2]; /* KERNEL_HERE, KERNEL_THERE */
	uint16_t port[2];
};

/* Records of an event between these ends from `from` to `to`, newest first, at most `most`. Returns how many. KERNEL_DROPPED has no ends:
 * NULL. */
size_t kernel_journal_find(const struct kernel_journal *j, enum kernel_event event, const struct kernel_ends *ends, int64_t from,
                           int64_t to, const struct kernel_record **out, size_t most);
/* Likewise, of listeners on the port: the kernel names no other end with them. */
size_t kernel_journal_find_listener(const struct kernel_journal *j, enum kernel_event event, const struct kernel_ends *ends, int64_t from,
                                    int64_t to, const struct kernel_record **out, size_t most);

/* Was everything told that happened between these times, and is it still here? */
bool kernel_journal_covers(const struct kernel_journal *j, int64_t from, int64_t to);
/* Has that become known that will be known of `to`? */
bool kernel_journal_settled(const struct kernel_journal *j, int64_t to);
bool kernel_journal_is_own(const struct kernel_journal *j, const uint8_t address[16]);

/* Calls visit with records of the event not older than `from` that may be changed, newest first, until it returns false. */
typedef bool kernel_journal_visit(void *context, struct kernel_record *record);
void kernel_journal_recent(struct kernel_journal *j, enum kernel_event event, int64_t from, kernel_journal_visit *visit, void *context);

#endif
