/* SPDX-License-Identifier: GPL-3.0-or-later
 * loop: the yardstick of the benchmarks: libpcap reads a capture and does nothing with it. Prints the number of packets. */
#include <stdio.h>

#include <pcap/pcap.h>

static void count(unsigned char *packets, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
	(void)header, (void)bytes;
	++*(unsigned long long *)(void *)packets;
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	unsigned long long packets = 0;
	if (argc != 2) {
		fputs("usage: loop CAPTURE\n", stderr);
		return 2;
	}
	pcap_t *p = pcap_open_offline(argv[1], error);
	if (p == NULL) {
		fprintf(stderr, "loop: %s\n", error);
		return 1;
	}
	int status = pcap_loop(p, -1, count, (unsigned char *)&packets);
	pcap_close(p);
	printf("%llu\n", packets);
	return status == 0 ? 0 : 1;
}
