/* SPDX-License-Identifier: GPL-3.0-or-later
 * formats: a table of magic bytes. */
#include "capture/formats.h"

#include <stdbool.h>
#include <string.h>

#include "util/endian.h"
#include "util/text.h"

enum convert { WITH_EDITCAP, WITH_LZ4, WITH_XZ, WITH_BZIP2, WITH_UNZIP, WITH_COMPRESS };

/* The command before and after the file's name. */
static const char *const commands[][2] = {
	[WITH_EDITCAP] = { "editcap ", " out.pcapng" },
	[WITH_LZ4] = { "lz4 -dc ", " | tcpwhy -" },
	[WITH_XZ] = { "xz -dc ", " | tcpwhy -" },
	[WITH_BZIP2] = { "bzip2 -dc ", " | tcpwhy -" },
	[WITH_UNZIP] = { "unzip -p ", " | tcpwhy -" },
	[WITH_COMPRESS] = { "gzip -dc ", " | tcpwhy -" },
};

#define MAGIC(text) text, sizeof(text) - 1

static const struct {
	const char *magic;
	size_t length;
	const char *name;
	enum convert convert;
} known[] = {
	{ MAGIC("snoop\0\0\0"), "a snoop capture", WITH_EDITCAP },
	{ MAGIC("RTSS"), "a Microsoft Network Monitor 1.x capture", WITH_EDITCAP },
	{ MAGIC("GMBU"), "a Microsoft Network Monitor 2.x capture", WITH_EDITCAP },
	{ MAGIC("TRSNIFF data    \x1a"), "a Sniffer capture", WITH_EDITCAP },
	{ MAGIC("XCP\0"), "a NetXray or Windows Sniffer capture", WITH_EDITCAP },
	{ MAGIC("\x7fver"), "an OmniPeek capture", WITH_EDITCAP },
	{ MAGIC("iptrace "), "an AIX iptrace capture", WITH_EDITCAP },
	{ MAGIC("\x54\x52\x00\x64\x00"), "an HP-UX nettl trace", WITH_EDITCAP },
	{ MAGIC("\x05VNF"), "a Visual Networks capture", WITH_EDITCAP },
	{ MAGIC("\xaa\xaa\xaa\xaa"), "a 5View capture", WITH_EDITCAP },
	{ MAGIC("\x1c\x00\x01\xab"), "an Ixia capture", WITH_EDITCAP },
	{ MAGIC("\x1c\x00\x01\xac"), "an Ixia capture", WITH_EDITCAP },
	{ MAGIC("\xab\x01\x00\x1c"), "an Ixia capture", WITH_EDITCAP },
	{ MAGIC("\xac\x01\x00\x1c"), "an Ixia capture", WITH_EDITCAP },
	{ MAGIC("\x04\x22\x4d\x18"), "compressed with LZ4", WITH_LZ4 },
	{ MAGIC("\xfd" "7zXZ\0"), "compressed with xz", WITH_XZ },
	{ MAGIC("BZh"), "compressed with bzip2", WITH_BZIP2 },
	{ MAGIC("PK\x03\x04"), "a zip archive", WITH_UNZIP },
	{ MAGIC("\x1f\x9d"), "compressed with compress", WITH_COMPRESS },
};

/* An ERF file has no magic: a first record whose type and lengths make sense, as does the type of the next when it is in sight. */
static bool looks_like_erf(const uint8_t *p, size_t n)
{
	if (n < 16)
		return false;
	unsigned type = p[8] & 0x7fu, record = get_be16(p + 10), wire = get_be16(p + 14);
	unsigned next_type = record + 9 <= n ? p[record + 8] & 0x7fu : type;
	return type >= 1 && type <= 48 && record >= 16 && record <= 0x4000 && wire <= 0x4000 && next_type >= 1 && next_type <= 48;
}

static bool looks_like_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 0x7f || (p[i] < 0x20 && p[i] != '\n' && p[i] != '\r' && p[i] != '\t'))
			return false;
	return n > 0;
}

static void add_command(enum convert convert, const char *name, struct buf *out)
{
	buf_puts(out, commands[convert][0]);
	text_add_printable(out, name, strlen(name));
	buf_puts(out, commands[convert][1]);
}

void formats_explain(const uint8_t *bytes, size_t n, const char *name, const char *libpcap, struct buf *out)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (n >= known[i].length && memcmp(bytes, known[i].magic, known[i].length) == 0) {
			buf_printf(out, "it is %s; try: ", known[i].name);
			add_command(known[i].convert, name, out);
			return;
		}
	if (n == 0) {
		buf_puts(out, "it is empty");
	} else if (looks_like_text(bytes, n)) {
		buf_puts(out, "it is a text, not a capture; a hex dump can be converted with text2pcap");
	} else if (looks_like_erf(bytes, n)) {
		buf_puts(out, "it looks like an ERF (Endace) capture; try: ");
		add_command(WITH_EDITCAP, name, out);
	} else {
		buf_puts(out, "it is neither pcap nor pcapng (plain, gzip or zstd)");
		if (libpcap != NULL)
			buf_printf(out, ", and libpcap cannot read it either (%s)", libpcap);
		buf_puts(out, "; if Wireshark reads it, try: ");
		add_command(WITH_EDITCAP, name, out);
	}
}
