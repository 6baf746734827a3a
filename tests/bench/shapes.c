/* SPDX-License-Identifier: GPL-3.0-or-later
 * shapes: captures that a stranger would make to cost more than their size: so many packets of one shape on standard output, the same bytes
 * for the same arguments. Without arguments the names of the shapes, a line each.
 *
 *     shapes NUMBER SHAPE */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, TCP = 6, ICMP = 1, CLIENT = 0x0a000001, SERVER = 0xc0000201 };

struct maker {
	uint64_t time, made, wanted, random; /* microseconds; packets */
};

struct ends {
	uint32_t from, to;
	unsigned from_port, to_port;
};

static const struct ends usual = { CLIENT, SERVER, 40000, 80 };

static void put(uint8_t *at, uint32_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

static uint32_t any(struct maker *m)
{
	m->random = m->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(m->random >> 32);
}

/* An IPv4 packet in a frame of Ethernet with two VLAN tags; fragment: flags and offset, as in the header. */
static void packet(struct maker *m, struct ends e, unsigned protocol, uint32_t fragment, uint32_t vlans, const uint8_t *body, size_t n)
{
	uint8_t frame[22 + 20 + 1500] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0 }, *ip = frame + 22;
	const uint32_t length = (uint32_t)(42 + n), record[4] = { (uint32_t)(m->time / 1000000), (uint32_t)(m->time % 1000000), length, length };
	put(frame + 14, vlans & 0xfff, 2);
	put(frame + 16, 0x8100, 2);
	put(frame + 18, vlans >> 12 & 0xfff, 2);
	put(frame + 20, 0x0800, 2);
	put(ip, 0x45000000 | (uint32_t)(20 + n), 4);
	put(ip + 4, (uint32_t)m->made << 16 | fragment, 4);
	put(ip + 8, 0x40000000 | protocol << 16, 4);
	put(ip + 12, e.from, 4);
	put(ip + 16, e.to, 4);
	memcpy(ip + 20, body, n);
	fwrite(record, sizeof record, 1, stdout);
	fwrite(frame, length, 1, stdout);
	m->made++;
	m->time += 10;
}

static void segment(struct maker *m, struct ends e, unsigned flags, uint32_t seq, uint32_t ack, const char *text)
{
	uint8_t tcp[20 + 300];
	size_t n = strlen(text);
	put(tcp, (uint32_t)e.from_port << 16 | e.to_port, 4);
	put(tcp + 4, seq, 4);
	put(tcp + 8, ack, 4);
	put(tcp + 12, 0x50000000u | flags << 16 | 8192, 4);
	put(tcp + 16, 0, 4);
	memcpy(tcp + 20, text, n);
	packet(m, e, TCP, 0x4000, 0, tcp, 20 + n);
}

static struct ends back(struct ends e)
{
	return (struct ends){ e.to, e.from, e.to_port, e.from_port };
}

static struct ends numbered(uint32_t i)
{
	return (struct ends){ CLIENT, SERVER, 1024 + i % 64000, 80 + i / 64000 };
}

static void handshake(struct maker *m, struct ends e)
{
	segment(m, e, SYN, 1000, 0, "");
	segment(m, back(e), SYN | ACK, 5000, 1001, "");
	segment(m, e, ACK, 1001, 5001, "");
}

static void resets(struct maker *m)
{
	for (handshake(m, usual); m->made < m->wanted;)
		segment(m, m->made % 2 != 0 ? usual : back(usual), RST | ACK, any(m), any(m), "");
}

static void copies(struct maker *m)
{
	for (handshake(m, usual); m->made < m->wanted;)
		segment(m, back(usual), RST | ACK, 5001, 1001, "");
}

static void refused(struct maker *m)
{
	for (uint32_t i = 0; m->made < m->wanted; i++) {
		segment(m, numbered(i), SYN, 1000, 0, "");
		segment(m, back(numbered(i)), RST | ACK, 0, 1001, "");
	}
}

static void servers(struct maker *m)
{
	for (uint32_t i = 0; m->made < m->wanted; i++) {
		const struct ends e = { CLIENT, 0x0b000000 + i, 40000, 80 };
		segment(m, e, SYN, 1000, 0, "");
		segment(m, back(e), RST | ACK, 0, 1001, "");
	}
}

static void burst(struct maker *m)
{
	uint32_t n = (uint32_t)m->wanted / 4;
	for (uint32_t i = 0; i < n; i++)
		handshake(m, numbered(i));
	for (uint32_t i = 0; i < n; i++)
		segment(m, back(numbered(i)), RST | ACK, 5001, 1001, "");
}

