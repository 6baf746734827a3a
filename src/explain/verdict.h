/* SPDX-License-Identifier: GPL-3.0-or-later
 * verdict: what is said of one reset: who, how, why, on what evidence, how sure, what else it could be. */
#ifndef TCPWHY_EXPLAIN_VERDICT_H
#define TCPWHY_EXPLAIN_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/tcb.h"

struct cause; /* a row of the catalogue: cause.h */

/* Words of report.md; the names are what JSON writes. */
enum emitter { EMITTER_UNKNOWN, EMITTER_CLIENT, EMITTER_SERVER, EMITTER_MIDDLEBOX };
enum role { ROLE_PRIMARY, ROLE_REPEAT, ROLE_ECHO, ROLE_MIRROR, ROLE_STRAFE, ROLE_CONFIRMATION, ROLE_RETRY, ROLE_DUPLICATE };
enum form { FORM_ODD, FORM_ACTIVE, FORM_BARE, FORM_REFUSAL, FORM_MIDDLEBOX, FORM_COPIED };
enum mechanism { MECHANISM_UNKNOWN, MECHANISM_STATELESS_REPLY, MECHANISM_ABORT, MECHANISM_THIRD_PARTY };
enum confidence { CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };
enum effect { EFFECT_UNKNOWN, EFFECT_KILLED, EFFECT_IGNORED, EFFECT_CHALLENGED, EFFECT_ALREADY_CLOSED };
enum severity { SEVERITY_INFO, SEVERITY_WARN, SEVERITY_PROBLEM };

const char *emitter_name(enum emitter e);
const char *role_name(enum role r);
const char *form_name(enum form f);
const char *mechanism_name(enum mechanism m);
const char *confidence_name(enum confidence c);
const char *effect_name(enum effect e);
const char *severity_name(enum severity s);

/* The face of a cause for those who only show it. */
const char *cause_id(const struct cause *cause);
size_t cause_count(void);
const struct cause *cause_at(size_t index);            /* in the order of the catalogue */
const struct cause *cause_find(const char *id);        /* NULL when there is none */
struct buf;
void cause_describe(const struct cause *cause, struct buf *out); /* the whole catalogue entry as plain text, for --explain */
void cause_summary(const struct cause *cause, struct buf *out);  /* one line */

enum { VERDICT_EVIDENCE = 14, VERDICT_ALTERNATIVES = 4, VERDICT_LINES = 6 };

struct evidence_line {
	const char *fact;      /* id of the fact, such as "rst-bare" */
	uint64_t frame;        /* it stands on; 0 = none */
	uint16_t number;       /* of the fact: enum fact, for explain/ */
	bool weakens;
	const char *text;      /* a sentence */
};

struct alternative {
	const struct cause *cause;
	const char *decided_by; /* the observation that would decide it */
};

struct verdict {
	uint64_t frame;
	int64_t time;
	enum side from;
	enum emitter emitter;
	enum role role;
	enum form form;
	enum mechanism mechanism;
	enum confidence mechanism_confidence;
	const struct cause *cause;
	const struct cause *row;     /* that it was decided by; its own texts come before those of the cause. NULL: brief */
	enum confidence confidence;
	enum effect effect;
	enum severity severity;
	uint64_t trigger;          /* frame, 0 = no captured segment provoked it */
	const char *kernel_reason; /* why this machine's kernel says it sent it; NULL: it says nothing. Lives as long as the session. */
	const char *headline;
	struct evidence_line evidence[VERDICT_EVIDENCE];   /* strongest first */
	size_t evidence_count;
	struct alternative alternatives[VERDICT_ALTERNATIVES];
	size_t alternative_count;
	const char *unknowns[VERDICT_LINES];
	size_t unknown_count;
	const char *checks[VERDICT_LINES];
	size_t check_count;
	const char *references[VERDICT_LINES];
	size_t reference_count;
};

/* Unless it is the verdict's own cause, is there already, or there is no room. decided_by lives as long as the verdict. */
void verdict_add_alternative(struct verdict *v, const struct cause *cause, const char *decided_by);

/* Verdicts with the texts that they point into. */
struct findings {
	struct verdict *items;
	size_t count;
	void *texts; /* owned */
};
void findings_free(struct findings *f);

/* The verdict that stands for the flow: the first on a primary reset that may have ended it; where none did, the first on a primary one,
 * else the first at all; NULL when there is none. */
const struct verdict *findings_primary(const struct findings *f);

struct verdict_brief {
	const struct cause *cause;
	uint64_t frame;
	uint8_t from, emitter, confidence, severity, effect;
};

#endif
