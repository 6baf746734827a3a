/* SPDX-License-Identifier: GPL-3.0-or-later
 * store_read: reading packets a second time by their place. */
#ifndef TCPWHY_CAPTURE_STORE_READ_H
#define TCPWHY_CAPTURE_STORE_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

struct store;

/* Reads the packet whose record begins at offset (a packet.offset of this source) into *packet, number excepted. The bytes stay valid
 * until the next store_read() on the same store. False when it cannot be read any more (file cut or changed). Independent of
 * source_next(): both may be used in turn. */
bool store_read(struct store *store, uint64_t offset, struct packet *packet);

#endif
