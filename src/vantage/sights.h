/* SPDX-License-Identifier: GPL-3.0-or-later
 * sights: the segments of a flow as one vantage point saw them, as much of each as it takes to know it again elsewhere. */
#ifndef TCPWHY_VANTAGE_SIGHTS_H
#define TCPWHY_VANTAGE_SIGHTS_H

#include "session/session.h"

enum { SIGHTS_MOST = 200000 };

struct sight {
	uint64_t frame;
	int64_t time;             /* ns since 1970, by this capture's clock */
	uint32_t seq, ack;        /* raw; ack 0 without the ACK flag */
	uint32_t len;             /* payload bytes on the wire */
	uint32_t tsval, tsecr;    /* 0 without timestamps */
	uint32_t payload;         /* hash of its payload's first bytes; 0 = none captured */
	uint16_t flags, window, ip_id;
	uint16_t options;         /* OPT_ bits */
	uint16_t mss;
	uint8_t ttl, tos;
	uint8_t from;             /* enum side */
	bool v6;
	bool copy;                /* the same packet, captured here a second time */
	bool again;               /* bytes that were sent before */
};

struct sights {
	struct sight *of;
	size_t count, room;
	bool cut;                 /* the flow has more than were read */
};

/* Reads at most `most` of a flow's segments. False: out of memory, or packets could not be read again; free what is there in any case. */
bool sights_read(struct session *s, uint32_t flow, size_t most, struct sights *out);
void sights_free(struct sights *s);

/* First sequence number after it. */
uint32_t sight_end(const struct sight *s);

#endif
