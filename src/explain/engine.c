/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine: from facts to a verdict. Every row of the catalogue is scored by the same few rules; there is no cause with code of its own. */
#include "explain/evidence.h"

#include <string.h>

#include "explain/kernel_word.h"
#include "explain/recall.h"

enum {
	SCORE_LIKELY = 3,
	LEAD_LIKELY = 1,
	LEAD_CERTAIN = 3,
	CAUSES_MOST = 128,
	RIVAL_DISTANCE = 4,     /* how far behind the best another cause may lie and still be a real alternative */
	PARTNER_AGAINST = -4    /* a wire-identical partner is left out only when evidence weighs this much against it */
};

struct score {
	const struct cause *cause;
	int score;
	int against;            /* sum of what weighs against */
	bool decided;           /* all DECIDES hold, and there is one */
};

/* Most rows fall by their first gate: NEEDS and BARS are looked at before anything is added up. */
static bool excluded(const struct evidence *e, const struct cause *c)
{
	for (const struct bearing *b = c->bearings; b < c->bearings + CAUSE_BEARINGS && b->kind != BEARS_END; b++) {
		bool gate = b->kind == BEARS_NEEDS || b->kind == BEARS_BARS;
		if (gate && holds(e, (enum fact)b->fact) != (b->kind == BEARS_NEEDS))
			return true;
	}
	return false;
}

static struct score score_cause(const struct evidence *e, const struct cause *c)
{
	struct score s = { .cause = c, .score = c->prior };
	bool decides = false, decided = true;
	for (const struct bearing *b = c->bearings; b < c->bearings + CAUSE_BEARINGS && b->kind != BEARS_END; b++) {
		bool is = holds(e, (enum fact)b->fact);
		if (b->kind == BEARS_DECIDES) {
			decides = true;
			decided = decided && is;
		} else if (b->kind == BEARS_WEIGHT && is) {
			s.score += b->weight;
			s.against += b->weight < 0 ? b->weight : 0;
		}
	}
	s.decided = decides && decided;
	return s;
}

bool cause_admitted(const struct evidence *e, const struct cause *c, int *score)
{
	if (excluded(e, c))
		return false;
	*score = score_cause(e, c).score;
	return true;
}

static const struct cause *main_row(const struct cause *c)
{
	while (c->variant)
		c--;
	return c;
}

/* What the kernel itself sent has a cause that its reason can mean; what it did not send was neither its answer nor its abort. */
static bool kernel_admits(const struct evidence *e, const struct cause *c)
{
	if (e->word != NULL)
		return kernel_word_admits(e->word, c);
	if (e->kernel != NULL)
		return c->mechanism != MECHANISM_THIRD_PARTY;
	if (!holds(e, FACT_KERNEL_NOT_SENT))
		return true;
	return c->mechanism == MECHANISM_THIRD_PARTY || c->mechanism == MECHANISM_UNKNOWN || strcmp(c->id, "refused-firewall-reject") == 0;
}

/* All causes that are not excluded, best first; equal scores in the order of the catalogue. */
static size_t score_all(const struct evidence *e, struct score ranking[CAUSES_MOST])
{
	static const struct cause *const family[] = { causes_declared, causes_refused, causes_handshake, causes_abort,
		                                      causes_timers,   causes_late,    causes_middlebox, causes_forged };
	size_t n = 0;
	for (size_t f = 0; f < sizeof family / sizeof *family; f++) {
		for (const struct cause *c = family[f]; c->id != NULL && n < CAUSES_MOST; c++) {
			if (excluded(e, c) || !kernel_admits(e, main_row(c)))
				continue;
			struct score s = score_cause(e, c);
			size_t k = n++;
			for (; k > 0 && ranking[k - 1].score < s.score; k--)
				ranking[k] = ranking[k - 1];
			ranking[k] = s;
		}
	}
	return n;
}

