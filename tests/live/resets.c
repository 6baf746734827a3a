/* SPDX-License-Identifier: GPL-3.0-or-later
 * resets: resets of many kinds by real sockets between two network namespaces, for the test of the kernel's own word. Each has a
 * server port of its own.
 *
 *   resets CLIENT-NAMESPACE SERVER-NAMESPACE open    a connection to port 7999 that stays open, 5000 bytes of it unread by the
 *                                                server, which probes it once an hour; says "ready", and ends when it is killed,
 *                                                after a minute at most
 *   resets CLIENT-NAMESPACE SERVER-NAMESPACE     makes them all; for each a line: port, emitter, mechanism, kernel's reason or "-", causes
 *                                                that are right (a|b), name */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ends.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32 };

static int closed_port(uint16_t port, bool v6)
{
	int fd;
	(void)end_connect(&fd, v6, 0, port);
	close(fd);
	return 0;
}

static int refused(uint16_t port) { return closed_port(port, false); }
static int refused6(uint16_t port) { return closed_port(port, true); }

static int linger(uint16_t port, enum end by, bool v6, bool talk)
{
	struct pair p = pair_open(port, v6);
	if (talk)
		exchange(&p);
	int *fd = by == CLIENT ? &p.client : &p.server;
	linger_none(*fd);
	close(*fd);
	*fd = -1;
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int linger_client(uint16_t port) { return linger(port, CLIENT, false, true); }
static int linger_server(uint16_t port) { return linger(port, SERVER, false, true); }
static int linger_server6(uint16_t port) { return linger(port, SERVER, true, true); }
static int linger_probe(uint16_t port) { return linger(port, CLIENT, false, false); }

static int unread(uint16_t port, enum end by, bool v6)
{
	struct pair p = pair_open(port, v6);
	exchange(&p);
	if (by == SERVER) {
		say(p.client, 400);
		wait_ms(60);
		close(p.server);
		p.server = -1;
	} else {
		say(p.client, 100);
		hear(p.server, 100);
		say(p.server, 4000);
		wait_ms(60);
		close(p.client);
		p.client = -1;
	}
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int unread_server(uint16_t port) { return unread(port, SERVER, false); }
static int unread_client(uint16_t port) { return unread(port, CLIENT, false); }
static int unread_server6(uint16_t port) { return unread(port, SERVER, true); }

static int shut_reading(uint16_t port)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	shutdown(p.server, SHUT_RD);
	say(p.client, 500);
	wait_ms(60);
	close(p.server);
	p.server = -1;
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int late(uint16_t port, bool v6, bool listening)
{
	struct pair p = pair_open(port, v6);
	exchange(&p);
	if (!listening) {
		close(p.listener);
		p.listener = -1;
	}
	close(p.server);
	p.server = -1;
	wait_ms(100);
	say(p.client, 100);
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int late_data(uint16_t port) { return late(port, false, true); }
static int late_data6(uint16_t port) { return late(port, true, false); }

/* The server's FIN-WAIT-2 lasts that long. What is beyond a minute the socket waits itself, the rest a TIME-WAIT in its place. */
static int late_in_fin_wait_2(uint16_t port, int seconds, int wait)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	setsockopt(p.server, IPPROTO_TCP, TCP_LINGER2, &seconds, sizeof seconds);
	close(p.server);
	p.server = -1;
	wait_ms(wait);
	say(p.client, 100);
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int late_data_long(uint16_t port) { return late_in_fin_wait_2(port, 90, 100); }
static int fin_wait_2_over(uint16_t port) { return late_in_fin_wait_2(port, 1, 2500); }

/* Two handshakes that end when the queue has room for one: their last segments are held back until both have begun, and then come again.
 * The second, begun with a cookie, takes the place. */
static int queue_full(uint16_t port)
{
	int client[2], listener = end_listen(SERVER, false, port, 0);
	char rule[240];
	run(SERVER, "sysctl -qw net.ipv4.tcp_abort_on_overflow=1");
	snprintf(rule, sizeof rule, "nft add table ip held && nft 'add chain ip held in { type filter hook input priority 0; }' && "
	         "nft add rule ip held in tcp dport %u 'tcp flags & (syn | ack) == ack' drop", (unsigned)port);
	run(SERVER, rule);
	for (size_t i = 0; i < 2; i++)
		(void)end_connect(&client[i], false, (uint16_t)(port + 10000 + i), port);
	run(SERVER, "nft delete table ip held");
	for (size_t i = 2; i-- > 0;) {
		struct raw last = { .from = CLIENT, .at = CLIENT, .source = (uint16_t)(port + 10000 + i), .target = port, .flags = ACK };
		numbers_of(client[i], &last.seq, &last.ack);
		send_raw(&last);
		wait_ms(50);
	}
	run(SERVER, "sysctl -qw net.ipv4.tcp_abort_on_overflow=0");
	close(client[0]);
	close(listener);
	wait_ms(50);
	close(client[1]);
	return 0;
}

/* The process has unread data when it is killed. */
static int killed(uint16_t port)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	say(p.client, 300);
	pid_t child = fork();
	if (child == 0) {
		close(p.client);
		pause();
		_exit(0);
	}
	close(p.server);
	p.server = -1;
	wait_ms(60);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int dissolved(uint16_t port)
{
	struct pair p = pair_open(port, false);
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	exchange(&p);
	connect(p.client, &none, sizeof none);
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int destroyed(uint16_t port, enum end end)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	int missing = pair_destroy(&p, end) ? 0 : 1;
	wait_ms(50);
	pair_close(&p);
	return missing;
}

static int destroyed_client(uint16_t port) { return destroyed(port, CLIENT); }
static int destroyed_server(uint16_t port) { return destroyed(port, SERVER); }

static int never_accepted(uint16_t port)
{
	int client, listener = end_listen(SERVER, false, port, 8);
	(void)end_connect(&client, false, 0, port);
	say(client, 100);
	wait_ms(60);
	close(listener);
	wait_ms(50);
	close(client);
	return 0;
}

/* TCP_LINGER2 below zero: no waiting in FIN-WAIT-2. */
static int no_fin_wait(uint16_t port, bool fin_first)
{
	struct pair p = pair_open(port, false);
	int none = -1;
	exchange(&p);
	if (fin_first) {
		shutdown(p.server, SHUT_WR);
		wait_ms(100);
	}
	setsockopt(p.server, IPPROTO_TCP, TCP_LINGER2, &none, sizeof none);
	close(p.server);
	p.server = -1;
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int no_fin_wait_1(uint16_t port) { return no_fin_wait(port, false); }
static int no_fin_wait_2(uint16_t port) { return no_fin_wait(port, true); }

static int after_own_fin(uint16_t port)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	shutdown(p.server, SHUT_WR);
	wait_ms(300);
	linger_none(p.server);
	close(p.server);
	p.server = -1;
	wait_ms(50);
	pair_close(&p);
	return 0;
}

/* The peer's packets are dropped: it answers no probe. */
static int keepalive(uint16_t port)
{
	struct pair p = pair_open(port, false);
	int on = 1, one = 1, two = 2;
	char rule[160];
	exchange(&p);
	snprintf(rule, sizeof rule, "nft add rule ip kept in tcp dport %u drop", (unsigned)port);
	run(SERVER, rule);
	setsockopt(p.server, IPPROTO_TCP, TCP_KEEPIDLE, &one, sizeof one);
	setsockopt(p.server, IPPROTO_TCP, TCP_KEEPINTVL, &one, sizeof one);
	setsockopt(p.server, IPPROTO_TCP, TCP_KEEPCNT, &two, sizeof two);
	setsockopt(p.server, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	wait_ms(4500);
	pair_close(&p);
	return 0;
}

static int forgotten(uint16_t port, bool listening)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	take_out(&p.server);
	if (!listening) {
		close(p.listener);
		p.listener = -1;
	}
	wait_ms(200);
	say(p.client, 100);
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int forgotten_listening(uint16_t port) { return forgotten(port, true); }
static int forgotten_gone(uint16_t port) { return forgotten(port, false); }

/* The client forgets the connection and makes a new one with the same ports. */
static int port_reuse(uint16_t port)
{
	struct pair p = pair_open(port, false);
	exchange(&p);
	take_out(&p.client);
	wait_ms(100);
	(void)end_connect(&p.client, false, p.client_port, port);
	int again = accept(p.listener, NULL, NULL);
	close(p.client);
	p.client = -1;
	wait_ms(50);
	close(again);
	pair_close(&p);
	return 0;
}

static int raw(uint16_t port, uint8_t flags)
{
	send_raw(&(struct raw){ .from = CLIENT, .at = CLIENT, .source = (uint16_t)(port + 10000), .target = port, .seq = 1000,
	                        .ack = (flags & ACK) != 0 ? 2000 : 0, .flags = flags });
	wait_ms(50);
	return 0;
}

static int fin_probe(uint16_t port) { return raw(port, FIN); }
static int xmas_probe(uint16_t port) { return raw(port, FIN | PSH | URG); }
static int null_probe(uint16_t port) { return raw(port, 0); }
static int ack_probe(uint16_t port) { return raw(port, ACK); }

static int ack_to_listener(uint16_t port)
{
	int listener = end_listen(SERVER, false, port, 8);
	raw(port, ACK);
	close(listener);
	return 0;
}

static int syn_scan(uint16_t port)
{
	int listener = end_listen(SERVER, false, port, 8);
	raw(port, SYN);
	close(listener);
	return 0;
}

/* A SYN/ACK for nothing, from the server's port: the client's kernel resets it. */
static int stray_synack(uint16_t port)
{
	send_raw(&(struct raw){ .from = SERVER, .at = SERVER, .source = port, .target = (uint16_t)(port + 10000), .seq = 5000, .ack = 7000,
	                        .flags = SYN | ACK });
	wait_ms(50);
	return 0;
}

/* Forged in the name of an end, by the other end's machine. */
static int forged(uint16_t port, enum end name)
{
	struct pair p = pair_open(port, false);
	uint32_t seq, ack;
	exchange(&p);
	numbers_of(name == SERVER ? p.server : p.client, &seq, &ack);
	wait_ms(100);
	send_raw(&(struct raw){ .from = name, .at = name, .source = name == SERVER ? port : p.client_port,
	                        .target = name == SERVER ? p.client_port : port, .seq = seq, .flags = RST });
	wait_ms(50);
	pair_close(&p);
	return 0;
}

static int forged_server(uint16_t port) { return forged(port, SERVER); }
static int forged_client(uint16_t port) { return forged(port, CLIENT); }

static int reject(uint16_t port)
{
	char rule[160];
	snprintf(rule, sizeof rule, "nft add rule ip kept in tcp dport %u reject with tcp reset", (unsigned)port);
	run(SERVER, rule);
	return closed_port(port, false);
}

static int reject_later(uint16_t port)
{
	struct pair p = pair_open(port, false);
	char rule[160];
	exchange(&p);
	snprintf(rule, sizeof rule, "nft add rule ip kept in tcp dport %u reject with tcp reset", (unsigned)port);
	run(SERVER, rule);
	say(p.client, 100);
	wait_ms(50);
	take_out(&p.server);
	pair_close(&p);
	return 0;
}

static const struct {
	int (*make)(uint16_t port);  /* 1: cannot be made here */
	const char *emitter, *mechanism, *reason, *causes, *name;
} kinds[] = {
	{ refused, "server", "stateless-reply", "NO_SOCKET", "refused-closed-port", "closed port" },
	{ refused6, "server", "stateless-reply", "NO_SOCKET", "refused-closed-port", "closed port, IPv6" },
	{ linger_client, "client", "abort", "TCP_STATE", "abort-linger0", "hard close by the client" },
	{ linger_server, "server", "abort", "TCP_STATE", "abort-linger0", "hard close by the server" },
	{ linger_server6, "server", "abort", "TCP_STATE", "abort-linger0", "hard close by the server, IPv6" },
	{ linger_probe, "client", "abort", "TCP_STATE", "probe-health-check|abort-linger0", "connected and reset" },
	{ unread_server, "server", "abort", "TCP_ABORT_ON_CLOSE", "abort-unread-data", "unread request" },
	{ unread_client, "client", "abort", "TCP_ABORT_ON_CLOSE", "abort-unread-data", "unread answer" },
	{ unread_server6, "server", "abort", "TCP_ABORT_ON_CLOSE", "abort-unread-data", "unread request, IPv6" },
	{ shut_reading, "server", "abort", "TCP_ABORT_ON_CLOSE", "abort-unread-data", "shutdown(SHUT_RD), then closed" },
	{ late_data, "server", "stateless-reply", "TCP_TIMEWAIT_SOCKET", "late-data-after-close", "data after the close" },
	{ late_data6, "server", "stateless-reply", "TCP_TIMEWAIT_SOCKET", "late-data-after-close", "data after the close, IPv6" },
	{ late_data_long, "server", "stateless-reply", "TCP_ABORT_ON_DATA", "late-data-after-close", "data in a long FIN-WAIT-2" },
	{ fin_wait_2_over, "server", "stateless-reply", "TCP_FLAGS", "fin-wait2-expired|late-data-after-close", "data when FIN-WAIT-2 is over" },
	{ queue_full, "server", "stateless-reply", "INVALID_SYN", "accept-overflow-abort", "accept queue full" },
	{ killed, "server", "abort", "TCP_ABORT_ON_CLOSE", "abort-process-killed|abort-unread-data", "process killed" },
	{ dissolved, "client", "abort", "TCP_STATE", "abort-api-disconnect|abort-linger0", "connect(AF_UNSPEC)" },
	{ destroyed_client, "client", "abort", "TCP_STATE", "abort-admin-kill", "ss -K on the client" },
	{ destroyed_server, "server", "abort", "TCP_STATE", "abort-admin-kill", "ss -K on the server" },
	{ never_accepted, "server", "abort", "TCP_STATE", "abort-listener-closed", "listener closed, connection waiting" },
	{ no_fin_wait_1, "server", "stateless-reply", "TCP_ABORT_ON_DATA", "abort-linger2-fin-wait2", "TCP_LINGER2 below zero, closed" },
	{ no_fin_wait_2, "server", "abort", "TCP_ABORT_ON_LINGER", "abort-linger2-fin-wait2", "FIN, then TCP_LINGER2 below zero, closed" },
	{ after_own_fin, "server", "abort", "TCP_STATE", "abort-after-own-fin", "FIN, then a hard close" },
	{ keepalive, "server", "abort", "TCP_KEEPALIVE_TIMEOUT", "keepalive-timeout", "keepalives unanswered" },
	{ forgotten_listening, "server", "stateless-reply", "TCP_FLAGS", "half-open-peer-lost-state", "state lost, service listens" },
	{ forgotten_gone, "server", "stateless-reply", "NO_SOCKET", "half-open-peer-lost-state", "state lost, service gone" },
	{ port_reuse, "client", "stateless-reply", "TCP_INVALID_ACK_SEQUENCE", "port-reuse-challenge-reset", "port reused" },
	{ fin_probe, "server", "stateless-reply", "NO_SOCKET", "stealth-scan", "FIN probe" },
	{ xmas_probe, "server", "stateless-reply", "NO_SOCKET", "stealth-scan", "Xmas probe" },
	{ null_probe, "server", "stateless-reply", "NO_SOCKET", "stealth-scan", "NULL probe" },
	{ ack_probe, "server", "stateless-reply", "NO_SOCKET", "stealth-scan|no-socket-midstream|half-open-peer-lost-state", "ACK probe" },
	{ ack_to_listener, "server", "stateless-reply", "TCP_FLAGS", "stealth-scan|no-socket-midstream|half-open-peer-lost-state",
	  "ACK to a listener" },
	{ syn_scan, "client", "stateless-reply", "NO_SOCKET", "syn-scan", "half-open scan" },
	{ stray_synack, "client", "stateless-reply", "NO_SOCKET", "synack-unexpected", "unexpected SYN/ACK" },
	{ forged_server, "middlebox", "third-party", "-", "injected-on-path", "forged in the server's name" },
	{ forged_client, "middlebox", "third-party", "-", "injected-on-path", "forged in the client's name" },
	{ reject, "server", "third-party", "-", "refused-firewall-reject", "REJECT of a SYN" },
	{ reject_later, "server", "third-party", "-", "firewall-reject-midstream", "REJECT in the middle" },
};

static int stay_open(void)
{
	struct pair p = pair_open(7999, false);
	int on = 1, hour = 3600;
	exchange(&p);
	say(p.client, 5000);
	setsockopt(p.server, IPPROTO_TCP, TCP_KEEPIDLE, &hour, sizeof hour);
	setsockopt(p.server, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	puts("ready");
	fflush(stdout);
	alarm(60);
	pause();
	return 1;
}

/* The kernel's word of a reset and its packet are milliseconds apart where this process has to wait in between for others of a busy
 * machine: it goes first, where it may. */
static void hurry(void)
{
	(void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &(struct sched_param){ .sched_priority = 1 });
}

int main(int argc, char **argv)
{
	enum { PORT = 8000 };
	if (argc != 3 && (argc != 4 || strcmp(argv[3], "open") != 0)) {
		fprintf(stderr, "usage: resets CLIENT-NAMESPACE SERVER-NAMESPACE [open]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	alarm(120);
	hurry();
	ends_open(argv[1], argv[2]);
	if (argc == 4)
		return stay_open();
	run(SERVER, "nft add table ip kept && nft 'add chain ip kept in { type filter hook input priority 0; }'");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		uint16_t port = (uint16_t)(PORT + i);
		if (kinds[i].make(port) == 0)
			printf("%u %s %s %s %s %s\n", (unsigned)port, kinds[i].emitter, kinds[i].mechanism, kinds[i].reason,
			       kinds[i].causes, kinds[i].name);
		else
			printf("%u - - - - %s\n", (unsigned)port, kinds[i].name);
		fflush(stdout);
		wait_ms(20);
	}
	return 0;
}
