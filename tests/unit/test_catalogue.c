/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_catalogue: the table of causes is whole: every cause once, every text there and fillable, every rule able to hold. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "explain/cause.h"
#include "explain/kernel_word.h"
#include "util/buf.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct cause *const tables[] = { causes_refused, causes_handshake,  causes_abort,  causes_timers,
	                                      causes_late,    causes_middlebox, causes_forged, causes_declared };

/* Every cause that the catalogue knows, in its order. */
static const char *const ids[] = {
	"refused-closed-port",
	"refused-firewall-reject",
	"refused-backlog-full",
	"refused-lb-no-backend",
	"refused-after-synproxy",
	"syn-scan",
	"stealth-scan",
	"connect-aborted-before-synack",
	"synack-unexpected",
	"probe-health-check",
	"port-reuse-challenge-reset",
	"synrcvd-bad-ack",
	"synrcvd-dup-syn",
	"handshake-state-lost",
	"accept-overflow-abort",
	"accept-overflow-late-reset",
	"duplicate-address",
	"abort-unread-data",
	"abort-unread-upload",
	"abort-unread-close-notify",
	"abort-linger0",
	"abort-app-timeout",
	"abort-after-protocol-error",
	"abort-process-killed",
	"abort-listener-closed",
	"abort-admin-kill",
	"abort-api-disconnect",
	"abort-zero-window",
	"abort-after-own-fin",
	"abort-linger2-fin-wait2",
	"abort-orphan-memory",
	"endpoint-security-reset",
	"keepalive-timeout",
	"retransmit-giveup-reset",
	"timeout-gone-late-reset",
	"fin-wait2-expired",
	"mtu-blackhole",
	"late-data-after-close",
	"late-response-after-client-close",
	"late-tls-close-notify",
	"keepalive-race",
	"late-segment-after-full-close",
	"half-open-peer-lost-state",
	"midstream-wrong-host",
	"in-flight-after-abort",
	"challenge-ack-recovery",
	"time-wait-assassination",
	"time-wait-syn-challenge",
	"no-socket-midstream",
	"firewall-reject-midstream",
	"ips-reset-both",
	"idle-expired-reset-on-data",
	"idle-expired-reset-both",
	"nat-mapping-lost",
	"conntrack-invalid-leak",
	"asymmetric-path-reset",
	"seq-rewrite-desync",
	"proxy-relayed-reset",
	"lb-backend-removed",
	"vendor-cause-payload",
	"injected-on-path",
	"injected-multi-seq",
	"injected-at-syn",
	"injected-after-request",
	"blind-rst-attack",
	"mptcp-fastclose",
	"mptcp-subflow-reset",
	"mptcp-join-refused",
	"rst-diagnostic-payload",
	"security-compartment-mismatch",
	"capture-duplicate",
	"unknown",
};

static const char *const fact_ids[] = {
#define FACT(id, name, sentence) #id,
#include "explain/facts.def"
#undef FACT
};

/* Calls check for every row of every table, the variants too. */
static void each_row(void (*check)(const struct cause *))
{
	for (size_t t = 0; t < COUNT(tables); t++)
		for (const struct cause *c = tables[t]; c->id != NULL; c++)
			check(c);
}

static const struct cause *main_row(const struct cause *c)
{
	while (c->variant)
		c--;
	return c;
}

static bool has_bearing(const struct cause *c, enum bearing_kind kind, unsigned fact)
{
	for (size_t i = 0; i < CAUSE_BEARINGS && c->bearings[i].kind != BEARS_END; i++)
		if (c->bearings[i].kind == kind && c->bearings[i].fact == fact)
			return true;
	return false;
}

static void test_every_cause_once(void **state)
{
	(void)state;
	assert_int_equal(cause_count(), COUNT(ids));
	for (size_t i = 0; i < COUNT(ids); i++) {
		size_t rows = 0;
		for (size_t k = 0; k < cause_count(); k++)
			rows += strcmp(cause_id(cause_at(k)), ids[i]) == 0;
		if (rows != 1)
			fail_msg("%s: %zu rows", ids[i], rows);
		assert_string_equal(cause_id(cause_find(ids[i])), ids[i]);
	}
}

