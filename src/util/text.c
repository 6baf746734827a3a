/* SPDX-License-Identifier: GPL-3.0-or-later
 * text: UTF-8 checked and made printable, and addresses, times, durations and sizes written for a reader. */
#include "util/text.h"

#include <stdbool.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/* Code points that must not reach a terminal although they are valid: they hide, reorder or break text. Sorted. */
static const struct range unsafe_ranges[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
	{ 0xe000, 0xf8ff }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
};

/* Marks that stand on the character before them and take no column. Sorted. */
static const struct range combining_ranges[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x05bf, 0x05bf }, { 0x05c1, 0x05c2 }, { 0x05c4, 0x05c5 },
	{ 0x05c7, 0x05c7 }, { 0x0610, 0x061a }, { 0x064b, 0x065f }, { 0x0670, 0x0670 }, { 0x06d6, 0x06dc }, { 0x06df, 0x06e4 },
	{ 0x06e7, 0x06e8 }, { 0x06ea, 0x06ed }, { 0x0711, 0x0711 }, { 0x0730, 0x074a }, { 0x07a6, 0x07b0 }, { 0x07eb, 0x07f3 },
	{ 0x0816, 0x0819 }, { 0x081b, 0x0823 }, { 0x0825, 0x0827 }, { 0x0829, 0x082d }, { 0x08d3, 0x08e1 }, { 0x08e3, 0x0902 },
	{ 0x093a, 0x093a }, { 0x093c, 0x093c }, { 0x0941, 0x0948 }, { 0x094d, 0x094d }, { 0x0951, 0x0957 }, { 0x0962, 0x0963 },
	{ 0x0981, 0x0981 }, { 0x09bc, 0x09bc }, { 0x09c1, 0x09c4 }, { 0x09cd, 0x09cd }, { 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a },
	{ 0x0e47, 0x0e4e }, { 0x0eb1, 0x0eb1 }, { 0x0eb4, 0x0ebc }, { 0x0ec8, 0x0ecd }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
	{ 0x20d0, 0x20f0 }, { 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xfe20, 0xfe2f },
};

/* East Asian wide and full-width characters and pictures: two columns. Sorted. */
static const struct range wide_ranges[] = {
	{ 0x1100, 0x115e }, { 0x231a, 0x231b }, { 0x2329, 0x232a }, { 0x23e9, 0x23ec }, { 0x23f0, 0x23f0 }, { 0x23f3, 0x23f3 },
	{ 0x25fd, 0x25fe }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x267f, 0x267f }, { 0x2693, 0x2693 }, { 0x26a1, 0x26a1 },
	{ 0x26aa, 0x26ab }, { 0x26bd, 0x26be }, { 0x26c4, 0x26c5 }, { 0x26ce, 0x26ce }, { 0x26d4, 0x26d4 }, { 0x26ea, 0x26ea },
	{ 0x26f2, 0x26f3 }, { 0x26f5, 0x26f5 }, { 0x26fa, 0x26fa }, { 0x26fd, 0x26fd }, { 0x2705, 0x2705 }, { 0x270a, 0x270b },
	{ 0x2728, 0x2728 }, { 0x274c, 0x274c }, { 0x274e, 0x274e }, { 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
	{ 0x27b0, 0x27b0 }, { 0x27bf, 0x27bf }, { 0x2b1b, 0x2b1c }, { 0x2b50, 0x2b50 }, { 0x2b55, 0x2b55 }, { 0x2e80, 0x303e },
	{ 0x3041, 0x33ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0xa4cf }, { 0xa960, 0xa97c }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
	{ 0xfe10, 0xfe19 }, { 0xfe30, 0xfe6f }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x16fe0, 0x16fe4 }, { 0x17000, 0x18cff },
	{ 0x1b000, 0x1b2ff }, { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e }, { 0x1f191, 0x1f19a },
	{ 0x1f200, 0x1f265 }, { 0x1f300, 0x1f320 }, { 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 },
	{ 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e },
	{ 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 },
	{ 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 },
	{ 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6d7 }, { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc },
	{ 0x1f7e0, 0x1f7eb }, { 0x1f90c, 0x1f93a }, { 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff },
	{ 0x20000, 0x2fffd }, { 0x30000, 0x3fffd },
};

#define IN_RANGES(table, c) in_ranges(table, sizeof(table) / sizeof(table)[0], c)

