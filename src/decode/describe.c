/* SPDX-License-Identifier: GPL-3.0-or-later
 * describe: a frame's headers for a reader: all fields, the path of headers, the tunnels among them. Decodes the frame again with a trail
 * of what it went through. */
#include "decode/decode.h"
#include "decode/fields.h"
#include "decode/frame.h"
#include "util/text.h"

static void add_word(struct buf *out, const char *word, bool has_id, uint32_t id)
{
	if (out->len > 0)
		buf_putc(out, ' ');
	buf_puts(out, word);
	if (has_id)
		buf_printf(out, " %u", id);
}

static bool is_ip(enum proto proto)
{
	return proto == PROTO_IPV4 || proto == PROTO_IPV6;
}

void decode_describe_path(const struct packet *packet, struct buf *out)
{
	struct decoded decoded;
	struct trail trail = { .count = 0 };
	struct buf words = { 0 };
	frame_decode(packet, 0, NULL, &decoded, &trail);
	for (unsigned i = 0; i < trail.count; i++)
		add_word(&words, proto_name(trail.layers[i].proto), trail.layers[i].has_id, trail.layers[i].id);
	buf_join(out, &words);
	buf_free(&words);
}

void decode_describe_encap(const struct packet *packet, struct buf *out)
{
	struct decoded decoded;
	struct trail trail = { .count = 0 };
	struct buf words = { 0 };
	enum proto outer = END_NOT_TCP; /* the IP header around, as long as no other tunnel's header stands between */
	frame_decode(packet, 0, NULL, &decoded, &trail);
	for (unsigned i = 0; i < trail.count; i++) {
		const struct layer *layer = &trail.layers[i];
		if (layer->proto == PROTO_ICMP || layer->proto == PROTO_ICMPV6)
			break; /* what is quoted is no tunnel */
		if (is_ip(layer->proto)) {
			if (is_ip(outer))
				add_word(&words, outer == layer->proto ? "ipip" : outer == PROTO_IPV4 ? "6in4" : "4in6", false, 0);
			outer = layer->proto;
		} else if (proto_is_tunnel(layer->proto)) {
			add_word(&words, proto_name(layer->proto), layer->has_id, layer->id);
			outer = END_NOT_TCP;
		}
	}
	buf_join(out, &words);
	buf_free(&words);
}

static void add_flags(const struct segment *s, struct buf *out)
{
	static const char *const names[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE" };
	fields_begin(PROTO_TCP, "Flag names", out);
	bool any = false;
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if ((s->flags >> i & 1) != 0) {
			buf_printf(out, "%s%s", any ? ", " : "", names[i]);
			any = true;
		}
	if ((s->flags & TCP_RESERVED) != 0)
		buf_printf(out, "%sreserved bits 0x%x", any ? ", " : "", (s->flags & TCP_RESERVED) >> 9);
	else if (!any)
		buf_puts(out, "none");
	buf_putc(out, '\n');
}

static void add_mptcp(const struct tcp_options *o, struct buf *out)
{
	static const char *const names[16] = { "MP_CAPABLE", "MP_JOIN", "DSS", "ADD_ADDR", "REMOVE_ADDR", "MP_PRIO", "MP_FAIL",
	                                       "MP_FASTCLOSE", "MP_TCPRST" };
	fields_begin(PROTO_TCP, "Option multipath TCP", out);
	bool any = false;
	for (unsigned i = 0; i < 16; i++)
		if ((o->mptcp_subtypes >> i & 1) != 0) {
			buf_printf(out, "%s%s", any ? ", " : "", names[i] != NULL ? names[i] : "unknown subtype");
			any = true;
		}
	if (o->mptcp_token != 0)
		buf_printf(out, ", token 0x%08x", o->mptcp_token);
	if ((o->mptcp_subtypes >> 8 & 1) != 0)
		buf_printf(out, ", reason %u%s", o->mptcp_reason, (o->mptcp_flags & 1) != 0 ? " (transient)" : "");
	buf_putc(out, '\n');
}

static void add_number(struct buf *out, bool present, const char *name, uint32_t value)
{
	if (!present)
		return;
	fields_begin(PROTO_TCP, name, out);
	buf_printf(out, "%u\n", value);
}

static void add_sack(const struct tcp_options *o, struct buf *out)
{
	for (unsigned i = 0; i < o->sack_count; i++) {
		fields_begin(PROTO_TCP, "Option SACK", out);
		buf_printf(out, "%u-%u\n", o->sack[i].left, o->sack[i].right);
	}
}

static void add_options(const struct tcp_options *o, struct buf *out)
{
	static const struct {
		uint16_t bit;
		const char *line;
	} plain[] = {
		{ OPT_SACK_OK, "SACK permitted" },
		{ OPT_MD5_AO, "MD5 signature or authentication" },
		{ OPT_OTHER, "another kind" },
		{ OPT_MALFORMED, "malformed: a length that cannot be, what follows was not read" },
		{ OPT_CUT, "cut by the snaplen: more than these may be there" },
	};
	add_number(out, (o->present & OPT_MSS) != 0, "Option maximum segment size", o->mss);
	add_number(out, (o->present & OPT_WSCALE) != 0, "Option window scale (shift)", o->wscale);
	add_number(out, (o->present & OPT_TS) != 0, "Option timestamp value", o->tsval);
	add_number(out, (o->present & OPT_TS) != 0, "Option timestamp echo reply", o->tsecr);
	add_number(out, (o->present & OPT_TFO) != 0, "Option fast open, cookie bytes", o->tfo_length);
	add_sack(o, out);
	if ((o->present & OPT_MPTCP) != 0)
		add_mptcp(o, out);
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if ((o->present & plain[i].bit) != 0) {
			fields_begin(PROTO_TCP, "Option", out);
			buf_printf(out, "%s\n", plain[i].line);
		}
}

static void add_segment(const struct segment *s, struct buf *out)
{
	static const char *const checksums[] = {
		[CHECKSUM_UNKNOWN] = "not known (not all bytes are here)", [CHECKSUM_GOOD] = "good",
		[CHECKSUM_PARTIAL] = "not filled in yet: offloaded by the capturing host", [CHECKSUM_BAD] = "BAD",
	};
	add_flags(s, out);
	fields_begin(PROTO_TCP, "Checksum verified", out);
	buf_printf(out, "%s\n", checksums[s->checksum]);
	add_options(&s->options, out);
	fields_begin(PROTO_TCP, "Payload", out);
	if (s->malformed)
		buf_puts(out, "not known: the data offset is malformed\n");
	else
		buf_printf(out, "%u bytes, %u captured\n", s->len, s->captured);
}

void decode_describe(const struct packet *packet, struct buf *out)
{
	struct decoded decoded;
	struct trail trail = { .count = 0 };
	enum decode_result result = frame_decode(packet, DECODE_CHECKSUM, NULL, &decoded, &trail);
	buf_printf(out, "FRAME  Number: %llu\nFRAME  Time: ", (unsigned long long)packet->number);
	text_add_time(out, packet->time);
	buf_printf(out, "\nFRAME  Length: %u bytes, %u captured\nFRAME  Link type: %u\nFRAME  Interface: %u\n", packet->len, packet->caplen,
	           packet->link_type, packet->interface);
	for (unsigned i = 0; i < trail.count; i++)
		fields_describe(&trail.layers[i], out);
	if (result == DECODE_SEGMENT)
		add_segment(&decoded.segment, out);
	else if (result == DECODE_FAILED)
		buf_printf(out, "FRAME  Not decoded further: %s\n", decode_reason_name(decoded.reason));
}
