/* SPDX-License-Identifier: GPL-3.0-or-later
 * lines: segments written as lines of a table, for the tests of the tracker, the flow table and the ladder. */
#ifndef TCPWHY_TESTS_LINES_H
#define TCPWHY_TESTS_LINES_H

#include <string.h>

#include "decode/segment.h"
#include "flow/tracker.h"

/* Tables leave out the fields that they have nothing to say of. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define MS INT64_C(1000000)

/* from: c or s; flags: letters of S F R P A; window 0 stands for 1000, NO_WINDOW for 0. */
struct line {
	char from;
	const char *flags;
	uint32_t seq, ack, len;
	uint32_t marks;          /* expected */
	uint8_t client, server;  /* states expected after it */
	uint16_t window;
	int after_ms;            /* time since the line before; 0 stands for 1 */
	uint16_t ip_id;          /* 0: one of its own, NO_ID: 0 */
	uint8_t ttl;             /* 0 stands for 64 */
	uint8_t wscale;          /* + 1; 0: no such option */
};

enum { NO_WINDOW = 65535, NO_ID = 65535 };

static inline uint16_t line_flags(const char *letters)
{
	uint16_t flags = 0;
	for (; *letters != '\0'; letters++)
		flags |= (uint16_t)(*letters == 'S' ? TCP_SYN : *letters == 'F' ? TCP_FIN : *letters == 'R' ? TCP_RST : *letters == 'P' ? TCP_PSH :
		                    *letters == 'A' ? TCP_ACK : 0);
	return flags;
}

static inline void line_address(uint8_t address[16], uint8_t last)
{
	memset(address, 0, 16);
	address[10] = address[11] = 0xff;
	address[12] = 10;
	address[15] = last;
}

/* number: how many lines came before it; *time goes on. */
static inline struct segment line_segment(const struct line *l, unsigned number, int64_t *time)
{
	struct segment s = { .frame = number + 1, .ip_version = 4, .seq = l->seq, .ack = l->ack, .len = l->len };
	bool client = l->from == 'c';
	*time += (l->after_ms != 0 ? l->after_ms : 1) * MS;
	s.time = *time;
	s.offset = 24 + (uint64_t)number * 100;
	s.flags = line_flags(l->flags);
	s.window = l->window == NO_WINDOW ? 0 : l->window != 0 ? l->window : 1000;
	s.ip_id = l->ip_id == NO_ID ? 0 : l->ip_id != 0 ? l->ip_id : (uint16_t)(1000 + number);
	s.ttl = l->ttl != 0 ? l->ttl : 64;
	s.src_port = client ? 40000 : 80;
	s.dst_port = client ? 80 : 40000;
	line_address(s.src, client ? 1 : 2);
	line_address(s.dst, client ? 2 : 1);
	if (l->wscale != 0) {
		s.options.present |= OPT_WSCALE;
		s.options.wscale = (uint8_t)(l->wscale - 1);
	}
	return s;
}

#endif
