/* SPDX-License-Identifier: GPL-3.0-or-later
 * catalogue: the tables of causes as one list, and a cause written out for a reader. */
#include "explain/cause.h"

#include <string.h>

#include "util/buf.h"
#include "util/text.h"

enum { TABLES = 8, LINE_WIDTH = 78 };

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* In the order of the families. */
static const struct cause *const tables[TABLES] = {
	causes_refused, causes_handshake, causes_abort, causes_timers, causes_late, causes_middlebox, causes_forged, causes_declared,
};

const char *fact_name(enum fact fact)
{
	static const char *const names[] = {
#define FACT(id, name, sentence) name,
#include "explain/facts.def"
#undef FACT
	};
	return (size_t)fact < COUNT(names) ? names[fact] : "";
}

const char *fact_sentence(enum fact fact)
{
	static const char *const sentences[] = {
#define FACT(id, name, sentence) sentence,
#include "explain/facts.def"
#undef FACT
	};
	return (size_t)fact < COUNT(sentences) ? sentences[fact] : "";
}

const char *cause_id(const struct cause *cause)
{
	return cause ? cause->id : "";
}

size_t cause_count(void)
{
	size_t n = 0;
	for (size_t t = 0; t < TABLES; t++)
		for (const struct cause *c = tables[t]; c->id; c++)
			n += !c->variant;
	return n;
}

const struct cause *cause_at(size_t index)
{
	for (size_t t = 0; t < TABLES; t++)
		for (const struct cause *c = tables[t]; c->id; c++)
			if (!c->variant && index-- == 0)
				return c;
	return NULL;
}

const struct cause *cause_find(const char *id)
{
	for (size_t t = 0; id && t < TABLES; t++)
		for (const struct cause *c = tables[t]; c->id; c++)
			if (!c->variant && strcmp(c->id, id) == 0)
				return c;
	return NULL;
}

/* What stands for a placeholder where no reset is at hand: words in prose, a token in capitals where the text may be a command. */
struct stand_in {
	const char *placeholder;
	const char *words;
	const char *token;
};

static const struct stand_in stand_ins[] = {
	{ "the port {port}", "the port", "the port PORT" },
	{ "port {port}", "the port", "port PORT" },
	{ "the address {R}", "the sender's address", "the address SENDER" },
	{ "at {R}", "at the sender's address", "at SENDER" },
	{ "on {R}", "on the sender's host", "on SENDER" },
	{ "on {P}", "on the other end's host", "on PEER" },
	{ "{server_addr}", "the server", "SERVER_ADDR" },
	{ "{client_addr}", "the client", "CLIENT_ADDR" },
	{ "{server}", "the server", "SERVER" },
	{ "{client}", "the client", "CLIENT" },
	{ "{R}", "the sender", "SENDER" },
	{ "{P}", "the other end", "PEER" },
	{ "{port}", "the port", "PORT" },
	{ "{gap}", "some time", "GAP" },
	{ "{n}", "several", "N" },
	{ "{text}", "...", "TEXT" },
	{ "{name}", "the name asked for", "NAME" },
};

/* The stand-in for what begins at text. Those that take words with them want whole words: neither "that {R}" nor "on {R}'s". */
static const struct stand_in *stand_in_at(const char *text, bool inside_word)
{
	for (size_t i = 0; i < COUNT(stand_ins); i++) {
		if (stand_ins[i].placeholder[0] != text[0])
			continue; /* nearly always: headlines of incidents come by the thousand */
		size_t n = strlen(stand_ins[i].placeholder);
		if (strncmp(text, stand_ins[i].placeholder, n) != 0)
			continue;
		if (stand_ins[i].placeholder[0] == '{' || (!inside_word && text[n] != '\''))
			return &stand_ins[i];
	}
	return NULL;
}

const char *cause_text(const char *text, bool told)
{
	bool marked = text != NULL && text[0] == UNLESS_TOLD[0];
	return !marked ? text : told ? NULL : text + 1;
}

/* A sentence that begins with a stand-in begins with a capital letter. */
static void add_word(struct buf *out, const char *words, bool capital)
{
	if (capital && words[0] >= 'a' && words[0] <= 'z') {
		buf_putc(out, (char)(words[0] - 'a' + 'A'));
		words++;
	}
	buf_puts(out, words);
}

static void add_general(struct buf *out, const char *text, bool tokens)
{
	bool start = true, inside_word = false;
	while (*text != '\0') {
		const struct stand_in *s = stand_in_at(text, inside_word);
		if (s) {
			add_word(out, tokens ? s->token : s->words, start && !tokens);
			text += strlen(s->placeholder);
			start = inside_word = false;
			continue;
		}
		if (*text != ' ')
			start = *text == '.' && text[1] == ' ';
		inside_word = *text != ' ';
		buf_putc(out, *text++);
	}
}

