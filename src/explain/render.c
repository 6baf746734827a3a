/* SPDX-License-Identifier: GPL-3.0-or-later
 * render: the sentences of a verdict: the placeholders of the tables filled with what was measured. */
#include <string.h>

#include "explain/evidence.h"
#include "explain/kernel_word.h"
#include "explain/texts.h"
#include "util/text.h"

struct rendering {
	const struct evidence *e;
	const struct verdict *v;
	bool telling;            /* a sentence, not a command: ends may be told apart by their ports */
	enum fact fact;          /* whose values {a} and {b} are; FACT_COUNT = none */
	struct buf out;
	struct texts *texts;
};

static void add_side(struct rendering *r, enum side side, bool port)
{
	const struct flow *f = r->e->scene->flow;
	/* Both ends of a loopback connection have one address. */
	bool same = memcmp(flow_address(f, SIDE_CLIENT), flow_address(f, SIDE_SERVER), 16) == 0;
	if (port || (same && r->telling))
		text_add_endpoint(&r->out, flow_address(f, side), flow_port(f, side));
	else
		text_add_address(&r->out, flow_address(f, side));
}

/* What the reset, the handshake or a request says of names, already made printable when it leaves here. */
static void add_text(struct rendering *r, const struct trace_item *item, bool name)
{
	uint32_t at = name ? item->name : item->text, n = name ? item->name_length : item->text_length;
	if (at != 0)
		text_add_printable(&r->out, r->e->scene->trace->texts.data + at - 1, n);
}

static void add_name(struct rendering *r)
{
	const struct trace *t = r->e->scene->trace;
	for (size_t k = 0; k <= r->e->index && k < 64; k++) {
		if (t->items[k].name != 0) {
			add_text(r, &t->items[k], true);
			return;
		}
	}
	buf_puts(&r->out, "the requested name");
}

static void add_comm(struct rendering *r)
{
	const struct kernel_record *record = r->e->kernel;
	if (record == NULL || record->comm[0] == '\0')
		return;
	buf_puts(&r->out, ", ");
	text_add_printable(&r->out, record->comm, strnlen(record->comm, sizeof record->comm));
}

static const char *mptcp_reason(int64_t code)
{
	static const char *const reason[] = { "no reason given", "MPTCP-specific error", "lack of resources", "administratively prohibited",
		                              "too much outstanding data", "unacceptable performance", "middlebox interference" };
	return code >= 0 && code < 7 ? reason[code] : "unknown reason";
}

static const char *diagnostic_reason(int64_t code)
{
	static const char *const reason[] = { "reserved", "illegal option length", "desynchronized state", "new data after CLOSE", "ABORT process",
		                              "unexpected ACK in a non-synchronized state", "unexpected SYN in the window",
		                              "unexpected security compartment", "malformed message", "not authorized", "resource exceeded",
		                              "network failure", "reset received from the peer", "destination unreachable", "connection timeout",
		                              "too much outstanding data", "unacceptable performance", "middlebox interference" };
	return code >= 0 && code < 18 ? reason[code] : "a code without a meaning here";
}

static void add_said(struct rendering *r)
{
	const struct evidence *e = r->e;
	if (holds(e, FACT_RST_DIAGNOSTIC)) {
		if (e->b[FACT_RST_DIAGNOSTIC] != 0)
			buf_printf(&r->out, "vendor %lld code %lld", (long long)e->b[FACT_RST_DIAGNOSTIC], (long long)e->a[FACT_RST_DIAGNOSTIC]);
		else
			buf_printf(&r->out, "code %lld, %s", (long long)e->a[FACT_RST_DIAGNOSTIC], diagnostic_reason(e->a[FACT_RST_DIAGNOSTIC]));
	} else if (holds(e, FACT_RST_MP_TCPRST) && !holds(e, FACT_RST_TEXT)) {
		buf_puts(&r->out, mptcp_reason(e->a[FACT_RST_MP_TCPRST]));
		if (e->b[FACT_RST_MP_TCPRST] != 0)
			buf_puts(&r->out, " (transient)");
	} else {
		add_text(r, e->rst, false);
	}
}

