/* SPDX-License-Identifier: GPL-3.0-or-later
 * stream: any bytes as a capture of TCP conversations, so that what a fuzzer changes is the story, not the headers. Also files in memory. */
#ifndef TCPWHY_TESTS_STREAM_H
#define TCPWHY_TESTS_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/buf.h"

/* What must hold in a fuzz target. */
#define CHECK(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
			abort(); \
		} \
	} while (0)

/* A step of the input, in bytes; the payload it asks for follows it. */
enum { STREAM_STEP = 14 };

/* Appends a pcap file (Ethernet) of all whole steps of the input: segments of one client and two servers, with plausible sequence numbers
 * unless the step wants others, and ICMP errors that quote them. */
void stream_capture(const uint8_t *data, size_t size, struct buf *out);

/* A file in memory of n bytes; its name, to be opened as often as one likes, goes to name. Returns its descriptor: close it when done. */
int stream_file(const void *bytes, size_t n, char name[40]);

#endif
