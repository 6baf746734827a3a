/* SPDX-License-Identifier: GPL-3.0-or-later
 * options: one table of the options; getopt_long's tables and the help text are made from it. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/source.h"
#include "util/text.h"

enum { SPOOL_LEAST = 16 * 1024 * 1024 };
static const uint64_t spool_usual = UINT64_C(8) << 30;
enum { FIRST_LONG = 256 }; /* codes of options without a letter: FIRST_LONG + row */

struct parse {
	struct options *out;
	struct buf *error;
	const char *output_name; /* option that chose the output, NULL = none so far */
	bool read;               /* -r was given: words are no files but a capture filter */
};

struct option_row {
	char letter;             /* 0 = none */
	const char *name;        /* NULL = none */
	const char *argument;    /* NULL = takes none */
	const char *help;        /* NULL: told with another */
	bool (*take)(struct parse *p, const struct option_row *row, const char *argument);
	int value;
	bool half;               /* two such stand on a line of the help */
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

static bool bad_value(struct parse *p, const struct option_row *row, const char *wants, const char *argument)
{
	if (row->letter != '\0')
		buf_printf(p->error, "-%c", row->letter);
	else
		buf_printf(p->error, "--%s", row->name);
	buf_printf(p->error, " wants %s, not \"", wants);
	text_add_printable(p->error, argument, strlen(argument));
	buf_puts(p->error, "\".");
	return false;
}

/* A decimal number and nothing else. */
static bool read_number(const char *argument, uint64_t most, uint64_t *number)
{
	char *end = NULL;
	errno = 0;
	unsigned long long value = strtoull(argument, &end, 10);
	if (argument[0] < '0' || argument[0] > '9' || *end || errno || value > most)
		return false;
	*number = value;
	return true;
}

static bool take_flow(struct parse *p, const struct option_row *row, const char *argument)
{
	uint64_t number;
	if (!read_number(argument, UINT32_MAX - 1, &number))
		return bad_value(p, row, "the number of a flow, as --report and --json give it", argument);
	p->out->flow = (uint32_t)number;
	return take_output(p, row, argument);
}

static bool take_frame(struct parse *p, const struct option_row *row, const char *argument)
{
	if (!read_number(argument, UINT64_MAX, &p->out->frame) || p->out->frame == 0)
		return bad_value(p, row, "the number of a frame from 1, as --ladder and --report give it", argument);
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
	p->read = true;
	p->out->files[p->out->file_count++] = argument;
	return true;
}

static bool take_interface(struct parse *p, const struct option_row *row, const char *argument)
{
	if (argument[0] == '\0')
		return bad_value(p, row, "an interface (-D lists them)", argument);
	if (p->out->interface) {
		buf_puts(p->error, "-i can be given only once; -i any captures on all interfaces.");
		return false;
	}
	p->out->interface = argument;
	return true;
}

static bool take_filter_file(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->filter_file = argument;
	return true;
}

static bool take_write(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->write = argument;
	return true;
}

static bool take_snaplen(struct parse *p, const struct option_row *row, const char *argument)
{
	uint64_t number;
	if (!read_number(argument, SOURCE_SNAPLEN, &number))
		return bad_value(p, row, "a number of bytes up to 262144", argument);
	p->out->snaplen = number ? (uint32_t)number : SOURCE_SNAPLEN; /* 0: all, as tcpdump takes it */
	return true;
}

static bool take_buffer(struct parse *p, const struct option_row *row, const char *argument)
{
	uint64_t number;
	if (!read_number(argument, 2 * 1024 * 1024 - 1, &number) || number == 0)
		return bad_value(p, row, "a number of KiB from 1 to 2097151", argument);
	p->out->buffer_kib = (uint32_t)number;
	return true;
}

static bool take_count(struct parse *p, const struct option_row *row, const char *argument)
{
	if (!read_number(argument, UINT64_MAX, &p->out->count) || p->out->count == 0)
		return bad_value(p, row, "a number of packets from 1", argument);
	return true;
}

/* Bytes, or with K, M or G. */
static bool read_size(const char *argument, uint64_t least, uint64_t *size)
{
	static const char units[] = "KMG";
	size_t n = strlen(argument);
	const char *unit = n > 1 ? strchr(units, argument[n - 1]) : NULL;
	struct buf digits = { 0 };
	uint64_t number = 0;
	buf_add(&digits, argument, unit ? n - 1 : n);
	bool good = !digits.failed && read_number(buf_text(&digits), unit ? UINT64_C(1) << 30 : UINT64_MAX, &number);
	*size = unit ? number << (10 * (unit - units + 1)) : number;
	buf_free(&digits);
	return good && *size >= least;
}

static bool take_memory(struct parse *p, const struct option_row *row, const char *argument)
{
	return read_size(argument, OPTIONS_MEMORY_LEAST, &p->out->memory) || bad_value(p, row, "a size of 128M or more, such as 2G", argument);
}

static bool take_spool(struct parse *p, const struct option_row *row, const char *argument)
{
	return read_size(argument, SPOOL_LEAST, &p->out->spool) || bad_value(p, row, "a size of 16M or more, such as 2G", argument);
}

static bool take_no_promiscuous(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->no_promiscuous = true;
	return true;
}

static bool take_join(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->join = true;
	return true;
}

static bool take_follow(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->follow = true;
	return true;
}

/* "0/4": the first of four. */
static bool take_shard(struct parse *p, const struct option_row *row, const char *argument)
{
	const char *slash = strchr(argument, '/');
	struct buf digits = { 0 };
	uint64_t shard = 0, shards = 0;
	buf_add(&digits, argument, slash ? (size_t)(slash - argument) : 0);
	bool good = slash && read_number(buf_text(&digits), UINT32_MAX - 1, &shard) && read_number(slash + 1, UINT32_MAX, &shards) && shard < shards;
	buf_free(&digits);
	p->out->shard = (uint32_t)shard;
	p->out->shards = (uint32_t)shards;
	return good || bad_value(p, row, "two numbers, such as 0/4 to 3/4 for the four parts of a report", argument);
}

static bool take_list(struct parse *p, const struct option_row *row, const char *argument)
{
	if (strcmp(argument, "options") != 0 && strcmp(argument, "fields") != 0)
		return bad_value(p, row, "options or fields", argument);
	p->out->list = argument;
	return take_output(p, row, argument);
}

static bool take_filter(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->filter = argument;
	return true;
}

static bool take_vantage(struct parse *p, const struct option_row *row, const char *argument)
{
	const char *equals = strchr(argument, '=');
	if (equals == NULL) {
		p->out->vantage = argument;
		return true;
	}
	if (equals == argument || equals[1] == '\0')
		return bad_value(p, row, "a name, or the name of a place and a file: NAME=FILE", argument);
	return option_points_add(&p->out->points, argument, (size_t)(equals - argument), p->error);
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

/* -N, and -n for the fingers of tcpdump's users. */
static bool take_names(struct parse *p, const struct option_row *row, const char *argument)
{
	(void)argument;
	p->out->names = row->letter == 'N';
	return true;
}

static const struct option_row rows[] = {
	{ 'r', "read", "FILE", "read this capture; words after it are a capture filter", take_file, 0, false },
	{ 'e', "filter", "FILTER", "only flows that match, as typed after / on the screen", take_filter, 0, false },
	{ 0, "fail-on", "CAUSES", "exit 4 when a reset has one of these causes (a,b or any)", take_fail_on, 0, false },
	{ 0, "vantage", "NAME", "place of capture; NAME=FILE for each of several together", take_vantage, 0, false },
	{ 0, "report", NULL, "text, for a ticket", take_output, OUTPUT_REPORT, true },
	{ 0, "json", NULL, "JSON, for programs", take_output, OUTPUT_JSON, true },
	{ 0, "csv", NULL, "for a spreadsheet", take_output, OUTPUT_CSV, true },
	{ 0, "ladder", "FLOW", "a ladder as text", take_flow, OUTPUT_LADDER, true },
	{ 0, "mermaid", "FLOW", "... as Mermaid", take_flow, OUTPUT_MERMAID, true },
	{ 0, "svg", "FLOW", "... as a picture", take_flow, OUTPUT_SVG, true },
	{ 0, "graph", "FLOW", "bytes over time", take_flow, OUTPUT_GRAPH, true },
	{ 0, "detail", "FRAME", "all of one segment", take_frame, OUTPUT_DETAIL, true },
	{ 0, "explain", "CAUSE", "all about one cause", take_explain, OUTPUT_EXPLAIN, true },
	{ 0, "color", "WHEN", "auto, always, never", take_colour, 0, true },
	{ 0, "steps", NULL, "--json: segments, too", take_steps, 0, true },
	{ 'i', "interface", "IFACE", "capture live; any: all", take_interface, 0, true },
	{ 'D', "list-interfaces", NULL, "list the interfaces", take_output, OUTPUT_INTERFACES, true },
	{ 'w', "write", "FILE", "keep what is captured", take_write, 0, true },
	{ 'F', "filter-file", "FILE", "BPF words from a file", take_filter_file, 0, true },
	{ 's', "snapshot-length", "BYTES", "of a packet at most", take_snaplen, 0, true },
	{ 'B', "buffer-size", "KIB", "buffer of the kernel", take_buffer, 0, true },
	{ 'c', "count", "COUNT", "end after COUNT packets", take_count, 0, true },
	{ 'p', "no-promiscuous-mode", NULL, "not promiscuous", take_no_promiscuous, 0, true },
	{ 0, "join", NULL, "the files are one", take_join, 0, true },
	{ 0, "follow", NULL, "the file still grows", take_follow, 0, true },
	{ 0, "memory", "SIZE", "let old flows go", take_memory, 0, true },
	{ 0, "spool", "SIZE", "let old packets go", take_spool, 0, true },
	{ 0, "shard", "I/N", "a part of a report", take_shard, 0, true },
	{ 0, "list", "WHAT", "options, fields", take_list, OUTPUT_LIST, true },
	{ 0, "causes", NULL, "list the causes known", take_output, OUTPUT_CAUSES, true },
	{ 0, "ascii", NULL, "ASCII characters only", take_ascii, 0, true },
	{ 0, "no-mouse", NULL, "leave the mouse alone", take_no_mouse, 0, true },
	{ 'N', "names", NULL, "names of hosts (-n: no)", take_names, 0, true },
	{ 'n', NULL, NULL, NULL, take_names, 0, true },
	{ 0, "dump-config", NULL, "the settings as a file", take_output, OUTPUT_CONFIG, true },
	{ 'h', "help", NULL, "show this help", take_output, OUTPUT_HELP, true },
	{ 'V', "version", NULL, "show the version", take_output, OUTPUT_VERSION, true },
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

/* NULL: nothing is wrong. */
static const char *check_points(const struct options *o)
{
	if (o->points.count == 0)
		return NULL;
	if (o->interface || o->file_count || o->vantage)
		return "--vantage NAME=FILE names every file that is read; give no -i, -r, --vantage NAME or other file beside it.";
	if (o->points.count == 1)
		return "--vantage NAME=FILE puts captures of several places together; name at least two places.";
	if (o->join || o->follow)
		return "--vantage NAME=FILE joins the files of each place and reads them to their end; give no --join or --follow.";
	return NULL;
}

/* What is to be read. */
static bool check_input(const struct options *o, struct buf *error)
{
	const char *wrong = NULL;
	if (o->interface && o->file_count)
		wrong = "-i captures live, and a file was named too; give one of them.";
	else if (!o->interface && o->file_count == 0 && o->points.count == 0)
		wrong = "no capture was named. Give a file (tcpwhy trace.pcapng), - for standard input (tcpdump -U -w - | tcpwhy -), or -i INTERFACE.";
	else if (o->write && !o->interface && (o->file_count > 1 || o->follow))
		wrong = "-w keeps what comes from an interface or through one pipe; give -i, or - for standard input.";
	else if (o->interface && (o->join || o->follow))
		wrong = "--join and --follow are for files; -i captures live.";
	else if (o->follow && o->file_count > 1)
		wrong = "--follow takes one file.";
	else
		wrong = check_points(o);
	if (wrong == NULL && o->filter_file && o->word_count)
		wrong = "-F gives the capture filter, and words do so too; give one of them.";
	if (wrong)
		buf_puts(error, wrong);
	return wrong == NULL;
}

/* What the options say together. */
static bool check(const struct options *o, struct buf *error)
{
	bool about_itself = o->output >= OUTPUT_INTERFACES;
	if (about_itself)
		return true;
	if (o->steps && o->output != OUTPUT_JSON) {
		buf_puts(error, "--steps adds lines to --json; give both.");
		return false;
	}
	if (o->shards && o->output != OUTPUT_JSON && o->output != OUTPUT_CSV && o->output != OUTPUT_REPORT) {
		buf_puts(error, "--shard makes a part of a report; give --json, --csv or --report, too.");
		return false;
	}
	if (!check_input(o, error))
		return false;
	bool of_one = o->output >= OUTPUT_LADDER && o->output <= OUTPUT_DETAIL;
	if ((of_one && o->file_count > 1 && !o->join) || (o->output == OUTPUT_DETAIL && o->points.count > 0)) {
		buf_printf(error, "the number of a %s belongs to one capture; name only one.", o->output == OUTPUT_DETAIL ? "frame" : "flow");
		return false;
	}
	return true;
}

bool options_parse(int argc, char **argv, struct options *out, struct buf *error)
{
	*out = (struct options){ .snaplen = SOURCE_SNAPLEN, .buffer_kib = SOURCE_BUFFER_KIB, .spool = spool_usual };
	out->files = calloc((size_t)argc + 1, sizeof *out->files);
	out->words = calloc((size_t)argc + 1, sizeof *out->words);
	struct parse p = { .out = out, .error = error };
	struct option longs[ROWS + 1];
	struct buf letters = { 0 };
	make_tables(longs, &letters);
	bool good = out->files != NULL && out->words != NULL && !letters.failed;
	error->failed |= !good;
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
	for (bool words = p.read || out->interface; good && optind < argc; optind++)
		*(words ? &out->words[out->word_count++] : &out->files[out->file_count++]) = argv[optind];
	good = good && check(out, error);
	buf_free(&letters);
	return good;
}

void options_free(struct options *o)
{
	option_points_free(&o->points);
	free(o->files);
	free(o->words);
	*o = (struct options){ 0 };
}

bool options_screen(const struct options *o)
{
	return o->output == OUTPUT_AUTO && o->fail_on == NULL && isatty(STDOUT_FILENO);
}

/* The option's name and the bytes up to `column`. */
static void help_label(struct buf *out, const struct option_row *row, size_t column)
{
	size_t start = out->len;
	bool name = row->name && !(row->half && row->letter && (row->argument || strlen(row->name) > 8));
	if (row->letter)
		buf_printf(out, "  -%c%s", row->letter, name ? ", " : "");
	else
		buf_puts(out, row->half ? "  " : "      ");
	if (name)
		buf_printf(out, "--%s", row->name);
	if (row->argument)
		buf_printf(out, "%c%s", name ? '=' : ' ', row->argument);
	do
		buf_putc(out, ' ');
	while (!out->failed && out->len - start < column);
}

void options_help(struct buf *out)
{
	enum { COLUMN = 24, HALF_COLUMN = 16, HALF = 40 };
	buf_puts(out, "Usage: tcpwhy [OPTION]... FILE...\n"
	              "  or:  tcpwhy [OPTION]... -r FILE [BPF]  or  -i IFACE [BPF]\n"
	              "Show TCP connections, and say why each reset happened. Without a terminal and\n"
	              "without an output option: the text report. FILE - is standard input.\n");
	size_t line = out->len;
	for (int i = 0; i < ROWS; i++) {
		if (rows[i].help == NULL)
			continue;
		bool second = rows[i].half && out->len > line;
		while (second && !out->failed && out->len - line < HALF)
			buf_putc(out, ' ');
		help_label(out, &rows[i], rows[i].half ? HALF_COLUMN : COLUMN);
		buf_puts(out, rows[i].help);
		if (rows[i].half && !second && i + 1 < ROWS)
			continue;
		buf_putc(out, '\n');
		line = out->len;
	}
	buf_puts(out, "Exit status: 0 read, 1 input not readable or damaged, 2 usage, 3 no permission\n"
	              "to capture, 4 see --fail-on. Manual: man tcpwhy. On the screen: ? for the keys.\n");
}

void options_list(struct buf *out)
{
	for (int i = 0; i < ROWS; i++) {
		if (rows[i].letter)
			buf_printf(out, "-%c", rows[i].letter);
		buf_printf(out, "\t%s%s\t%s\t%s\n", rows[i].name ? "--" : "", rows[i].name ? rows[i].name : "",
		           rows[i].argument ? rows[i].argument : "", rows[i].help ? rows[i].help : "");
	}
}