static bool is_partner(const struct cause *of, const char *id)
{
	for (size_t i = 0; i < CAUSE_PARTNERS; i++)
		if (of->partners[i].id != NULL && strcmp(of->partners[i].id, id) == 0)
			return true;
	return false;
}

static const char *deciding(const struct cause *of, const char *id)
{
	for (size_t i = 0; i < CAUSE_PARTNERS; i++)
		if (of->partners[i].id != NULL && strcmp(of->partners[i].id, id) == 0)
			return of->partners[i].decided_by;
	return NULL;
}

static enum confidence how_sure(const struct evidence *e, const struct score *best, const struct score *ranking, size_t n)
{
	if (holds(e, FACT_NOTHING_ELSE) && e->form == FORM_ACTIVE)
		return CONFIDENCE_POSSIBLE; /* one packet tells nothing of why an application aborted */
	if (holds(e, FACT_LOCAL_SPEAKER) && e->form == FORM_ACTIVE)
		return CONFIDENCE_POSSIBLE; /* who decided it lies behind what speaks here */
	bool hidden = holds(e, FACT_TRIGGER_UNSEEN) || (e->form == FORM_BARE && !holds(e, FACT_DELAY_FITS));
	if (holds(e, FACT_FLAGS_ONLY) && hidden && !holds(e, FACT_EARLIER_RST))
		return CONFIDENCE_POSSIBLE; /* what was answered could have been anything */
	const struct cause *cause = main_row(best->cause);
	int lead = best->score, lead_all = lead;
	for (size_t i = 0; i < n; i++) {
		const struct cause *rival = main_row(ranking[i].cause);
		if (rival == cause)
			continue;
		int d = best->score - ranking[i].score;
		lead_all = d < lead_all ? d : lead_all;
		if (!is_partner(cause, rival->id))
			lead = d < lead ? d : lead;
	}
	/* … and taken for R's own all the same. */
	bool apart = e->role != ROLE_DUPLICATE &&
	             (holds(e, FACT_HOPS_NEARER) || holds(e, FACT_HOPS_FARTHER) || holds(e, FACT_TRIGGER_NEVER_ARRIVED));
	enum confidence sure = CONFIDENCE_POSSIBLE;
	if (best->score >= SCORE_LIKELY && lead >= LEAD_LIKELY)
		sure = CONFIDENCE_LIKELY;
	if (sure == CONFIDENCE_LIKELY && (!apart || holds(e, FACT_THIRD_PARTY)) && best->decided && best->against == 0 && lead_all >= LEAD_CERTAIN)
		sure = CONFIDENCE_CERTAIN;
	return sure < best->cause->cap ? sure : best->cause->cap;
}

/* A partner is a real alternative unless something known speaks against it. */
static bool partner_remains(const struct evidence *e, const struct cause *c)
{
	int against = 0;
	for (size_t i = 0; i < CAUSE_BEARINGS && c->bearings[i].kind != BEARS_END; i++) {
		const struct bearing *b = &c->bearings[i];
		int8_t state = e->state[b->fact];
		if ((b->kind == BEARS_NEEDS && state < 0) || (b->kind == BEARS_BARS && state > 0))
			return false;
		if (b->kind == BEARS_WEIGHT && b->weight < 0 && state > 0)
			against += b->weight;
	}
	return against > PARTNER_AGAINST;
}

static void list_alternatives(const struct evidence *e, struct verdict *v, int best, const struct score *ranking, size_t n)
{
	const struct cause *meant = declared_cause(e);
	if (meant != NULL)
		verdict_add_alternative(v, meant, "what the reset says of itself points there; its sender's own log confirms it");
	if (v->confidence == CONFIDENCE_CERTAIN)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct cause *c = main_row(ranking[i].cause);
		if (ranking[i].score < best - RIVAL_DISTANCE || ranking[i].score < 1)
			continue;
		const char *by = deciding(v->cause, c->id);
		by = by != NULL ? by : deciding(c, v->cause->id);
		verdict_add_alternative(v, c, by != NULL ? by : cause_text(c->checks[0], false));
	}
	for (size_t i = 0; i < CAUSE_PARTNERS && v->cause->partners[i].id != NULL; i++) {
		const struct cause *c = cause_find(v->cause->partners[i].id);
		if (c != NULL && partner_remains(e, c) && kernel_admits(e, c))
			verdict_add_alternative(v, c, v->cause->partners[i].decided_by);
	}
}

