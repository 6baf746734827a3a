/* SPDX-License-Identifier: GPL-3.0-or-later
 * session: what is known of a capture at work. */
#include "session/session.h"

#include <string.h>

#include "session/resolver.h"
#include "kernel/kernel.h"
#include "session/session_internal.h"
#include "util/clock.h"

int session_fd(const struct session *s)
{
	return source_fd(s->source);
}

/* The kernel's buffers are read before they overflow, though no packet comes: other connections of the machine fill them, too. */
enum { KERNEL_MS = 50 };

int session_timeout(const struct session *s)
{
	int timeout = source_timeout(s->source);
	bool told = s->kernel != NULL && kernel_journal(s->kernel) != NULL && !s->ended;
	return told && (timeout < 0 || timeout > KERNEL_MS) ? KERNEL_MS : timeout;
}

bool session_live(const struct session *s)
{
	return source_is_live(s->source);
}

void session_counts(struct session *s, struct source_counts *counts)
{
	source_counts(s->source, counts);
}

uint64_t session_memory_limit(const struct session *s)
{
	return s->memory;
}

uint64_t session_spooled(const struct session *s)
{
	return source_spooled(s->source);
}

uint64_t session_rate(const struct session *s)
{
	return s->rate;
}

int64_t session_clock(const struct session *s)
{
	return s->latest + (s->grows && !s->ended && s->latest != 0 ? clock_ns() - s->latest_at : 0);
}

void session_flush(struct session *s)
{
	source_flush(s->source);
}

void session_progress(const struct session *s, uint64_t *done, uint64_t *total)
{
	source_progress(s->source, done, total);
}

const char *session_name(const struct session *s)
{
	return s->name;
}

const char *session_vantage(const struct session *s)
{
	return s->vantage != NULL ? s->vantage : s->name;
}

const char *session_warning(const struct session *s)
{
	return s->warning.failed ? "memory ran out" : buf_text(&s->warning);
}

bool session_truncated(const struct session *s)
{
	return s->truncated;
}

bool session_damaged(const struct session *s)
{
	return s->damaged;
}

uint64_t session_packets(const struct session *s)
{
	return s->packets;
}

uint64_t session_undecoded(const struct session *s, enum decode_reason reason)
{
	return (unsigned)reason < REASON_COUNT ? s->undecoded[reason] : 0;
}

const struct flow_table *session_flows(const struct session *s)
{
	return s->flows;
}

void session_set_resolver(struct session *s, struct resolver *resolver)
{
	s->resolver = resolver;
}

const char *session_host_name(struct session *s, const uint8_t address[16])
{
	const uint8_t *named;
	const char *name;
	if (s->resolver == NULL)
		return NULL;
	for (; source_name(s->source, s->names_taken, &named, &name); s->names_taken++)
		hostnames_put(&s->own_names, named, name, strlen(name));
	return hostnames_get(&s->own_names, address, &name) ? name : resolver_name(s->resolver, address);
}

bool session_want_names(struct session *s, const struct flow *f)
{
	bool all = true;
	for (unsigned i = 0; i < 2 && s->resolver != NULL; i++)
		if (session_host_name(s, f->addr[i]) == NULL && !resolver_want(s->resolver, f->addr[i]))
			all = false;
	return all;
}
