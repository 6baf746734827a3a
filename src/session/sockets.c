/* SPDX-License-Identifier: GPL-3.0-or-later
 * sockets: asking for them, and saying what they are like. */
#include "session/sockets.h"

#include <string.h>

#include "session/session_internal.h"
#include "util/text.h"

bool session_socket(struct session *s, uint32_t flow, enum side side, struct session_socket *out)
{
	const struct flow *f = flow_table_get(s->flows, flow);
	enum flow_state state = flow_state(f);
	enum side other = side_other(side);
	if (s->kernel == NULL || (state != FLOW_OPEN && state != FLOW_CLOSING && state != FLOW_HANDSHAKE))
		return false;
	const struct kernel_ends ends = { .address = { flow_address(f, side), flow_address(f, other) },
		                          .port = { flow_port(f, side), flow_port(f, other) } };
	return kernel_socket(s->kernel, &ends, &out->kernel, &out->owner);
}

static void add_bytes(struct buf *out, uint32_t bytes, const char *what)
{
	if (bytes == 0)
		return;
	buf_puts(out, ", ");
	text_add_bytes(out, bytes);
	buf_puts(out, what);
}

void session_socket_describe(const struct session_socket *socket, struct buf *out)
{
	const struct kernel_socket *k = &socket->kernel;
	buf_puts(out, kernel_state_name(k->ends.state));
	if (socket->owner.pid != 0) {
		buf_puts(out, ", ");
		text_add_printable(out, socket->owner.comm, strlen(socket->owner.comm));
		buf_printf(out, " (%u)", (unsigned)socket->owner.pid);
	} else if (k->inode == 0) {
		buf_puts(out, ", no process holds it");
	}
	add_bytes(out, k->unread, " unread");
	add_bytes(out, k->unacknowledged, " unacknowledged");
	if (k->has_info) {
		add_bytes(out, k->unsent, " of them unsent");
		if (k->retransmits > 0)
			buf_printf(out, ", %u retransmitted", (unsigned)k->retransmits);
	}
	if (k->timer == KERNEL_TIMER_NONE)
		return;
	buf_printf(out, ", %s timer", kernel_timer_name(k->timer));
	if (k->tries > 0)
		buf_printf(out, ", try %u", (unsigned)k->tries);
	buf_puts(out, ", in ");
	text_add_duration(out, (int64_t)k->expires_ms * 1000000);
}
