/* SPDX-License-Identifier: GPL-3.0-or-later
 * flows: writes a capture for measurements: connections between a few hundred hosts, interleaved, the same bytes for the same arguments.
 * Ten in each dozen have a handshake, requests, answers and an end by FIN; one is aborted, one is refused. Headers only. With RESETS there is
 * one more connection, whose server answers so many requests with a reset each. Packets follow one another by
 * 7 us, or STEP. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYN = 2, RST = 4, ACK = 16, FIN = 1, PSH = 8, ACTIVE = 64, FRAME = 54, SNAPPED = 96, ROUNDS_MOST = 8 };

struct connection {
	unsigned number, step, rounds;
	uint32_t client_seq, server_seq;
};

struct clock {
	uint64_t us, step;
};

static void put_16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put_32(uint8_t *p, uint32_t v)
{
	put_16(p, v >> 16);
	put_16(p + 2, v & 0xffff);
}

static void put_host_32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, sizeof v);
}

/* RFC 1071, over n bytes (even) and what was summed up before. */
static unsigned checksum(const uint8_t *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* One record: Ethernet, IPv4, TCP and what the snaplen leaves of the payload. */
static void put_segment(FILE *out, struct clock *clock, const struct connection *c, int from_server, uint32_t seq, uint32_t ack, unsigned flags,
                        unsigned payload)
{
	uint8_t record[16 + SNAPPED] = { 0 }, *ip = record + 16 + 14, *tcp = ip + 20;
	unsigned size = FRAME + payload, kept = size < SNAPPED ? size : SNAPPED;
	clock->us += clock->step;
	put_host_32(record, 1700000000 + (uint32_t)(clock->us / 1000000));
	put_host_32(record + 4, (uint32_t)(clock->us % 1000000));
	put_host_32(record + 8, kept);
	put_host_32(record + 12, size);
	record[16] = record[22] = 2;
	record[21 + 6 * from_server] = 1;
	put_16(record + 28, 0x0800);
	ip[0] = 0x45;
	put_16(ip + 2, 40 + payload);
	put_16(ip + 4, c->number * 8 + c->step);
	ip[6] = 0x40;
	ip[8] = from_server ? 60 : 64;
	ip[9] = 6;
	put_32(ip + (from_server ? 16 : 12), 0x0a000000 + 1 + c->number % 97);
	put_32(ip + (from_server ? 12 : 16), 0x0a010000 + 1 + c->number % 61);
	put_16(tcp + 2 * from_server, 1024 + c->number / 97 % 60000);
	put_16(tcp + 2 - 2 * from_server, 80 + c->number % 7);
	put_32(tcp + 4, seq);
	put_32(tcp + 8, ack);
	tcp[12] = 0x50;
	tcp[13] = (uint8_t)flags;
	put_16(tcp + 14, 64240);
	put_16(tcp + 16, checksum(ip + 12, 28, 6 + 20 + payload)); /* pseudo header and header; payload is zeros */
	put_16(ip + 10, checksum(ip, 20, 0));
	fwrite(record, 1, 16 + kept, out);
}

/* The next segment of a connection; 0 when there is none after it. */
static int advance(FILE *out, struct clock *clock, struct connection *c)
{
	unsigned kind = c->number % 12, step = c->step++, last = 3 + 3 * c->rounds;
	uint32_t *a = &c->client_seq, *b = &c->server_seq;
	if (step == 0) {
		put_segment(out, clock, c, 0, (*a)++, 0, SYN, 0);
	} else if (step == 1 && kind == 5) {
		put_segment(out, clock, c, 1, 0, *a, RST | ACK, 0);
		return 0;
	} else if (step == 1) {
		put_segment(out, clock, c, 1, (*b)++, *a, SYN | ACK, 0);
	} else if (step == 2) {
		put_segment(out, clock, c, 0, *a, *b, ACK, 0);
	} else if (step < last && step % 3 == 0) {
		put_segment(out, clock, c, 0, *a, *b, ACK | PSH, 300);
		*a += 300;
	} else if (step < last && step % 3 == 1) {
		put_segment(out, clock, c, 1, *b, *a, ACK | PSH, 1400);
		*b += 1400;
	} else if (step < last) {
		put_segment(out, clock, c, 0, *a, *b, ACK, 0);
	} else if (kind == 11) {
		put_segment(out, clock, c, 1, *b, *a, RST | ACK, 0);
		return 0;
	} else if (step == last) {
		put_segment(out, clock, c, 0, (*a)++, *b, FIN | ACK, 0);
	} else if (step == last + 1) {
		put_segment(out, clock, c, 1, (*b)++, *a, FIN | ACK, 0);
	} else {
		put_segment(out, clock, c, 0, *a, *b, ACK, 0);
		return 0;
	}
	return 1;
}

static void put_storm(FILE *out, struct clock *clock, unsigned number, unsigned long resets)
{
	struct connection c = { .number = number, .rounds = 1, .client_seq = 1, .server_seq = 1 };
	for (unsigned i = 0; i < 3; i++)
		advance(out, clock, &c);
	for (unsigned long i = 0; i < resets; i++) {
		put_segment(out, clock, &c, 0, c.client_seq, c.server_seq, ACK | PSH, 20);
		c.client_seq += 20;
		put_segment(out, clock, &c, 1, c.server_seq, c.client_seq, RST | ACK, 0);
	}
}

int main(int argc, char **argv)
{
	struct connection active[ACTIVE] = { 0 };
	unsigned long flows = argc >= 3 ? strtoul(argv[1], NULL, 10) : 0, resets = argc >= 4 ? strtoul(argv[3], NULL, 10) : 0;
	FILE *out = flows > 0 && flows < 1000000000 && argc <= 5 ? fopen(argv[2], "wb") : NULL;
	if (out == NULL) {
		fputs("usage: flows NUMBER FILE [RESETS [STEP]]\n", stderr);
		return 2;
	}
	uint8_t header[24] = { [0] = 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = SNAPPED, [20] = 1 };
	struct clock clock = { 0, argc == 5 ? strtoul(argv[4], NULL, 10) : 7 };
	unsigned next = 0, living = 0;
	put_host_32(header, 0xa1b2c3d4);
	fwrite(header, 1, sizeof header, out);
	for (unsigned at = 0; next < flows || living > 0; at = (at + 7) % ACTIVE) {
		struct connection *c = &active[at];
		if (c->rounds == 0 && next < flows) {
			*c = (struct connection){ next, 0, 1 + next * 5 % ROUNDS_MOST, next * 2654435761u, next * 2246822519u + 1 };
			next++;
			living++;
		}
		if (c->rounds != 0 && !advance(out, &clock, c)) {
			c->rounds = 0;
			living--;
		}
	}
	if (resets > 0)
		put_storm(out, &clock, (unsigned)flows * 12 + 1, resets);
	return fclose(out) == 0 ? 0 : 1;
}
