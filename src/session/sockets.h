/* SPDX-License-Identifier: GPL-3.0-or-later
 * sockets: what this machine's kernel says, now, of the sockets of a flow that is open. */
#ifndef TCPWHY_SESSION_SOCKETS_H
#define TCPWHY_SESSION_SOCKETS_H

#include "kernel/kernel.h"
#include "session/session.h"

struct session_socket {
	struct kernel_socket kernel;
	struct keeper_owner owner;   /* pid 0: not known */
};

/* The socket of the flow's side. False: the flow has ended, it is not live, or that end is not on this machine. */
bool session_socket(struct session *s, uint32_t flow, enum side side, struct session_socket *out);

/* "ESTABLISHED, sshd (812), 12 B unread, retransmission timer, try 2, in 1.2 s". Appends. */
void session_socket_describe(const struct session_socket *socket, struct buf *out);

#endif
