/* SPDX-License-Identifier: GPL-3.0-or-later
 * store: where a source's packets are read from a second time: the capture file itself, or the spool. */
#ifndef TCPWHY_CAPTURE_STORE_H
#define TCPWHY_CAPTURE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "capture/pcap.h"
#include "capture/pcapng.h"
#include "capture/spool.h"

enum store_kind { STORE_NONE, STORE_PCAP, STORE_PCAPNG, STORE_SPOOL };

/* Part of a source, which owns what the pointers point to. */
struct store {
	enum store_kind kind;
	int fd;
	const struct pcap_format *pcap;
	const struct pcapng *pcapng;
	struct spool *spool;
	uint8_t *window;        /* bytes of the file from window_offset on: packets of one flow are often near each other */
	size_t window_cap, window_size;
	uint64_t window_offset;
};

void store_free(struct store *s);

#endif