static void test_what_is_not_there(void **state)
{
	(void)state;
	assert_null(cause_find("no-such-cause"));
	assert_null(cause_find(""));
	assert_null(cause_find(NULL));
	assert_null(cause_at(cause_count()));
	assert_string_equal(cause_id(NULL), "");
}

static void check_texts(const struct cause *c)
{
	if (c->variant)
		return;
	const char *const texts[] = { c->family, c->headline, c->why, c->evidence_for, c->evidence_against, c->checks[0], c->references[0] };
	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i] == NULL || texts[i][0] == '\0')
			fail_msg("%s: text %zu is missing", c->id, i);
	if (strchr(c->headline, '\n') != NULL)
		fail_msg("%s: a headline is one line", c->id);
}

static void test_texts_are_there(void **state)
{
	(void)state;
	each_row(check_texts);
}

/* A variant stands behind the row whose id it shares. */
static void check_variant(const struct cause *c)
{
	if (c->variant && strcmp(main_row(c)->id, c->id) != 0)
		fail_msg("%s: a variant behind %s", c->id, main_row(c)->id);
	if (c->variant && c->bearings[0].kind == BEARS_END)
		fail_msg("%s: a variant without a rule", c->id);
}

static void test_variants(void **state)
{
	(void)state;
	for (size_t t = 0; t < COUNT(tables); t++)
		assert_false(tables[t][0].variant);
	each_row(check_variant);
}

static void check_partners(const struct cause *c)
{
	for (size_t i = 0; i < CAUSE_PARTNERS && c->partners[i].id != NULL; i++) {
		const char *id = c->partners[i].id;
		if (cause_find(id) == NULL)
			fail_msg("%s: partner %s is no cause", c->id, id);
		if (strcmp(id, c->id) == 0)
			fail_msg("%s: is its own partner", c->id);
		if (c->partners[i].decided_by == NULL || c->partners[i].decided_by[0] == '\0')
			fail_msg("%s: what tells it from %s?", c->id, id);
		for (size_t k = 0; k < i; k++)
			if (strcmp(id, c->partners[k].id) == 0)
				fail_msg("%s: partner %s twice", c->id, id);
	}
}

static void test_partners(void **state)
{
	(void)state;
	each_row(check_partners);
}

static bool known_placeholder(const char *name, size_t n, const char *const known[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(known[i]) == n && memcmp(known[i], name, n) == 0)
			return true;
	return false;
}

/* Braces are placeholders, but for what shells and strace write: "{onoff=1, linger=0}". */
static void check_placeholders(const char *of, const char *text, const char *const known[], size_t count)
{
	for (const char *p = text; p != NULL && (p = strchr(p, '{')) != NULL; p++) {
		const char *end = strchr(p, '}');
		if (end == NULL)
			fail_msg("%s: a brace is open in \"%s\"", of, text);
		size_t n = (size_t)(end - p) - 1;
		if (memchr(p, '=', n) == NULL && !known_placeholder(p + 1, n, known, count))
			fail_msg("%s: {%.*s} is no placeholder", of, (int)n, p + 1);
	}
}

static void check_cause_placeholders(const struct cause *c)
{
	static const char *const known[] = { "R", "P", "client", "server", "server_addr", "client_addr", "port", "gap", "n", "text", "name" };
	const char *const single[] = { c->headline, c->why, c->evidence_for, c->evidence_against };
	for (size_t i = 0; i < COUNT(single); i++)
		check_placeholders(c->id, single[i], known, COUNT(known));
	for (size_t i = 0; i < CAUSE_TEXTS; i++) {
		check_placeholders(c->id, c->unknowns[i], known, COUNT(known));
		check_placeholders(c->id, c->checks[i], known, COUNT(known));
		check_placeholders(c->id, c->references[i], known, COUNT(known));
	}
	for (size_t i = 0; i < CAUSE_PARTNERS; i++)
		check_placeholders(c->id, c->partners[i].decided_by, known, COUNT(known));
}

