/* SPDX-License-Identifier: GPL-3.0-or-later
 * tcp: the TCP header (RFC 9293 3.1), its options and its checksum. */
#include "decode/frame.h"

enum {
	KIND_END = 0, KIND_NOP = 1, KIND_MSS = 2, KIND_WSCALE = 3, KIND_SACK_OK = 4, KIND_SACK = 5, KIND_TS = 8, KIND_MD5 = 19, KIND_AO = 29,
	KIND_MPTCP = 30, KIND_TFO = 34, KIND_EXPERIMENT_1 = 253, KIND_EXPERIMENT_2 = 254, TFO_EXPERIMENT = 0xf989
};

/* RFC 8684 3: p is the option of n >= 3 bytes. */
static void take_mptcp(struct tcp_options *o, const uint8_t *p, uint32_t n)
{
	enum { MP_JOIN = 1, MP_TCPRST = 8, JOIN_SYN_LENGTH = 12 };
	unsigned subtype = p[2] >> 4;
	o->present |= OPT_MPTCP;
	o->mptcp_subtypes |= (uint16_t)(1u << subtype);
	if (subtype == MP_JOIN && n == JOIN_SYN_LENGTH)
		o->mptcp_token = get_be32(p + 4);
	if (subtype == MP_TCPRST && n >= 4) {
		o->mptcp_flags = p[2] & 15;
		o->mptcp_reason = p[3];
	}
}

static void take_sack(struct tcp_options *o, const uint8_t *p, uint32_t n)
{
	o->present |= OPT_SACK;
	for (uint32_t at = 2; at + 8 <= n && o->sack_count < 4; at += 8)
		o->sack[o->sack_count++] = (struct sack_block){ get_be32(p + at), get_be32(p + at + 4) };
}

/* One whole option of n >= 2 bytes. A known kind with a length that is not its own counts as another option. */
static void take_option(struct tcp_options *o, const uint8_t *p, uint32_t n)
{
	uint16_t kind = p[0];
	if (kind == KIND_TS && n == 10) {
		read_timestamps(o, p);
	} else if (kind == KIND_SACK && n >= 10 && n % 8 == 2) {
		take_sack(o, p, n);
	} else if (kind == KIND_MSS && n == 4) {
		o->present |= OPT_MSS;
		o->mss = get_be16(p + 2);
	} else if (kind == KIND_WSCALE && n == 3) {
		o->present |= OPT_WSCALE;
		o->wscale = p[2];
	} else if (kind == KIND_SACK_OK && n == 2) {
		o->present |= OPT_SACK_OK;
	} else if (kind == KIND_MPTCP && n >= 3) {
		take_mptcp(o, p, n);
	} else if (kind == KIND_TFO) {
		o->present |= OPT_TFO;
		o->tfo_length = (uint8_t)(n - 2);
	} else if ((kind == KIND_EXPERIMENT_1 || kind == KIND_EXPERIMENT_2) && n >= 4 && get_be16(p + 2) == TFO_EXPERIMENT) {
		o->present |= OPT_TFO; /* RFC 7413 appendix A.1 */
		o->tfo_length = (uint8_t)(n - 4);
	} else {
		o->present |= kind == KIND_MD5 || kind == KIND_AO ? OPT_MD5_AO : OPT_OTHER;
	}
}

void read_tcp_options(struct tcp_options *o, const uint8_t *p, uint32_t size, uint32_t here)
{
	uint32_t n = size < here ? size : here;
	for (uint32_t at = 0; at < n;) {
		if (p[at] == KIND_END)
			return;
		if (p[at] == KIND_NOP) {
			at++;
			continue;
		}
		if (at + 1 == n && n < size)
			break;
		uint32_t length = at + 1 < n ? p[at + 1] : 0;
		if (length < 2 || length > size - at) {
			o->present |= OPT_MALFORMED;
			return;
		}
		if (length > n - at)
			break;
		take_option(o, p + at, length);
		at += length;
	}
	if (n < size)
		o->present |= OPT_CUT;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Sum of 16-bit words in network order, folded; n may be odd (RFC 1071). Added up eight bytes at a time in the machine's own order, which
 * gives the same sum with its bytes in that order (section 2 B): every packet that a verdict looks at goes through here. */
static uint64_t sum_words(const uint8_t *p, uint32_t n)
{
	uint64_t sum = 0, word;
	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&word, p, 8);
		sum += (word & 0xffffffff) + (word >> 32);
	}
	word = 0;
	memcpy(&word, p, n);
	sum += (word & 0xffffffff) + (word >> 32);
	uint16_t folded = fold(sum);
	uint8_t bytes[2];
	memcpy(bytes, &folded, 2);
	return get_be16(bytes);
}

