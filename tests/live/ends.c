/* SPDX-License-Identifier: GPL-3.0-or-later
 * ends: sockets of two namespaces by setns(). */
#include "ends.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int spaces[2];

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "resets: %s: %s\n", what, strerror(errno));
	exit(1);
}

void ends_open(const char *client, const char *server)
{
	const char *const names[2] = { client, server };
	for (int i = 0; i < 2; i++) {
		char path[256];
		snprintf(path, sizeof path, "/run/netns/%s", names[i]);
		spaces[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (spaces[i] < 0)
			fail(path);
	}
}

static void enter(enum end end)
{
	if (setns(spaces[end], CLONE_NEWNET) != 0)
		fail("setns");
}

int end_socket(enum end end, bool v6, int type, int protocol)
{
	enter(end);
	int fd = socket(v6 ? AF_INET6 : AF_INET, type, protocol), on = 1;
	if (fd < 0)
		fail("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static socklen_t address(enum end end, bool v6, uint16_t port, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof *out);
	if (v6) {
		struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
		a.sin6_addr.s6_addr[0] = 0xfd;
		a.sin6_addr.s6_addr[15] = (uint8_t)(end + 1);
		memcpy(out, &a, sizeof a);
		return sizeof a;
	}
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0xc0000201u + end) };
	memcpy(out, &a, sizeof a);
	return sizeof a;
}

int end_listen(enum end end, bool v6, uint16_t port, int backlog)
{
	struct sockaddr_storage a;
	socklen_t n = address(end, v6, port, &a);
	int fd = end_socket(end, v6, SOCK_STREAM, 0);
	if (bind(fd, (struct sockaddr *)&a, n) != 0 || listen(fd, backlog) != 0)
		fail("listen");
	return fd;
}

int end_connect(int *fd, bool v6, uint16_t from, uint16_t port)
{
	struct sockaddr_storage mine, theirs;
	socklen_t n = address(CLIENT, v6, from, &mine);
	address(SERVER, v6, port, &theirs);
	*fd = end_socket(CLIENT, v6, SOCK_STREAM, 0);
	if (from != 0 && bind(*fd, (struct sockaddr *)&mine, n) != 0)
		fail("bind");
	return connect(*fd, (struct sockaddr *)&theirs, n) == 0 ? 0 : errno;
}

struct pair pair_open(uint16_t port, bool v6)
{
	struct pair p = { .listener = end_listen(SERVER, v6, port, 8), .port = port, .client_port = (uint16_t)(port + 10000), .v6 = v6 };
	if ((errno = end_connect(&p.client, v6, p.client_port, port)) != 0)
		fail("connect");
	p.server = accept(p.listener, NULL, NULL);
	if (p.server < 0)
		fail("accept");
	return p;
}

void pair_close(struct pair *p)
{
	int *const fds[] = { &p->client, &p->server, &p->listener };
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

bool pair_destroy(const struct pair *p, enum end end)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 body;
	} request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_type = SOCK_DESTROY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.body = { .sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = UINT32_MAX },
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char quoted[512];
	} answer;
	uint32_t addresses[2] = { htonl(0xc0000201), htonl(0xc0000202) };
	request.body.id.idiag_src[0] = addresses[end];
	request.body.id.idiag_dst[0] = addresses[!end];
	request.body.id.idiag_sport = htons(end == CLIENT ? p->client_port : p->port);
	request.body.id.idiag_dport = htons(end == CLIENT ? p->port : p->client_port);
	request.body.id.idiag_cookie[0] = request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	int other = end_socket(end, false, SOCK_STREAM, 0); /* enters the namespace */
	int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);
	bool good = fd >= 0 && send(fd, &request, sizeof request, 0) > 0 && recv(fd, &answer, sizeof answer, 0) > 0 &&
	            answer.header.nlmsg_type == NLMSG_ERROR && answer.error.error == 0;
	close(fd);
	close(other);
	return good;
}

void say(int fd, size_t n)
{
	static const char bytes[65536];
	if (send(fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n && errno != EPIPE && errno != ECONNRESET)
		fail("send");
}

void hear(int fd, size_t n)
{
	char bytes[65536];
	if (recv(fd, bytes, n, MSG_WAITALL) != (ssize_t)n)
		fail("recv");
}

void exchange(struct pair *p)
{
	say(p->client, 200);
	hear(p->server, 200);
	say(p->server, 300);
	hear(p->client, 300);
	wait_ms(60); /* delayed acknowledgments are out */
}

void linger_none(int fd)
{
	const struct linger now = { .l_onoff = 1 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void take_out(int *fd)
{
	int on = 1;
	if (setsockopt(*fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0)
		fail("TCP_REPAIR");
	close(*fd);
	*fd = -1;
}

void wait_ms(int ms)
{
	const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	nanosleep(&t, NULL);
}

void run(enum end end, const char *command)
{
	enter(end);
	if (system(command) != 0) /* of this test's own, in a namespace of its own */
		fail(command);
}

static uint16_t checksum(const uint8_t *bytes, size_t n)
{
	uint32_t sum = 0;
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void send_raw(const struct raw *raw)
{
	struct sockaddr_storage from, to;
	address(raw->from, false, 0, &from);
	address(raw->from == CLIENT ? SERVER : CLIENT, false, 0, &to);
	const struct sockaddr_in *source = (void *)&from, *target = (void *)&to;
	struct iphdr ip = { .version = 4, .ihl = 5, .tot_len = htons(40), .ttl = 63, .protocol = IPPROTO_TCP,
		            .saddr = source->sin_addr.s_addr, .daddr = target->sin_addr.s_addr, .id = htons(4711) };
	struct tcphdr tcp = { .source = htons(raw->source), .dest = htons(raw->target), .seq = htonl(raw->seq), .ack_seq = htonl(raw->ack),
		              .doff = 5, .window = htons(1000) };
	uint8_t sum[32] = { 0 }, packet[40];
	uint8_t *flags = (uint8_t *)&tcp + 13;
	*flags = raw->flags;
	memcpy(sum, &ip.saddr, 4);
	memcpy(sum + 4, &ip.daddr, 4);
	sum[9] = IPPROTO_TCP;
	sum[11] = sizeof tcp;
	memcpy(sum + 12, &tcp, sizeof tcp);
	tcp.check = htons(checksum(sum, sizeof sum));
	memcpy(packet, &ip, sizeof ip);
	memcpy(packet + sizeof ip, &tcp, sizeof tcp);
	int fd = end_socket(raw->at, false, SOCK_RAW, IPPROTO_RAW);
	if (sendto(fd, packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof(struct sockaddr_in)) != (ssize_t)sizeof packet)
		fail("sendto");
	close(fd);
}

void numbers_of(int fd, uint32_t *seq, uint32_t *ack)
{
	int on = 1, off = -1, queue = 2 /* TCP_SEND_QUEUE */;
	socklen_t n = sizeof *seq;
	bool good = setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) == 0 &&
	            setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) == 0 &&
	            getsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, seq, &n) == 0;
	queue = 1; /* TCP_RECV_QUEUE */
	good = good && setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) == 0 &&
	       getsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, ack, &n) == 0 && setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &off, sizeof off) == 0;
	if (!good)
		fail("TCP_REPAIR");
}
