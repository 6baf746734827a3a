/* SPDX-License-Identifier: GPL-3.0-or-later
 * preview: the why of the selected flow. */
#include "ui/preview.h"

#include <stdlib.h>

#include "util/text.h"

/* "Client: 12 segments, 3.1 kB, 2 sent again" */
static void add_side(const struct flow_table *table, const struct flow *f, enum side side, struct buf *out)
{
	const struct flow_detail *d = flow_table_detail(table, f, side);
	const struct { uint32_t count; const char *what; } rare[] = {
		{ d->retransmissions, "sent again" }, { d->out_of_order, "out of order" }, { d->duplicate_acks, "duplicate ACKs" },
		{ d->zero_windows, "with window 0" }, { d->keepalives, "keepalives" },
	};

	buf_printf(out, "%s: %u segment%s, ", side == SIDE_CLIENT ? "Client" : "Server", f->segments[side], f->segments[side] == 1 ? "" : "s");
	text_add_bytes(out, f->bytes[side]);
	for (size_t i = 0; i < sizeof rare / sizeof rare[0]; i++)
		if (rare[i].count > 0)
			buf_printf(out, ", %u %s", rare[i].count, rare[i].what);
	buf_putc(out, '\n');
}

static void add_times(const struct flow *f, struct buf *out)
{
	if (f->last == f->first)
		return;
	buf_puts(out, "Within ");
	text_add_duration(out, f->last - f->first);
	if (f->tracker.rtt_us > 0) {
		buf_puts(out, "; handshake ");
		text_add_duration(out, (int64_t)f->tracker.rtt_us * 1000);
	}
	buf_putc(out, '\n');
}

/* What routers and hosts on the way had to say. */
static void add_icmp(const struct flow_table *table, uint32_t flow, struct buf *out)
{
	struct icmp_note notes[4];
	size_t n = flow_table_icmp_notes(table, flow, notes, sizeof notes / sizeof notes[0]);

	for (size_t i = 0; i < n; i++) {
		text_add_address(out, notes[i].from);
		buf_printf(out, " answered with an ICMP error: type %u, code %u (frame %llu)\n", notes[i].type, notes[i].code,
		           (unsigned long long)notes[i].frame);
	}
}

void preview_no_reset(const struct flow_table *table, uint32_t flow, struct buf *out)
{
	static const char *const sentences[FLOW_STATE_COUNT] = {
		[FLOW_HANDSHAKE] = "No reset. The handshake was not completed in this capture.",
		[FLOW_OPEN] = "No reset. The connection is still open at the end of the capture.",
		[FLOW_CLOSING] = "No reset. One side has closed; the other has not yet.",
		[FLOW_CLOSED] = "No reset. Both sides closed the connection in order.",
		[FLOW_REFUSED] = "No reset captured, though the connection was refused.",
		[FLOW_RESET] = "The connection was reset.",
		[FLOW_UNANSWERED] = "No reset. The SYN was never answered: no host, or packets dropped on the way there or back.",
	};
	const struct flow *f = flow_table_get(table, flow);

	buf_printf(out, "%s\n", sentences[flow_state(f)]);
	add_side(table, f, SIDE_CLIENT, out);
	add_side(table, f, SIDE_SERVER, out);
	add_times(f, out);
	add_icmp(table, flow, out);
}

static void make(struct preview *p, struct ui *ui, uint32_t flow)
{
	struct session *s = ui_capture(ui)->session;
	const struct flow *f = flow_table_get(session_flows(s), flow);
	struct findings findings = { 0 };
	struct buf text = { 0 };

	p->flow = flow;
	p->segments = f->log.count;
	p->capture = ui->capture;
	p->ended = ui_capture(ui)->status == SESSION_END;
	p->settled = session_settled(s, flow);
	p->made = true;
	if (f->rst == 0) {
		preview_no_reset(session_flows(s), flow, &text);
		why_plain(&p->why, buf_text(&text));
	} else if (!session_explain(s, flow, 0, &findings) || findings_primary(&findings) == NULL)
		why_plain(&p->why, "The packets of this flow cannot be read again, so why it was reset cannot be told.");
	else
		why_build(&p->why, findings_primary(&findings), ui->screen.glyphs->bullet);
	findings_free(&findings);
	buf_free(&text);
}

static bool stale(const struct preview *p, const struct ui *ui, uint32_t flow)
{
	const struct flow *f = flow_table_get(session_flows(ui->captures[ui->capture].session), flow);

	return !p->made || p->flow != flow || p->capture != ui->capture ||
	       p->ended != (ui->captures[ui->capture].status == SESSION_END) || p->segments != f->log.count ||
	       (!p->settled && session_settled(ui->captures[ui->capture].session, flow));
}

void preview_draw(struct preview *p, struct ui *ui, uint32_t flow, struct area a)
{
	const struct screen *s = &ui->screen;
	struct buf title = { 0 };
	size_t count = 0;

	if (flow != FLOW_NONE && ui->rested && stale(p, ui, flow))
		make(p, ui, flow);
	bool side = a.y == 1;
	if (p->made && flow != FLOW_NONE)
		buf_printf(&title, "Why, flow %u", p->flow);
	draw_titled_rule(s, a, PAINT_LABEL, buf_text(&title));
	buf_free(&title);
	if (!p->made || flow == FLOW_NONE)
		return;
	int x = a.x + (side ? 0 : 1), width = a.w - (side ? 0 : 2);
	struct why_row *rows = why_wrap(&p->why, width, &count);
	for (int i = 0; i + 1 < a.h && (size_t)i < count; i++)
		why_draw_row(s, &p->why, &rows[i], a.y + 1 + i, x, width);
	if ((int)count > a.h - 1)
		draw_string(s, a.y + a.h - 1, a.x + a.w - 1, 1, PAINT_DIM, s->glyphs->cut);
	free(rows);
}

void preview_free(struct preview *p)
{
	why_free(&p->why);
}

void preview_text(struct ui *ui, uint32_t flow, struct buf *out)
{
	struct session *s = ui_capture(ui)->session;
	struct flow_view fv = { .time = FLOW_TIME_ABSOLUTE };
	struct findings findings = { 0 };

	flowset_view(ui_capture(ui)->set, &fv);
	flow_view_set(&fv, flow);
	buf_printf(out, "%s, flow ", session_name(s));
	flow_line(&fv, out);
	buf_putc(out, '\n');
	if (fv.flow->rst == 0)
		preview_no_reset(session_flows(s), flow, out);
	else if (session_explain(s, flow, 0, &findings) && findings_primary(&findings) != NULL)
		why_text(findings_primary(&findings), out);
	else
		buf_puts(out, "The packets of this flow cannot be read again.");
	buf_putc(out, '\n');
	findings_free(&findings);
}
