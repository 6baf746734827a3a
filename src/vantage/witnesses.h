/* SPDX-License-Identifier: GPL-3.0-or-later
 * witnesses: a flow as the other points saw it, in the words that verdicts are made of (explain/witness.h). Internal to vantage/. */
#ifndef TCPWHY_VANTAGE_WITNESSES_H
#define TCPWHY_VANTAGE_WITNESSES_H

#include "explain/witness.h"
#include "vantage/legs.h"
#include "vantage/view.h"

struct witnesses;

struct witnesses *witnesses_new(struct session *const *sessions, size_t n);
void witnesses_free(struct witnesses *w);
const char *witnesses_name(const struct witnesses *w, size_t point); /* printable */

/* Of the flow that is looked at; valid until the next call. NULL: no other point has it, or memory is out. */
const struct witness *witnesses_tell(struct witnesses *w, const struct vantage_view *view, struct session *s, uint32_t flow);

/* Of a flow that no other point has, but the proxy's other connection, for which `legs` stands. Likewise valid. */
const struct witness *witnesses_tell_leg(struct witnesses *w, const struct legs *legs);

#endif
