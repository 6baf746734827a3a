/* SPDX-License-Identifier: GPL-3.0-or-later
 * intake: from packets to flows, as long as there are packets and memory. */
#include <string.h>

#include "decode/joined.h"
#include "kernel/kernel.h"
#include "session/session.h"
#include "session/session_internal.h"
#include "session/verdicts.h"
#include "util/clock.h"

/* KEEP_EVERY: packets, each of which may be a flow: a quarter of the block that is let go at a time. */
enum { CLOCK_EVERY = 256, KEEP_EVERY = 16384 };

bool session_start(struct session *s, struct buf *error)
{
	s->flows = flow_table_new(true);
	s->fragments = fragments_new(true);
	s->scratch = fragments_new(false);
	if (s->flows == NULL || s->fragments == NULL || s->scratch == NULL) {
		buf_puts(error, "memory ran out");
		return false;
	}
	s->latest_at = s->rate_at = clock_ns();
	return source_start(s->source, error);
}

/* False: out of memory. */
static bool take_packet(struct session *s, const struct packet *packet)
{
	struct decoded *d = flow_table_slot(s->flows);
	if (d == NULL)
		return false;
	s->packets++;
	s->latest = packet->time > s->latest ? packet->time : s->latest;
	switch (decode_packet_joined(packet, 0, s->fragments, d)) {
	case DECODE_SEGMENT:
		return flow_table_commit(s->flows);
	case DECODE_ICMP_ERROR:
		return flow_table_icmp(s->flows, d);
	case DECODE_FAILED:
		s->undecoded[d->reason < REASON_COUNT ? d->reason : REASON_NONE]++;
		return true;
	case DECODE_NOT_TCP:
	case DECODE_HELD:
		break;
	}
	return true;
}

/* What the source has to say: it adds to that as it goes. */
static void take_message(struct session *s)
{
	const char *message = source_message(s->source);
	size_t known = s->told, all = strlen(message);
	if (all > known)
		buf_puts(&s->warning, message + known);
	s->told = all;
}

static enum session_status end(struct session *s, enum source_status status)
{
	s->ended = true;
	s->truncated = status == SOURCE_CUT;
	source_flush(s->source);
	if (s->kernel != NULL)
		kernel_read(s->kernel, true);
	s->damaged = s->damaged || status == SOURCE_DAMAGED || source_write_failed(s->source);
	take_message(s);
	return SESSION_END;
}

static enum session_status out_of_memory(struct session *s)
{
	buf_printf(&s->warning, "memory ran out after packet %llu; what came before it is shown. "
	           "Select fewer packets, or use a machine with more.", (unsigned long long)s->packets);
	s->damaged = true;
	return end(s, SOURCE_END);
}

/* What a flow weighs beside the table: its links to neighbours, its place in lists. */
enum { BESIDE = 96 };

uint64_t session_memory(const struct session *s)
{
	return flow_table_memory(s->flows) + (uint64_t)(flow_table_count(s->flows) - flow_table_first(s->flows)) * BESIDE;
}

/* One block of flows at most a call. */
static void keep_memory(struct session *s)
{
	if (s->memory == 0 || session_memory(s) <= s->memory || !flow_table_can_evict(s->flows))
		return;
	if (s->watch != NULL)
		s->watch(s->watch_context, s, true);
	verdict_cache_free(s->verdicts);
	s->verdicts = NULL;
	if (flow_table_evict(s->flows, session_clock(s)) && !s->let_go) {
		s->let_go = true;
		buf_puts(&s->warning, s->warning.len != 0 ? "; " : "");
		buf_puts(&s->warning, "the oldest flows are let go from now on, to stay within --memory");
	}
}

static void keep_spool(struct session *s)
{
	uint64_t offset;
	if (!source_is_full(s->source, &offset))
		return;
	s->going = offset;
	if (s->watch != NULL && offset > source_kept_from(s->source))
		s->watch(s->watch_context, s, false);
	source_let_go(s->source);
	if (source_kept_from(s->source) > 0 && !s->packets_let_go) {
		s->packets_let_go = true;
		buf_puts(&s->warning, s->warning.len != 0 ? "; " : "");
		buf_puts(&s->warning, "the oldest packets are let go from now on, to stay within --spool; of their flows what is left can be looked at");
	}
}

static bool begins_before(const struct session *s, const struct flow *f, uint64_t offset)
{
	struct log_cursor first = { 0 };
	return offset > 0 && flow_table_log_next(s->flows, f, &first) && first.offset < offset;
}

bool session_packets_go(const struct session *s, const struct flow *f)
{
	return begins_before(s, f, s->going);
}

bool session_packets_gone(const struct session *s, const struct flow *f)
{
	return begins_before(s, f, source_kept_from(s->source));
}

void session_watch(struct session *s, session_letting_go *watch, void *context)
{
	s->watch = watch;
	s->watch_context = context;
}

static void measure_rate(struct session *s, int64_t now)
{
	if (now - s->rate_at < 1000000000)
		return;
	s->rate = (uint64_t)((double)(s->packets - s->rate_packets) * 1e9 / (double)(now - s->rate_at));
	s->rate_at = now;
	s->rate_packets = s->packets;
}

enum session_status session_read(struct session *s, int64_t budget_ns)
{
	if (s->ended)
		return SESSION_END;
	int64_t now = clock_ns(), until = budget_ns > 0 ? now + budget_ns : 0;
	uint64_t before = s->packets, full;
	bool limited = source_is_limited(s->source);
	measure_rate(s, now);
	for (unsigned n = 1;; n++) {
		struct packet packet;
		enum source_status status = source_next(s->source, &packet);
		if (status == SOURCE_PACKET) {
			if (!take_packet(s, &packet))
				return out_of_memory(s);
			bool on = n % CLOCK_EVERY != 0 || budget_ns <= 0 || clock_ns() < until;
			if (on && n % KEEP_EVERY != 0 && !(limited && source_is_full(s->source, &full)))
				continue;
		}
		if (!flow_table_flush(s->flows))
			return out_of_memory(s);
		if (s->packets != before)
			s->latest_at = clock_ns();
		take_message(s);
		if (s->kernel != NULL)
			kernel_read(s->kernel, false);
		keep_memory(s);
		keep_spool(s);
		if (status == SOURCE_PACKET && (budget_ns <= 0 || clock_ns() < until))
			continue;
		if (status == SOURCE_PACKET)
			return SESSION_MORE;
		return status == SOURCE_WAIT ? SESSION_WAIT : end(s, status);
	}
}

void session_stop(struct session *s)
{
	if (!s->ended)
		(void)end(s, SOURCE_END);
}

void session_stop_early(struct session *s)
{
	if (s->ended)
		return;
	buf_printf(&s->warning, "%sstopped after packet %llu as asked: the rest is unread", s->warning.len > 0 ? "; " : "",
	           (unsigned long long)s->packets);
	(void)end(s, SOURCE_END);
	s->truncated = true;
}
