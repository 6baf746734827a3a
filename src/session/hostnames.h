/* SPDX-License-Identifier: GPL-3.0-or-later
 * hostnames: names of addresses, bounded: what a capture says of them itself, and what was asked for. */
#ifndef TCPWHY_SESSION_HOSTNAMES_H
#define TCPWHY_SESSION_HOSTNAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/names.h"

/* Zero-initialise; then hostnames_free(). */
struct hostnames {
	struct hostname_slot *slots; /* open addressing */
	size_t slot_count, used;
	struct names texts;
	uint64_t seed;
};

void hostnames_free(struct hostnames *h);

/* Notes the name of an address (16 bytes, IPv4 mapped): any bytes, kept printable. n = 0: it has none. What is known already
 * stays; beyond its bound (65,536 addresses) nothing is taken. */
void hostnames_put(struct hostnames *h, const uint8_t address[16], const char *name, size_t n);

/* False: nothing is known of the address. Else *name is its name, NULL when it has none. Valid until the next hostnames_put(). */
bool hostnames_get(const struct hostnames *h, const uint8_t address[16], const char **name);

#endif
