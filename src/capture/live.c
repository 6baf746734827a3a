/* SPDX-License-Identifier: GPL-3.0-or-later
 * live: an interface as a source: opening it with errors that help, reading without blocking, what the kernel dropped. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "capture/live.h"

#include <net/if.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/bpf.h"
#include "util/clock.h"
#include "util/text.h"

/* TIMEOUT_MS: how long the kernel may hold packets back to hand on many at once. */
enum { TIMEOUT_MS = 100, TICK_MS = 1000, BUFFER_KIB_MOST = 2 * 1024 * 1024 - 1, LISTED_MOST = 32 };

struct live {
	pcap_t *pcap;
	char *device;
	uint16_t link_type;
	bool nanoseconds;
	bool down;               /* as told last */
	int control;             /* socket to ask for the interface's flags by; -1 = none */
	int64_t ticked;          /* ms: when the counts were taken last */
	struct pcap_stat last;
	struct source_counts counts;
};

static int64_t now_ms(void)
{
	return clock_ns() / 1000000;
}

/* --- opening --- */

/* The names of the interfaces, in a row. */
static void add_names(struct buf *out)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all = NULL;
	unsigned n = 0;
	if (pcap_findalldevs(&all, why) != 0 || all == NULL) {
		buf_puts(out, "none were found");
		return;
	}
	for (const pcap_if_t *i = all; i != NULL && n < LISTED_MOST; i = i->next, n++) {
		buf_puts(out, n == 0 ? "" : ", ");
		text_add_printable(out, i->name, strlen(i->name));
	}
	pcap_freealldevs(all);
}

void live_library(struct buf *out)
{
	buf_puts(out, pcap_lib_version());
}

bool live_list(struct buf *out, struct buf *error)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all = NULL;
	if (pcap_findalldevs(&all, why) != 0) {
		buf_puts(error, "cannot list the interfaces: ");
		text_add_printable(error, why, strlen(why));
		return false;
	}
	for (const pcap_if_t *i = all; i != NULL; i = i->next) {
		size_t start = out->len;
		text_add_printable(out, i->name, strlen(i->name));
		do
			buf_putc(out, ' ');
		while (!out->failed && out->len - start < 16);
		buf_puts(out, (i->flags & PCAP_IF_UP) == 0 ? "down" : (i->flags & PCAP_IF_RUNNING) != 0 ? "up" : "up, no carrier");
		if ((i->flags & PCAP_IF_LOOPBACK) != 0)
			buf_puts(out, ", loopback");
		if (i->description != NULL) {
			buf_puts(out, "  ");
			text_add_printable(out, i->description, strlen(i->description));
		}
		buf_putc(out, '\n');
	}
	if (all != NULL)
		pcap_freealldevs(all);
	return true;
}

/* The program as the user may call it, for commands to copy. */
static void add_program(struct buf *out)
{
	struct buf path = { 0 };
	char part[512];
	ssize_t n = readlink("/proc/self/exe", part, sizeof part);
	if (n > 0 && (size_t)n < sizeof part)
		buf_add(&path, part, (size_t)n);
	else
		buf_puts(&path, "$(command -v tcpwhy)");
	text_add_printable(out, buf_text(&path), path.len);
	buf_free(&path);
}

static void refuse(const struct source_options *o, int status, const char *detail, enum source_refusal *refusal, struct buf *error)
{
	bool permission = status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED;
	*refusal = permission ? SOURCE_REFUSED_PERMISSION : SOURCE_REFUSED_INPUT;
	buf_puts(error, "cannot capture on ");
	text_add_printable(error, o->interface, strlen(o->interface));
	buf_puts(error, ": ");
	if (permission) {
		buf_puts(error, "no permission. Either once\n    sudo ");
		add_program(error);
		buf_puts(error, " -i ");
		text_add_printable(error, o->interface, strlen(o->interface));
		buf_puts(error, "\nor for good, for everybody who may run it:\n    sudo setcap cap_net_raw,cap_net_admin=ep ");
		add_program(error);
		return;
	}
	if (status == PCAP_ERROR_NO_SUCH_DEVICE) {
		buf_puts(error, "there is no such interface. There are: ");
		add_names(error);
		return;
	}
	if (status == PCAP_ERROR_IFACE_NOT_UP) {
		buf_puts(error, "it is down; try: sudo ip link set ");
		text_add_printable(error, o->interface, strlen(o->interface));
		buf_puts(error, " up");
		return;
	}
	const char *why = detail[0] != '\0' ? detail : pcap_statustostr(status);
	text_add_printable(error, why, strlen(why));
}

/* False: refused, told. */
static bool activate(struct live *l, const struct source_options *o, enum source_refusal *refusal, struct buf *error)
{
	uint32_t kib = o->buffer_kib < BUFFER_KIB_MOST ? o->buffer_kib : BUFFER_KIB_MOST;
	pcap_set_snaplen(l->pcap, (int)o->snaplen);
	pcap_set_promisc(l->pcap, o->promiscuous && strcmp(o->interface, "any") != 0);
	pcap_set_timeout(l->pcap, TIMEOUT_MS);
	pcap_set_buffer_size(l->pcap, (int)(kib * 1024));
	l->nanoseconds = pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
	int status = pcap_activate(l->pcap);
	if (status < 0) {
		refuse(o, status, status == PCAP_ERROR ? pcap_geterr(l->pcap) : "", refusal, error);
		return false;
	}
	l->nanoseconds = pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	l->link_type = bpf_link_type(pcap_datalink(l->pcap));
	return true;
}

