/* SPDX-License-Identifier: GPL-3.0-or-later
 * diag: requests and answers of inet_diag over netlink. */
#include "kernel/diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "util/endian.h"

enum { ANSWER_MOST = 64 * 1024, WAIT_US = 200000 };

struct diag {
	int fd;
	uint32_t sequence;
	uint8_t *answer;
};

struct request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
};

const char *kernel_timer_name(unsigned timer)
{
	static const char *const names[KERNEL_TIMER_COUNT] = { "none", "retransmission", "keepalive", "TIME-WAIT", "zero-window probe" };
	return names[timer < KERNEL_TIMER_COUNT ? timer : KERNEL_TIMER_NONE];
}

struct diag *diag_open(void)
{
	struct diag *d = calloc(1, sizeof *d);
	const struct timeval wait = { .tv_usec = WAIT_US };
	if (d == NULL)
		return NULL;
	d->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	d->answer = d->fd >= 0 ? malloc(ANSWER_MOST) : NULL;
	if (d->answer != NULL && setsockopt(d->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0)
		return d;
	diag_close(d);
	return NULL;
}

void diag_close(struct diag *d)
{
	if (d == NULL)
		return;
	if (d->fd >= 0)
		close(d->fd);
	free(d->answer);
	free(d);
}

static void read_end(const __be32 at[4], __be16 port, bool ipv4, struct kernel_record *ends, int end)
{
	memcpy(&ends->address[end], at, 16);
	if (ipv4) {
		memset(ends->address[end], 0, 16);
		ends->address[end][10] = ends->address[end][11] = 0xff;
		memcpy(ends->address[end] + 12, at, 4);
	}
	ends->port[end] = ntohs(port);
}

static void read_info(const uint8_t *info, size_t n, struct kernel_socket *out)
{
	size_t unsent = offsetof(struct tcp_info, tcpi_notsent_bytes), total = offsetof(struct tcp_info, tcpi_total_retrans);
	out->has_info = n >= unsent + 4 && n >= total + 4;
	if (!out->has_info)
		return;
	out->unsent = get_32(info + unsent, false);
	out->retransmits = get_32(info + total, false);
}

bool diag_read(const uint8_t *message, size_t n, struct kernel_socket *out)
{
	struct inet_diag_msg m;
	*out = (struct kernel_socket){ .timer = 0 };
	if (n < sizeof m)
		return false;
	memcpy(&m, message, sizeof m);
	if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)
		return false;
	read_end(m.id.idiag_src, m.id.idiag_sport, m.idiag_family == AF_INET, &out->ends, KERNEL_HERE);
	read_end(m.id.idiag_dst, m.id.idiag_dport, m.idiag_family == AF_INET, &out->ends, KERNEL_THERE);
	out->ends.event = KERNEL_STATE;
	out->ends.state = m.idiag_state < KERNEL_STATE_COUNT ? m.idiag_state : KERNEL_STATE_NONE;
	out->timer = m.idiag_timer < KERNEL_TIMER_COUNT ? m.idiag_timer : KERNEL_TIMER_NONE;
	out->tries = m.idiag_retrans;
	out->expires_ms = m.idiag_expires;
	out->unread = m.idiag_rqueue;
	out->unacknowledged = m.idiag_wqueue;
	out->uid = m.idiag_uid;
	out->inode = m.idiag_inode;
	for (size_t at = NLMSG_ALIGN(sizeof m); at <= n && n - at >= sizeof(struct rtattr);) {
		struct rtattr attribute;
		memcpy(&attribute, message + at, sizeof attribute);
		if (attribute.rta_len < sizeof attribute || attribute.rta_len > n - at)
			return false;
		if (attribute.rta_type == INET_DIAG_INFO)
			read_info(message + at + sizeof attribute, attribute.rta_len - sizeof attribute, out);
		at += RTA_ALIGN(attribute.rta_len);
	}
	return true;
}

