/* SPDX-License-Identifier: GPL-3.0-or-later
 * keeper: a small process that stays root when the program gives its privileges up. It removes the program's trace instance when the
 * program is gone, however that ends, and says which process holds a socket. It reads no packet: all that it takes is a number. */
#ifndef TCPWHY_KERNEL_KEEPER_H
#define TCPWHY_KERNEL_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/record.h"

struct keeper;

/* Starts it. instances: descriptor of tracefs' folder of instances, in which it removes `name` at the end; -1 = none. NULL: errno says
 * why. */
struct keeper *keeper_start(int instances, const char *name);

/* Tells it to end and waits a moment for that. NULL does nothing. */
void keeper_stop(struct keeper *k);

struct keeper_owner {
	uint32_t pid;            /* 0: no process holds it */
	char comm[KERNEL_COMM];  /* foreign text, ended by NUL */
};

/* Which process holds the socket with this inode number, one of them if several do. False: no answer in good time. */
bool keeper_owner(struct keeper *k, uint64_t inode, struct keeper_owner *owner);

#endif
