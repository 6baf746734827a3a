/* SPDX-License-Identifier: GPL-3.0-or-later
 * text: foreign bytes made fit to be shown, and numbers made readable. Nothing from a packet, a file name or a name server reaches a
 * terminal or a report by another way. */
#ifndef TCPWHY_UTIL_TEXT_H
#define TCPWHY_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* Appends n bytes as printable UTF-8. Invalid UTF-8, C0 and C1 controls, DEL, bidirectional and zero-width characters come out as
 * visible escapes (\x1b, \u202e); a backslash stays itself. */
void text_add_printable(struct buf *out, const char *bytes, size_t n);

/* Columns that a valid UTF-8 text of n bytes takes on a terminal (wide characters 2, combining 0). */
size_t text_width(const char *text, size_t n);

/* An address (16 bytes, network order; IPv4 as ::ffff:a.b.c.d) as inet_ntop writes it: IPv4 dotted, IPv6 compressed (RFC 5952). */
void text_add_address(struct buf *out, const uint8_t address[16]);

/* Address and port: 10.0.0.1:80, [fd00::1]:80. */
void text_add_endpoint(struct buf *out, const uint8_t address[16], uint16_t port);

/* Nanoseconds since 1970 as RFC 3339 UTC with nine decimals. Years outside 0001..9999 are clamped. */
void text_add_time(struct buf *out, int64_t ns);

/* Decimal numbers: without a format to read, since a report is mostly numbers. Padded: with zeros in front up to `digits` (at most 20). */
void text_add_number(struct buf *out, uint64_t value);
void text_add_signed(struct buf *out, int64_t value);
void text_add_padded(struct buf *out, uint64_t value, size_t digits);

/* Whether an address is IPv4 (::ffff:a.b.c.d). */
bool text_is_ipv4(const uint8_t address[16]);

/* A duration in ns for a reader: "40 us", "1.2 ms", "3.50 s", "2 h 4 min"; negative durations are written as "0 s". */
void text_add_duration(struct buf *out, int64_t ns);

/* A byte count for a reader: "417 B", "12.4 kB", "3.1 MB". */
void text_add_bytes(struct buf *out, uint64_t bytes);

#endif
