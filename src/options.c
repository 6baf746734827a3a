/* SPDX-License-Identifier: GPL-3.0-or-later
 * options: one table of the options; getopt_long's tables and the help text are made from it. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { FIRST_LONG = 256 }; /* codes of options without a letter: FIRST_LONG + row */

struct parse {
	struct options *out;
	struct buf *error;
	const char *output_name; /* option that chose the output, NULL = none so far */
};

struct option_row {
	char letter;             /* 0 = none */
	const char *name;        /* NULL = none */
	const char *argument;    /* NULL = takes none */
	const char *help;
	bool (*take)(struct parse *p, const struct option_row *row, const char *argument);
	int value;
};

static bool take_output(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)argument;
	if (p->output_name && strcmp(p->output_name, row->name) != 0 && p->out->output != OUTPUT_HELP) {
		buf_printf(p->error, "--%s and --%s each ask for an output of their own; give one of them.", p->output_name, row->name);
		return false;
	}
	p->output_name = row->name;
	p->out->output = (enum output)row->value;
	return true;
}

static bool take_flow(struct parse *p, const struct option_row *row, const char *argument)
{
	char *end = NULL;
	errno = 0;
	unsigned long long number = strtoull(argument, &end, 10);
	if (argument[0] < '0' || argument[0] > '9' || *end || errno || number >= UINT32_MAX) {
		buf_printf(p->error, "--%s wants the number of a flow, as --report and --json give it, not \"", row->name);
		text_add_printable(p->error, argument, strlen(argument));
		buf_puts(p->error, "\".");
		return false;
	}
	p->out->flow = (uint32_t)number;
	return take_output(p, row, argument);
}

static bool take_explain(struct parse *p, const struct option_row *row, const char *argument)
{
	p->out->explain = argument;
	return take_output(p, row, argument);
}

static bool take_file(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->files[p->out->file_count++] = argument;
	return true;
}

static bool take_filter(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->filter = argument;
	return true;
}

static bool take_vantage(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->vantage = argument;
	return true;
}

static bool take_fail_on(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->fail_on = argument;
	return true;
}

static bool take_colour(struct parse *p, const struct option_row *row, const char *argument)
{
	static const char *const words[] = { "auto", "always", "never" };
	(void)row;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(argument, words[i]) == 0) {
			p->out->colour = (enum colour_when)i;
			return true;
		}
	buf_puts(p->error, "--color takes auto, always or never, not \"");
	text_add_printable(p->error, argument, strlen(argument));
	buf_puts(p->error, "\".");
	return false;
}

static bool take_steps(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->steps = true;
	return true;
}

static bool take_ascii(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->ascii = true;
	return true;
}

static bool take_no_mouse(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->no_mouse = true;
	return true;
}

/* Numeric addresses are all there is; the letter is taken for the fingers of tcpdump's users. */
static bool take_numeric(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)p, (void)row, (void)argument;
	return true;
}

