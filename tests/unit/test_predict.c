/* SPDX-License-Identifier: GPL-3.0-or-later
 * Header prediction (flow/predict.c) leaves the tracker as the general way does, whatever comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "draw.h"
#include "flow/step.h"
#include "flow/tracker.h"

enum { CONNECTIONS = 3000, SEGMENTS = 60 };

static uint32_t draw_below(uint32_t *seed, uint32_t below)
{
	return draw(seed) % below;
}

/* What both ends sent and acknowledged, as a capture without loss has it. */
struct talk {
	uint32_t sent[2], acked[2];
	int64_t time;
};

/* The next segment: mostly as it should be, one in `odd` with something changed. */
static struct segment utter(struct talk *talk, uint32_t *seed, uint32_t odd, enum side *from, unsigned number)
{
	*from = draw_below(seed, 2) != 0 ? SIDE_CLIENT : SIDE_SERVER;
	enum side to = side_other(*from);
	struct segment s = { .frame = number + 1, .ip_version = 4, .ttl = 64, .seq = talk->sent[*from], .window = 1000, .flags = TCP_ACK };
	talk->time += draw_below(seed, 3) * 1500000;
	s.time = talk->time;
	s.ip_id = (uint16_t)draw_below(seed, 4);
	s.len = draw_below(seed, 3) == 0 ? 0 : draw_below(seed, 700);
	if (draw_below(seed, 3) != 0)
		talk->acked[*from] = talk->sent[to];
	s.ack = talk->acked[*from];
	if (number < 2) {
		*from = number == 0 ? SIDE_CLIENT : SIDE_SERVER;
		s.flags = number == 0 ? TCP_SYN : TCP_SYN | TCP_ACK;
		s.seq = talk->sent[*from];
		s.ack = talk->acked[*from] = talk->sent[side_other(*from)];
		s.len = 0;
	}
	if (draw_below(seed, odd) == 0) {
		static const uint16_t flags[] = { TCP_ACK, TCP_ACK | TCP_PSH, TCP_ACK | TCP_FIN, TCP_RST, TCP_RST | TCP_ACK, TCP_SYN, 0, TCP_ACK | TCP_URG };
		static const uint16_t windows[] = { 0, 1, 1000, 65535 };
		s.flags = flags[draw_below(seed, 8)];
		s.seq += draw_below(seed, 5) - 2 - (draw_below(seed, 4) == 0 ? 700 : 0);
		s.ack += draw_below(seed, 5) - 2 + (draw_below(seed, 9) == 0 ? 1u << 30 : 0);
		s.window = windows[draw_below(seed, 4)];
		s.len = draw_below(seed, 3);
		s.malformed = draw_below(seed, 20) == 0;
		if (draw_below(seed, 3) == 0) {
			s.options.present = OPT_SACK;
			s.options.sack_count = 1;
			s.options.sack[0] = (struct sack_block){ s.ack + draw_below(seed, 3), talk->sent[to] };
		}
	}
	if (seq_gt(s.seq + segment_seglen(&s), talk->sent[*from]) && (s.flags & TCP_RST) == 0)
		talk->sent[*from] = s.seq + segment_seglen(&s);
	return s;
}

static struct step step_of(struct tracker *t, const struct segment *s, enum side from)
{
	return (struct step){ .t = t, .s = s, .e = &t->end[from], .p = &t->end[side_other(from)], .from = from };
}

/* Returns how many of the segments were predicted. */
static unsigned run(uint32_t seed, uint32_t odd)
{
	struct talk talk = { .sent = { draw_below(&seed, 9) == 0 ? 0xffffff00u : draw(&seed), draw(&seed) }, .time = 1 };
	struct tracker general, predicted;
	unsigned taken = 0, skip = draw_below(&seed, 4) == 0 ? 2 : 0; /* some begin in the middle */
	tracker_init(&general);
	tracker_init(&predicted);
	for (unsigned i = skip; i < SEGMENTS; i++) {
		enum side from;
		struct segment s = utter(&talk, &seed, odd, &from, i);
		struct step x = step_of(&general, &s, from);
		struct tracker copy = predicted;
		uint32_t marks;
		taken += !s.malformed && predicted_step(&copy, &s, from, &marks);
		if (!s.malformed)
			general_step(&x);
		assert_int_equal(tracker_step(&predicted, &s, from), x.marks);
		assert_memory_equal(&predicted, &general, sizeof general);
	}
	return taken;
}

static void test_same(void **state)
{
	(void)state;
	unsigned taken = 0;
	for (uint32_t seed = 0; seed < CONNECTIONS; seed++)
		taken += run(seed, 2 + seed % 40);
	assert_in_range(taken, CONNECTIONS * SEGMENTS / 5, CONNECTIONS * SEGMENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
