/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the reset itself says: its form as far as the packet alone tells it, options, payload. */
#include "explain/evidence.h"

#include <ctype.h>

enum { DIAGNOSTIC_MAGIC_1 = 0x33, DIAGNOSTIC_MAGIC_2 = 0xaa, DIAGNOSTIC_LENGTH = 8, TEXT_LEAST = 4, TEXT_PER_ODD = 8 };

/* draft-ietf-tcpm-rst-diagnostic-payload: 33 AA, reason code (16 bits), private enterprise number (32 bits). */
static bool diagnostic_code(const unsigned char *text, uint32_t length, uint32_t on_wire, int64_t *code, int64_t *enterprise)
{
	if (on_wire != DIAGNOSTIC_LENGTH || length < DIAGNOSTIC_LENGTH || text[0] != DIAGNOSTIC_MAGIC_1 || text[1] != DIAGNOSTIC_MAGIC_2)
		return false;
	*code = text[2] << 8 | text[3];
	*enterprise = (int64_t)text[4] << 24 | text[5] << 16 | text[6] << 8 | text[7];
	return true;
}

/* Meant to be read: all but a few of the bytes are printable (what is not will be shown escaped). */
static bool is_text(const unsigned char *text, uint32_t length)
{
	uint32_t odd = 0;
	for (uint32_t i = 0; i < length; i++)
		odd += !isprint(text[i]) && text[i] != '\r' && text[i] != '\n' && text[i] != '\t' && !(text[i] == 0 && i + 1 == length);
	return length >= TEXT_LEAST && odd <= length / TEXT_PER_ODD;
}

static void measure_payload(struct evidence *e)
{
	const struct trace_item *rst = e->rst;
	if (rst->text == 0)
		return;
	const unsigned char *text = (const unsigned char *)e->scene->trace->texts.data + rst->text - 1;
	int64_t code, enterprise;
	if (diagnostic_code(text, rst->text_length, rst->segment.len, &code, &enterprise))
		fact_set(e, FACT_RST_DIAGNOSTIC, rst->segment.frame, code, enterprise);
	else if (is_text(text, rst->text_length))
		fact_set(e, FACT_RST_TEXT, rst->segment.frame, 0, 0);
}

static void measure_options(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	const struct side_profile *r = &e->scene->side[e->r];
	if (s->options.present & OPT_CUT)
		return;
	if (s->options.mptcp_subtypes & (1u << 7))
		fact_set(e, FACT_RST_MP_FASTCLOSE, s->frame, 0, 0);
	if (s->options.mptcp_subtypes & (1u << 8))
		fact_set(e, FACT_RST_MP_TCPRST, s->frame, s->options.mptcp_reason, s->options.mptcp_flags & 1);
	/* the answer to a SYN, with sequence number 0, never has any */
	bool lacks = (s->flags & TCP_ACK) && s->seq != 0 && r->ts_used && !(s->options.present & OPT_TS);
	fact_put(e, FACT_RST_NO_TIMESTAMPS, lacks, s->frame, 0, 0);
}

/* Is the window one that R also advertises in its other segments? Then it is that, and no code. */
static bool own_window(const struct evidence *e)
{
	if (e->rst->segment.options.present & OPT_TS)
		return true;
	for (size_t k = 0, looked = 0; k < e->index && looked < 64; k++, looked++)
		if (item_at(e, k)->from == e->r && !item_is(item_at(e, k), TCP_RST) && item_at(e, k)->segment.window == e->rst->segment.window)
			return true;
	return false;
}

void measure_packet(struct evidence *e)
{
	const struct trace_segment *s = &e->rst->segment;
	e->form = FORM_ODD;
	if (!(s->flags & TCP_ACK)) {
		e->form = FORM_BARE;
		fact_set(e, FACT_RST_BARE, s->frame, 0, 0);
	} else {
		fact_deny(e, FACT_RST_BARE);
	}
	fact_put(e, FACT_RST_RESERVED_BITS, (s->flags & TCP_RESERVED) != 0, s->frame, 0, 0);
	fact_put(e, FACT_RST_ODD_FLAGS, (s->flags & (TCP_SYN | TCP_FIN | TCP_URG)) != 0, s->frame, 0, 0);
	fact_put(e, FACT_RST_BAD_CHECKSUM, s->checksum == CHECKSUM_BAD && e->scene->checksums_good, s->frame, 0, 0);
	fact_put(e, FACT_BY_CLIENT, e->r == SIDE_CLIENT, 0, 0, 0);
	fact_put(e, FACT_BY_SERVER, e->r == SIDE_SERVER, 0, 0, 0);
	if (netscaler_reason(s->window) != NULL && !own_window(e))
		fact_set(e, FACT_RST_WINDOW_CODE, s->frame, s->window, 0);
	measure_options(e);
	measure_payload(e);
}