static const struct option_row rows[] = {
	{ 'r', "read", "FILE", "read this capture (the same as naming it)", take_file, 0 },
	{ 'e', "filter", "FILTER", "only flows that match, as typed after / on the screen", take_filter, 0 },
	{ 0, "report", NULL, "write a text report, for a ticket", take_output, OUTPUT_REPORT },
	{ 0, "json", NULL, "write one JSON object a line, for programs", take_output, OUTPUT_JSON },
	{ 0, "steps", NULL, "with --json: also every segment with both ends' states", take_steps, 0 },
	{ 0, "ladder", "FLOW", "write the ladder of one flow as text", take_flow, OUTPUT_LADDER },
	{ 0, "mermaid", "FLOW", "write the ladder of one flow as a Mermaid diagram", take_flow, OUTPUT_MERMAID },
	{ 0, "causes", NULL, "list the causes that tcpwhy knows", take_output, OUTPUT_CAUSES },
	{ 0, "explain", "CAUSE", "tell all about one cause", take_explain, OUTPUT_EXPLAIN },
	{ 0, "fail-on", "CAUSES", "exit 4 when a reset has one of these causes (a,b or any)", take_fail_on, 0 },
	{ 0, "vantage", "NAME", "name of the place of capture, for the reports", take_vantage, 0 },
	{ 0, "ascii", NULL, "draw with ASCII characters only", take_ascii, 0 },
	{ 0, "color", "WHEN", "auto, always or never", take_colour, 0 },
	{ 0, "no-mouse", NULL, "leave the mouse to the terminal", take_no_mouse, 0 },
	{ 'n', NULL, NULL, "numeric addresses (always so)", take_numeric, 0 },
	{ 'h', "help", NULL, "show this help", take_output, OUTPUT_HELP },
	{ 'V', "version", NULL, "show the version", take_output, OUTPUT_VERSION },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void make_tables(struct option longs[ROWS + 1], struct buf *letters)
{
	size_t n = 0;
	buf_putc(letters, ':');
	for (int i = 0; i < ROWS; i++) {
		if (rows[i].name)
			longs[n++] = (struct option){ rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, FIRST_LONG + i };
		if (!rows[i].letter)
			continue;
		buf_putc(letters, rows[i].letter);
		if (rows[i].argument)
			buf_putc(letters, ':');
	}
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
}

static const struct option_row *row_of(int code)
{
	if (code >= FIRST_LONG && code < FIRST_LONG + ROWS)
		return &rows[code - FIRST_LONG];
	for (int i = 0; i < ROWS; i++)
		if (code && rows[i].letter == code)
			return &rows[i];
	return NULL;
}

static void complain(struct buf *error, int code, char **argv)
{
	const char *word = argv[optind - 1];
	if (code == ':') {
		const struct option_row *row = row_of(optopt);
		buf_puts(error, "option ");
		text_add_printable(error, word, strlen(word));
		buf_printf(error, " needs a %s.", row && row->argument ? row->argument : "value");
	} else if (optopt > 0 && optopt < FIRST_LONG) {
		char letter = (char)optopt;
		buf_puts(error, "there is no option -");
		text_add_printable(error, &letter, 1);
		buf_puts(error, "; tcpwhy --help lists those there are.");
	} else {
		buf_puts(error, "option ");
		text_add_printable(error, word, strlen(word));
		buf_puts(error, " is unknown, could mean several, or takes no value; tcpwhy --help lists those there are.");
	}
}

/* What the options say together. */
static bool check(const struct options *o, struct buf *error)
{
	bool about_itself = o->output >= OUTPUT_CAUSES;
	if (about_itself)
		return true;
	if (o->steps && o->output != OUTPUT_JSON) {
		buf_puts(error, "--steps adds lines to --json; give both.");
		return false;
	}
	if (o->file_count == 0) {
		buf_puts(error, "no capture was named. Give a file (tcpwhy trace.pcapng), or - for standard input (tcpdump -U -w - | tcpwhy -).");
		return false;
	}
	if ((o->output == OUTPUT_LADDER || o->output == OUTPUT_MERMAID) && o->file_count > 1) {
		buf_puts(error, "a flow number belongs to one capture; name only one with --ladder or --mermaid.");
		return false;
	}
	return true;
}

bool options_parse(int argc, char **argv, struct options *out, struct buf *error)
{
	*out = (struct options){ .files = calloc((size_t)argc + 1, sizeof *out->files) };
	struct parse p = { .out = out, .error = error };
	struct option longs[ROWS + 1];
	struct buf letters = { 0 };
	bool good = out->files != NULL;
	make_tables(longs, &letters);
	opterr = 0;
	int code;
	while (good && (code = getopt_long(argc, argv, buf_text(&letters), longs, NULL)) != -1) {
		const struct option_row *row = code == ':' || code == '?' ? NULL : row_of(code);
		if (row)
			good = row->take(&p, row, optarg);
		else {
			complain(error, code, argv);
			good = false;
		}
	}
	for (; good && optind < argc; optind++)
		out->files[out->file_count++] = argv[optind];
	good = good && check(out, error);
	buf_free(&letters);
	return good;
}

void options_free(struct options *o)
{
	free(o->files);
	*o = (struct options){ 0 };
}

void options_help(struct buf *out)
{
	buf_puts(out, "Usage: tcpwhy [OPTION]... FILE...\n"
	              "Show the TCP connections of captures, and say why each reset happened.\n"
	              "Without a terminal and without an output option: the text report. FILE - is\n"
	              "standard input.\n\n");
	for (int i = 0; i < ROWS; i++) {
		size_t start = out->len;
		if (rows[i].letter)
			buf_printf(out, "  -%c%s", rows[i].letter, rows[i].name ? ", " : "");
		else
			buf_puts(out, "      ");
		if (rows[i].name)
			buf_printf(out, "--%s", rows[i].name);
		if (rows[i].argument)
			buf_printf(out, "%c%s", rows[i].name ? '=' : ' ', rows[i].argument);
		do
			buf_putc(out, ' ');
		while (!out->failed && out->len - start < 24);
		buf_puts(out, rows[i].help);
		buf_putc(out, '\n');
	}
	buf_puts(out, "\nExit status: 0 read, 1 input not readable or damaged, 2 usage, 4 see --fail-on.\n"
	              "Manual: man tcpwhy. On the screen: ? for the keys.\n");
}
