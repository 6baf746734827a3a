/* SPDX-License-Identifier: GPL-3.0-or-later
 * sentence: what one segment does, in a plain sentence. */
#include "ladder/ladder.h"

#include <string.h>

#include "util/text.h"

static bool opens(const struct ladder_row *r)
{
	return (r->flags & TCP_SYN) != 0;
}

static void add_options(const struct ladder_row *r, struct buf *out)
{
	const char *between = "; offers ";
	if ((r->option_bits & OPT_MSS) != 0) {
		buf_printf(out, "%sMSS %u", between, r->mss);
		between = ", ";
	}
	if ((r->option_bits & OPT_WSCALE) != 0) {
		buf_printf(out, "%swindow scale %u", between, r->wscale);
		between = ", ";
	}
	static const struct { uint16_t bit; const char *name; } names[] = {
		{ OPT_SACK_OK, "SACK" }, { OPT_TS, "timestamps" }, { OPT_MPTCP, "Multipath TCP" }, { OPT_TFO, "Fast Open" },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if ((r->option_bits & names[i].bit) != 0) {
			buf_printf(out, "%s%s", between, names[i].name);
			between = ", ";
		}
	}
}

static void say_syn(const struct ladder_row *r, struct buf *out)
{
	const char *me = ladder_row_end(r, r->from), *other = ladder_row_end(r, side_other(r->from));
	if ((r->flags & TCP_FIN) != 0) {
		buf_printf(out, "SYN and FIN together: no stack sends this; the %s probes.", me);
		return;
	}
	if ((r->marks & MARK_SYN_OTHER_ISN) != 0) {
		buf_printf(out, "%s: another initial sequence number, so it belongs to another connection of the same ports, not to this one.",
		           (r->flags & TCP_ACK) != 0 ? "SYN, ACK" : "SYN");
		return;
	}
	if ((r->flags & TCP_ACK) != 0)
		buf_printf(out, "SYN, ACK: the %s accepts and acknowledges the SYN", me);
	else if ((r->marks & MARK_SIMULTANEOUS_OPEN) != 0)
		buf_printf(out, "SYN: the %s opens too, before it got the other's SYN (simultaneous open)", me);
	else
		buf_printf(out, "SYN: the %s asks to open a connection to port %u", me, r->port[side_other(r->from)]);
	if ((r->marks & MARK_SYN_RETRANSMISSION) != 0)
		buf_printf(out, ", again: %s", (r->flags & TCP_ACK) != 0 ? "it has not got the ACK, or not taken it" :
		                                                        "it has got no answer that it takes");
	else
		add_options(r, out);
	if (r->len > 0)
		buf_printf(out, "; carries %u bytes of data already (Fast Open)", r->len);
	buf_putc(out, '.');
	if ((r->flags & TCP_ACK) != 0 && r->state_after[side_other(r->from)] == TCP_SYN_SENT)
		buf_printf(out, " The %s has not taken it yet.", other);
}

static void say_rst(const struct ladder_row *r, struct buf *out)
{
	const char *me = ladder_row_end(r, r->from), *other = ladder_row_end(r, side_other(r->from));
	/* Its address, not itself: who made it is the verdict's to say. */
	buf_printf(out, "%s from the %s's address: ", (r->flags & TCP_ACK) != 0 ? "RST, ACK" : "RST", me);
	if (r->checksum == CHECKSUM_BAD)
		buf_printf(out, "its checksum is wrong, so the %s drops it", other);
	else if ((r->marks & MARK_DUPLICATE) != 0)
		buf_puts(out, "the same packet captured a second time");
	else if ((r->marks & MARK_AFTER_CLOSE) != 0)
		buf_puts(out, "the connection was over already; it changes nothing");
	else if ((r->marks & MARK_RST_IN_WINDOW) != 0)
		buf_printf(out, "in the window but not the number that the %s expects: it must not reset, it owes a challenge ACK (RFC 5961)", other);
	else if ((r->marks & MARK_RST_OUTSIDE) != 0)
		buf_printf(out, "%s, so the %s ignores it", r->state_before[side_other(r->from)] == TCP_SYN_SENT ?
		           "it does not acknowledge the SYN" : "its number is not in the window", other);
	else if ((r->marks & MARK_RST_UNKNOWN) != 0)
		buf_printf(out, "too little was captured to tell whether the %s accepts it", other);
	else if (r->state_before[side_other(r->from)] == TCP_SYN_SENT)
		buf_printf(out, "it refuses the connection");
	else
		buf_printf(out, "it has exactly the number that the %s expects and ends the connection at once", other);
	if (r->len > 0)
		buf_printf(out, "; carries %u bytes, perhaps the reason in words", r->len);
	buf_putc(out, '.');
}

static void say_fin(const struct ladder_row *r, struct buf *out)
{
	const char *me = ladder_row_end(r, r->from), *other = ladder_row_end(r, side_other(r->from));
	if ((r->flags & TCP_ACK) == 0)
		buf_printf(out, "FIN without ACK: not part of any connection; the %s probes", me);
	else if ((r->marks & MARK_RETRANSMISSION) != 0)
		buf_printf(out, "FIN again: the %s has seen no acknowledgment of it", me);
	else if (r->state_before[r->from] == TCP_CLOSE_WAIT || r->state_after[r->from] == TCP_LAST_ACK)
		buf_printf(out, "FIN: the %s closes its direction too", me);
	else
		buf_printf(out, "FIN: the %s has no more to send; the %s may go on", me, other);
	if (r->len > 0)
		buf_printf(out, ", with the last %u bytes", r->len);
	buf_putc(out, '.');
}