static bool ask(struct diag *d, const struct inet_diag_req_v2 *body, uint16_t flags)
{
	struct request request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		            .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags), .nlmsg_seq = ++d->sequence },
		.body = *body,
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	return sendto(d->fd, &request, sizeof request, 0, (struct sockaddr *)&kernel, sizeof kernel) == (ssize_t)sizeof request;
}

enum taking { TAKING_MORE, TAKING_DONE, TAKING_FAILED };

/* The messages of one datagram; those that answer an older question are left out. */
static enum taking take(struct diag *d, size_t n, diag_visit *visit, void *context)
{
	enum taking taking = TAKING_MORE;
	for (size_t at = 0; at <= n && n - at >= sizeof(struct nlmsghdr) && taking == TAKING_MORE;) {
		struct nlmsghdr header;
		struct kernel_socket socket;
		memcpy(&header, d->answer + at, sizeof header);
		if (header.nlmsg_len < sizeof header || header.nlmsg_len > n - at)
			return TAKING_FAILED;
		bool mine = header.nlmsg_seq == d->sequence;
		if (mine && header.nlmsg_type == NLMSG_DONE)
			taking = TAKING_DONE;
		else if (mine && header.nlmsg_type == NLMSG_ERROR)
			taking = TAKING_FAILED;
		else if (mine && header.nlmsg_type == SOCK_DIAG_BY_FAMILY &&
		         diag_read(d->answer + at + sizeof header, header.nlmsg_len - sizeof header, &socket)) {
			visit(context, &socket);
			taking = header.nlmsg_flags & NLM_F_MULTI ? TAKING_MORE : TAKING_DONE;
		}
		at += NLMSG_ALIGN(header.nlmsg_len);
	}
	return taking;
}

static bool take_answers(struct diag *d, diag_visit *visit, void *context)
{
	enum taking taking = TAKING_MORE;
	while (taking == TAKING_MORE) {
		ssize_t n = recv(d->fd, d->answer, ANSWER_MOST, 0);
		taking = n > 0 ? take(d, (size_t)n, visit, context) : TAKING_FAILED;
	}
	return taking == TAKING_DONE;
}

static void keep(void *context, const struct kernel_socket *socket)
{
	*(struct kernel_socket *)context = *socket;
}

bool diag_find(struct diag *d, const struct kernel_ends *ends, struct kernel_socket *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool ipv4 = memcmp(ends->address[KERNEL_HERE], mapped, sizeof mapped) == 0;
	struct inet_diag_req_v2 body = { .sdiag_family = ipv4 ? AF_INET : AF_INET6, .sdiag_protocol = IPPROTO_TCP,
		                         .idiag_ext = 1u << (INET_DIAG_INFO - 1), .idiag_states = UINT32_MAX };
	size_t skip = ipv4 ? 12 : 0;
	memcpy(body.id.idiag_src, ends->address[KERNEL_HERE] + skip, 16 - skip);
	memcpy(body.id.idiag_dst, ends->address[KERNEL_THERE] + skip, 16 - skip);
	body.id.idiag_sport = htons(ends->port[KERNEL_HERE]);
	body.id.idiag_dport = htons(ends->port[KERNEL_THERE]);
	body.id.idiag_cookie[0] = body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	*out = (struct kernel_socket){ .timer = 0 };
	/* A listener answers where no connection has these ends. */
	return ask(d, &body, 0) && take_answers(d, keep, out) && out->ends.port[KERNEL_THERE] == ends->port[KERNEL_THERE];
}

bool diag_all(struct diag *d, diag_visit *visit, void *context)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	bool good = true;
	for (size_t i = 0; i < sizeof families; i++) {
		struct inet_diag_req_v2 body = { .sdiag_family = families[i], .sdiag_protocol = IPPROTO_TCP,
			                         .idiag_states = ~(1u << KERNEL_LISTEN | 1u << KERNEL_CLOSE | 1u << KERNEL_TIME_WAIT) };
		good = ask(d, &body, NLM_F_DUMP) && take_answers(d, visit, context) && good;
	}
	return good;
}
