/* SPDX-License-Identifier: GPL-3.0-or-later
 * gates: reads the captures of all scenarios and holds that each row of the catalogue is got by one of them, and that each of its gates
 * (NEEDS, BARS) is what alone keeps it out in another: a near miss. A capture below near-miss/ must miss the gate that it is named
 * after: CAUSE--FACT, CAUSE.2--FACT for the second row of a cause. FILE+FILE are captures of several places. What no capture can miss alone stands in excused.def, with the
 * reason. Prints TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/evidence.h"
#include "session/session.h"
#include "util/buf.h"
#include "vantage/vantage.h"

static const struct cause *const tables[] = { causes_refused, causes_handshake,  causes_abort,  causes_timers,
	                                      causes_late,    causes_middlebox, causes_forged, causes_declared };

enum { ROWS_MOST = 160, TABLES = sizeof tables / sizeof *tables };

struct gated {
	const struct cause *row;
	unsigned number;                /* among the rows of its id, from 1 */
	bool won;                       /* a scenario gets it */
	bool missed[CAUSE_BEARINGS];    /* a scenario misses it by this gate alone */
	bool missed_now[CAUSE_BEARINGS]; /* the present one does */
};

/* The verdicts come to __wrap_decide_verdict, which has no argument to spare for where they are to be counted. */
static struct gated gated[ROWS_MOST];
static size_t rows;
static unsigned tests;

static bool is_gate(const struct bearing *b) { return b->kind == BEARS_NEEDS || b->kind == BEARS_BARS; }

static bool passes(const struct evidence *e, const struct bearing *b)
{
	return !is_gate(b) || holds(e, (enum fact)b->fact) == (b->kind == BEARS_NEEDS);
}

/* The one gate that keeps the row out; -1: none does, or several. */
static int only_gate(const struct evidence *e, const struct cause *row)
{
	int only = -1;
	for (int i = 0; i < CAUSE_BEARINGS && row->bearings[i].kind != BEARS_END; i++) {
		if (passes(e, &row->bearings[i]))
			continue;
		if (only >= 0)
			return -1;
		only = i;
	}
	return only;
}

static const struct cause *main_row(const struct cause *row)
{
	while (row->variant)
		row--;
	return row;
}

static struct gated *best_row(const struct evidence *e)
{
	struct gated *best = NULL;
	int most = 0;
	for (size_t i = 0; i < rows; i++) {
		int score;
		if (cause_admitted(e, gated[i].row, &score) && (best == NULL || score > most)) {
			most = score;
			best = &gated[i];
		}
	}
	return best;
}

/* A verdict that was taken over from an earlier reset tells nothing of the rows. */
static void count_verdict(const struct evidence *e, const struct verdict *v)
{
	struct gated *best = best_row(e);
	if (best == NULL || main_row(best->row) != v->cause)
		return;
	best->won = true;
	for (size_t i = 0; i < rows; i++) {
		int gate = only_gate(e, gated[i].row);
		if (gate >= 0)
			gated[i].missed[gate] = gated[i].missed_now[gate] = true;
	}
}

void __real_decide_verdict(const struct evidence *e, const struct earlier *earlier, struct verdict *v);
void __wrap_decide_verdict(const struct evidence *e, const struct earlier *earlier, struct verdict *v);

void __wrap_decide_verdict(const struct evidence *e, const struct earlier *earlier, struct verdict *v)
{
	__real_decide_verdict(e, earlier, v);
	count_verdict(e, v);
}

static void list_rows(void)
{
	for (size_t t = 0; t < TABLES; t++) {
		unsigned number = 0;
		for (const struct cause *row = tables[t]; row->id != NULL && rows < ROWS_MOST; row++) {
			number = row->variant ? number + 1 : 1;
			gated[rows++] = (struct gated){ .row = row, .number = number };
		}
	}
}

static bool explain_flows(struct session *s)
{
	bool good = true;
	for (uint32_t k = 0; k < flow_table_count(session_flows(s)); k++) {
		struct findings found = { 0 };
		if (flow_table_get(session_flows(s), k)->rst == 0)
			continue;
		good = session_explain(s, k, 0, &found) && good;
		findings_free(&found);
	}
	return good;
}