/* Sentences by mark, the most telling first; %s is the sender, then the other end. */
static const struct {
	uint32_t mark;
	const char *text;
} by_mark[] = {
	{ MARK_DUPLICATE, "The same packet captured a second time." },
	{ MARK_CHALLENGE_ACK, "Challenge ACK: the %1$s got something that does not fit and names the numbers that it holds." },
	{ MARK_KEEPALIVE, "Keepalive: the %1$s asks whether the %2$s is still there." },
	{ MARK_KEEPALIVE_ACK, "ACK of the keepalive: the %1$s is still there." },
	{ MARK_WINDOW_PROBE, "Window probe: the %1$s asks whether the %2$s can take data again." },
	{ MARK_WINDOW_PROBE_ACK, "ACK of the window probe: the %1$s still cannot take data." },
};

static bool say_mark(const struct ladder_row *r, struct buf *out)
{
	const char *me = ladder_row_end(r, r->from), *other = ladder_row_end(r, side_other(r->from));
	for (size_t i = 0; i < sizeof by_mark / sizeof *by_mark; i++) {
		if ((r->marks & by_mark[i].mark) == 0)
			continue;
		for (const char *at = by_mark[i].text; *at != '\0'; at++) {
			if (*at == '%') {
				buf_puts(out, at[1] == '1' ? me : other);
				at += 3;
			} else {
				buf_putc(out, *at);
			}
		}
		return true;
	}
	return false;
}

static void say_data(const struct ladder_row *r, struct buf *out)
{
	const char *me = ladder_row_end(r, r->from), *other = ladder_row_end(r, side_other(r->from));
	struct buf app = { 0 };
	buf_printf(out, "The %s sends %u %s", me, r->len, r->len == 1 ? "byte" : "bytes");
	if (r->note.kind != APP_NONE)
		app_describe(&r->note, &app);
	if (app.len > 0)
		buf_printf(out, " (%s)", buf_text(&app));
	out->failed |= app.failed;
	buf_free(&app);
	if ((r->marks & MARK_SPURIOUS) != 0)
		buf_puts(out, " again, although they were acknowledged");
	else if ((r->marks & MARK_RETRANSMISSION) != 0)
		buf_puts(out, " again: they were lost, or their acknowledgment was");
	else if ((r->marks & MARK_OUT_OF_ORDER) != 0)
		buf_puts(out, " that later ones overtook on the way");
	if ((r->marks & MARK_LATE_DATA) != 0)
		buf_printf(out, " after the %s's FIN", other);
	if ((r->marks & MARK_WINDOW_FULL) != 0)
		buf_printf(out, "; the %s's window is full with them", other);
}

static void say_ack(const struct ladder_row *r, struct buf *out)
{
	const char *me = ladder_row_end(r, r->from), *other = ladder_row_end(r, side_other(r->from));
	if (r->state_before[side_other(r->from)] == TCP_SYN_RECEIVED && r->state_after[side_other(r->from)] == TCP_ESTABLISHED)
		buf_puts(out, "ACK of the SYN, ACK: the connection stands");
	else if (r->state_before[side_other(r->from)] != r->state_after[side_other(r->from)])
		buf_printf(out, "ACK of the %s's FIN", other);
	else if ((r->marks & MARK_DUP_ACK) != 0)
		buf_printf(out, "Duplicate ACK: something came to the %s out of order; it still waits for byte %u", me, r->ack);
	else if ((r->marks & MARK_WINDOW_UPDATE) != 0)
		buf_printf(out, "Window update: the %s can take %u bytes", me, r->window);
	else if ((r->flags & TCP_ACK) == 0)
		buf_printf(out, "A segment without ACK and SYN: not part of any connection; the %s probes", me);
	else
		buf_printf(out, "ACK: the %s has everything before byte %u", me, r->ack);
}

static void say_fold(const struct ladder_row *r, struct buf *out)
{
	buf_printf(out, "%u segments folded: client to server %u with ", r->count, r->fold_segments[SIDE_CLIENT]);
	text_add_bytes(out, r->fold_bytes[SIDE_CLIENT]);
	buf_printf(out, ", server to client %u with ", r->fold_segments[SIDE_SERVER]);
	text_add_bytes(out, r->fold_bytes[SIDE_SERVER]);
	if ((r->marks & (MARK_RETRANSMISSION | MARK_OUT_OF_ORDER | MARK_HOLE_BEFORE)) != 0)
		buf_puts(out, "; some were sent again, overtaken or not captured");
	buf_putc(out, '.');
}

void ladder_explain_row(const struct ladder_row *r, struct buf *out)
{
	if (r->kind == LADDER_FOLD) {
		say_fold(r, out);
		return;
	}
	if ((r->flags & TCP_RST) != 0) {
		say_rst(r, out);
		return;
	}
	if (say_mark(r, out))
		return;
	if (opens(r)) {
		say_syn(r, out);
	} else if ((r->flags & TCP_FIN) != 0) {
		say_fin(r, out);
	} else {
		if (r->len > 0)
			say_data(r, out);
		else
			say_ack(r, out);
		buf_putc(out, '.');
	}
	if ((r->marks & MARK_ZERO_WINDOW) != 0)
		buf_printf(out, " Its window is 0: the %s can take no more data for now.", ladder_row_end(r, r->from));
	if ((r->marks & MARK_HOLE_BEFORE) != 0)
		buf_puts(out, " Bytes before it were lost or not captured.");
	if ((r->marks & MARK_ACKS_UNSEEN) != 0)
		buf_puts(out, " It acknowledges bytes that were not captured.");
	if ((r->marks & MARK_AFTER_CLOSE) != 0)
		buf_puts(out, " The connection was over already.");
}