static bool in_ranges(const struct range *table, size_t n, uint32_t c)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c > table[middle].last)
			low = middle + 1;
		else if (c < table[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

/* Reads one code point of n >= 1 bytes. Returns its length, or 0 when the bytes are not valid UTF-8 (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
static size_t utf8_read(const uint8_t *s, size_t n, uint32_t *c)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (s[0] < 0x80) {
		*c = s[0];
		return 1;
	}
	size_t length = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	if (length == 0 || length > n)
		return 0;
	uint32_t value = s[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3fu);
	}
	if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*c = value;
	return length;
}

static void add_escape(struct buf *out, uint32_t c)
{
	if (c < 0x80)
		buf_printf(out, "\\x%02x", (unsigned)c);
	else if (c <= 0xffff)
		buf_printf(out, "\\u%04x", (unsigned)c);
	else
		buf_printf(out, "\\U%08x", (unsigned)c);
}

void text_add_printable(struct buf *out, const char *bytes, size_t n)
{
	const uint8_t *s = (const uint8_t *)bytes;
	size_t plain = 0; /* bytes before i that can be added as they are */
	for (size_t i = 0; i < n;) {
		uint32_t c = 0;
		size_t length = utf8_read(s + i, n - i, &c);
		bool good = length != 0 && !(c < 0x20 || c == 0x7f) && (c < 0x80 || !IN_RANGES(unsafe_ranges, c));
		if (good) {
			plain += length;
			i += length;
			continue;
		}
		buf_add(out, bytes + i - plain, plain);
		plain = 0;
		if (length == 0)
			buf_printf(out, "\\x%02x", s[i]);
		else
			add_escape(out, c);
		i += length != 0 ? length : 1;
	}
	buf_add(out, bytes + n - plain, plain);
}

size_t text_width(const char *text, size_t n)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t width = 0;
	for (size_t i = 0; i < n;) {
		uint32_t c = 0;
		size_t length = utf8_read(s + i, n - i, &c);
		if (length == 0) {
			width++;
			i++;
			continue;
		}
		if (c < 0x300)
			width++;
		else if (!IN_RANGES(combining_ranges, c))
			width += IN_RANGES(wide_ranges, c) ? 2 : 1;
		i += length;
	}
	return width;
}

