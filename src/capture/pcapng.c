/* SPDX-License-Identifier: GPL-3.0-or-later
 * pcapng: sections, interfaces and packet blocks. */
#include "capture/pcapng.h"

#include <stdlib.h>
#include <string.h>

#include "capture/pcap.h"
#include "util/endian.h"
#include "util/text.h"

enum { MAX_SECTIONS = 1 << 20, MAX_NAMES = 1 << 16, MAX_NAME_BYTES = 4 << 20, BYTE_ORDER_MAGIC = 0x1a2b3c4d };

/* Makes room for one more element in a growing array. Returns the array, NULL when there is no memory or it has its bounded size. */
static void *grow(void *array, size_t count, size_t *cap, size_t element, size_t most)
{
	if (count < *cap)
		return array;
	size_t wanted = *cap == 0 ? 4 : *cap * 2;
	if (count >= most)
		return NULL;
	void *larger = realloc(array, wanted * element);
	if (larger != NULL)
		*cap = wanted;
	return larger;
}

bool pcapng_is_magic(const uint8_t magic[4])
{
	return get_32(magic, false) == PCAPNG_SECTION; /* reads the same both ways round */
}

void pcapng_free(struct pcapng *ng)
{
	for (size_t i = 0; i < ng->interface_count; i++) {
		free((char *)(uintptr_t)ng->interfaces[i].shown.name);
		free((char *)(uintptr_t)ng->interfaces[i].shown.description);
	}
	for (size_t i = 0; i < ng->name_count; i++)
		free(ng->names[i].name);
	free(ng->sections);
	free(ng->interfaces);
	free(ng->names);
	*ng = (struct pcapng){ 0 };
}

bool pcapng_parse_head(const struct pcapng_section *section, const uint8_t *bytes, struct pcapng_block *block, const char **why)
{
	bool swapped = section != NULL && section->swapped;
	block->type = get_32(bytes, swapped);
	if (block->type == PCAPNG_SECTION) {
		swapped = get_32(bytes + 8, true) == BYTE_ORDER_MAGIC;
		if (!swapped && get_32(bytes + 8, false) != BYTE_ORDER_MAGIC)
			return *why = "a section header without byte-order magic", false;
	} else if (section == NULL) {
		return *why = "a block before the first section header", false;
	}
	/* The length is a multiple of 4; a writer that forgot to round up means the rounded length. */
	uint32_t length = get_32(bytes + 4, swapped);
	if (length > UINT32_MAX - 3)
		return *why = "a block with an impossible length", false;
	block->length = (length + 3) & ~3u;
	size_t least = block->type == PCAPNG_SECTION ? 28 : pcapng_packet_head(block->type) + 4;
	if (block->length < least || block->length < 12)
		return *why = "a block that is shorter than its own header", false;
	return true;
}

bool pcapng_add_section(struct pcapng *ng, uint64_t offset, const uint8_t *bytes, const char **why)
{
	bool swapped = get_32(bytes + 8, true) == BYTE_ORDER_MAGIC;
	uint16_t major = get_16(bytes + 12, swapped), minor = get_16(bytes + 14, swapped);
	if (major != 1 || (minor != 0 && minor != 2))
		return *why = "a section of an unknown pcapng version (not 1.0)", false;
	void *sections = grow(ng->sections, ng->section_count, &ng->section_cap, sizeof *ng->sections, MAX_SECTIONS);
	if (sections == NULL)
		return *why = "too many sections, or no memory for another", false;
	ng->sections = sections;
	ng->sections[ng->section_count++] =
		(struct pcapng_section){ .offset = offset, .first_interface = (uint32_t)ng->interface_count, .swapped = swapped };
	return true;
}

/* One option of a block's option list, or false at its end. */
struct option {
	uint16_t code, length;
	const uint8_t *value;
};