/* One capture, or those of several places: FILE+FILE. */
static bool explain_all(const char *captures, struct buf *error)
{
	struct session *sessions[VANTAGE_MOST] = { NULL };
	struct vantage *together = NULL;
	size_t n = 0;
	bool good = true;
	for (const char *at = captures; good && *at != '\0' && n < VANTAGE_MOST; at += *at == '+') {
		struct buf name = { 0 };
		buf_add(&name, at, strcspn(at, "+"));
		at += strcspn(at, "+");
		sessions[n] = session_open(buf_text(&name), NULL, error);
		good = sessions[n] != NULL;
		while (good && session_read(sessions[n], 0) == SESSION_MORE)
			;
		n += good;
		buf_free(&name);
	}
	if (good && n > 1)
		together = vantage_new(sessions, n);
	for (size_t i = 0; good && i < n; i++)
		good = explain_flows(sessions[i]);
	vantage_free(together);
	for (size_t i = 0; i < n; i++)
		session_close(sessions[i]);
	return good && (n == 1 || together != NULL);
}

static bool tell(bool good, const char *what, const char *name)
{
	printf("%sok %u - %s: %s\n", good ? "" : "not ", ++tests, what, name);
	return good;
}

/* "cause--fact", "cause.2--fact-3": what comes behind the fact is free. */
static bool missed_as_named(const char *name)
{
	for (size_t i = 0; i < rows; i++) {
		for (int k = 0; k < CAUSE_BEARINGS && gated[i].row->bearings[k].kind != BEARS_END; k++) {
			struct buf own = { 0 };
			buf_puts(&own, gated[i].row->id);
			if (gated[i].number > 1)
				buf_printf(&own, ".%u", gated[i].number);
			buf_printf(&own, "--%s", fact_name((enum fact)gated[i].row->bearings[k].fact));
			bool same = gated[i].missed_now[k] && strcmp(buf_text(&own), name) == 0;
			buf_free(&own);
			if (same)
				return true;
		}
	}
	return false;
}

static bool take(const char *captures)
{
	struct buf error = { 0 };
	for (size_t i = 0; i < rows; i++)
		memset(gated[i].missed_now, 0, sizeof gated[i].missed_now);
	bool good = explain_all(captures, &error);
	if (!good)
		tell(false, buf_text(&error), captures);
	const char *name = strstr(captures, "near-miss/");
	if (good && name != NULL) {
		struct buf first = { 0 };
		name += strlen("near-miss/");
		buf_add(&first, name, strcspn(name, "+"));
		good = tell(missed_as_named(buf_text(&first)), "misses this gate and no other", buf_text(&first));
		buf_free(&first);
	}
	buf_free(&error);
	return good;
}

/* What no capture can miss alone; "" as the fact: no capture gets the row. */
static const struct excused {
	const char *id;
	unsigned number;
	const char *fact, *reason;
} excused[] = {
#define EXCUSED(id, number, fact, reason) { id, number, fact, reason },
#include "excused.def"
#undef EXCUSED
};

static const struct excused *excuse(const struct gated *g, const char *fact)
{
	for (size_t i = 0; i < sizeof excused / sizeof *excused; i++)
		if (strcmp(excused[i].id, g->row->id) == 0 && excused[i].number == g->number && strcmp(excused[i].fact, fact) == 0)
			return &excused[i];
	return NULL;
}

/* There is a capture or a reason, and not both. */
static bool check(const struct gated *g, const char *what, const char *fact, bool found)
{
	struct buf name = { 0 };
	const struct excused *x = excuse(g, fact);
	buf_printf(&name, "%s.%u %s", g->row->id, g->number, fact);
	bool good = tell(found != (x != NULL), what, buf_text(&name));
	if (x != NULL)
		printf("# %s%s\n", found ? "excused, but there is one: " : "", x->reason);
	buf_free(&name);
	return good;
}

int main(int argc, char **argv)
{
	bool good = true;
	list_rows();
	for (int i = 1; i < argc; i++)
		good = take(argv[i]) && good;
	for (size_t i = 0; i < rows; i++) {
		const struct gated *g = &gated[i];
		good = check(g, "a capture gets it", "", g->won) && good;
		for (int k = 0; k < CAUSE_BEARINGS && g->row->bearings[k].kind != BEARS_END; k++)
			if (is_gate(&g->row->bearings[k]))
				good = check(g, "a capture misses it by this alone", fact_name((enum fact)g->row->bearings[k].fact), g->missed[k]) && good;
	}
	printf("1..%u\n", tests);
	return good ? 0 : 1;
}
