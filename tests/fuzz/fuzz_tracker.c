/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_tracker: any series of segments through the flow table: nothing breaks, counts add up, logs hold every segment, and the result does
 * not depend on the batch. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flow/table.h"

enum { STEP = 12 };

#define CHECK(what) \
	do { \
		if (!(what)) \
			abort(); \
	} while (0)

/* Numbers near each other and near 2^32, as most defects want them. */
static uint32_t number(uint8_t b)
{
	static const uint32_t bases[4] = { 0, 0xfffffff0u, 0x7ffffff0u, 1000 };
	return bases[b >> 6] + (b & 63) * 5u;
}

static struct segment segment_of(const uint8_t *p, uint64_t n, int64_t *time)
{
	struct segment s = { .frame = n + 1, .offset = n * 70, .ip_version = 4, .ttl = 64 };
	bool up = (p[0] & 1) != 0;
	*time += (int64_t)p[1] << (p[0] >> 4);
	s.time = (p[0] & 8) != 0 ? -*time : *time;
	s.src[15] = up ? 1 : (uint8_t)(2 + (p[0] >> 1 & 1));
	s.dst[15] = up ? (uint8_t)(2 + (p[0] >> 1 & 1)) : 1;
	s.src_port = up ? 4000 : 80;
	s.dst_port = up ? 80 : 4000;
	s.path = p[0] >> 2 & 1;
	s.flags = (uint16_t)(p[2] | (p[3] & 1) << 8);
	s.checksum = p[3] >> 1 & 3;
	s.malformed = (p[3] & 0xf8) == 0xf8;
	s.seq = number(p[4]);
	s.ack = number(p[5]);
	s.len = p[6] < 16 ? 0 : p[6] == 255 ? UINT32_MAX : (p[6] & 7) * 5u;
	s.window = (uint16_t)(p[7] << (p[8] & 7));
	s.ip_id = p[8] >> 5;
	s.interface = p[9] & 1;
	s.options.present = (uint16_t)(p[9] << 1 & 0x5ff);
	s.options.wscale = p[10] & 31;
	s.options.sack_count = p[10] >> 5;
	s.options.sack[0] = (struct sack_block){ number(p[11]), number(p[10]) };
	return s;
}

static struct flow_table *run(const uint8_t *data, size_t size, unsigned batch)
{
	struct flow_table *t = flow_table_new(true);
	int64_t time = 0;
	CHECK(t != NULL && flow_table_set_batch(t, batch));
	for (size_t i = 0; i + STEP <= size; i += STEP) {
		struct segment s = segment_of(data + i, i / STEP, &time);
		if (data[i] == 0xff) {
			struct decoded d = { .segment = s };
			CHECK(flow_table_icmp(t, &d));
		} else {
			CHECK(flow_table_add(t, &s));
		}
	}
	CHECK(flow_table_flush(t));
	return t;
}

static uint64_t check_flow(const struct flow_table *t, const struct flow *f)
{
	struct log_cursor at = { 0 };
	uint32_t n = 0;
	uint64_t frame = 0;
	for (; flow_table_log_next(t, f, &at); n++) {
		CHECK(at.frame > frame && at.offset == (at.frame - 1) * 70);
		frame = at.frame;
	}
	CHECK(n == f->log.count && n == f->segments[0] + f->segments[1] && n > 0);
	CHECK(f->tracker.end[0].state < TCP_STATE_COUNT && f->tracker.end[1].state < TCP_STATE_COUNT);
	CHECK(flow_conn_state(f)[0] != '\0' && strlen(flow_table_history(t, f)) < 64);
	CHECK(flow_state(f) < FLOW_STATE_COUNT && f->first <= f->last);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flow_table *a = run(data, size, 64), *b = run(data, size, 3);
	uint64_t segments = 0;
	CHECK(flow_table_count(a) == flow_table_count(b));
	for (uint32_t i = 0; i < flow_table_count(a); i++) {
		const struct flow *x = flow_table_get(a, i), *y = flow_table_get(b, i);
		segments += check_flow(a, x);
		CHECK(memcmp(&x->tracker, &y->tracker, sizeof x->tracker) == 0 && x->log.count == y->log.count && x->history == y->history);
	}
	CHECK(segments == flow_table_segments(a));
	flow_table_free(a);
	flow_table_free(b);
	return 0;
}