static bool set_filter(struct live *l, const struct source_options *o, enum source_refusal *refusal, struct buf *error)
{
	struct bpf_program program;
	if (o->bpf == NULL)
		return true;
	if (pcap_compile(l->pcap, &program, o->bpf, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		*refusal = SOURCE_REFUSED_USAGE;
		bpf_complain(o->bpf, pcap_datalink(l->pcap), pcap_geterr(l->pcap), error);
		return false;
	}
	bool set = pcap_setfilter(l->pcap, &program) == 0;
	pcap_freecode(&program);
	if (!set)
		refuse(o, PCAP_ERROR, pcap_geterr(l->pcap), refusal, error);
	return set;
}

struct live *live_open(const struct source_options *o, enum source_refusal *refusal, struct buf *error)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct live *l = calloc(1, sizeof *l);
	*refusal = SOURCE_REFUSED_INPUT;
	if (l == NULL || (l->device = strdup(o->interface)) == NULL) {
		buf_puts(error, "out of memory");
		free(l);
		return NULL;
	}
	l->control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	l->pcap = pcap_create(o->interface, why);
	bool good = l->pcap != NULL;
	if (!good)
		refuse(o, PCAP_ERROR, why, refusal, error);
	good = good && activate(l, o, refusal, error) && set_filter(l, o, refusal, error);
	if (good && pcap_setnonblock(l->pcap, 1, why) != 0) {
		refuse(o, PCAP_ERROR, why, refusal, error);
		good = false;
	}
	if (!good) {
		live_close(l);
		return NULL;
	}
	return l;
}

void live_close(struct live *l)
{
	if (l == NULL)
		return;
	if (l->pcap != NULL)
		pcap_close(l->pcap);
	if (l->control >= 0)
		close(l->control);
	free(l->device);
	free(l);
}

/* --- reading --- */

static void add_message(struct buf *message, const char *device, const char *what)
{
	if (message->len != 0)
		buf_puts(message, "; ");
	text_add_printable(message, device, strlen(device));
	buf_puts(message, what);
}

/* libpcap waits in silence when an interface is taken down: it is asked here. */
static void look_at_interface(struct live *l, struct buf *message)
{
	struct ifreq request = { 0 };
	size_t n = strlen(l->device);
	if (l->control < 0 || n >= sizeof request.ifr_name || strcmp(l->device, "any") == 0)
		return;
	memcpy(request.ifr_name, l->device, n);
	if (ioctl(l->control, SIOCGIFFLAGS, &request) != 0)
		return; /* gone: libpcap says so */
	bool down = (request.ifr_flags & IFF_UP) == 0;
	if (down != l->down)
		add_message(message, l->device, down ? " is down: no packets until it is up again" : " is up again");
	l->down = down;
}

static void take_counts(struct live *l)
{
	struct pcap_stat stat;
	if (pcap_stats(l->pcap, &stat) != 0)
		return;
	/* libpcap counts in 32 bits */
	l->counts.received += stat.ps_recv - l->last.ps_recv;
	l->counts.dropped_kernel += stat.ps_drop - l->last.ps_drop;
	l->counts.dropped_interface += stat.ps_ifdrop - l->last.ps_ifdrop;
	l->last = stat;
}

static void tick(struct live *l, struct buf *message)
{
	int64_t now = now_ms();
	if (now - l->ticked < TICK_MS)
		return;
	l->ticked = now;
	take_counts(l);
	look_at_interface(l, message);
}

enum source_status live_next(struct live *l, struct packet *packet, struct buf *message)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int got = pcap_next_ex(l->pcap, &header, &data);
	if (got == 0) {
		tick(l, message);
		return SOURCE_WAIT;
	}
	if (got < 0) {
		take_counts(l);
		add_message(message, l->device, ": ");
		const char *why = pcap_geterr(l->pcap);
		text_add_printable(message, why, strlen(why));
		buf_puts(message, "; what was captured until then is here");
		return SOURCE_END;
	}
	*packet = (struct packet){
		.time = (int64_t)header->ts.tv_sec * 1000000000 + (int64_t)header->ts.tv_usec * (l->nanoseconds ? 1 : 1000),
		.caplen = header->caplen,
		.len = header->len > header->caplen ? header->len : header->caplen,
		.link_type = l->link_type,
		.data = data,
	};
	return SOURCE_PACKET;
}

int live_fd(const struct live *l)
{
	return pcap_get_selectable_fd(l->pcap);
}

int live_timeout(const struct live *l)
{
	const struct timeval *required = pcap_get_required_select_timeout(l->pcap);
	int64_t ms = required != NULL ? (int64_t)required->tv_sec * 1000 + required->tv_usec / 1000 : TICK_MS;
	return ms < TICK_MS ? (int)(ms > 0 ? ms : 1) : TICK_MS;
}

struct source_interface live_interface(const struct live *l)
{
	return (struct source_interface){ .name = l->device, .link_type = l->link_type, .snaplen = (uint32_t)pcap_snapshot(l->pcap) };
}

void live_counts(struct live *l, bool now, struct source_counts *counts)
{
	if (now || now_ms() - l->ticked >= TICK_MS)
		take_counts(l);
	*counts = l->counts;
}
