/* SPDX-License-Identifier: GPL-3.0-or-later
 * kernel: tracer, socket diagnosis and keeper together. */
#include "kernel/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/tracefs.h"
#include "kernel/tracer.h"
#include "util/clock.h"

enum { ADDRESSES_MOST = 4096, FORWARDING_FILES = 2 };

#define READ_NS INT64_C(10000000)
#define ADDRESSES_NS INT64_C(5000000000)

struct kernel {
	struct tracer *tracer;  /* NULL: no tracepoints; so the journal */
	struct kernel_journal *journal;
	struct keeper *keeper;
	struct diag *diag;
	struct buf note;
	int64_t read_at, addresses_at; /* clock_ns() */
	int forwarding[FORWARDING_FILES];
};

/* --- what this machine is --- */

static void open_forwarding(struct kernel *k)
{
	static const char *const names[FORWARDING_FILES] = { "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding" };
	for (size_t i = 0; i < FORWARDING_FILES; i++)
		k->forwarding[i] = open(names[i], O_RDONLY | O_CLOEXEC);
}

static bool forwards(const struct kernel *k)
{
	for (size_t i = 0; i < FORWARDING_FILES; i++) {
		char value;
		if (k->forwarding[i] >= 0 && pread(k->forwarding[i], &value, 1, 0) == 1 && value != '0')
			return true;
	}
	return false;
}

static bool take_address(const struct sockaddr *from, uint8_t to[16])
{
	if (from == NULL)
		return false;
	if (from->sa_family == AF_INET) {
		memset(to, 0, 16);
		to[10] = to[11] = 0xff;
		memcpy(to + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
		return true;
	}
	if (from->sa_family == AF_INET6)
		memcpy(to, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
	return from->sa_family == AF_INET6;
}

static void look_at_machine(struct kernel *k)
{
	struct ifaddrs *all = NULL;
	uint8_t (*addresses)[16] = calloc(ADDRESSES_MOST, sizeof *addresses);
	size_t n = 0;
	if (addresses != NULL && getifaddrs(&all) == 0) {
		for (const struct ifaddrs *i = all; i != NULL && n < ADDRESSES_MOST; i = i->ifa_next)
			n += take_address(i->ifa_addr, addresses[n]);
		kernel_journal_addresses(k->journal, (const uint8_t (*)[16])addresses, n);
		freeifaddrs(all);
	}
	free(addresses);
	kernel_journal_forwards(k->journal, forwards(k));
}

/* --- opening --- */

/* Connections that were there before the tracepoints were. */
static void note_socket(void *context, const struct kernel_socket *socket)
{
	struct kernel *k = context;
	struct kernel_record record = socket->ends;
	record.time = kernel_journal_since(k->journal);
	kernel_journal_add(k->journal, &record);
}

static bool start_tracing(struct kernel *k, int instances, struct buf *note)
{
	struct buf name = { 0 }, missing = { 0 };
	struct kernel_scope scope = { .all_resets = false };
	buf_printf(&name, "tcpwhy-%ld", (long)getpid());
	k->keeper = keeper_start(instances, buf_text(&name));
	if (k->keeper == NULL)
		buf_printf(note, "no second process: %s", strerror(errno));
	else
		k->tracer = tracer_open(instances, buf_text(&name), note);
	buf_free(&name);
	if (k->tracer == NULL)
		return false;
	tracer_scope(k->tracer, &scope, &missing);
	if (missing.len > 0)
		buf_printf(note, "this kernel has no tracepoint %s", buf_text(&missing));
	buf_free(&missing);
	k->journal = kernel_journal_new(clock_of(CLOCK_REALTIME), &scope);
	if (k->journal == NULL) {
		buf_puts(note, "memory ran out");
		return false;
	}
	if (k->diag != NULL)
		(void)diag_all(k->diag, note_socket, k);
	look_at_machine(k);
	return true;
}

/* False: no tracepoints; what is left of them is gone. */
static bool open_tracing(struct kernel *k, struct buf *why)
{
	if (geteuid() != 0) {
		buf_puts(why, "that takes root");
		return false;
	}
	int instances = tracer_instances(why);
	if (instances < 0)
		return false;
	bool good = start_tracing(k, instances, why);
	if (!good) {
		tracer_close(k->tracer);
		k->tracer = NULL;
		kernel_journal_free(k->journal);
		k->journal = NULL;
	}
	(void)flock(instances, LOCK_UN); /* the keeper has the same descriptor */
	close(instances);
	return good;
}

struct kernel *kernel_open(void)
{
	struct kernel *k = calloc(1, sizeof *k);
	struct buf why = { 0 };
	if (k == NULL)
		return NULL;
	open_forwarding(k);
	k->diag = diag_open();
	bool traces = open_tracing(k, &why);
	if (why.len > 0)
		buf_printf(&k->note, "%s%s", traces ? "" : "what this machine's kernel itself says of resets is not to be had: ",
		           buf_text(&why));
	buf_free(&why);
	return k;
}

const char *kernel_note(const struct kernel *k)
{
	return buf_text(&k->note);
}

void kernel_close(struct kernel *k)
{
	if (k == NULL)
		return;
	tracer_close(k->tracer);
	keeper_stop(k->keeper);
	kernel_journal_free(k->journal);
	diag_close(k->diag);
	buf_free(&k->note);
	for (size_t i = 0; i < FORWARDING_FILES; i++)
		if (k->forwarding[i] >= 0)
			close(k->forwarding[i]);
	free(k);
}

/* --- asking --- */

void kernel_read(struct kernel *k, bool last)
{
	int64_t now = clock_ns();
	if (k->tracer == NULL || (now - k->read_at < READ_NS && !last))
		return;
	k->read_at = now;
	if (now - k->addresses_at >= ADDRESSES_NS) {
		k->addresses_at = now;
		look_at_machine(k);
	}
	tracer_read(k->tracer, k->journal);
}

const struct kernel_journal *kernel_journal(const struct kernel *k)
{
	return k->journal;
}

bool kernel_socket(struct kernel *k, const struct kernel_ends *ends, struct kernel_socket *socket, struct keeper_owner *owner)
{
	*owner = (struct keeper_owner){ .pid = 0 };
	if (k->diag == NULL || !diag_find(k->diag, ends, socket))
		return false;
	if (k->keeper != NULL && socket->inode != 0 && !keeper_owner(k->keeper, socket->inode, owner))
		*owner = (struct keeper_owner){ .pid = 0 };
	return true;
}

void kernel_tracing(struct buf *out)
{
	enum { FORMAT_MOST = 16 * 1024 };
	int instances = tracefs_instances();
	struct buf format = { 0 };
	if (instances < 0)
		buf_printf(out, "not to be had: %s", strerror(errno));
	else if (!tracefs_get(instances, "../events/tcp/tcp_send_reset/format", FORMAT_MOST, &format))
		buf_puts(out, "this kernel has no tracepoint tcp_send_reset");
	else
		buf_printf(out, "tcp_send_reset, %s",
		           strstr(buf_text(&format), "reason") != NULL ? "with its reason" : "without a reason (Linux 6.10 has one)");
	buf_free(&format);
	if (instances >= 0)
		close(instances);
}
