/* SPDX-License-Identifier: GPL-3.0-or-later
 * traffic: connections of known kinds between two addresses, for tests of live capture. Bounded in number and time.
 *
 *   traffic serve ADDRESS PORT [SECONDS]  serves until it is killed, so long at most (120); says "ready"
 *   traffic call ADDRESS PORT COUNT [MS]  COUNT connections, one after another, their kinds in turn, MS milliseconds between them; says how
 *                                         many of each there were
 *   traffic flood ADDRESS PORT SECONDS RATE   UDP datagrams, nominally RATE a second; says how many were sent
 *   traffic names ADDRESS PORT MS         a name server that calls every address hN.example, N the first label of the question (the
 *                                         last number of an IPv4 address), after MS milliseconds; says who was asked for */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { COUNT_MOST = 100000, RATE_MOST = 1000000, SECONDS_MOST = 600, LIFE = 120, LIFE_MOST = 100000 };

/* REFUSED: to the next port, where nobody listens. What the server is to do is told it in the first byte. */
enum kind { CLOSED, REFUSED, CLIENT_ABORT, SERVER_ABORT, KINDS };
static const char *const names[KINDS] = { "closed", "refused", "client-abort", "server-abort" };

static void fail(const char *what)
{
	fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct sockaddr_in address_of(const char *text, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	if (inet_pton(AF_INET, text, &a.sin_addr) != 1)
		fail(text);
	return a;
}

/* close() with a reset (SO_LINGER of no time). */
static void abort_connection(int fd)
{
	const struct linger now = { .l_onoff = 1 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(fd);
}

static void serve_one(int fd)
{
	char byte[1];
	if (read(fd, byte, 1) != 1) {
		close(fd);
		return;
	}
	if (byte[0] == SERVER_ABORT) {
		abort_connection(fd);
		return;
	}
	/* until the client closes or aborts */
	for (ssize_t more = write(fd, byte, 1); more > 0;)
		more = read(fd, byte, 1);
	close(fd);
}

static _Noreturn void serve(struct sockaddr_in at, unsigned life)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 128) != 0)
		fail("listen");
	puts("ready");
	fflush(stdout);
	alarm(life < LIFE_MOST ? life : LIFE_MOST);
	for (;;) {
		int one = accept(fd, NULL, NULL);
		if (one >= 0)
			serve_one(one);
	}
}

/* Whether it came out as it should. */
static int call_one(struct sockaddr_in to, enum kind kind)
{
	char byte = (char)kind;
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	if (fd < 0)
		fail("socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (kind == REFUSED)
		to.sin_port = htons((uint16_t)(ntohs(to.sin_port) + 1));
	int status = connect(fd, (struct sockaddr *)&to, sizeof to);
	if (kind == REFUSED || status != 0) {
		int good = kind == REFUSED && status != 0 && errno == ECONNREFUSED;
		close(fd);
		return good;
	}
	int good = write(fd, &byte, 1) == 1;
	ssize_t n = read(fd, &byte, 1);
	good = good && (kind == SERVER_ABORT ? n < 0 && errno == ECONNRESET : n == 1);
	if (kind == CLIENT_ABORT) {
		abort_connection(fd);
		return good;
	}
	shutdown(fd, SHUT_WR);
	if (kind == CLOSED)
		good = good && read(fd, &byte, 1) == 0;
	close(fd);
	return good;
}

static int call(struct sockaddr_in to, int count, int pause_ms)
{
	int counts[KINDS] = { 0 };
	for (int i = 0; i < count && i < COUNT_MOST; i++) {
		enum kind kind = (enum kind)(i % KINDS);
		poll(NULL, 0, pause_ms);
		if (!call_one(to, kind))
			fail(names[kind]);
		counts[kind]++;
	}
	for (int i = 0; i < KINDS; i++)
		printf("%s %d\n", names[i], counts[i]);
	return 0;
}

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int flood(struct sockaddr_in to, int seconds, int rate)
{
	static const char payload[64];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		fail("socket");
	int64_t begin = now_ns(), sent = 0, tried = 0;
	for (;;) {
		int64_t passed = now_ns() - begin;
		if (passed >= (int64_t)seconds * 1000000000)
			break;
		if (tried >= passed / 1000 * rate / 1000000) {
			nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
			continue;
		}
		tried++;
		/* refused: nobody need listen */
		sent += send(fd, payload, sizeof payload, 0) == (ssize_t)sizeof payload;
	}
	printf("%lld\n", (long long)sent);
	return 0;
}

/* Answers questions for PTR records (RFC 1035 4.1): the question is copied, its name as what is answered for. */
static _Noreturn void serve_names(struct sockaddr_in here, int delay)
{
	static const unsigned char answer[] = { 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60 };
	unsigned char m[512];
	struct sockaddr_in from;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0)
		fail("name server");
	puts("ready");
	fflush(stdout);
	alarm(LIFE);
	for (;;) {
		socklen_t size = sizeof from;
		ssize_t n = recvfrom(fd, m, 300, 0, (struct sockaddr *)&from, &size);
		if (n < 20 || m[12] == 0 || m[12] > 3)
			continue;
		printf("asked %.*s\n", m[12], (const char *)m + 13);
		fflush(stdout);
		poll(NULL, 0, delay);
		unsigned char *end = m + 12;
		while (end < m + n && *end != 0)
			end += 1 + *end;
		end += 5; /* the name's end, type and class */
		m[2] = 0x81, m[3] = 0x80, m[6] = 0, m[7] = 1, m[8] = m[9] = m[10] = m[11] = 0;
		memcpy(end, answer, sizeof answer);
		end += sizeof answer;
		end[0] = 0, end[1] = (unsigned char)(m[12] + 11);
		end[2] = (unsigned char)(m[12] + 1);
		end[3] = 'h';
		memcpy(end + 4, m + 13, m[12]);
		memcpy(end + 4 + m[12], "\7example", 9);
		end += 13 + m[12];
		sendto(fd, m, (size_t)(end - m), 0, (struct sockaddr *)&from, size);
	}
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if ((argc == 4 || argc == 5) && strcmp(argv[1], "serve") == 0)
		serve(address_of(argv[2], argv[3]), argc == 5 ? (unsigned)atoi(argv[4]) : LIFE);
	if ((argc == 5 || argc == 6) && strcmp(argv[1], "call") == 0)
		return call(address_of(argv[2], argv[3]), atoi(argv[4]), argc == 6 ? atoi(argv[5]) : 0);
	if (argc == 5 && strcmp(argv[1], "names") == 0)
		serve_names(address_of(argv[2], argv[3]), atoi(argv[4]));
	if (argc == 6 && strcmp(argv[1], "flood") == 0) {
		int seconds = atoi(argv[4]), rate = atoi(argv[5]);
		if (seconds > 0 && seconds <= SECONDS_MOST && rate > 0 && rate <= RATE_MOST)
			return flood(address_of(argv[2], argv[3]), seconds, rate);
	}
	fputs("usage: traffic serve|call|flood|names ADDRESS PORT [COUNT | SECONDS RATE | MS]\n", stderr);
	return 2;
}