static void add_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/* Fills lines of LINE_WIDTH columns; mark stands before the first line, in the last columns of its indent. */
static void add_wrapped(struct buf *out, const char *text, size_t indent, const char *mark)
{
	size_t mark_width = text_width(mark, strlen(mark)), column = indent;
	add_spaces(out, indent - mark_width);
	buf_puts(out, mark);
	bool first = true;
	for (;;) {
		text += strspn(text, " ");
		size_t n = strcspn(text, " ");
		if (n == 0)
			break;
		size_t width = text_width(text, n);
		if (!first && column + 1 + width > LINE_WIDTH) {
			buf_putc(out, '\n');
			add_spaces(out, indent);
			column = indent;
		} else if (!first) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, text, n);
		column += width;
		text += n;
		first = false;
	}
	buf_putc(out, '\n');
}

static void add_paragraph(struct buf *out, const char *title, const char *text)
{
	if (text == NULL)
		return;
	struct buf general = { 0 };
	add_general(&general, text, false);
	buf_printf(out, "\n%s\n", title);
	add_wrapped(out, buf_text(&general), 2, "");
	out->failed = out->failed || general.failed;
	buf_free(&general);
}

static void add_list(struct buf *out, const char *title, const char *const items[CAUSE_TEXTS], bool tokens)
{
	for (size_t i = 0; i < CAUSE_TEXTS && items[i]; i++) {
		struct buf general = { 0 };
		add_general(&general, cause_text(items[i], false), tokens);
		if (i == 0)
			buf_printf(out, "\n%s\n", title);
		add_wrapped(out, buf_text(&general), 4, "- ");
		out->failed = out->failed || general.failed;
		buf_free(&general);
	}
}

static void add_partners(struct buf *out, const struct cause *cause)
{
	for (size_t i = 0; i < CAUSE_PARTNERS && cause->partners[i].id; i++) {
		struct buf line = { 0 };
		if (i == 0)
			buf_puts(out, "\nEasily taken for it, and what would decide\n");
		buf_printf(&line, "%s: ", cause->partners[i].id);
		add_general(&line, cause->partners[i].decided_by, true);
		add_wrapped(out, buf_text(&line), 4, "- ");
		out->failed = out->failed || line.failed;
		buf_free(&line);
	}
}

static void add_facts(struct buf *out, const struct cause *cause, enum bearing_kind kind, bool against, const char *title)
{
	struct buf line = { 0 };
	for (size_t i = 0; i < CAUSE_BEARINGS && cause->bearings[i].kind != BEARS_END; i++) {
		const struct bearing *b = &cause->bearings[i];
		if (b->kind != kind || (kind == BEARS_WEIGHT && (b->weight < 0) != against))
			continue;
		buf_puts(&line, line.len == 0 ? title : ", ");
		buf_puts(&line, fact_name((enum fact)b->fact));
		if (kind == BEARS_WEIGHT)
			buf_printf(&line, " %+d", b->weight);
	}
	if (line.len > 0)
		add_wrapped(out, buf_text(&line), 4, "");
	out->failed = out->failed || line.failed;
	buf_free(&line);
}

static void add_rule(struct buf *out, const struct cause *cause)
{
	add_facts(out, cause, BEARS_NEEDS, false, "needs: ");
	add_facts(out, cause, BEARS_BARS, false, "excluded by: ");
	add_facts(out, cause, BEARS_WEIGHT, false, "supported by: ");
	add_facts(out, cause, BEARS_WEIGHT, true, "weakened by: ");
	add_facts(out, cause, BEARS_DECIDES, false, "certain only with: ");
}

static void add_rules(struct buf *out, const struct cause *cause)
{
	buf_printf(out, "\nThe rule (facts by name; starts at %d, never more than %s)\n", cause->prior, confidence_name(cause->cap));
	add_rule(out, cause);
	for (const struct cause *c = cause + 1; c->id && c->variant && strcmp(c->id, cause->id) == 0; c++) {
		buf_printf(out, "  or (starts at %d, never more than %s)\n", c->prior, confidence_name(c->cap));
		add_rule(out, c);
	}
}

void cause_summary(const struct cause *cause, struct buf *out)
{
	add_general(out, cause->headline, false);
}

void cause_describe(const struct cause *cause, struct buf *out)
{
	struct buf headline = { 0 };
	add_general(&headline, cause->headline, false);
	buf_printf(out, "%s\n", cause->id);
	add_wrapped(out, buf_text(&headline), 2, "");
	buf_printf(out, "  (%s; %s; %s)\n", cause->family, mechanism_name(cause->mechanism), severity_name(cause->severity));
	add_paragraph(out, "Why", cause->why);
	add_paragraph(out, "What speaks for it", cause->evidence_for);
	add_paragraph(out, "What speaks against it", cause->evidence_against);
	add_list(out, "What a capture cannot show", cause->unknowns, false);
	add_partners(out, cause);
	add_list(out, "What to check", cause->checks, true);
	add_list(out, "References", cause->references, false);
	add_rules(out, cause);
	buf_putc(out, '\n');
	add_wrapped(out, "The sender is the end whose address the reset bears; words in capitals stand for addresses and ports.", 0, "");
	out->failed = out->failed || headline.failed;
	buf_free(&headline);
}
