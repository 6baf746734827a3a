/* SPDX-License-Identifier: GPL-3.0-or-later
 * syns: a flood of SYNs as a capture on standard output, to see what it costs: the same bytes for the same arguments.
 *
 *     syns NUMBER random     from random sources, all to one service
 *     syns NUMBER refused    the same, each answered by a reset
 *     syns NUMBER same       one connection opened again and again
 *     syns NUMBER step       sources whose low bits are all the same, as a hash without a key would not like
 *     syns NUMBER mirror     ends that are each other's complement, as a hash would not like that adds or xors those of the ends */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 16, FRAME = 54 };
enum kind { RANDOM, REFUSED, SAME, STEP, MIRROR, KINDS };

static void put_32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* RFC 9293 3.1: of a TCP header alone. */
static unsigned checksum(const uint8_t *ip, const uint8_t *tcp)
{
	uint32_t sum = 6 + 20;
	for (int i = 12; i < 20; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)tcp[i] << 8 | tcp[i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* RST,ACK in answer to the SYN of a record (RFC 9293 3.10.7.1). */
static void put_refusal(const uint8_t record[RECORD + FRAME])
{
	uint8_t answer[RECORD + FRAME], *ip = answer + RECORD + 14, *tcp = ip + 20;
	const uint8_t *syn = record + RECORD + 34;
	memcpy(answer, record, sizeof answer);
	memcpy(ip + 12, syn - 4, 4);
	memcpy(ip + 16, syn - 8, 4);
	memcpy(tcp, syn + 2, 2);
	memcpy(tcp + 2, syn, 2);
	put_32(tcp + 4, 0);
	put_32(tcp + 8, ((uint32_t)syn[4] << 24 | (uint32_t)syn[5] << 16 | (uint32_t)syn[6] << 8 | syn[7]) + 1);
	memcpy(tcp + 12, "\x50\x14\0\0\0\0\0\0", 8);
	unsigned sum = checksum(ip, tcp);
	tcp[16] = (uint8_t)(sum >> 8);
	tcp[17] = (uint8_t)sum;
	fwrite(answer, 1, sizeof answer, stdout);
}

static enum kind kind_of(const char *name)
{
	static const char *const names[KINDS] = { "random", "refused", "same", "step", "mirror" };
	unsigned kind = 0;
	while (kind < KINDS && strcmp(name, names[kind]) != 0)
		kind++;
	return kind;
}

/* The ends of the i-th SYN: addresses and ports of an IP header with TCP behind it. */
static void put_ends(uint8_t *ip, enum kind kind, uint32_t i, uint64_t random)
{
	uint32_t source = 0x0a000001, port = 0x8001;
	if (kind == RANDOM || kind == REFUSED) {
		source = (uint32_t)(random >> 32);
		port = (uint32_t)(random >> 24 & 0xff) << 8 | 1;
	} else if (kind == STEP) {
		source = i << 16 | 0x0a;
		port = 0x8000 | i >> 16;
	} else if (kind == MIRROR) {
		source = 0x0a000000 + i;
		port = 80;
	}
	put_32(ip + 12, source);
	put_32(ip + 16, kind == MIRROR ? ~source : 0xc0000201);
	put_32(ip + 20, port << 16 | 80);
}

int main(int argc, char **argv)
{
	unsigned long number = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	enum kind kind = argc == 3 ? kind_of(argv[2]) : KINDS;
	uint8_t record[RECORD + FRAME] = { 0 }, *frame = record + RECORD, *ip = frame + 14, *tcp = ip + 20;
	const uint32_t header[6] = { 0xa1b2c3d4, 0, 0, 0, 65535, 1 }, length = FRAME;
	const uint16_t version[2] = { 2, 4 };
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
	if (number == 0 || kind == KINDS) {
		fputs("usage: syns NUMBER random|refused|same|step|mirror\n", stderr);
		return 2;
	}
	fwrite(header, 1, 4, stdout);
	fwrite(version, 1, 4, stdout);
	fwrite(header + 2, 1, 16, stdout);
	memcpy(record + 8, &length, 4);
	memcpy(record + 12, &length, 4);
	memcpy(frame + 12, "\x08\x00\x45\x00\x00\x28", 6);
	memcpy(ip + 8, "\x40\x06", 2);
	memcpy(tcp + 12, "\x50\x02\xff\xff", 4);
	for (unsigned long i = 0; i < number; i++) {
		const uint32_t time[2] = { 1700000000 + (uint32_t)(i / 1000000), (uint32_t)(i % 1000000) };
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		memcpy(record, time, 8);
		put_ends(ip, kind, (uint32_t)i, random);
		put_32(tcp + 4, (uint32_t)(random >> 16));
		fwrite(record, 1, sizeof record, stdout);
		if (kind == REFUSED)
			put_refusal(record);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
