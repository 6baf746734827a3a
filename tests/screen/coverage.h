/* SPDX-License-Identifier: GPL-3.0-or-later
 * coverage: whether the scripts press every key of the key table where it does something. */
#ifndef TCPWHY_SCREEN_COVERAGE_H
#define TCPWHY_SCREEN_COVERAGE_H

#include "screen.h"

enum { KEYS_MOST = 128 };

/* Which keys were pressed in which scopes. */
struct coverage {
	struct { char name[16]; unsigned scopes; } keys[KEYS_MOST];
	size_t count;
};

/* A key is about to be pressed on what is shown. */
void coverage_note(struct coverage *c, const struct terminal *t, const char *name);

/* Each key of a row somewhere, and each screen of a row with one of its keys; what all screens leave to the loop or the list engine need
 * not be pressed on each. What lacks is said. */
bool coverage_report(const struct coverage *c);

#endif
