/* SPDX-License-Identifier: GPL-3.0-or-later
 * packets: packets of a session as they were captured, for those who save them. */
#include "session/session.h"
#include "session/session_internal.h"

bool session_packet(struct session *s, uint64_t offset, struct packet *packet)
{
	struct store *store = source_store(s->source);
	*packet = (struct packet){ 0 };
	return store != NULL && store_read(store, offset, packet);
}

void session_fragments(const struct session *s, uint64_t offset, const uint64_t **places, size_t *count)
{
	fragments_places(s->fragments, offset, places, count);
}

const char *session_interface_name(const struct session *s, size_t interface)
{
	return interface < source_interface_count(s->source) ? source_interface(s->source, interface)->name : NULL;
}
