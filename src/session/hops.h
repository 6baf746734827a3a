/* SPDX-License-Identifier: GPL-3.0-or-later
 * hops: flows that are one connection seen on several stretches of its way: before and after a NAT, in another VLAN, in and outside a
 * tunnel. */
#ifndef TCPWHY_SESSION_HOPS_H
#define TCPWHY_SESSION_HOPS_H

#include "session/session.h"

enum { HOPS_MOST = 4 };

/* Writes the flows of the same connection as `flow`, itself among them, the one nearest the client first, and returns how many: 1 when it
 * is the only one. The same connection: both initial sequence numbers are the same, or, where the server's is not known, the first
 * segments are one IP packet (the same identification or time stamp); within a second of each other, under other addresses or ports with a
 * lower TTL, or in other VLANs or tunnels. A middlebox that changes the initial numbers hides what it connects. */
size_t session_hops(struct session *s, uint32_t flow, uint32_t hops[HOPS_MOST]);

#endif