static void add_app(struct rendering *r, int64_t item)
{
	const struct trace_item *i = item_at(r->e, (size_t)item);
	struct app_note note = { .kind = i->app, .alert_level = i->alert_level, .alert_code = i->alert_code, .status = i->status };
	if (i->text != 0) {
		note.line = r->e->scene->trace->texts.data + i->text - 1;
		note.line_length = i->text_length;
	}
	app_describe(&note, &r->out);
}

static void add_states(struct rendering *r, unsigned at, unsigned before)
{
	buf_printf(&r->out, "%s%s", at != KERNEL_STATE_NONE ? "socket in " : "", kernel_state_name(at));
	if (before != KERNEL_STATE_NONE)
		buf_printf(&r->out, ", just before in %s", kernel_state_name(before));
}

static void add_value(struct rendering *r, int64_t value, const char *kind, size_t n)
{
	if (n == 3 && memcmp(kind, "dur", 3) == 0)
		text_add_duration(&r->out, value);
	else if (n == 5 && memcmp(kind, "bytes", 5) == 0)
		text_add_bytes(&r->out, value > 0 ? (uint64_t)value : 0);
	else if (n == 5 && memcmp(kind, "point", 5) == 0)
		buf_puts(&r->out, r->e->scene->context->witness->names[value]);
	else if (n == 3 && memcmp(kind, "app", 3) == 0)
		add_app(r, value);
	else if (n == 6 && memcmp(kind, "reason", 6) == 0)
		buf_puts(&r->out, kernel_journal_reason(r->e->scene->context->kernel, (uint8_t)value));
	else if (n == 6 && memcmp(kind, "states", 6) == 0)
		add_states(r, (unsigned)value & 0xff, (unsigned)value >> 8 & 0xff);
	else if (n == 9 && memcmp(kind, "netscaler", 9) == 0)
		buf_puts(&r->out, netscaler_reason(value) != NULL ? netscaler_reason(value) : "");
	else
		text_add_signed(&r->out, value);
}

static bool is(const char *name, size_t n, const char *want)
{
	return strlen(want) == n && memcmp(name, want, n) == 0;
}

/* One placeholder; other braces are what they are: "{onoff=1, linger=0}". */
static void add_placeholder(struct rendering *r, const char *name, size_t n)
{
	const struct evidence *e = r->e;
	const char *colon = memchr(name, ':', n);
	size_t bare = colon != NULL ? (size_t)(colon - name) : n;
	if (is(name, bare, "a") && r->fact != FACT_COUNT)
		add_value(r, e->a[r->fact], colon != NULL ? colon + 1 : "", colon != NULL ? n - bare - 1 : 0);
	else if (is(name, bare, "b") && r->fact != FACT_COUNT)
		add_value(r, e->b[r->fact], colon != NULL ? colon + 1 : "", colon != NULL ? n - bare - 1 : 0);
	else if (is(name, n, "R"))
		add_side(r, e->r, false);
	else if (is(name, n, "P"))
		add_side(r, e->p, false);
	else if (is(name, n, "T"))
		text_add_number(&r->out, r->v->trigger);
	else if (is(name, n, "client"))
		add_side(r, SIDE_CLIENT, true);
	else if (is(name, n, "server"))
		add_side(r, SIDE_SERVER, true);
	else if (is(name, n, "client_addr"))
		add_side(r, SIDE_CLIENT, false);
	else if (is(name, n, "server_addr"))
		add_side(r, SIDE_SERVER, false);
	else if (is(name, n, "port"))
		text_add_number(&r->out, flow_port(e->scene->flow, SIDE_SERVER));
	else if (is(name, n, "gap"))
		text_add_duration(&r->out, e->gap);
	else if (is(name, n, "n"))
		text_add_signed(&r->out, e->count);
	else if (is(name, n, "text"))
		add_said(r);
	else if (is(name, n, "name"))
		add_name(r);
	else if (is(name, n, "comm"))
		add_comm(r);
	else
		buf_printf(&r->out, "{%.*s}", (int)n, name);
}

