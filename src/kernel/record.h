/* SPDX-License-Identifier: GPL-3.0-or-later
 * record: one thing that the kernel told of a socket. */
#ifndef TCPWHY_KERNEL_RECORD_H
#define TCPWHY_KERNEL_RECORD_H

#include <stdint.h>

/* The tracepoints that are used: EVENT(enum, group, name). */
#define KERNEL_EVENTS \
	EVENT(SENT_RESET, "tcp", "tcp_send_reset") \
	EVENT(TOOK_RESET, "tcp", "tcp_receive_reset") \
	EVENT(STATE, "sock", "inet_sock_set_state") \
	EVENT(REPEATED, "tcp", "tcp_retransmit_skb") \
	EVENT(DROPPED, "skb", "kfree_skb")

enum kernel_event {
#define EVENT(id, group, name) KERNEL_##id,
	KERNEL_EVENTS
#undef EVENT
	KERNEL_EVENT_COUNT
};

/* Linux' numbers of TCP states (include/net/tcp_states.h), which user space sees too. */
enum kernel_state { KERNEL_STATE_NONE, KERNEL_ESTABLISHED, KERNEL_SYN_SENT, KERNEL_SYN_RECV, KERNEL_FIN_WAIT1, KERNEL_FIN_WAIT2,
                    KERNEL_TIME_WAIT, KERNEL_CLOSE, KERNEL_CLOSE_WAIT, KERNEL_LAST_ACK, KERNEL_LISTEN, KERNEL_CLOSING,
                    KERNEL_NEW_SYN_RECV, KERNEL_STATE_COUNT };

/* RFC 9293's names; "no socket" for none. */
const char *kernel_state_name(unsigned state);

enum { KERNEL_COMM = 16, KERNEL_HERE = 0, KERNEL_THERE = 1 };

struct kernel_record {
	int64_t time;            /* ns since 1970 */
	uint8_t address[2][16];  /* this machine's and the other's, network order, IPv4 as ::ffff:a.b.c.d; all zero: any (a listener) */
	uint16_t port[2];
	uint8_t event;           /* enum kernel_event */
	uint8_t state;           /* enum kernel_state: of the socket; KERNEL_STATE: the new one */
	uint8_t old_state;       /* KERNEL_STATE only */
	uint8_t reason;          /* number of a name in the journal; 0: the kernel did not say */
	uint32_t pid;            /* whose system call it was; 0: nobody's (an interrupt) */
	char comm[KERNEL_COMM];  /* its name, as the process chose it: foreign text, ended by NUL; "" not known */
};

#endif
