/* SPDX-License-Identifier: GPL-3.0-or-later
 * frames: the segment that tests of the decoder wrap into links and tunnels, and how it is known again. */
#ifndef TCPWHY_TESTS_FRAMES_H
#define TCPWHY_TESTS_FRAMES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bytes.h"
#include "capture/packet.h"
#include "decode/segment.h"

static inline struct packet packet_of(const struct bytes *b, uint16_t link_type)
{
	return (struct packet){ .number = 1, .time = 5, .caplen = (uint32_t)bytes_length(b), .len = (uint32_t)bytes_length(b),
	                        .link_type = link_type, .data = bytes_at(b) };
}

/* The innermost packet of most cases: 10.0.0.1:40000 -> 10.0.0.2:80, five bytes. */
static inline void ipv4_segment(struct bytes *frame)
{
	bytes_new(frame);
	bytes_tcp(frame);
	bytes_ipv4(frame, 6);
}

static inline void ipv6_segment(struct bytes *frame)
{
	bytes_new(frame);
	bytes_tcp(frame);
	bytes_ipv6(frame, 6);
}

static inline void is_the_segment(const struct segment *s)
{
	assert_int_equal(s->src_port, 40000);
	assert_int_equal(s->dst_port, 80);
	assert_int_equal(s->seq, 1000);
	assert_int_equal(s->ack, 2000);
	assert_int_equal(s->flags, TCP_PSH | TCP_ACK);
	assert_int_equal(s->window, 512);
	assert_int_equal(s->len, 5);
	assert_int_equal(s->captured, 5);
	assert_memory_equal(s->payload, "hello", 5);
	assert_false(s->malformed);
}

#endif