/* Each row of the kernel's reasons names causes that there are, is sure only of one that it admits, and is found by its reason. */
static void test_kernel_words(void **state)
{
	(void)state;
	for (size_t i = 0; kernel_word_at(i) != NULL; i++) {
		const struct kernel_word *w = kernel_word_at(i);
		unsigned admitted = 0;
		for (size_t k = 0; k < KERNEL_WORD_CAUSES && w->causes[k] != NULL; k++) {
			if (cause_find(w->causes[k]) == NULL)
				fail_msg("%s: there is no cause %s", w->reason, w->causes[k]);
			admitted += w->certain != NULL && strcmp(w->certain, w->causes[k]) == 0;
		}
		if (w->certain != NULL)
			assert_true(kernel_word_admits(w, cause_find(w->certain)));
		if (w->certain != NULL && w->causes[0] != NULL)
			assert_int_equal(admitted, 1);
		unsigned at = 0;
		while (w->states != 0 && (w->states & 1u << at) == 0)
			at++;
		assert_ptr_equal(kernel_word_find(w->reason, at), w);
	}
	assert_null(kernel_word_find("A_NEW_ONE", 1));
	assert_null(kernel_word_find(NULL, 1));
}

static void test_placeholders(void **state)
{
	(void)state;
	static const char *const known[] = { "R", "P", "T", "a", "a:dur", "a:netscaler", "a:bytes", "a:reason", "b", "b:dur", "b:bytes", "b:app",
		                               "b:states", "comm", "a:point", "b:point" };
	each_row(check_cause_placeholders);
	for (unsigned f = 0; f < FACT_COUNT; f++)
		check_placeholders(fact_name((enum fact)f), fact_sentence((enum fact)f), known, COUNT(known));
}

static void test_facts_have_names(void **state)
{
	(void)state;
	for (unsigned f = 0; f < FACT_COUNT; f++) {
		const char *name = fact_name((enum fact)f);
		assert_true(name[0] != '\0' && fact_sentence((enum fact)f)[0] != '\0');
		if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
			fail_msg("%s: not a word for JSON", name);
		for (unsigned g = 0; g < f; g++)
			if (strcmp(name, fact_name((enum fact)g)) == 0)
				fail_msg("%s: two facts of this name", name);
	}
	assert_string_equal(fact_name(FACT_COUNT), "");
}

/* What is needed must not be barred as well, and nothing stands twice in the same sense. */
static void check_rule(const struct cause *c)
{
	for (size_t i = 0; i < CAUSE_BEARINGS && c->bearings[i].kind != BEARS_END; i++) {
		const struct bearing *b = &c->bearings[i];
		const char *name = fact_name((enum fact)b->fact);
		assert_true(b->kind <= BEARS_DECIDES && b->fact < FACT_COUNT);
		if (b->kind == BEARS_WEIGHT ? b->weight == 0 : b->weight != 0)
			fail_msg("%s: the weight of %s", c->id, name);
		if (b->kind == BEARS_BARS && (has_bearing(c, BEARS_NEEDS, b->fact) || has_bearing(c, BEARS_DECIDES, b->fact) ||
		                              has_bearing(c, BEARS_WEIGHT, b->fact)))
			fail_msg("%s: %s is barred, and counted too", c->id, name);
		for (size_t k = 0; k < i; k++)
			if (c->bearings[k].kind == b->kind && c->bearings[k].fact == b->fact)
				fail_msg("%s: %s twice", c->id, name);
	}
}

static void test_rules_can_hold(void **state)
{
	(void)state;
	each_row(check_rule);
}

