/* SPDX-License-Identifier: GPL-3.0-or-later
 * endian: numbers read from bytes that need not be aligned. The caller has checked that the bytes are there. */
#ifndef TCPWHY_UTIL_ENDIAN_H
#define TCPWHY_UTIL_ENDIAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Of a known byte order. */
static inline uint16_t get_be16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static inline uint32_t get_be24(const uint8_t *p) { return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]; }
static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint16_t get_le16(const uint8_t *p) { return (uint16_t)(p[1] << 8 | p[0]); }
static inline uint32_t get_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* Of a file in the byte order of this machine or, when swapped, the other. */
static inline uint16_t get_16(const uint8_t *p, bool swapped)
{
	uint16_t value;
	memcpy(&value, p, sizeof value);
	return swapped ? __builtin_bswap16(value) : value;
}

static inline uint32_t get_32(const uint8_t *p, bool swapped)
{
	uint32_t value;
	memcpy(&value, p, sizeof value);
	return swapped ? __builtin_bswap32(value) : value;
}

static inline uint64_t get_64(const uint8_t *p, bool swapped)
{
	uint64_t value;
	memcpy(&value, p, sizeof value);
	return swapped ? __builtin_bswap64(value) : value;
}

#endif
