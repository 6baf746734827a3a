/* SPDX-License-Identifier: GPL-3.0-or-later
 * savefile: a file that libpcap reads, as a row of packets. */
#ifdef HAVE_CONFIG_H
#include "config.h" /* _GNU_SOURCE, for F_DUPFD_CLOEXEC */
#endif

#include "capture/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/bpf.h"
#include "capture/pcap.h"
#include "util/text.h"

struct savefile {
	pcap_t *pcap;
};

/* A stream over a descriptor of its own, which libpcap closes. */
static FILE *stream_of(int fd, struct buf *why)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *stream = own >= 0 && lseek(own, 0, SEEK_SET) == 0 ? fdopen(own, "rb") : NULL;
	if (stream == NULL) {
		buf_puts(why, strerror(errno));
		if (own >= 0)
			close(own);
	}
	return stream;
}

struct savefile *savefile_open(int fd, struct buf *why)
{
	char said[PCAP_ERRBUF_SIZE] = "";
	struct savefile *f = malloc(sizeof *f);
	if (f == NULL) {
		buf_puts(why, "out of memory");
		return NULL;
	}
	FILE *stream = stream_of(fd, why);
	f->pcap = stream != NULL ? pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, said) : NULL;
	if (f->pcap != NULL)
		return f;
	text_add_printable(why, said, strlen(said));
	if (stream != NULL)
		fclose(stream);
	free(f);
	return NULL;
}

void savefile_close(struct savefile *f)
{
	if (f == NULL)
		return;
	pcap_close(f->pcap);
	free(f);
}

enum source_status savefile_next(struct savefile *f, struct packet *packet, struct buf *why)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int got = pcap_next_ex(f->pcap, &header, &data);
	if (got == PCAP_ERROR_BREAK)
		return SOURCE_END;
	if (got != 1) {
		const char *said = pcap_geterr(f->pcap);
		text_add_printable(why, said, strlen(said));
		return SOURCE_DAMAGED;
	}
	/* Unsigned: a time that no capture has may come round, but is no undefined behaviour. */
	uint64_t time = (uint64_t)header->ts.tv_sec * 1000000000 + (uint64_t)header->ts.tv_usec;
	*packet = (struct packet){
		.time = (int64_t)time,
		.caplen = header->caplen < CAPTURE_LARGEST_PACKET ? header->caplen : CAPTURE_LARGEST_PACKET,
		.len = header->len > header->caplen ? header->len : header->caplen,
		.link_type = bpf_link_type(pcap_datalink(f->pcap)),
		.data = data,
	};
	return SOURCE_PACKET;
}

uint64_t savefile_done(const struct savefile *f)
{
	off_t at = ftello(pcap_file(f->pcap));
	return at > 0 ? (uint64_t)at : 0;
}

struct source_interface savefile_interface(const struct savefile *f)
{
	return (struct source_interface){ .link_type = bpf_link_type(pcap_datalink(f->pcap)), .snaplen = (uint32_t)pcap_snapshot(f->pcap) };
}
