/* SPDX-License-Identifier: GPL-3.0-or-later
 * places: what the test of two places of capture needs: a download, a link that delays and loses, and a clock that is wrong.
 *
 *   places give ADDRESS PORT BYTES        waits for one connection, sends so many bytes and closes; says "ready"; half a minute at most
 *   places take ADDRESS PORT              reads one to its end; says how many bytes came
 *   places link IFACE IFACE MS PERCENT    passes Ethernet frames on both ways after so many ms, drops PERCENT of the TCP segments; says "ready";
 *                                         when told to end by SIGTERM, how many it dropped of those from the first, and from the second
 *   places shift FILE SECONDS PPM         sets the clock of a pcap file ahead, and lets it gain from its first packet on */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LIFE = 30, HEADER = 24, RECORD = 16, FRAME = 2048, HELD = 4096, ETHER = 14, IP = 20, TCP_PROTOCOL = 6 };

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "places: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct sockaddr_in address_of(const char *text, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	if (inet_pton(AF_INET, text, &a.sin_addr) != 1)
		fail(text);
	return a;
}

static int give(struct sockaddr_in a, long bytes)
{
	static char block[1 << 16];
	int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || bind(s, (struct sockaddr *)&a, sizeof a) != 0 || listen(s, 1) != 0)
		fail("listen");
	puts("ready");
	fflush(stdout);
	int c = accept(s, NULL, NULL);
	if (c < 0)
		fail("accept");
	while (bytes > 0) {
		ssize_t n = write(c, block, bytes < (long)sizeof block ? (size_t)bytes : sizeof block);
		if (n <= 0)
			fail("write");
		bytes -= n;
	}
	close(c);
	return 0;
}

static int take(struct sockaddr_in a)
{
	static char block[1 << 16];
	long bytes = 0;
	int s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0 || connect(s, (struct sockaddr *)&a, sizeof a) != 0)
		fail("connect");
	for (ssize_t n; (n = read(s, block, sizeof block)) > 0;)
		bytes += n;
	close(s);
	printf("%ld\n", bytes);
	return 0;
}

/* Frames on their way: a ring for each direction. */
struct held {
	int64_t due;
	size_t length;
	uint8_t bytes[FRAME];
};
struct direction {
	int from, to;
	unsigned long dropped;
	size_t begin, count;
	struct held frames[HELD];
};
static struct direction directions[2];
static volatile sig_atomic_t ended;

static void end(int signo)
{
	(void)signo;
	ended = 1;
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int open_port(const char *name)
{
	int s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name) };
	if (s < 0 || a.sll_ifindex == 0 || bind(s, (struct sockaddr *)&a, sizeof a) != 0)
		fail(name);
	return s;
}

static int is_tcp(const uint8_t *frame, size_t n)
{
	return n >= ETHER + IP + 20 && frame[12] == 8 && frame[13] == 0 && frame[ETHER] == 0x45 && frame[ETHER + 9] == TCP_PROTOCOL;
}

/* The sender left it to its network card, which is none. */
static void fill_checksum(uint8_t *frame)
{
	uint8_t *ip = frame + ETHER, *tcp = ip + IP;
	size_t n = (size_t)(ip[2] << 8 | ip[3]) - IP;
	uint32_t sum = TCP_PROTOCOL + (uint32_t)n;
	tcp[16] = tcp[17] = 0;
	for (size_t i = 12; i < IP; i += 2)
		sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? tcp[i] : (uint32_t)tcp[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	tcp[16] = (uint8_t)(~sum >> 8);
	tcp[17] = (uint8_t)~sum;
}

static void take_frame(struct direction *d, int64_t delay, unsigned percent, uint32_t *seed)
{
	struct sockaddr_ll from;
	socklen_t length = sizeof from;
	struct held *h = &d->frames[(d->begin + d->count) % HELD];
	ssize_t n = recvfrom(d->from, h->bytes, sizeof h->bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
	if (n <= 0 || from.sll_pkttype == PACKET_OUTGOING)
		return;
	int tcp = is_tcp(h->bytes, (size_t)n);
	*seed = *seed * 1664525u + 1013904223u;
	if ((tcp && (*seed >> 8) % 100 < percent) || d->count == HELD) {
		d->dropped += (unsigned long)tcp;
		return;
	}
	if (tcp)
		fill_checksum(h->bytes);
	h->due = now() + delay;
	h->length = (size_t)n;
	d->count++;
}

static void pass_on(struct direction *d)
{
	while (d->count > 0 && d->frames[d->begin].due <= now()) {
		const struct held *h = &d->frames[d->begin];
		if (write(d->to, h->bytes, h->length) < 0)
			fail("pass on");
		d->begin = (d->begin + 1) % HELD;
		d->count--;
	}
}

static int run_link(const char *a, const char *b, int ms, unsigned percent)
{
	uint32_t seed = 20;
	directions[0].from = directions[1].to = open_port(a);
	directions[1].from = directions[0].to = open_port(b);
	struct pollfd fds[2] = { { .fd = directions[0].from, .events = POLLIN }, { .fd = directions[1].from, .events = POLLIN } };
	signal(SIGTERM, end);
	puts("ready");
	fflush(stdout);
	while (!ended) {
		poll(fds, 2, 1);
		for (int i = 0; i < 2; i++) {
			for (int k = 0; k < 64; k++)
				take_frame(&directions[i], (int64_t)ms * 1000000, percent, &seed);
			pass_on(&directions[i]);
		}
	}
	printf("%lu %lu\n", directions[0].dropped, directions[1].dropped);
	return 0;
}

/* Records of this machine's byte order, with micro- or nanoseconds. */
static int shift(const char *name, double seconds, double ppm)
{
	uint32_t magic, r[4];
	FILE *f = fopen(name, "r+b");
	if (f == NULL || fread(&magic, sizeof magic, 1, f) != 1 || fseek(f, HEADER, SEEK_SET) != 0)
		fail(name);
	int64_t part = magic == 0xa1b23c4d ? 1000000000 : 1000000, first = -1;
	while (fread(r, RECORD, 1, f) == 1) {
		int64_t t = (int64_t)r[0] * part + r[1];
		first = first < 0 ? t : first;
		t += (int64_t)(seconds * (double)part) + (int64_t)(ppm * 1e-6 * (double)(t - first));
		r[0] = (uint32_t)(t / part);
		r[1] = (uint32_t)(t % part);
		if (fseek(f, -RECORD, SEEK_CUR) != 0 || fwrite(r, RECORD, 1, f) != 1 || fseek(f, (long)r[2], SEEK_CUR) != 0)
			fail(name);
	}
	if (fclose(f) != 0)
		fail(name);
	return magic == 0xa1b23c4d || magic == 0xa1b2c3d4 ? 0 : 1;
}

int main(int argc, char **argv)
{
	alarm(LIFE);
	if (argc == 5 && strcmp(argv[1], "give") == 0)
		return give(address_of(argv[2], argv[3]), atol(argv[4]));
	if (argc == 4 && strcmp(argv[1], "take") == 0)
		return take(address_of(argv[2], argv[3]));
	if (argc == 6 && strcmp(argv[1], "link") == 0)
		return run_link(argv[2], argv[3], atoi(argv[4]), (unsigned)atoi(argv[5]));
	if (argc == 5 && strcmp(argv[1], "shift") == 0)
		return shift(argv[2], atof(argv[3]), atof(argv[4]));
	fputs("usage: places give ADDRESS PORT BYTES | take ADDRESS PORT | link IFACE IFACE MS PERCENT | shift FILE SECONDS PPM\n", stderr);
	return 2;
}
