/* SPDX-License-Identifier: GPL-3.0-or-later
 * ends: a client and a server in two network namespaces, held by one program: sockets, raw segments, commands. Whatever fails ends the
 * program with a message. */
#ifndef TCPWHY_TESTS_LIVE_ENDS_H
#define TCPWHY_TESTS_LIVE_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum end { CLIENT, SERVER };

/* The names of the namespaces; their addresses are 192.0.2.1 and .2, fd00::1 and ::2. */
void ends_open(const char *client, const char *server);

/* A connection, and the listener that it came by; -1 = closed. */
struct pair {
	int listener, client, server;
	uint16_t client_port, port;
	bool v6;
};

int end_socket(enum end end, bool v6, int type, int protocol);
int end_listen(enum end end, bool v6, uint16_t port, int backlog);
/* 0, or the error of connect(); the socket is *fd in any case. */
int end_connect(int *fd, bool v6, uint16_t from, uint16_t port);
struct pair pair_open(uint16_t port, bool v6);
/* Closes what is still open. */
void pair_close(struct pair *p);
/* Ends it at this end as ss -K does. False: this kernel cannot. */
bool pair_destroy(const struct pair *p, enum end end);

void say(int fd, size_t n);              /* sends n bytes */
void hear(int fd, size_t n);             /* reads n bytes */
void exchange(struct pair *p);           /* a request and an answer */
void linger_none(int fd);                /* close() will reset */
void take_out(int *fd);                  /* closes the socket without a word on the wire (TCP_REPAIR) */
void wait_ms(int ms);
void run(enum end end, const char *command);

/* A segment without payload from one end's raw socket; its address is the end's, or the other's when forged. Received by: the other end,
 * or for a forged one the end that it goes to. */
struct raw {
	enum end from;           /* whose address and port it bears */
	enum end at;             /* who sends it really */
	uint16_t source, target;
	uint32_t seq, ack;
	uint8_t flags;           /* TH_… */
};
void send_raw(const struct raw *raw);

/* What a socket's next sequence number is, and which it expects. */
void numbers_of(int fd, uint32_t *seq, uint32_t *ack);

#endif
