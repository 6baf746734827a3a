/* SPDX-License-Identifier: GPL-3.0-or-later
 * tcb: names of states and marks, and what both ends' numbers say: whether it is over, windows, what is expected next. */
#include "flow/tcb.h"

#include <string.h>

#include "flow/seq.h"

static const char *const state_names[TCP_STATE_COUNT] = {
	[TCP_CLOSED] = "CLOSED", [TCP_LISTEN] = "LISTEN", [TCP_SYN_SENT] = "SYN-SENT", [TCP_SYN_RECEIVED] = "SYN-RECEIVED",
	[TCP_ESTABLISHED] = "ESTABLISHED", [TCP_FIN_WAIT_1] = "FIN-WAIT-1", [TCP_FIN_WAIT_2] = "FIN-WAIT-2",
	[TCP_CLOSE_WAIT] = "CLOSE-WAIT", [TCP_CLOSING] = "CLOSING", [TCP_LAST_ACK] = "LAST-ACK", [TCP_TIME_WAIT] = "TIME-WAIT",
	[TCP_UNKNOWN] = "UNKNOWN",
};

static const char *const mark_names[MARK_COUNT] = {
	"retransmission", "spurious-retransmission", "out-of-order", "duplicate-ack", "keepalive", "keepalive-ack", "zero-window",
	"window-probe", "window-probe-ack", "window-update", "window-full", "challenge-ack", "hole-before", "acks-unseen", "late-data",
	"after-close", "tfo-data", "syn-retransmission", "syn-other-isn", "rst-exact", "rst-in-window", "rst-outside", "rst-unknown",
	"simultaneous-open", "duplicate",
};

const char *tcp_state_name(enum tcp_state state)
{
	return (unsigned)state < TCP_STATE_COUNT ? state_names[state] : "UNKNOWN";
}

const char *mark_name(unsigned bit_index)
{
	return bit_index < MARK_COUNT ? mark_names[bit_index] : "";
}

void tracker_init(struct tracker *t)
{
	memset(t, 0, sizeof *t);
	t->end[0].wscale = t->end[1].wscale = 255;
}

uint32_t tracker_window(const struct tracker *t, enum side of, bool *known)
{
	const struct tracker_end *e = &t->end[of], *p = &t->end[side_other(of)];
	uint32_t raw = e->window;
	*known = e->spoke;
	if (e->window_of_syn || !e->spoke)
		return raw;
	if ((e->have_isn && e->wscale == 255 && !e->options_cut) || (p->have_isn && p->wscale == 255 && !p->options_cut))
		return raw; /* RFC 7323 2.2: both must have offered it */
	if (e->wscale == 255) {
		*known = false;
		return raw;
	}
	*known = p->wscale != 255;
	return raw << (e->wscale > 14 ? 14 : e->wscale);
}

uint32_t tracker_rcv_nxt(const struct tracker *t, enum side of, bool *known)
{
	const struct tracker_end *e = &t->end[of], *p = &t->end[side_other(of)];
	*known = e->have_ack || p->have_contiguous;
	if (e->have_ack && p->have_contiguous)
		return seq_max(e->rcv_nxt, p->contiguous);
	return e->have_ack ? e->rcv_nxt : p->contiguous;
}
