/* SPDX-License-Identifier: GPL-3.0-or-later
 * event: the bytes of a trace event as a record, by the fields that this kernel says it has. */
#ifndef TCPWHY_KERNEL_EVENT_H
#define TCPWHY_KERNEL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/format.h"
#include "kernel/record.h"

/* The fields that are looked at: FIELD(enum, name). */
#define EVENT_FIELDS \
	FIELD(TYPE, "common_type") FIELD(FLAGS, "common_flags") FIELD(PID, "common_pid") FIELD(SKB, "skbaddr") FIELD(STATE, "state") \
	FIELD(REASON, "reason") FIELD(SADDR, "saddr") FIELD(DADDR, "daddr") FIELD(SADDR6, "saddr_v6") FIELD(DADDR6, "daddr_v6") \
	FIELD(SPORT, "sport") FIELD(DPORT, "dport") FIELD(PROTOCOL, "protocol") FIELD(OLD, "oldstate") FIELD(NEW, "newstate")

enum event_field {
#define FIELD(id, name) EVENT_##id,
	EVENT_FIELDS
#undef FIELD
	EVENT_FIELD_COUNT
};

/* How to read one kind of event. */
struct event_plan {
	uint8_t event;           /* enum kernel_event */
	bool there;              /* this kernel has it */
	struct format format;
	struct format_field field[EVENT_FIELD_COUNT];
};

/* From n bytes of the event's format file; free with format_free(&plan->format). False: it lacks what cannot be done without. */
bool event_plan(enum kernel_event event, const char *text, size_t n, struct event_plan *out);

/* What of an event is not in its record. */
struct event_extra {
	uint64_t skb;            /* the kernel's address of the packet; 0: none told */
	uint32_t reason;         /* by its number in the plan's format */
	bool has_reason;
};

/* Reads an event of n bytes; without time, reason and comm. False: it is shorter than its format says, or not about TCP. */
bool event_decode(const struct event_plan *plan, const uint8_t *event, size_t n, struct kernel_record *out, struct event_extra *extra);

/* The number that an event begins with (struct format, id). False: too short. */
bool event_type(const struct event_plan *any, const uint8_t *event, size_t n, uint64_t *type);

#endif