/* What was concluded from other facts makes these say too much: the form of a live socket on a foreign or lonely packet, and numbers that
 * cannot be those of a reset that had its effect. */
static bool is_moot(const struct evidence *e, enum fact fact)
{
	if (fact == FACT_RST_ACTIVE || fact == FACT_RST_LIVE_SOCKET)
		return holds(e, FACT_THIRD_PARTY) || (fact == FACT_RST_ACTIVE && holds(e, FACT_NOTHING_ELSE));
	if (holds(e, FACT_RST_PAYLOAD_TAKEN) && (fact == FACT_RST_BARE || fact == FACT_IN_WINDOW_NOT_EXACT))
		return true;
	if (holds(e, FACT_SYNACK_GIVEN_UP) && (fact == FACT_RST_BARE || fact == FACT_TRIGGER_UNSEEN))
		return true;
	return fact == FACT_OUT_OF_WINDOW && e->effect == EFFECT_KILLED;
}

static void add_evidence(const struct evidence *e, struct verdict *v, enum fact fact, bool weakens)
{
	if (!holds(e, fact) || v->evidence_count == VERDICT_EVIDENCE || is_moot(e, fact))
		return;
	for (size_t i = 0; i < v->evidence_count; i++)
		if (v->evidence[i].number == (uint16_t)fact || (fact == FACT_ANSWERS && strncmp(v->evidence[i].fact, "answers-", 8) == 0))
			return; /* said already, or said more exactly */
	v->evidence[v->evidence_count++] = (struct evidence_line){ .fact = fact_name(fact), .frame = e->frame[fact], .number = (uint16_t)fact, .weakens = weakens };
}

