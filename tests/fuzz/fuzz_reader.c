/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_reader: any bytes as a capture file: read to the end, and every packet read again must be the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct source *s)
{
	struct packet packet, again;
	enum source_status status;
	uint64_t last = 0;
	for (int packets = 0; packets < 10000 && (status = source_next(s, &packet)) == SOURCE_PACKET; packets++) {
		if (packet.len < packet.caplen || packet.number <= last)
			abort();
		last = packet.number;
		struct store *store = source_store(s);
		if (store == NULL || !store_read(store, packet.offset, &again) || again.caplen != packet.caplen || again.time != packet.time ||
		    again.link_type != packet.link_type || again.interface != packet.interface)
			abort();
		if (packet.caplen != 0 && memcmp(again.data, packet.data, packet.caplen) != 0)
			abort();
	}
	for (size_t i = 0; i < source_interface_count(s); i++)
		if (source_interface(s, i) == NULL)
			abort();
	const uint8_t *address;
	const char *name;
	for (size_t i = 0; source_name(s, i, &address, &name); i++)
		if (strlen(name) == 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[] = "/tmp/tcpwhy-fuzz-XXXXXX";
	int fd = mkstemp(name);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	struct buf error = { 0 };
	struct source *s = source_open_file(name, true, &error);
	unlink(name);
	close(fd);
	if (s == NULL && error.len == 0)
		abort();
	if (s != NULL)
		read_all(s);
	source_close(s);
	buf_free(&error);
	return 0;
}