/* Decimal digits of value, written backwards so that they end before `end`. Returns where they begin. */
static char *write_decimal(char *end, uint64_t value)
{
	do {
		*--end = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	return end;
}

static void add_digits(struct buf *out, const char *begin, const char *end)
{
	buf_add(out, begin, (size_t)(end - begin));
}

void text_add_number(struct buf *out, uint64_t value)
{
	char line[20], *end = line + sizeof line;
	add_digits(out, write_decimal(end, value), end);
}

void text_add_signed(struct buf *out, int64_t value)
{
	if (value < 0)
		buf_putc(out, '-');
	text_add_number(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void text_add_padded(struct buf *out, uint64_t value, size_t digits)
{
	char line[20], *end = line + sizeof line, *begin = write_decimal(end, value);
	while (begin > line && (size_t)(end - begin) < digits)
		*--begin = '0';
	add_digits(out, begin, end);
}

bool text_is_ipv4(const uint8_t address[16])
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	return memcmp(address, mapped, sizeof mapped) == 0;
}

static void add_ipv4(struct buf *out, const uint8_t address[4])
{
	char line[15], *end = line + sizeof line, *begin = end;
	for (int i = 3; i >= 0; i--) {
		begin = write_decimal(begin, address[i]);
		if (i > 0)
			*--begin = '.';
	}
	add_digits(out, begin, end);
}

static char *write_hex(char *at, unsigned word)
{
	static const char digits[] = "0123456789abcdef";
	for (int shift = word > 0xfff ? 12 : word > 0xff ? 8 : word > 0xf ? 4 : 0; shift >= 0; shift -= 4)
		*at++ = digits[word >> shift & 15];
	return at;
}

/* RFC 5952 4.2: the longest run of two or more zero words, the first of several, becomes "::". */
static void longest_zeros(const unsigned word[8], int *begin, int *length)
{
	*begin = -1;
	*length = 1;
	for (int i = 0, run = 0; i < 8; i++) {
		run = word[i] == 0 ? run + 1 : 0;
		if (run > *length) {
			*length = run;
			*begin = i + 1 - run;
		}
	}
}

static void add_ipv6(struct buf *out, const uint8_t address[16])
{
	char line[40], *at = line;
	unsigned word[8];
	int zeros, length;
	for (size_t i = 0; i < 8; i++)
		word[i] = (unsigned)(address[2 * i] << 8 | address[2 * i + 1]);
	longest_zeros(word, &zeros, &length);
	bool compatible = zeros == 0 && length == 6; /* IPv4-compatible (RFC 4291 2.5.5.1): the rest in dots */
	for (int i = 0; i < (compatible ? 6 : 8); i++) {
		if (i == zeros) {
			*at++ = ':';
			i += length - 1;
			if (i == 7 || compatible)
				*at++ = ':';
			continue;
		}
		if (i > 0)
			*at++ = ':';
		at = write_hex(at, word[i]);
	}
	add_digits(out, line, at);
	if (compatible)
		add_ipv4(out, address + 12);
}

void text_add_address(struct buf *out, const uint8_t address[16])
{
	if (text_is_ipv4(address))
		add_ipv4(out, address + 12);
	else
		add_ipv6(out, address);
}

void text_add_endpoint(struct buf *out, const uint8_t address[16], uint16_t port)
{
	bool ipv4 = text_is_ipv4(address);
	if (!ipv4)
		buf_putc(out, '[');
	text_add_address(out, address);
	buf_puts(out, ipv4 ? ":" : "]:");
	text_add_number(out, port);
}

/* Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar. */
static void civil_date(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	int64_t shifted = days + 719468; /* since 0000-03-01: leap days then end a year */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	unsigned of_era = (unsigned)(shifted - era * 146097);
	unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned shifted_month = (5 * of_year + 2) / 153;
	*day = of_year - (153 * shifted_month + 2) / 5 + 1;
	*month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
	*year = (int64_t)year_of_era + era * 400 + (*month <= 2);
}

/* Two decimal digits and what comes behind them. */
static char *write_2(char *at, unsigned value, char behind)
{
	at[0] = (char)('0' + value / 10);
	at[1] = (char)('0' + value % 10);
	at[2] = behind;
	return at + 3;
}

void text_add_time(struct buf *out, int64_t ns)
{
	/* 64 bits of ns reach from 1677 to 2262, so no year needs clamping. */
	int64_t seconds = ns / 1000000000, fraction = ns % 1000000000;
	if (fraction < 0) {
		fraction += 1000000000;
		seconds--;
	}
	int64_t days = seconds / 86400, of_day = seconds % 86400;
	if (of_day < 0) {
		of_day += 86400;
		days--;
	}
	int64_t year;
	unsigned month, day;
	civil_date(days, &year, &month, &day);
	unsigned second = (unsigned)of_day;
	char line[31], *at = line;
	at[0] = (char)('0' + year / 1000 % 10);
	at[1] = (char)('0' + year / 100 % 10);
	at = write_2(at + 2, (unsigned)(year % 100), '-');
	at = write_2(at, month, '-');
	at = write_2(at, day, 'T');
	at = write_2(at, second / 3600, ':');
	at = write_2(at, second / 60 % 60, ':');
	at = write_2(at, second % 60, '.');
	uint32_t rest = (uint32_t)fraction;
	for (int i = 8; i >= 0; i--, rest /= 10)
		at[i] = (char)('0' + rest % 10);
	at[9] = 'Z';
	add_digits(out, line, at + 10);
}

static void add_amount(struct buf *out, uint64_t value, const char *unit)
{
	text_add_number(out, value);
	buf_puts(out, unit);
}

static void add_fraction(struct buf *out, uint64_t whole, uint64_t fraction, size_t digits, const char *unit)
{
	text_add_number(out, whole);
	buf_putc(out, '.');
	text_add_padded(out, fraction, digits);
	buf_puts(out, unit);
}

static void add_two(struct buf *out, uint64_t first, const char *unit, uint64_t second, const char *second_unit)
{
	add_amount(out, first, unit);
	add_amount(out, second, second_unit);
}

void text_add_duration(struct buf *out, int64_t ns)
{
	if (ns <= 0) {
		buf_puts(out, "0 s");
		return;
	}
	int64_t us = ns / 1000, ms = us / 1000, s = ms / 1000;
	if (us == 0)
		add_amount(out, (uint64_t)ns, " ns");
	else if (ms == 0)
		add_amount(out, (uint64_t)us, " us");
	else if (s == 0 && ms < 100)
		add_fraction(out, (uint64_t)ms, (uint64_t)us % 1000 / 100, 1, " ms");
	else if (s == 0)
		add_amount(out, (uint64_t)ms, " ms");
	else if (s < 60)
		add_fraction(out, (uint64_t)s, (uint64_t)ms % 1000 / 10, 2, " s");
	else if (s < 3600)
		add_two(out, (uint64_t)s / 60, " min ", (uint64_t)s % 60, " s");
	else if (s < 86400)
		add_two(out, (uint64_t)s / 3600, " h ", (uint64_t)s / 60 % 60, " min");
	else
		add_two(out, (uint64_t)s / 86400, " d ", (uint64_t)s / 3600 % 24, " h");
}

void text_add_bytes(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = { " kB", " MB", " GB", " TB", " PB", " EB" };
	if (bytes < 1000) {
		add_amount(out, bytes, " B");
		return;
	}
	size_t unit = 0;
	while (bytes >= 1000000) {
		bytes /= 1000;
		unit++;
	}
	add_fraction(out, bytes / 1000, bytes % 1000 / 100, 1, units[unit]);
}