/* What the row decided by, strongest first; then what its mechanism and its emitter stand on; last what weighs against. */
static void list_evidence(const struct evidence *e, struct verdict *v, const struct cause *row)
{
	static const enum fact signs[] = { FACT_RESET_BOTH_WAYS, FACT_TRIGGER_NEVER_ARRIVED, FACT_RST_ODD_FLAGS, FACT_R_ALIVE_AFTER,
		                           FACT_HOPS_NEARER, FACT_TOO_FAST, FACT_RST_MIDDLEBOX_FORM, FACT_RST_COPIED,
		                           FACT_FLOW_LABEL_ZERO, FACT_LINUX_WITHOUT_LABEL, FACT_RST_RESERVED_BITS, FACT_RST_TIMESTAMP_OFF_CLOCK, FACT_BURST_SEQ_VARIES,
		                           FACT_BURST_STYLE_VARIES, FACT_RESETS_SURPLUS, FACT_SEQ_BEYOND_SENT, FACT_SEQ_BELOW_SENT, FACT_STYLE_FOREIGN,
		                           FACT_HOPS_FARTHER, FACT_MAC_DIFFERS, FACT_FLOW_GOES_ON };
	static const enum fact kernel[] = { FACT_KERNEL_SENT, FACT_KERNEL_SENT_UNTOLD, FACT_KERNEL_PROCESS, FACT_KERNEL_LISTENER_CLOSED,
		                            FACT_KERNEL_NOT_SENT, FACT_KERNEL_FILTER, FACT_KERNEL_TOOK, FACT_KERNEL_REPEATED };
	static const enum fact form[] = { FACT_RST_ACTIVE, FACT_RST_LIVE_SOCKET, FACT_ABORTED_TWICE, FACT_ANSWERS, FACT_RST_BARE, FACT_RST_REFUSAL, FACT_RST_BAD_CHECKSUM,
		                          FACT_RST_WINDOW_CODE, FACT_OUT_OF_WINDOW, FACT_IN_WINDOW_NOT_EXACT, FACT_CHALLENGED, FACT_TIMESTAMP_ECHO_WRONG,
		                          FACT_NAT_OTHER_SIDE };
	static const enum fact elsewhere[] = { FACT_LEFT_R, FACT_SEEN_NEARER_R, FACT_COPIED_ON_THE_WAY, FACT_NEVER_ARRIVED,
		                               FACT_TRIGGER_NEVER_ARRIVED, FACT_SYN_FORGED, FACT_TRIGGER_FORGED, FACT_TRIGGER_COPIED, FACT_TRIGGER_ARRIVED,
		                               FACT_LEG_RESET, FACT_LARGE_STOPPED, FACT_R_STOPPED, FACT_P_STOPPED, FACT_R_UNHEARD, FACT_P_UNHEARD, FACT_TRANSLATED, FACT_ARRIVED };
	for (size_t i = 0; i < sizeof kernel / sizeof *kernel; i++)
		add_evidence(e, v, kernel[i], false);
	add_evidence(e, v, FACT_MADE_BETWEEN, false); /* seen at two places: no sign from looks is as strong */
	for (int strength = WEIGHT_MOST; strength >= 1; strength--) {
		for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++) {
			const struct bearing *b = &row->bearings[i];
			int mine = b->kind == BEARS_WEIGHT ? b->weight : b->kind == BEARS_NEEDS || b->kind == BEARS_DECIDES ? 3 : 0;
			if (mine == strength)
				add_evidence(e, v, (enum fact)b->fact, false);
		}
	}
	for (size_t i = 0; holds(e, FACT_THIRD_PARTY) && i < sizeof signs / sizeof *signs; i++)
		add_evidence(e, v, signs[i], false);
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		add_evidence(e, v, elsewhere[i], false);
	for (size_t i = 0; i < sizeof form / sizeof *form; i++)
		add_evidence(e, v, form[i], false);
	add_evidence(e, v, FACT_NOT_SEEN_NEARER_R, !holds(e, FACT_THIRD_PARTY));
	add_evidence(e, v, FACT_LOCAL_SPEAKER, true);
	for (size_t i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++)
		if (row->bearings[i].kind == BEARS_WEIGHT && row->bearings[i].weight < 0)
			add_evidence(e, v, (enum fact)row->bearings[i].fact, true);
}

/* A filter on R's own machine answers in its socket's stead, from R's distance and with a plain refusal. */
static bool made_at_r(const struct evidence *e)
{
	static const enum fact elsewhere[] = { FACT_MADE_BETWEEN, FACT_HOPS_NEARER, FACT_HOPS_FARTHER, FACT_TOO_FAST, FACT_MAC_DIFFERS,
		                               FACT_STYLE_FOREIGN, FACT_R_ACKED_TRIGGER,
		                               FACT_BURST, FACT_MIRROR, FACT_RST_COPIED, FACT_RST_RESERVED_BITS, FACT_RST_BAD_CHECKSUM };
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		if (holds(e, elsewhere[i]))
			return false;
	return holds(e, FACT_HOPS_SAME) && e->form == FORM_BARE && holds(e, FACT_ANSWERS);
}

/* By the kernel's own word, where it has one. False: it has none. */
static bool told_mechanism(const struct evidence *e, struct verdict *v)
{
	bool not_sent = holds(e, FACT_KERNEL_NOT_SENT);
	if (e->word == NULL && !not_sent)
		return false;
	v->mechanism = not_sent ? MECHANISM_THIRD_PARTY : e->word->mechanism;
	v->mechanism_confidence = CONFIDENCE_CERTAIN;
	bool elsewhere = holds(e, FACT_HOPS_NEARER) || holds(e, FACT_HOPS_FARTHER);
	bool filtered = holds(e, FACT_KERNEL_FILTER) && !elsewhere;
	if ((not_sent || (holds(e, FACT_THIRD_PARTY) && elsewhere)) && !filtered && !made_at_r(e))
		v->emitter = EMITTER_MIDDLEBOX;
	return true;
}

