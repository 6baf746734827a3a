/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_sockets: client_kernel_… and server_kernel_… of a flow line. */
#include "report/report_sockets.h"

#include <string.h>

#include "session/sockets.h"
#include "util/text.h"

/* Keys that each side has, in the order of enum side. */
typedef const char *const sided[2];

static void put_socket(struct report *r, struct json *j, const struct session_socket *socket, enum side side)
{
	static sided state = { "client_kernel_state", "server_kernel_state" }, pid = { "client_kernel_pid", "server_kernel_pid" };
	static sided process = { "client_kernel_process", "server_kernel_process" };
	static sided unread = { "client_kernel_unread", "server_kernel_unread" };
	static sided unacknowledged = { "client_kernel_unacknowledged", "server_kernel_unacknowledged" };
	static sided unsent = { "client_kernel_unsent", "server_kernel_unsent" };
	static sided retransmissions = { "client_kernel_retransmissions", "server_kernel_retransmissions" };
	static sided timer = { "client_kernel_timer", "server_kernel_timer" };
	const struct kernel_socket *k = &socket->kernel;
	json_text(j, state[side], kernel_state_name(k->ends.state));
	if (socket->owner.pid != 0) {
		json_unsigned(j, pid[side], socket->owner.pid);
		buf_clear(&r->scratch);
		text_add_printable(&r->scratch, socket->owner.comm, strlen(socket->owner.comm));
		if (r->scratch.len > 0)
			json_text(j, process[side], buf_text(&r->scratch));
	}
	json_unsigned(j, unread[side], k->unread);
	json_unsigned(j, unacknowledged[side], k->unacknowledged);
	if (k->has_info) {
		json_unsigned(j, unsent[side], k->unsent);
		json_unsigned(j, retransmissions[side], k->retransmits);
	}
	if (k->timer != KERNEL_TIMER_NONE)
		json_text(j, timer[side], kernel_timer_name(k->timer));
}

void report_json_sockets(struct report *r, struct json *j, struct session *s, uint32_t flow)
{
	struct session_socket socket;
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if (session_socket(s, flow, side, &socket))
			put_socket(r, j, &socket, side);
}
