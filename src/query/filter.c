/* SPDX-License-Identifier: GPL-3.0-or-later
 * filter: parsing and matching of the filter language. */
#include "query/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "query/field.h"
#include "query/regex.h"

enum { TERMS_MAX = 64, TEXT_MAX = 4096, COST_LINE = 4 };

enum operator { OP_MATCH, OP_EQUAL, OP_UNEQUAL, OP_LESS, OP_GREATER, OP_AT_MOST, OP_AT_LEAST };

struct term {
	const struct field *field; /* NULL = the whole line */
	enum operator op;
	bool negated;
	uint8_t cost;
	struct regex *regex;       /* of OP_MATCH */
	char *text;                /* of OP_EQUAL and OP_UNEQUAL on a text field */
	uint64_t number;
};

struct filter {
	struct term terms[TERMS_MAX];
	size_t count;
	struct buf cell;           /* scratch */
	struct buf line;           /* of the flow being looked at, when line_made: several terms may ask for it */
	bool line_made;
	uint64_t limited;
	bool failed;               /* memory for a flow's text ran out */
};

/* One term of the text with its quotes taken off, and where each of its bytes stood. */
struct token {
	struct buf bytes;
	size_t *places;            /* bytes.len + 1 of them */
	size_t first_quoted;       /* bytes from here on were in quotes, SIZE_MAX = none */
};

static void put_byte(struct token *t, const char *text, size_t i)
{
	t->places[t->bytes.len] = i;
	buf_putc(&t->bytes, text[i]);
}

static bool take_token(const char *text, size_t *at, struct token *t, struct buf *error, size_t *offset)
{
	size_t i = *at;
	bool quoted = false;

	buf_clear(&t->bytes);
	t->first_quoted = SIZE_MAX;
	for (; text[i] != '\0' && (quoted || text[i] != ' '); i++) {
		if (text[i] == '"') {
			if (!quoted && t->first_quoted == SIZE_MAX)
				t->first_quoted = t->bytes.len;
			quoted = !quoted;
			*offset = i;
			continue;
		}
		/* A backslash and what it escapes stay together, so that \\ before a quote does not escape the quote. */
		if (quoted && text[i] == '\\' && text[i + 1] == '"')
			i++;
		else if (quoted && text[i] == '\\' && text[i + 1] != '\0')
			put_byte(t, text, i++);
		put_byte(t, text, i);
	}
	t->places[t->bytes.len] = t->bytes.len > 0 ? t->places[t->bytes.len - 1] + 1 : i;
	*at = i;
	if (quoted)
		buf_puts(error, "this quote is not closed");
	return !quoted;
}

static const struct { const char *text; enum operator op; } operators[] = {
	{ ">=", OP_AT_LEAST }, { "<=", OP_AT_MOST }, { "!=", OP_UNEQUAL }, { ">", OP_GREATER }, { "<", OP_LESS }, { "=", OP_EQUAL },
	{ ":", OP_MATCH },
};

/* Length of the operator at text, 0 when there is none. */
static size_t find_operator(const char *text, enum operator *op)
{
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		size_t n = strlen(operators[i].text);
		if (strncmp(text, operators[i].text, n) == 0) {
			*op = operators[i].op;
			return n;
		}
	}
	return 0;
}

/* A word before an operator is meant as a field, unless it could be the start of an IPv6 address. */
static bool looks_like_field(const char *word, size_t n)
{
	bool hexadecimal = true;

	for (size_t i = 0; i < n; i++) {
		if (!((word[i] >= 'a' && word[i] <= 'z') || word[i] == '_'))
			return false;
		hexadecimal = hexadecimal && word[i] >= 'a' && word[i] <= 'f';
	}
	return n > 0 && !hexadecimal;
}