static const char *render(struct rendering *r, const char *form, enum fact fact)
{
	if (form == NULL)
		return "";
	if (strchr(form, '{') == NULL)
		return form;
	r->fact = fact;
	buf_clear(&r->out);
	for (const char *at = form; *at != '\0';) {
		const char *open = strchr(at, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
		if (close == NULL) {
			buf_puts(&r->out, at);
			break;
		}
		buf_add(&r->out, at, (size_t)(open - at));
		add_placeholder(r, open + 1, (size_t)(close - open - 1));
		at = close + 1;
	}
	r->texts->failed |= r->out.failed;
	const char *kept = r->out.failed ? NULL : texts_keep(r->texts, buf_text(&r->out), r->out.len);
	return kept != NULL ? kept : "";
}

static size_t render_list(struct rendering *r, const char *const *forms, const char **lines)
{
	size_t n = 0;
	for (size_t i = 0; i < CAUSE_TEXTS && forms[i] != NULL && n < VERDICT_LINES; i++) {
		const char *form = cause_text(forms[i], r->e->word != NULL);
		if (form != NULL)
			lines[n++] = render(r, form, FACT_COUNT);
	}
	return n;
}

/* What this capture's own limits leave open, beside what the cause itself does. */
static void add_limits(struct rendering *r, struct verdict *v)
{
	static const struct {
		enum fact fact;
		const char *text;
	} limit[] = {
		{ FACT_ONE_WAY, "only one direction of this connection was captured: what provoked the reset may lie in the other" },
		{ FACT_FLAGS_ONLY, "only segments with SYN, FIN or RST were captured: what was sent, acknowledged and answered is not known" },
		{ FACT_MIDSTREAM, "the capture begins in the middle of the connection: its handshake and options are not known" },
		{ FACT_LOCAL_SPEAKER, "what happened behind the NAT, proxy or tunnel on this link that speaks in the sender's name: a reset or failure there, and "
				      "a decision of its own, look the same here" },
		{ FACT_NOTHING_ELSE, "what came before it on this connection was not captured" },
		{ FACT_TRIGGER_UNSEEN, "the segment that was answered is not in the capture" },
	};
	for (size_t i = 0; i < sizeof limit / sizeof *limit && v->unknown_count < VERDICT_LINES; i++)
		if (holds(r->e, limit[i].fact))
			v->unknowns[v->unknown_count++] = limit[i].text;
}

bool render_verdict(const struct evidence *e, struct verdict *v, struct texts *texts)
{
	struct rendering r = { .e = e, .v = v, .fact = FACT_COUNT, .texts = texts };
	r.telling = true;
	v->headline = render(&r, v->headline, FACT_COUNT);
	for (size_t i = 0; i < v->evidence_count; i++) {
		enum fact fact = (enum fact)v->evidence[i].number;
		v->evidence[i].text = render(&r, fact_sentence(fact), fact);
	}
	r.telling = false;
	for (size_t i = 0; i < v->alternative_count; i++)
		v->alternatives[i].decided_by = render(&r, v->alternatives[i].decided_by, FACT_COUNT);
	const struct cause *own = v->row;
	v->unknown_count = render_list(&r, own->unknowns[0] != NULL ? own->unknowns : v->cause->unknowns, v->unknowns);
	if (e->word != NULL && e->word->leaves != NULL && v->unknown_count < VERDICT_LINES)
		v->unknowns[v->unknown_count++] = e->word->leaves;
	add_limits(&r, v);
	v->check_count = render_list(&r, own->checks[0] != NULL ? own->checks : v->cause->checks, v->checks);
	v->reference_count = render_list(&r, own->references[0] != NULL ? own->references : v->cause->references, v->references);
	bool ok = !r.out.failed && !texts->failed;
	buf_free(&r.out);
	return ok;
}