static void reused(struct maker *m)
{
	while (m->made < m->wanted) {
		uint32_t number = any(m);
		segment(m, usual, SYN, number, 0, "");
		segment(m, back(usual), RST | ACK, 0, number + 1, "");
	}
}

static void holes(struct maker *m)
{
	handshake(m, usual);
	for (uint32_t i = 0; m->made < m->wanted; i++)
		segment(m, usual, ACK, 1001 + (i % 2 != 0 ? i : 1000000 - i) * 20, 5001, "0123456789");
	segment(m, back(usual), RST | ACK, 5001, 1001, "");
}

static void again(struct maker *m)
{
	for (handshake(m, usual); m->made < m->wanted;)
		segment(m, usual, ACK, 1001, 5001, "0123456789");
	segment(m, back(usual), RST | ACK, 5001, 1001, "");
}

static void names(struct maker *m)
{
	char request[300];
	for (uint32_t i = 0; m->made < m->wanted; i++) {
		snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %0200u.example\r\n\r\n", (unsigned)i);
		handshake(m, numbered(i));
		segment(m, numbered(i), ACK, 1001, 5001, request);
		segment(m, back(numbered(i)), RST | ACK, 5001, 1001, "");
	}
}

static void errors(struct maker *m)
{
	uint8_t icmp[8 + 28] = { 3, 1 };
	put(icmp + 8, 0x45000028, 4);
	put(icmp + 16, 0x40060000, 4);
	put(icmp + 20, CLIENT, 4);
	put(icmp + 24, SERVER, 4);
	put(icmp + 28, 40000u << 16 | 80, 4);
	put(icmp + 32, 1001, 4);
	for (handshake(m, usual); m->made < m->wanted;)
		packet(m, (struct ends){ 0x0b000000 + (uint32_t)m->made % 1000, CLIENT, 0, 0 }, ICMP, 0, 0, icmp, sizeof icmp);
	segment(m, back(usual), RST | ACK, 5001, 1001, "");
}

static void fragments(struct maker *m)
{
	static const uint8_t bytes[1400];
	while (m->made < m->wanted)
		packet(m, usual, TCP, 0x2000 | (uint32_t)m->made * 7 % 8000, 0, bytes, m->made % 2 != 0 ? 8 : sizeof bytes);
}

static void vlans(struct maker *m)
{
	uint8_t tcp[20] = { 0x9c, 0x40, 0, 80, [12] = 0x50, [13] = RST };
	while (m->made < m->wanted)
		packet(m, usual, TCP, 0x4000, (uint32_t)m->made, tcp, sizeof tcp);
}

static void backwards(struct maker *m)
{
	for (handshake(m, usual); m->made < m->wanted; m->time -= m->made % 2 != 0 ? 1000 : 0)
		segment(m, usual, ACK, 1001 + (uint32_t)m->made, 5001, "x");
	segment(m, back(usual), RST | ACK, 5001, 1001, "");
}

static const struct {
	const char *name;
	void (*make)(struct maker *m);
} shapes[] = {
	{ "resets", resets }, { "copies", copies }, { "refused", refused }, { "servers", servers }, { "burst", burst }, { "reused", reused },
	{ "holes", holes }, { "again", again }, { "names", names }, { "errors", errors }, { "fragments", fragments }, { "vlans", vlans },
	{ "backwards", backwards },
};

int main(int argc, char **argv)
{
	const uint32_t header[6] = { 0xa1b2c3d4, 0, 0, 0, 65535, 1 };
	const uint16_t version[2] = { 2, 4 };
	struct maker m = { .time = UINT64_C(1700000000000000), .wanted = argc == 3 ? strtoull(argv[1], NULL, 10) : 0 };
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		if (argc == 1)
			puts(shapes[i].name);
		if (m.wanted == 0 || strcmp(argv[2], shapes[i].name) != 0)
			continue;
		fwrite(header, 1, 4, stdout);
		fwrite(version, 1, 4, stdout);
		fwrite(header + 2, 1, 16, stdout);
		shapes[i].make(&m);
	}
	if (argc != 1 && m.made == 0)
		fputs("usage: shapes [NUMBER SHAPE]\n", stderr);
	return fflush(stdout) == 0 && (argc == 1 || m.made > 0) ? 0 : 2;
}
