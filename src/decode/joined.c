/* SPDX-License-Identifier: GPL-3.0-or-later
 * joined: the decoder with fragments kept for it. */
#include "decode/joined.h"

#include "decode/frame.h"

enum decode_result decode_packet_joined(const struct packet *packet, unsigned options, struct fragments *fragments, struct decoded *out)
{
	return frame_decode(packet, options, fragments, out, NULL);
}

bool decode_joined_again(const struct fragments *known, struct fragments *scratch, struct store *store, uint64_t offset,
                         unsigned options, struct packet *packet, struct decoded *out, enum decode_result *result)
{
	const uint64_t *places;
	size_t count;
	fragments_places(known, offset, &places, &count);
	for (size_t i = 0; scratch != NULL && i < count; i++) {
		if (!store_read(store, places[i], packet))
			return false;
		frame_decode(packet, options, scratch, out, NULL);
	}
	if (!store_read(store, offset, packet))
		return false;
	*result = frame_decode(packet, options, count > 0 ? scratch : NULL, out, NULL);
	return true;
}
