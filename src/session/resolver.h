/* SPDX-License-Identifier: GPL-3.0-or-later
 * resolver: names of addresses from /etc/hosts and DNS (-N), asked for by a process of its own: nobody waits for a name server, and what
 * it answers is first read where there is nothing to be had. */
#ifndef TCPWHY_SESSION_RESOLVER_H
#define TCPWHY_SESSION_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

struct resolver;

/* Starts the process: after privileges are given up, before captures are read. NULL: *error says why. */
struct resolver *resolver_new(struct buf *error);
void resolver_free(struct resolver *r);

/* Asks for the name of an address (16 bytes, IPv4 mapped) that is not known yet and was not asked for. False: it is still open. */
bool resolver_want(struct resolver *r, const uint8_t address[16]);

/* Its name; NULL: none, or not known yet. Valid until the next resolver_take(). */
const char *resolver_name(const struct resolver *r, const uint8_t address[16]);

int resolver_fd(const struct resolver *r);   /* to poll; then resolver_take() */
bool resolver_take(struct resolver *r);      /* takes the answers that are there, without waiting. False: there were none */

#endif
