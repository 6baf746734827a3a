/* SPDX-License-Identifier: GPL-3.0-or-later
 * session: from packets to flows, and from a flow back to its packets. */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session/session_internal.h"

enum { CLOCK_EVERY = 256 };

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct session *session_open(const char *name, const char *vantage, struct buf *error)
{
	struct session *s = calloc(1, sizeof *s);
	if (s == NULL) {
		buf_puts(error, "memory ran out");
		return NULL;
	}
	s->name = strdup(name);
	s->vantage = vantage != NULL ? strdup(vantage) : NULL;
	s->flows = flow_table_new(true);
	s->fragments = fragments_new(true);
	s->scratch = fragments_new(false);
	bool memory = s->name != NULL && (vantage == NULL || s->vantage != NULL) && s->flows != NULL && s->fragments != NULL && s->scratch != NULL;
	if (!memory)
		buf_puts(error, "memory ran out");
	else
		s->source = source_open_file(name, true, error);
	if (s->source == NULL) {
		session_close(s);
		return NULL;
	}
	return s;
}

void session_close(struct session *s)
{
	if (s == NULL)
		return;
	verdict_cache_free(&s->verdicts);
	if (s->source != NULL)
		source_close(s->source);
	fragments_free(s->fragments);
	fragments_free(s->scratch);
	flow_table_free(s->flows);
	buf_free(&s->warning);
	free(s->vantage);
	free(s->name);
	free(s);
}

/* False: out of memory. */
static bool take_packet(struct session *s, const struct packet *packet)
{
	struct decoded *d = flow_table_slot(s->flows);
	if (d == NULL)
		return false;
	s->packets++;
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

static enum session_status end(struct session *s, enum source_status status)
{
	s->ended = true;
	s->truncated = status == SOURCE_CUT;
	s->damaged = s->damaged || status == SOURCE_DAMAGED;
	if (s->warning.len == 0)
		buf_puts(&s->warning, source_message(s->source));
	return SESSION_END;
}

static enum session_status out_of_memory(struct session *s)
{
	buf_printf(&s->warning, "memory ran out after packet %llu; what came before it is shown. Select fewer packets, or use a machine with more.",
	           (unsigned long long)s->packets);
	s->damaged = true;
	return end(s, SOURCE_END);
}

enum session_status session_read(struct session *s, int64_t budget_ns)
{
	if (s->ended)
		return SESSION_END;
	int64_t until = budget_ns > 0 ? now_ns() + budget_ns : 0;
	for (unsigned n = 1;; n++) {
		struct packet packet;
		enum source_status status = source_next(s->source, &packet);
		if (status == SOURCE_PACKET) {
			if (!take_packet(s, &packet))
				return out_of_memory(s);
			if (budget_ns <= 0 || n % CLOCK_EVERY != 0 || now_ns() < until)
				continue;
		}
		if (!flow_table_flush(s->flows))
			return out_of_memory(s);
		if (status == SOURCE_PACKET)
			return SESSION_MORE;
		return status == SOURCE_WAIT ? SESSION_WAIT : end(s, status);
	}
}

/* --- the way back --- */

bool session_walk(struct session *s, uint32_t flow, session_visit *visit, void *context)
{
	const struct flow *f = flow_table_get(s->flows, flow);
	struct store *store = source_store(s->source);
	struct log_cursor at = { 0 };
	struct tracker tracker;
	if (f == NULL || store == NULL)
		return false;
	tracker_init(&tracker);
	while (flow_table_log_next(s->flows, f, &at)) {
		struct packet packet = { 0 };
		struct decoded d;
		enum decode_result result;
		if (!fragments_decode_again(s->fragments, s->scratch, store, at.offset, DECODE_CHECKSUM, &packet, &d, &result) || result != DECODE_SEGMENT)
			return false;
		packet.number = d.segment.frame = at.frame;
		d.segment.offset = at.offset;
		enum side from = flow_side(f, &d.segment);
		struct tracker before = tracker;
		uint32_t marks = tracker_step(&tracker, &d.segment, from);
		if (!visit(context, &packet, &d.segment, from, marks, &before, &tracker))
			break;
	}
	return true;
}

/* --- looking --- */

int session_fd(const struct session *s)
{
	return source_fd(s->source);
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
	return buf_text(&s->warning);
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
