/* SPDX-License-Identifier: GPL-3.0-or-later
 * conn_state: how a flow stands in Zeek's words. */
#include "flow/flow.h"
#include "flow/history.h"

/* Zeek's endpoint states, as far as conn_state asks for them. */
enum zeek { Z_INACTIVE, Z_PARTIAL, Z_SYN_SENT, Z_SYN_ACK_SENT, Z_ESTABLISHED, Z_CLOSED, Z_RESET };

static enum zeek zeek_end(const struct flow *f, enum side side)
{
	const struct tracker_end *e = &f->tracker.end[side], *p = &f->tracker.end[side_other(side)];
	bool upper = side == SIDE_CLIENT;
	bool rst = history_has(f, upper ? 'R' : 'r') || history_has(f, upper ? 'I' : 'i');
	if (rst && !(e->have_fin && p->have_fin))
		return Z_RESET;
	if (e->have_fin)
		return Z_CLOSED;
	if (f->segments[side] == 0)
		return Z_INACTIVE;
	if (!e->have_isn)
		return Z_PARTIAL;
	if (f->tracker.handshake_seen || (e->state >= TCP_ESTABLISHED && e->state <= TCP_TIME_WAIT))
		return Z_ESTABLISHED;
	return history_has(f, upper ? 'H' : 'h') ? Z_SYN_ACK_SENT : Z_SYN_SENT;
}

/* Zeek: ^?S[^HAFGIQ]*R: nothing from the originator between its SYN and its RST. */
static bool syn_then_reset(const struct flow *f)
{
	for (const char *no = "HAFGIQ"; *no != '\0'; no++)
		if (history_has(f, *no))
			return false;
	return history_has(f, 'S') && history_has(f, 'R');
}

const char *flow_conn_state(const struct flow *f)
{
	enum zeek o = zeek_end(f, SIDE_CLIENT), r = zeek_end(f, SIDE_SERVER);
	bool o_idle = o <= Z_PARTIAL, r_idle = r <= Z_PARTIAL;
	bool empty = f->bytes[0] == 0 && f->bytes[1] == 0;
	if (r == Z_RESET) {
		if (o == Z_SYN_SENT || o == Z_SYN_ACK_SENT || (o == Z_RESET && empty))
			return "REJ";
		return o_idle ? "RSTRH" : "RSTR";
	}
	if (o == Z_RESET) {
		if (r_idle)
			return syn_then_reset(f) ? "RSTOS0" : "OTH";
		return "RSTO";
	}
	if (o == Z_CLOSED && r == Z_CLOSED)
		return "SF";
	if (o == Z_CLOSED)
		return r_idle ? "SH" : "S2";
	if (r == Z_CLOSED)
		return o_idle ? "SHR" : "S3";
	if (o == Z_SYN_SENT && r == Z_INACTIVE)
		return "S0";
	return o == Z_ESTABLISHED && r == Z_ESTABLISHED ? "S1" : "OTH";
}
