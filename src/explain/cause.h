/* SPDX-License-Identifier: GPL-3.0-or-later
 * cause: a row of the catalogue. Rule and text stand together: what the Why panel prints is what the engine decided by, and the user's
 * documentation of the causes is generated from these rows. A new cause is one row in a cause_*.c file. */
#ifndef TCPWHY_EXPLAIN_CAUSE_H
#define TCPWHY_EXPLAIN_CAUSE_H

#include "explain/verdict.h"

enum fact {
#define FACT(id, name, sentence) FACT_##id,
#include "explain/facts.def"
#undef FACT
	FACT_COUNT
};

/* How a fact bears on a cause. NEEDS: without it the cause is excluded. BARS: with it the cause is excluded. Weights as in the
 * catalogue: strong 3, medium 2, weak 1, for and against. DECIDES is a NEEDS for `certain` alone: when all facts with DECIDES hold
 * (and there is at least one), the verdict may be certain. */
enum bearing_kind { BEARS_END, BEARS_NEEDS, BEARS_BARS, BEARS_WEIGHT, BEARS_DECIDES };

struct bearing {
	uint8_t kind;
	uint8_t fact;
	int8_t weight;
};

#define NEEDS(f) { BEARS_NEEDS, FACT_##f, 0 }
#define BARS(f) { BEARS_BARS, FACT_##f, 0 }
#define FOR(f, w) { BEARS_WEIGHT, FACT_##f, w }
#define AGAINST(f, w) { BEARS_WEIGHT, FACT_##f, -(w) }
#define DECIDES(f) { BEARS_DECIDES, FACT_##f, 0 }

enum { WEIGHT_MOST = 16, CAUSE_BEARINGS = 28, CAUSE_TEXTS = 5, CAUSE_PARTNERS = 5 };

/* Texts may use {R} {P} (addresses of the claimed sender of the reset and of the other end), {client} {server} (address:port),
 * {server_addr} {client_addr} {port} (the server's) {gap} (the pause that matters) {n} (the count that matters) {text} (what the reset
 * says of itself) {name} (SNI, Host or request). */
struct cause_partner {
	const char *id;         /* a cause that the wire often cannot tell from this one (catalogue section 5) */
	const char *decided_by; /* the observation that would */
};

/* Before an unknown or a check that has nothing left to say once this machine's own kernel told why it sent the reset. */
#define UNLESS_TOLD "\t"

struct cause {
	const char *id;
	const char *family;     /* "Refused at connection set-up"… */
	const char *headline;   /* with placeholders: who did what to whom, plain words */
	const char *why;        /* mechanism and responsible element, two to five sentences for the reader of --explain and doc/ */
	const char *evidence_for, *evidence_against; /* prose for the documentation; the rule itself is `bearings` */
	enum mechanism mechanism;
	enum confidence cap;    /* the most that a capture can ever say */
	enum severity severity;
	int8_t prior;
	bool variant;           /* a second rule for the id of the row before it: not listed in the documentation */
	struct bearing bearings[CAUSE_BEARINGS];
	struct cause_partner partners[CAUSE_PARTNERS];
	const char *unknowns[CAUSE_TEXTS];
	const char *checks[CAUSE_TEXTS];     /* each a sentence or a command to copy */
	const char *references[CAUSE_TEXTS];
};

/* Tables by family, each ended by a row without id; catalogue.c joins them. */
extern const struct cause causes_refused[], causes_handshake[], causes_abort[], causes_timers[], causes_late[], causes_middlebox[],
	causes_forged[], causes_declared[];

/* An unknown or a check without its mark; NULL: the kernel told, and it has nothing left to say. */
const char *cause_text(const char *text, bool told);

const char *fact_name(enum fact fact);
const char *fact_sentence(enum fact fact);

#endif
