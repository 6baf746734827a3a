/* SPDX-License-Identifier: GPL-3.0-or-later
 * comm: names of processes that made events: the kernel's list of those it traced lately. Internal to kernel/. */
#ifndef TCPWHY_KERNEL_COMM_H
#define TCPWHY_KERNEL_COMM_H

#include "kernel/journal.h"

struct comm_reader;

/* instance: a trace instance's folder. NULL: there is no such list. */
struct comm_reader *comm_open(int instance);
void comm_close(struct comm_reader *c);

/* Gives the records of the last moments their names, as far as they are known. */
void comm_fill(struct comm_reader *c, struct kernel_journal *j, int64_t now);

/* Finds the name of a process in the list: lines "PID NAME". False: it is not in there. */
bool comm_find(const char *list, size_t n, uint32_t pid, char comm[KERNEL_COMM]);

#endif
