/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_decode: frames of any link type, several in one input so that fragments can meet. Each: link type and length, two bytes each, then
 * its bytes. */
#include <stdint.h>
#include <stdlib.h>

#include "decode/app.h"
#include "decode/decode.h"
#include "decode/frame.h"
#include "decode/joined.h"
#include "../unit/same_segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum decode_result result, const struct decoded *decoded)
{
	const struct segment *s = &decoded->segment;
	if ((result == DECODE_FAILED) != (decoded->reason != REASON_NONE) && result != DECODE_NOT_TCP)
		abort();
	if (result != DECODE_SEGMENT)
		return;
	if (s->captured > s->len || (s->captured > 0 && s->payload == NULL) || s->vlan_count > 4 || s->options.sack_count > 4)
		abort();
	struct app_note note;
	struct buf out = { 0 };
	app_classify(s->payload, s->captured, &note);
	app_describe(&note, &out);
	buf_free(&out);
}

/* What plain.c decodes in one go, the steps decode to the same. */
static void compare(const struct packet *packet)
{
	struct decoded plain, steps;
	struct trail trail = { .count = 0 };
	if (!plain_decode(packet, DECODE_CHECKSUM, &plain))
		return;
	if (frame_decode(packet, DECODE_CHECKSUM, NULL, &steps, &trail) != DECODE_SEGMENT || !same_segment(&plain.segment, &steps.segment))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fragments *fragments = fragments_new(true);
	struct buf out = { 0 };
	for (uint64_t number = 1; size >= 4; number++) {
		uint16_t link_type = (uint16_t)(data[0] << 8 | data[1]);
		uint32_t length = (uint32_t)(data[2] << 8 | data[3]), caplen = length < size - 4 ? length : (uint32_t)size - 4;
		struct packet packet = { .number = number, .offset = number, .time = (int64_t)number, .caplen = caplen, .len = length,
		                         .link_type = link_type, .data = data + 4 };
		struct decoded decoded;
		compare(&packet);
		check(decode_packet(&packet, DECODE_CHECKSUM, &decoded), &decoded);
		check(decode_packet_joined(&packet, DECODE_CHECKSUM, fragments, &decoded), &decoded);
		decode_describe(&packet, &out);
		decode_describe_path(&packet, &out);
		decode_describe_encap(&packet, &out);
		buf_clear(&out);
		data += 4 + caplen;
		size -= 4 + caplen;
	}
	buf_free(&out);
	fragments_free(fragments);
	return 0;
}