static bool unknown_field(const char *word, size_t n, struct buf *error)
{
	buf_puts(error, "there is no field ");
	buf_add(error, word, n);
	buf_puts(error, " (");
	for (size_t i = 0; field_at(i) != NULL; i++)
		buf_printf(error, "%s%s", i > 0 ? " " : "", field_at(i)->name);
	buf_puts(error, "); put a pattern with a colon in quotes");
	return false;
}

static bool compile_pattern(struct term *term, const char *pattern, size_t n, const size_t *places, struct buf *error, size_t *offset)
{
	size_t at = 0;

	term->op = OP_MATCH;
	term->regex = regex_compile(pattern, n, error, &at);
	if (term->regex == NULL)
		*offset = places[at <= n ? at : n];
	return term->regex != NULL;
}

static bool compile_value(struct term *term, const char *value, size_t n, const size_t *places, struct buf *error, size_t *offset)
{
	size_t at = 0;

	*offset = places[0];
	if (n == 0) {
		buf_printf(error, "%s: a value is missing here", term->field->name);
		return false;
	}
	if (term->field->values > 0) {
		if (term->op == OP_MATCH)
			term->op = OP_EQUAL;
		if (field_parse_number(value, n, term->field->unit, &term->number, &at))
			return true;
		static const char *const wanted[] = { [UNIT_COUNT_OF] = "a number", [UNIT_BYTES] = "a number of bytes (417, 12k, 1M)",
			[UNIT_TIME] = "a time (100ms, 2s, 5m)" };
		buf_printf(error, "%s wants %s", term->field->name, wanted[term->field->unit]);
		*offset = places[at];
		return false;
	}
	if (term->op == OP_MATCH)
		return compile_pattern(term, value, n, places, error, offset);
	if (term->op != OP_EQUAL && term->op != OP_UNEQUAL) {
		buf_printf(error, "%s is a text: use : = or !=", term->field->name);
		return false;
	}
	term->text = strdup(value);
	if (term->text == NULL)
		buf_puts(error, "out of memory");
	return term->text != NULL;
}

static bool compile_term(struct term *term, const struct token *t, struct buf *error, size_t *offset)
{
	const char *text = buf_text(&t->bytes);
	size_t n = t->bytes.len, at = 0;

	if (at < n && text[at] == '!' && t->first_quoted != 0) {
		term->negated = true;
		at++;
	}
	*offset = t->places[at];
	if (at == n) {
		buf_puts(error, "a term is missing here");
		return false;
	}
	size_t word = at;
	while (at < n && at < t->first_quoted && ((text[at] >= 'a' && text[at] <= 'z') || text[at] == '_'))
		at++;
	size_t op_length = at < t->first_quoted && at > word ? find_operator(text + at, &term->op) : 0;
	term->field = op_length > 0 ? field_find(text + word, at - word) : NULL;
	if (term->field == NULL) {
		if (op_length > 0 && looks_like_field(text + word, at - word))
			return unknown_field(text + word, at - word, error);
		term->cost = COST_LINE;
		return compile_pattern(term, text + word, n - word, t->places + word, error, offset);
	}
	term->cost = term->field->cost;
	at += op_length;
	return compile_value(term, text + at, n - at, t->places + at, error, offset);
}

/* Cheap terms first; few terms, and their order otherwise does not matter. */
static void order_terms(struct filter *f)
{
	for (size_t i = 1; i < f->count; i++)
		for (size_t j = i; j > 0 && f->terms[j].cost < f->terms[j - 1].cost; j--) {
			struct term swap = f->terms[j];
			f->terms[j] = f->terms[j - 1];
			f->terms[j - 1] = swap;
		}
}

static bool compile_terms(struct filter *f, const char *text, struct token *t, struct buf *error, size_t *offset)
{
	for (size_t at = 0;;) {
		while (text[at] == ' ')
			at++;
		if (text[at] == '\0')
			return true;
		*offset = at;
		if (f->count == TERMS_MAX) {
			buf_printf(error, "more than %d terms", TERMS_MAX);
			return false;
		}
		if (!take_token(text, &at, t, error, offset) || t->bytes.failed)
			return false;
		f->count++;
		if (!compile_term(&f->terms[f->count - 1], t, error, offset))
			return false;
	}
}