static void decide_mechanism(const struct evidence *e, struct verdict *v)
{
	v->emitter = e->r == SIDE_CLIENT ? EMITTER_CLIENT : EMITTER_SERVER;
	if (told_mechanism(e, v))
		return;
	if (holds(e, FACT_RST_PAYLOAD_TAKEN)) {
		v->mechanism = MECHANISM_UNKNOWN;
		v->mechanism_confidence = CONFIDENCE_POSSIBLE;
	} else if (holds(e, FACT_THIRD_PARTY)) {
		v->mechanism = MECHANISM_THIRD_PARTY;
		bool sure = holds(e, FACT_MADE_BETWEEN) || holds(e, FACT_R_ALIVE_AFTER) || holds(e, FACT_MIRROR) || holds(e, FACT_BURST_SEQ_VARIES);
		v->mechanism_confidence = sure ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
		v->emitter = made_at_r(e) ? v->emitter : EMITTER_MIDDLEBOX;
	} else if (holds(e, FACT_SYNACK_GIVEN_UP)) {
		v->mechanism = MECHANISM_ABORT;
		v->mechanism_confidence = CONFIDENCE_LIKELY;
	} else if (holds(e, FACT_RST_ACTIVE)) {
		v->mechanism = MECHANISM_ABORT;
		bool apart = holds(e, FACT_HOPS_NEARER) || holds(e, FACT_HOPS_FARTHER) || holds(e, FACT_TOO_FAST);
		v->mechanism_confidence = holds(e, FACT_RST_LIVE_SOCKET) && !holds(e, FACT_NOTHING_ELSE) && !holds(e, FACT_RST_NO_TIMESTAMPS) &&
		                          !apart && item_is(e->rst, TCP_ACK)
		                                  ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	} else if (holds(e, FACT_RST_BARE) || holds(e, FACT_RST_REFUSAL) || holds(e, FACT_ANSWERS)) {
		v->mechanism = MECHANISM_STATELESS_REPLY;
		v->mechanism_confidence = holds(e, FACT_ANSWERS) && !holds(e, FACT_RST_MIDDLEBOX_FORM) && !holds(e, FACT_TWO_ANSWERS) &&
		                          !holds(e, FACT_R_HOST_REFUSED)
		                                  ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	} else {
		v->mechanism = MECHANISM_UNKNOWN;
		v->mechanism_confidence = CONFIDENCE_POSSIBLE;
	}
	if (holds(e, FACT_NOTHING_ELSE) && e->form != FORM_REFUSAL && v->mechanism != MECHANISM_THIRD_PARTY)
		v->emitter = EMITTER_UNKNOWN;
}

/* A reset that is one with an earlier one (the next of a burst, the other half, the next refusal, the same packet again) has its verdict. */
static bool inherit(const struct evidence *e, const struct earlier *earlier, struct verdict *v)
{
	if (e->word != NULL || holds(e, FACT_KERNEL_NOT_SENT))
		return false; /* told of itself */
	bool one = e->role == ROLE_STRAFE || e->role == ROLE_MIRROR || e->role == ROLE_RETRY || e->role == ROLE_DUPLICATE;
	if (!one)
		return false;
	for (size_t k = earlier->count; k-- > 0;) {
		const struct earlier_rst *x = &earlier->rst[k];
		if (x->index != e->earlier)
			continue;
		v->mechanism = x->mechanism;
		v->mechanism_confidence = x->mechanism_confidence;
		v->emitter = x->emitter;
		if (e->role == ROLE_DUPLICATE)
			return false;
		v->cause = x->cause;
		v->confidence = x->confidence;
		return true;
	}
	return false;
}

