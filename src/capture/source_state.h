/* SPDX-License-Identifier: GPL-3.0-or-later
 * source_state: what a source is made of. Internal to source.c and source_open.c. */
#ifndef TCPWHY_CAPTURE_SOURCE_STATE_H
#define TCPWHY_CAPTURE_SOURCE_STATE_H

#include "capture/bpf.h"
#include "capture/live.h"
#include "capture/reader.h"

struct source {
	struct reader **parts;     /* files in the order that they are read in */
	struct store **stores;     /* of the parts */
	size_t part_count, part;   /* part: the one that is read */
	bool joined;               /* offsets tell the part, too */
	bool follow, spool;
	struct live *live;
	struct source_interface live_interface;
	struct spool *live_spool;
	bool spooling;             /* live_spool takes more */
	struct bpf *bpf;
	uint64_t passed, count;    /* packets handed out; as many as there may be, 0 = any number */
	uint64_t number;           /* of the last packet of an interface */
	uint64_t done;             /* bytes of the parts that were read */
	bool ended;
	enum source_status final;
	struct store store;
	struct buf message;
};

/* Takes over r, which is empty then. False: out of memory. */
bool source_add_part(struct source *s, struct reader *r);

#endif