struct filter *filter_compile(const char *text, struct buf *error, size_t *offset)
{
	size_t n = strlen(text);
	struct token token = { 0 };
	struct filter *f = NULL;

	*offset = 0;
	if (n > TEXT_MAX) {
		buf_printf(error, "the filter is longer than %d bytes", TEXT_MAX);
		*offset = TEXT_MAX;
		return NULL;
	}
	f = calloc(1, sizeof *f);
	token.places = calloc(n + 1, sizeof *token.places);
	bool done = f != NULL && token.places != NULL;
	done = done && compile_terms(f, text, &token, error, offset);
	error->failed |= f == NULL || token.places == NULL || token.bytes.failed;
	free(token.places);
	buf_free(&token.bytes);
	if (!done) {
		filter_free(f);
		return NULL;
	}
	order_terms(f);
	return f;
}

void filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++) {
		regex_free(f->terms[i].regex);
		free(f->terms[i].text);
	}
	buf_free(&f->cell);
	buf_free(&f->line);
	free(f);
}

static bool compare(uint64_t value, enum operator op, uint64_t with)
{
	switch (op) {
	case OP_LESS: return value < with;
	case OP_GREATER: return value > with;
	case OP_AT_MOST: return value <= with;
	case OP_AT_LEAST: return value >= with;
	case OP_UNEQUAL: return value != with;
	default: return value == with;
	}
}

/* Of several values (both ports) one must hold, for != all. */
static bool number_holds(const struct term *term, struct flow_view *view)
{
	bool all = term->op == OP_UNEQUAL;

	for (unsigned i = 0; i < term->field->values; i++) {
		uint64_t value;
		if (!term->field->number(view, i, &value))
			return false;
		if (compare(value, term->op, term->number) != all)
			return !all;
	}
	return all;
}

static bool text_holds(struct filter *f, const struct term *term, struct flow_view *view)
{
	struct buf *text = term->field != NULL ? &f->cell : &f->line;

	if (term->field != NULL || !f->line_made)
		buf_clear(text);
	if (term->field != NULL)
		term->field->text(view, text);
	else if (!f->line_made)
		flow_line(view, text);
	f->line_made = f->line_made || term->field == NULL;
	if (text->failed) {
		f->failed = true;
		return false;
	}
	if (term->op != OP_MATCH)
		return (strcasecmp(buf_text(text), term->text) == 0) == (term->op == OP_EQUAL);
	enum regex_result result = regex_match(term->regex, buf_text(text), text->len);
	if (result == REGEX_LIMIT)
		f->limited++;
	return result == REGEX_YES;
}

bool filter_matches(struct filter *f, struct flow_view *view)
{
	enum flow_time time = view->time;
	bool utf8 = view->utf8, pass = true;

	view->time = FLOW_TIME_RELATIVE;
	view->utf8 = false;
	f->line_made = false;
	for (size_t i = 0; pass && i < f->count; i++) {
		const struct term *term = &f->terms[i];
		uint64_t limited = f->limited;
		bool holds = term->field != NULL && term->field->values > 0 ? number_holds(term, view) : text_holds(f, term, view);
		/* A pattern that gave up says nothing: the flow is left out, also under a negation. */
		pass = holds != term->negated && f->limited == limited && !f->failed;
	}
	view->time = time;
	view->utf8 = utf8;
	return pass;
}

bool filter_failed(const struct filter *f)
{
	return f->failed;
}

uint64_t filter_limited(const struct filter *f)
{
	return f->limited;
}

bool filter_empty(const struct filter *f)
{
	return f->count == 0;
}

void filter_quote(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (strchr("\\^$.[]|()?*+{}", *text) != NULL)
			buf_putc(out, '\\');
		if (*text == '"')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}
