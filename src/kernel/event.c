/* SPDX-License-Identifier: GPL-3.0-or-later
 * event: which fields stand for what in the tracepoints of Linux 4.16 and later. */
#include "kernel/event.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "util/endian.h"

enum { IN_SOFTIRQ = 0x10, IN_HARDIRQ = 0x08 /* bits of common_flags: TRACE_FLAG_… of Linux */ };

const char *kernel_state_name(unsigned state)
{
	static const char *const names[KERNEL_STATE_COUNT] = {
		"no socket", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED", "CLOSE-WAIT",
		"LAST-ACK", "LISTEN", "CLOSING", "SYN-RECEIVED",
	};
	return names[state < KERNEL_STATE_COUNT ? state : KERNEL_STATE_NONE];
}

static bool has(const struct event_plan *plan, enum event_field field)
{
	return plan->field[field].size != 0;
}

/* Addresses are 16 bytes (IPv4 mapped), or a struct sockaddr with the port in it, or (very old) four bytes. */
static bool tells_ends(const struct event_plan *plan)
{
	const size_t whole = sizeof(struct sockaddr_in6);
	bool sockaddr = plan->field[EVENT_SADDR].size == whole && plan->field[EVENT_DADDR].size == whole;
	bool plain = (plan->field[EVENT_SADDR6].size == 16 && plan->field[EVENT_DADDR6].size == 16) ||
	             (plan->field[EVENT_SADDR].size == 4 && plan->field[EVENT_DADDR].size == 4);
	return sockaddr || (plain && has(plan, EVENT_SPORT) && has(plan, EVENT_DPORT));
}

bool event_plan(enum kernel_event event, const char *text, size_t n, struct event_plan *out)
{
	static const char *const names[EVENT_FIELD_COUNT] = {
#define FIELD(id, name) name,
		EVENT_FIELDS
#undef FIELD
	};
	*out = (struct event_plan){ .event = (uint8_t)event };
	bool good = format_parse(text, n, &out->format);
	for (size_t i = 0; i < EVENT_FIELD_COUNT; i++)
		out->field[i] = format_field(&out->format, names[i]);
	good = good && has(out, EVENT_TYPE) && has(out, EVENT_FLAGS) && has(out, EVENT_PID);
	if (event == KERNEL_DROPPED)
		out->there = good && has(out, EVENT_SKB) && has(out, EVENT_REASON);
	else
		out->there = good && tells_ends(out) && (event != KERNEL_STATE || (has(out, EVENT_OLD) && has(out, EVENT_NEW)));
	return out->there;
}

static uint64_t number(const struct event_plan *plan, enum event_field field, const uint8_t *event, size_t n)
{
	uint64_t value;
	return format_number(&plan->field[field], event, n, &value) ? value : 0;
}

/* NULL: not in the event. */
static const uint8_t *bytes_of(const struct event_plan *plan, enum event_field field, const uint8_t *event, size_t n)
{
	const struct format_field *f = &plan->field[field];
	return f->offset <= n && f->size <= n - f->offset ? event + f->offset : NULL;
}

static void map_ipv4(uint8_t out[16], const uint8_t *address)
{
	memset(out, 0, 16);
	out[10] = out[11] = 0xff;
	memcpy(out + 12, address, 4);
}

static bool read_sockaddr(const uint8_t *at, uint8_t address[16], uint16_t *port)
{
	uint16_t family = get_16(at, false);
	*port = get_be16(at + offsetof(struct sockaddr_in6, sin6_port));
	if (family == AF_INET)
		map_ipv4(address, at + offsetof(struct sockaddr_in, sin_addr));
	else if (family == AF_INET6)
		memcpy(address, at + offsetof(struct sockaddr_in6, sin6_addr), 16);
	else
		return false;
	return true;
}

static bool read_end(const struct event_plan *plan, int end, const uint8_t *event, size_t n, struct kernel_record *out)
{
	enum event_field plain = end == KERNEL_HERE ? EVENT_SADDR : EVENT_DADDR, mapped = end == KERNEL_HERE ? EVENT_SADDR6 : EVENT_DADDR6;
	bool sockaddr = plan->field[plain].size == sizeof(struct sockaddr_in6), has_mapped = plan->field[mapped].size == 16;
	const uint8_t *at = bytes_of(plan, !sockaddr && has_mapped ? mapped : plain, event, n);
	bool good = at != NULL;
	out->port[end] = (uint16_t)number(plan, end == KERNEL_HERE ? EVENT_SPORT : EVENT_DPORT, event, n);
	if (good && sockaddr)
		good = read_sockaddr(at, out->address[end], &out->port[end]);
	else if (good && has_mapped)
		memcpy(out->address[end], at, 16);
	else if (good)
		map_ipv4(out->address[end], at);
	/* a listener's 0.0.0.0 and :: are one */
	static const uint8_t any[16] = { [10] = 0xff, [11] = 0xff };
	if (good && memcmp(out->address[end], any, sizeof any) == 0)
		memset(out->address[end], 0, sizeof any);
	return good;
}

static uint8_t state_of(uint64_t value)
{
	return value < KERNEL_STATE_COUNT ? (uint8_t)value : KERNEL_STATE_NONE;
}

bool event_decode(const struct event_plan *plan, const uint8_t *event, size_t n, struct kernel_record *out, struct event_extra *extra)
{
	uint64_t flags = 0, pid = 0, value;
	*out = (struct kernel_record){ .event = plan->event };
	*extra = (struct event_extra){ .skb = number(plan, EVENT_SKB, event, n) };
	if (!format_number(&plan->field[EVENT_FLAGS], event, n, &flags) || !format_number(&plan->field[EVENT_PID], event, n, &pid))
		return false;
	if ((flags & (IN_SOFTIRQ | IN_HARDIRQ)) == 0)
		out->pid = (uint32_t)pid;
	extra->has_reason = format_number(&plan->field[EVENT_REASON], event, n, &value);
	extra->reason = extra->has_reason ? (uint32_t)value : 0;
	if (plan->event == KERNEL_DROPPED)
		return extra->has_reason;
	if (has(plan, EVENT_PROTOCOL) && number(plan, EVENT_PROTOCOL, event, n) != IPPROTO_TCP)
		return false;
	out->state = state_of(number(plan, plan->event == KERNEL_STATE ? EVENT_NEW : EVENT_STATE, event, n));
	out->old_state = state_of(number(plan, EVENT_OLD, event, n));
	return read_end(plan, KERNEL_HERE, event, n, out) && read_end(plan, KERNEL_THERE, event, n, out);
}

bool event_type(const struct event_plan *any, const uint8_t *event, size_t n, uint64_t *type)
{
	return format_number(&any->field[EVENT_TYPE], event, n, type);
}