static void check_cap(const struct cause *c)
{
	bool decides = false;
	if (c->variant || c->cap != CONFIDENCE_CERTAIN)
		return;
	for (const struct cause *row = c; row->id != NULL && main_row(row) == c; row++)
		for (unsigned f = 0; f < FACT_COUNT; f++)
			decides = decides || has_bearing(row, BEARS_DECIDES, f);
	if (!decides)
		fail_msg("%s: may be certain, but nothing decides", c->id);
}

static void test_certainty_has_a_reason(void **state)
{
	(void)state;
	each_row(check_cap);
}

/* The mechanism of a row is the one that its rule asks for. */
static void check_mechanism(const struct cause *c)
{
	enum mechanism m = c->mechanism;
	if (m == MECHANISM_THIRD_PARTY && has_bearing(c, BEARS_BARS, FACT_THIRD_PARTY))
		fail_msg("%s: made by a third party, and must not be", c->id);
	if (m == MECHANISM_STATELESS_REPLY && has_bearing(c, BEARS_NEEDS, FACT_RST_ACTIVE))
		fail_msg("%s: a reply by a live socket", c->id);
}

static void test_mechanisms(void **state)
{
	(void)state;
	each_row(check_mechanism);
}

/* Appends the text of the files in src/explain whose names match. */
static void read_sources(const char *pattern, struct buf *out)
{
	const char *top = getenv("TOP_SRCDIR");
	struct buf path = { 0 };
	char block[4096];
	glob_t found;
	buf_printf(&path, "%s/src/explain/%s", top != NULL ? top : ".", pattern);
	if (glob(buf_text(&path), 0, NULL, &found) != 0)
		found.gl_pathc = 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "r");
		assert_non_null(f);
		for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
			buf_add(out, block, n);
		fclose(f);
	}
	globfree(&found);
	buf_free(&path);
}

static bool mentions(const char *source, const char *fact)
{
	size_t n = strlen(fact);
	for (const char *p = source; (p = strstr(p, "FACT_")) != NULL; p += 5)
		if (strncmp(p + 5, fact, n) == 0 && strspn(p + 5 + n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == 0)
			return true;
	return false;
}

/* A fact that no source file measures could never hold: a rule that stands on it would be dead. */
static void test_every_fact_is_measured(void **state)
{
	(void)state;
	static const char *const files[] = { "measure_*.c", "roles.c", "effect.c", "incident.c", "explain.c", "adopt.c" };
	struct buf source = { 0 };
	for (size_t i = 0; i < COUNT(files); i++)
		read_sources(files[i], &source);
	if (source.len == 0) {
		buf_free(&source);
		print_message("the sources are not here: set TOP_SRCDIR\n");
		skip();
	}
	for (size_t f = 0; f < COUNT(fact_ids); f++)
		if (!mentions(buf_text(&source), fact_ids[f]))
			fail_msg("%s is measured nowhere", fact_ids[f]);
	buf_free(&source);
}

/* Written out for a reader, no placeholder is left. */
static void test_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < cause_count(); i++) {
		const struct cause *c = cause_at(i);
		struct buf out = { 0 };
		cause_describe(c, &out);
		assert_non_null(strstr(buf_text(&out), cause_id(c)));
		if (strstr(buf_text(&out), "{R}") != NULL || strstr(buf_text(&out), "{P}") != NULL || strstr(buf_text(&out), "{port}") != NULL)
			fail_msg("%s: a placeholder is left in its description", cause_id(c));
		out.len = 0;
		cause_summary(c, &out);
		assert_true(out.len > 0 && memchr(out.data, '\n', out.len) == NULL);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cause_once),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_texts_are_there),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_partners),
		cmocka_unit_test(test_placeholders), cmocka_unit_test(test_kernel_words),
		cmocka_unit_test(test_facts_have_names),
		cmocka_unit_test(test_rules_can_hold),
		cmocka_unit_test(test_certainty_has_a_reason),
		cmocka_unit_test(test_mechanisms),
		cmocka_unit_test(test_every_fact_is_measured),
		cmocka_unit_test(test_described),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