static bool next_option(const uint8_t **at, size_t *left, bool swapped, struct option *option)
{
	if (*left < 4)
		return false;
	option->code = get_16(*at, swapped);
	option->length = get_16(*at + 2, swapped);
	option->value = *at + 4;
	size_t padded = 4 + (((size_t)option->length + 3) & ~(size_t)3);
	if (option->code == 0 || padded > *left)
		return false;
	*at += padded;
	*left -= padded;
	return true;
}

/* A foreign text as printable C string that the caller owns; NULL when it is empty or there is no memory. */
static char *printable(const uint8_t *bytes, size_t n)
{
	struct buf text = { 0 };
	const uint8_t *nul = memchr(bytes, 0, n);
	text_add_printable(&text, (const char *)bytes, nul != NULL ? (size_t)(nul - bytes) : n);
	if (text.len != 0 && !text.failed)
		return text.data;
	buf_free(&text);
	return NULL;
}

bool pcapng_add_interface(struct pcapng *ng, const uint8_t *bytes, size_t size, const char **why)
{
	struct pcapng_section *section = &ng->sections[ng->section_count - 1];
	if (size < 20) /* its head, link type, snaplen, and its length again */
		return *why = "an interface block that is too short", false;
	void *interfaces = grow(ng->interfaces, ng->interface_count, &ng->interface_cap, sizeof *ng->interfaces, UINT16_MAX + 1);
	if (interfaces == NULL)
		return *why = "too many interfaces, or no memory for another", false;
	ng->interfaces = interfaces;
	struct pcapng_interface *new = &ng->interfaces[ng->interface_count++];
	section->interface_count++;
	*new = (struct pcapng_interface){ .resolution = 6 };
	new->shown.link_type = get_16(bytes + 8, section->swapped);
	new->shown.snaplen = get_32(bytes + 12, section->swapped);
	const uint8_t *at = bytes + 16;
	size_t left = size - 16;
	struct option option;
	while (next_option(&at, &left, section->swapped, &option)) {
		if (option.code == 2 && new->shown.name == NULL)
			new->shown.name = printable(option.value, option.length);
		else if (option.code == 3 && new->shown.description == NULL)
			new->shown.description = printable(option.value, option.length);
		else if (option.code == 9 && option.length >= 1)
			new->resolution = option.value[0];
		else if (option.code == 14 && option.length >= 8)
			new->time_offset = (int64_t)get_64(option.value, section->swapped);
	}
	return true;
}

/* One record's names, all for one address, each ended by a NUL. Only the first is kept: it is the one to show. */
static bool add_name(struct pcapng *ng, bool ipv6, const uint8_t *value, size_t length)
{
	size_t address_size = ipv6 ? 16 : 4;
	if (length <= address_size || ng->name_bytes > MAX_NAME_BYTES)
		return true;
	void *names = grow(ng->names, ng->name_count, &ng->name_cap, sizeof *ng->names, MAX_NAMES);
	if (names == NULL)
		return ng->name_count >= MAX_NAMES;
	ng->names = names;
	struct pcapng_name *new = &ng->names[ng->name_count];
	*new = (struct pcapng_name){ .address = { [10] = 0xff, [11] = 0xff } };
	memcpy(new->address + 16 - address_size, value, address_size);
	new->name = printable(value + address_size, length - address_size);
	if (new->name != NULL) {
		ng->name_count++;
		ng->name_bytes += strlen(new->name);
	}
	return true;
}

bool pcapng_add_names(struct pcapng *ng, const uint8_t *bytes, size_t size, const char **why)
{
	const uint8_t *at = bytes + 8;
	size_t left = size < 8 ? 0 : size - 8;
	struct option record; /* records have the shape of options */
	while (next_option(&at, &left, ng->sections[ng->section_count - 1].swapped, &record))
		if ((record.code == 1 || record.code == 2) && !add_name(ng, record.code == 2, record.value, record.length))
			return *why = "no memory for a name", false;
	return true;
}

