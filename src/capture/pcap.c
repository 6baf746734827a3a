/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcap: headers of the classic format in either byte order, us and ns, with the modified and the old variants. */
#include "capture/pcap.h"

#include <stddef.h>

#include "util/endian.h"

/* Magic numbers as the writer's machine sees them. */
static const struct magic {
	uint32_t value;
	uint32_t fraction;
	uint8_t record_size;
} magics[] = {
	{ 0xa1b2c3d4, 1000, 16 },
	{ 0xa1b23c4d, 1, 16 },
	{ 0xa1b2cd34, 1000, 24 }, /* Alexey Kuznetsov's: interface, protocol and packet type follow the lengths */
	{ 0xa12b3c4d, 1000, 16 }, /* Navtel's */
};

/* Link types whose packets may be larger than CAPTURE_LARGEST_PACKET: D-Bus, USB and such, none of which carries TCP: cut, not refused. */
static const uint16_t large_types[] = { 231, 249, 220, 266, 279 };

static const struct magic *find_magic(const uint8_t *bytes, bool *swapped)
{
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
		for (int order = 0; order < 2; order++)
			if (get_32(bytes, order != 0) == magics[i].value) {
				*swapped = order != 0;
				return &magics[i];
			}
	return NULL;
}

bool pcap_is_magic(const uint8_t magic[4])
{
	bool swapped;
	return find_magic(magic, &swapped) != NULL;
}

bool pcap_parse_header(const uint8_t *header, struct pcap_format *f, struct buf *error)
{
	*f = (struct pcap_format){ 0 };
	const struct magic *magic = find_magic(header, &f->swapped);
	if (magic == NULL)
		return false;
	f->record_size = magic->record_size;
	f->fraction = magic->fraction;
	uint16_t major = get_16(header + 4, f->swapped), minor = get_16(header + 6, f->swapped);
	if (major != 2 && major != 543) { /* 543.0: a version of DG/UX */
		buf_printf(error, "it is of pcap version %u.%u; only versions 2.x are known", major, minor);
		return false;
	}
	f->lengths = major == 543 || minor < 3 ? 1 : minor == 3 ? 2 : 0;
	f->snaplen = get_32(header + 16, f->swapped);
	uint32_t network = get_32(header + 20, f->swapped);
	/* The upper 16 bits tell the length of a frame check sequence (f, P) and are else reserved. */
	if ((network & 0x03ff0000) != 0) {
		buf_printf(error, "its link type field is 0x%08x, which sets reserved bits", (unsigned)network);
		return false;
	}
	f->link_type = (uint16_t)network;
	return true;
}

bool pcap_is_large_type(uint16_t link_type)
{
	for (size_t i = 0; i < sizeof large_types / sizeof large_types[0]; i++)
		if (large_types[i] == link_type)
			return true;
	return false;
}