enum checksum tcp_checksum(uint8_t ip_version, const uint8_t src[16], const uint8_t dst[16], const uint8_t *p, uint32_t n)
{
	uint32_t skip = ip_version == 4 ? 12 : 0;
	uint64_t pseudo = sum_words(src + skip, 16 - skip) + sum_words(dst + skip, 16 - skip) + 6;
	if (fold(pseudo + n + sum_words(p, n)) == 0xffff)
		return CHECKSUM_GOOD;
	/* Offload: the stack leaves the pseudo header's sum for the hardware to add to; with segmentation without the length. */
	uint16_t found = get_be16(p + 16);
	return found == fold(pseudo + n) || found == fold(pseudo) ? CHECKSUM_PARTIAL : CHECKSUM_BAD;
}

static enum checksum check(const struct frame *f)
{
	const struct segment *s = &f->out->segment;
	if (f->left != f->wire || f->left < 20 || f->partial)
		return CHECKSUM_UNKNOWN;
	return tcp_checksum(s->ip_version, f->home != NULL ? f->home : s->src, f->final != NULL ? f->final : s->dst, f->at, f->left);
}

/* What an ICMP error quotes: at least ports and sequence number (RFC 792). */
static enum proto quoted_segment(struct frame *f)
{
	if (f->left < 8)
		return END_NOT_TCP;
	struct segment *s = &f->out->segment;
	const uint8_t *p = f->at;
	s->src_port = get_be16(p);
	s->dst_port = get_be16(p + 2);
	s->seq = get_be32(p + 4);
	uint32_t head = 20;
	if (f->left >= 14) {
		head = (p[12] >> 4) * 4u;
		s->ack = get_be32(p + 8);
		s->flags = get_be16(p + 12) & 0xfff;
	}
	if (f->left >= 20)
		s->window = get_be16(p + 14);
	s->len = f->wire > head ? f->wire - head : 0;
	return END_ICMP_ERROR;
}

/* Some devices count the padding of the shortest Ethernet frame (46 bytes, 42 beside a VLAN tag) into the length of the IP packet: six or
 * two zero bytes behind 40 bytes of headers. The sender's own numbers do not count them. */
bool tcp_is_padding(const struct segment *s)
{
	static const uint8_t zero[6];
	return (s->len == 6 || s->len == 2) && s->captured == s->len && (s->flags & (TCP_PSH | TCP_SYN)) == 0 &&
	       memcmp(s->payload, zero, s->len) == 0;
}

enum proto step_tcp(struct frame *f)
{
	if (f->quoted)
		return quoted_segment(f);
	if (f->left < 14 || (f->wire < 20 && !f->partial)) /* up to the flags, of what the wire had whole */
		return frame_fail(f, f->partial ? REASON_FRAGMENT : f->wire < 20 ? REASON_TCP_MALFORMED : REASON_TCP_CUT);
	struct segment *s = &f->out->segment;
	const uint8_t *p = f->at;
	uint32_t head = (p[12] >> 4) * 4u;
	if (head < 20)
		return frame_fail(f, REASON_TCP_MALFORMED); /* no header at all: no receiver takes it for a segment */
	read_tcp(s, p);
	s->window = f->left >= 16 ? get_be16(p + 14) : 0;
	s->urgent = f->left >= 20 ? get_be16(p + 18) : 0;
	if ((s->flags & TCP_RST) != 0 || (f->options & DECODE_CHECKSUM) != 0)
		s->checksum = (uint8_t)check(f);
	if (head > f->wire) { /* where the payload begins is not known */
		s->malformed = true;
		frame_take(f, f->left < 20 ? f->left : 20);
		return END_SEGMENT;
	}
	if (head > 20)
		read_tcp_options(&s->options, p + 20, head - 20, f->left > 20 ? f->left - 20 : 0);
	s->len = f->wire - head;
	frame_take(f, f->left < head ? f->left : head);
	s->captured = s->len < f->left ? s->len : f->left;
	s->payload = f->at;
	if (head == 20 && tcp_is_padding(s))
		s->len = s->captured = 0;
	return END_SEGMENT;
}
