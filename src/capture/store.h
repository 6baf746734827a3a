/* SPDX-License-Identifier: GPL-3.0-or-later
 * store: where a source's packets are read from a second time: the capture file itself, or the spool. */
#ifndef TCPWHY_CAPTURE_STORE_H
#define TCPWHY_CAPTURE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "capture/pcap.h"
#include "capture/pcapng.h"
#include "capture/store_read.h"
#include "capture/spool.h"

enum store_kind { STORE_NONE, STORE_PCAP, STORE_PCAPNG, STORE_SPOOL, STORE_JOINED };

/* An offset in a joined store: which part, and the offset in it. */
enum { STORE_PART_SHIFT = 40 };

/* Part of a source, which owns what the pointers point to. */
struct store {
	enum store_kind kind;
	int fd;
	const struct pcap_format *pcap;
	const struct pcapng *pcapng;
	struct spool *spool;    /* not NULL: what is read may still have to be written there first; NULL: none, or one that was left behind */
	struct store *const *const *parts; /* of STORE_JOINED: points to the owner's array, which may move */
	const size_t *part_count;
	uint8_t *window;        /* bytes of the file from window_offset on: packets of one flow are often near each other */
	size_t window_cap, window_size;
	uint64_t window_offset;
	size_t uses;            /* looks at the window since it was read */
	size_t ahead;           /* bytes read at a time: more while packets are asked for in order */
};

void store_free(struct store *s);

#endif
