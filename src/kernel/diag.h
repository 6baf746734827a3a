/* SPDX-License-Identifier: GPL-3.0-or-later
 * diag: what the kernel says of a socket that is open now (sock_diag(7), as ss asks for it). Takes no privileges. */
#ifndef TCPWHY_KERNEL_DIAG_H
#define TCPWHY_KERNEL_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/journal.h"

enum kernel_timer { KERNEL_TIMER_NONE, KERNEL_TIMER_RETRANSMIT, KERNEL_TIMER_KEEPALIVE, KERNEL_TIMER_TIME_WAIT, KERNEL_TIMER_ZERO_WINDOW,
                    KERNEL_TIMER_COUNT };
const char *kernel_timer_name(unsigned timer);

struct kernel_socket {
	struct kernel_record ends;  /* address, port and state of it */
	uint8_t timer;              /* enum kernel_timer: which one runs */
	uint8_t tries;              /* of retransmission, keepalive or window probe that it made for this timer */
	uint32_t expires_ms;
	uint32_t unread;            /* bytes received that the process has not read; of a listener: connections that wait for accept() */
	uint32_t unacknowledged;    /* bytes written and not acknowledged yet, sent or not */
	uint32_t unsent;            /* of these, the bytes that were not even sent once; valid with has_info */
	uint32_t retransmits;       /* segments sent again in all; valid with has_info */
	bool has_info;
	uint32_t uid;
	uint64_t inode;             /* 0: no process holds it any more */
};

struct diag;

/* NULL: errno says why. */
struct diag *diag_open(void);
void diag_close(struct diag *d);

/* The socket between these ends in this network namespace. False: there is none (or it cannot be asked). */
bool diag_find(struct diag *d, const struct kernel_ends *ends, struct kernel_socket *out);

/* Calls visit with every connection that is established or closing. False: cut short. */
typedef void diag_visit(void *context, const struct kernel_socket *socket);
bool diag_all(struct diag *d, diag_visit *visit, void *context);

/* Reads one answer of n bytes (struct inet_diag_msg and attributes, in this machine's byte order). False: too short or damaged. */
bool diag_read(const uint8_t *message, size_t n, struct kernel_socket *out);

#endif
