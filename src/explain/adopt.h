/* SPDX-License-Identifier: GPL-3.0-or-later
 * adopt: the verdict on a reset that a capture of another place tells better. */
#ifndef TCPWHY_EXPLAIN_ADOPT_H
#define TCPWHY_EXPLAIN_ADOPT_H

#include "explain/verdict.h"

/* Whether `other`, the verdict on the same reset at another place, says more than v. It does when it is surer, and certain, of the same cause,
 * of a cause where v has none, or of a place nearer to the sender, which sees more of what that got; there also when it is as sure and says
 * something else. */
bool verdict_yields(const struct verdict *v, const struct verdict *other, bool nearer);

/* Gives v, one of f's, cause, mechanism, emitter and texts of `other`; role, form and effect stay what they are here. place: the name of the
 * other place; brief: without texts. False: out of memory. */
bool verdict_adopt(struct findings *f, struct verdict *v, const struct verdict *other, const char *place, bool brief);

/* Where v stays as it is although `other` is surer of something else: that is one of its alternatives. False: out of memory. */
bool verdict_mention(struct findings *f, struct verdict *v, const struct verdict *other, const char *place);

#endif
