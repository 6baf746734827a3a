/* SPDX-License-Identifier: GPL-3.0-or-later
 * wlan: IEEE 802.11 data frames in clear, and the radio headers before them. */
#include "decode/frame.h"

enum { FLAG_TO_DS = 1, FLAG_FROM_DS = 2, FLAG_PROTECTED = 0x40, FLAG_ORDER = 0x80 };

/* The addresses of source and destination stand in different places by the direction (IEEE 802.11, table 9-60). */
static void take_addresses(struct frame *f, const uint8_t *p, uint8_t flags)
{
	static const uint8_t places[4][2] = { { 4, 10 }, { 16, 10 }, { 4, 16 }, { 16, 24 } }; /* destination, source */
	const uint8_t *place = places[flags & 3];
	memcpy(f->out->segment.dst_mac, p + place[0], 6);
	memcpy(f->out->segment.src_mac, p + place[1], 6);
	f->out->segment.has_mac = true;
}

/* control, flags: the two bytes of frame control. pad: the header is padded to a multiple of 4. fragments: the sequence control field can
 * be trusted to tell them. */
static enum proto data_frame(struct frame *f, uint8_t control, uint8_t flags, bool pad, bool fragments)
{
	if ((control & 0x0f) != 0x08 || (control & 0x40) != 0)
		return END_NOT_TCP; /* not data of version 0, or data frames without data */
	bool qos = (control & 0x80) != 0;
	uint32_t n = (flags & 3) == 3 ? 30 : 24;
	uint32_t qos_at = n;
	n += (qos ? 2u : 0) + (qos && (flags & FLAG_ORDER) != 0 ? 4u : 0);
	if (f->left < n)
		return frame_fail(f, REASON_LINK_CUT);
	bool several = qos && (f->at[qos_at] & 0x80) != 0; /* A-MSDU: the first of them is decoded */
	if ((flags & FLAG_PROTECTED) != 0)
		return frame_fail(f, REASON_ENCRYPTED);
	if (fragments && (get_le16(f->at + 22) & 0x0f) != 0)
		return frame_fail(f, REASON_FRAGMENT);
	take_addresses(f, f->at, flags);
	if (pad)
		n = (n + 3) & ~3u;
	n += several ? 14u : 0;
	if (f->left < n)
		return frame_fail(f, REASON_LINK_CUT);
	frame_take(f, n);
	return PROTO_LLC;
}

enum proto step_wlan(struct frame *f)
{
	if (f->left < 10)
		return frame_fail(f, REASON_LINK_CUT);
	return data_frame(f, f->at[0], f->at[1], false, true);
}

/* Cisco's access points send frame control with its bytes exchanged, and the sequence control with them. */
enum proto step_capwap_wlan(struct frame *f)
{
	if (f->left < 10)
		return frame_short(f, 10);
	bool exchanged = (f->at[0] & 0x0f) != 0x08 && (f->at[1] & 0x0f) == 0x08;
	return exchanged ? data_frame(f, f->at[1], f->at[0], false, false) : data_frame(f, f->at[0], f->at[1], false, true);
}

enum proto step_radiotap(struct frame *f)
{
	enum { PRESENT_TSFT = 1, PRESENT_FLAGS = 2, FLAGS_DATA_PAD = 0x20 };
	if (f->left < 8)
		return frame_fail(f, REASON_LINK_CUT);
	uint32_t n = get_le16(f->at + 2), present = get_le32(f->at + 4), at = 8;
	if (n < 8 || n > f->left)
		return frame_fail(f, REASON_LINK_CUT);
	for (uint32_t word = present; (word & 0x80000000) != 0 && at + 4 <= n; at += 4)
		word = get_le32(f->at + at); /* more words of presence bits */
	if ((present & PRESENT_TSFT) != 0)
		at = ((at + 7) & ~7u) + 8;
	bool pad = (present & PRESENT_FLAGS) != 0 && at < n && (f->at[at] & FLAGS_DATA_PAD) != 0;
	frame_take(f, n);
	if (f->left < 10)
		return frame_fail(f, REASON_LINK_CUT);
	return data_frame(f, f->at[0], f->at[1], pad, true);
}

/* Prism monitor header or AVS header: either may stand under either link type. */
enum proto step_prism(struct frame *f)
{
	if (f->left < 8)
		return frame_fail(f, REASON_LINK_CUT);
	bool avs = (get_be32(f->at) & 0xfffff000) == 0x80211000;
	uint32_t n = get_be32(f->at + 4);
	if (!avs && n > 0xffff)
		n = get_le32(f->at + 4);
	if (!avs && (get_be32(f->at) & 0x0000ffff) != 0x44 && get_le32(f->at) != 0x44 && get_le32(f->at) != 0x41)
		return PROTO_WLAN; /* some drivers leave the header out */
	if (n < 8 || n > f->left)
		return frame_fail(f, REASON_LINK_CUT);
	frame_take(f, n);
	return PROTO_WLAN;
}