bool pcapng_is_record(uint32_t type)
{
	/* systemd journal; custom blocks, to be copied and not; events of sysdig in their versions */
	static const uint32_t records[] = { 9, 0xbad, 0x40000bad, 0x204, 0x208, 0x216, 0x221, 0x222, 0x223 };
	for (size_t i = 0; i < sizeof records / sizeof records[0]; i++)
		if (records[i] == type)
			return true;
	return false;
}

size_t pcapng_packet_head(uint32_t type)
{
	return type == PCAPNG_ENHANCED || type == PCAPNG_PACKET ? PCAPNG_PACKET_HEAD : type == PCAPNG_SIMPLE ? PCAPNG_SIMPLE_HEAD : 0;
}

/* A time in units of 10^-n s, or 2^-n s where the upper bit is set, as ns since 1970; what 64 bits of ns do not hold is clamped. */
static int64_t to_ns(uint64_t units, uint8_t resolution, int64_t offset)
{
	uint64_t seconds, fraction;
	unsigned n = resolution & 0x7f;
	if ((resolution & 0x80) != 0) {
		seconds = n < 64 ? units >> n : 0;
		fraction = n < 64 ? units & ((1ull << n) - 1) : 0;
		unsigned excess = n > 34 ? n - 34 : 0; /* 34 + 30 bits fit in 64 */
		fraction = n < 64 ? ((fraction >> excess) * 1000000000u) >> (n - excess) : 0;
	} else {
		uint64_t unit = 1;
		for (unsigned i = 0; i < n && i < 19; i++)
			unit *= 10;
		seconds = n <= 19 ? units / unit : 0;
		fraction = n <= 19 ? units % unit : 0;
		for (unsigned i = n; i < 9; i++)
			fraction *= 10;
		for (unsigned i = 9; i < n && i < 19; i++)
			fraction /= 10;
	}
	const int64_t most = INT64_MAX / 1000000000 - 1;
	int64_t whole = seconds > (uint64_t)most ? most : (int64_t)seconds;
	if (offset > most - whole)
		return INT64_MAX;
	if (offset < -most)
		return INT64_MIN;
	return (whole + offset) * 1000000000 + (int64_t)fraction;
}

bool pcapng_parse_packet(const struct pcapng *ng, const struct pcapng_section *section, const struct pcapng_block *block,
                         const uint8_t *bytes, struct packet *p, const char **why)
{
	bool swapped = section->swapped, simple = block->type == PCAPNG_SIMPLE;
	uint32_t id = simple ? 0 : block->type == PCAPNG_PACKET ? get_16(bytes + 8, swapped) : get_32(bytes + 8, swapped);
	if (id >= section->interface_count)
		return *why = "a packet of an interface that no block describes", false;
	const struct pcapng_interface *interface = &ng->interfaces[section->first_interface + id];
	uint32_t room = block->length - (simple ? PCAPNG_SIMPLE_HEAD : PCAPNG_PACKET_HEAD) - 4;
	if (simple) {
		p->time = 0;
		p->len = get_32(bytes + 8, swapped);
		p->caplen = interface->shown.snaplen != 0 && p->len > interface->shown.snaplen ? interface->shown.snaplen : p->len;
		p->caplen = p->caplen > room ? room : p->caplen; /* the snaplen may be untrue */
	} else {
		uint64_t units = (uint64_t)get_32(bytes + 12, swapped) << 32 | get_32(bytes + 16, swapped);
		p->time = to_ns(units, interface->resolution, interface->time_offset);
		p->caplen = get_32(bytes + 20, swapped);
		p->len = get_32(bytes + 24, swapped);
	}
	if (p->caplen > room)
		return *why = "a packet that is larger than its block", false;
	if (p->len < p->caplen)
		p->len = p->caplen;
	p->link_type = interface->shown.link_type;
	p->interface = (uint16_t)(section->first_interface + id);
	return true;
}

const struct pcapng_section *pcapng_section_at(const struct pcapng *ng, uint64_t offset)
{
	size_t low = 0, high = ng->section_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ng->sections[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &ng->sections[low - 1];
}
