/* SPDX-License-Identifier: GPL-3.0-or-later
 * bpf: expressions compiled on handles that capture nothing. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "capture/bpf.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { SNAPLEN = 256 * 1024, TYPES_MOST = 16 };

/* Where the numbers in files differ from Linux's own (pcap-linktype(7)). */
static const struct {
	uint16_t link_type;
	int dlt;
} pairs[] = { { 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW }, { 102, DLT_SLIP_BSDOS }, { 103, DLT_PPP_BSDOS }, { 106, DLT_ATM_CLIP } };
enum { PAIRS = sizeof pairs / sizeof *pairs };

int bpf_dlt(uint16_t link_type)
{
	for (size_t i = 0; i < PAIRS; i++)
		if (pairs[i].link_type == link_type)
			return pairs[i].dlt;
	return link_type;
}

uint16_t bpf_link_type(int dlt)
{
	for (size_t i = 0; i < PAIRS; i++)
		if (pairs[i].dlt == dlt)
			return pairs[i].link_type;
	return (uint16_t)dlt;
}

/* False: *why (if not NULL) gets libpcap's reason. */
static bool compile(const char *expression, int dlt, struct bpf_program *program, struct buf *why)
{
	pcap_t *dead = pcap_open_dead(dlt, SNAPLEN);
	bool good = dead != NULL && pcap_compile(dead, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!good && why != NULL)
		buf_puts(why, dead != NULL ? pcap_geterr(dead) : "out of memory");
	if (dead != NULL)
		pcap_close(dead);
	return good;
}

/* libpcap tells no place. The words before the first at which no beginning makes sense any more are right: the longest beginning that
 * does shows where. */
static size_t breaks_at(const char *expression, int dlt)
{
	size_t good = 0;
	char *copy = strdup(expression);
	if (copy == NULL)
		return 0;
	for (size_t at = 0; copy[at] != '\0';) {
		at += strspn(copy + at, " \t");
		at += strcspn(copy + at, " \t");
		char kept = copy[at];
		struct bpf_program program;
		copy[at] = '\0';
		if (compile(copy, dlt, &program, NULL)) {
			pcap_freecode(&program);
			good = at;
		}
		copy[at] = kept;
	}
	free(copy);
	return good + strspn(expression + good, " \t");
}

void bpf_complain(const char *expression, int dlt, const char *why, struct buf *error)
{
	struct buf before = { 0 };
	size_t n = strlen(expression), at = n <= 4096 ? breaks_at(expression, dlt) : 0;
	buf_puts(error, "the capture filter makes no sense to libpcap: ");
	text_add_printable(error, why, strlen(why));
	buf_puts(error, "\n  ");
	text_add_printable(error, expression, n);
	text_add_printable(&before, expression, at);
	buf_printf(error, "\n  %*s^ from here on (pcap-filter(7) has the language; flows are filtered with -e)",
	           (int)text_width(buf_text(&before), before.len), "");
	buf_free(&before);
}

struct compiled {
	uint16_t link_type;
	bool good;
	struct bpf_program program;
};

struct bpf {
	char *expression;
	size_t count;
	struct compiled types[TYPES_MOST];
};

struct bpf *bpf_new(const char *expression, struct buf *error)
{
	/* an expression may be right for one kind of link only */
	static const int common[] = { DLT_EN10MB, DLT_LINUX_SLL2, DLT_IEEE802_11_RADIO, DLT_RAW };
	struct buf why = { 0 };
	struct bpf_program program;
	bool good = false;
	for (size_t i = 0; !good && i < sizeof common / sizeof *common; i++) {
		good = compile(expression, common[i], &program, i == 0 ? &why : NULL);
		if (good)
			pcap_freecode(&program);
	}
	struct bpf *b = good ? calloc(1, sizeof *b) : NULL;
	if (b != NULL && (b->expression = strdup(expression)) == NULL) {
		free(b);
		b = NULL;
	}
	if (!good)
		bpf_complain(expression, DLT_EN10MB, buf_text(&why), error);
	else if (b == NULL)
		buf_puts(error, "out of memory");
	buf_free(&why);
	return b;
}

void bpf_free(struct bpf *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->count; i++)
		if (b->types[i].good)
			pcap_freecode(&b->types[i].program);
	free(b->expression);
	free(b);
}

static const struct compiled *compiled_for(struct bpf *b, uint16_t link_type, struct buf *message)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->types[i].link_type == link_type)
			return &b->types[i];
	if (b->count == TYPES_MOST)
		return NULL;
	struct compiled *c = &b->types[b->count++];
	struct buf why = { 0 };
	c->link_type = link_type;
	c->good = compile(b->expression, bpf_dlt(link_type), &c->program, &why);
	if (!c->good) {
		buf_printf(message, "%sthe capture filter does not fit link type %u, whose packets are left out: ", message->len != 0 ? "; " : "",
		           link_type);
		text_add_printable(message, buf_text(&why), why.len);
	}
	buf_free(&why);
	return c;
}

bool bpf_passes(struct bpf *b, const struct packet *packet, struct buf *message)
{
	const struct compiled *c = compiled_for(b, packet->link_type, message);
	const struct pcap_pkthdr header = { .caplen = packet->caplen, .len = packet->len };
	return c != NULL && c->good && pcap_offline_filter(&c->program, &header, packet->data) != 0;
}