/* What the reason plainly means is likely though nothing on the wire shows it, and certain where it means only that. */
static void heed_kernel(const struct evidence *e, struct verdict *v)
{
	if (e->word == NULL)
		return;
	const char *plain = e->word->causes[0];
	if (plain != NULL && strcmp(v->cause->id, "unknown") == 0)
		v->cause = cause_find(plain);
	if (plain != NULL && v->cause == cause_find(plain) && v->confidence < CONFIDENCE_LIKELY)
		v->confidence = CONFIDENCE_LIKELY;
	if (e->word->certain != NULL && strcmp(v->cause->id, e->word->certain) == 0)
		v->confidence = CONFIDENCE_CERTAIN;
}

/* All rows weighed, and what the best makes of the verdict unless it was inherited. Returns how many are in the ranking. */
static size_t weigh(const struct evidence *e, bool inherited, struct score ranking[CAUSES_MOST], struct verdict *v)
{
	size_t n = score_all(e, ranking);
	if (inherited || n == 0)
		return n;
	v->cause = main_row(ranking[0].cause);
	v->confidence = how_sure(e, &ranking[0], ranking, n);
	heed_kernel(e, v);
	return n;
}

/* Cause and confidence alone, as weigh() would say: from what equal facts gave before, where no kernel has a word in it. */
static void weigh_brief(const struct evidence *e, struct verdict *v)
{
	struct recall *recall = e->kernel == NULL && e->word == NULL ? e->scene->context->recall : NULL;
	struct score ranking[CAUSES_MOST];
	struct recall_key key;
	struct recalled known = { 0 };
	if (recall != NULL) {
		key = recall_key(e->state, e->form);
		known = recall_find(recall, &key);
	}
	v->cause = known.cause;
	v->confidence = known.confidence;
	if (known.cause == NULL && weigh(e, false, ranking, v) > 0 && recall != NULL)
		recall_keep(recall, &key, (struct recalled){ v->cause, v->confidence });
}

static void decide_severity(const struct evidence *e, bool inherited, struct verdict *v)
{
	v->severity = e->effect == EFFECT_IGNORED && v->cause->severity == SEVERITY_PROBLEM ? SEVERITY_WARN : v->cause->severity;
	if (e->effect == EFFECT_ALREADY_CLOSED && !inherited)
		v->severity = SEVERITY_INFO;
}

static void tell(const struct evidence *e, bool inherited, const struct score *ranking, size_t n, struct verdict *v)
{
	size_t at = 0;
	while (inherited && at < n && main_row(ranking[at].cause) != v->cause)
		at++;
	if (at < n && main_row(ranking[at].cause) != v->cause)
		at = n; /* no row of the wire's: the kernel's word alone */
	const struct cause *row = at < n ? ranking[at].cause : v->cause;
	v->row = row;
	v->headline = row->headline != NULL ? row->headline : v->cause->headline;
	list_evidence(e, v, row);
	list_alternatives(e, v, at < n ? ranking[at].score : 0, ranking, n);
}

void decide_verdict(const struct evidence *e, const struct earlier *earlier, struct verdict *v)
{
	struct score ranking[CAUSES_MOST];
	size_t n = 0;
	decide_mechanism(e, v);
	bool inherited = inherit(e, earlier, v), brief = e->scene->context->brief;
	if (!brief)
		n = weigh(e, inherited, ranking, v);
	else if (!inherited)
		weigh_brief(e, v);
	if (e->kernel != NULL)
		v->kernel_reason = kernel_journal_reason(e->scene->context->kernel, e->kernel->reason);
	if (v->cause == NULL)
		v->cause = cause_find("unknown");
	decide_severity(e, inherited, v);
	if (!brief)
		tell(e, inherited, ranking, n, v);
}
