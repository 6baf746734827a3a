/* SPDX-License-Identifier: GPL-3.0-or-later
 * verdicts: what a session remembers of verdicts. Internal to session/. */
#ifndef TCPWHY_SESSION_VERDICTS_H
#define TCPWHY_SESSION_VERDICTS_H

struct verdict_cache;

/* NULL does nothing. */
void verdict_cache_free(struct verdict_cache *cache);

#endif
