/* SPDX-License-Identifier: GPL-3.0-or-later
 * command_line: the command line by the table of options; getopt_long's tables and the help text are made from it. */
#include "command_line.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "option_rows.h"
#include "util/text.h"

static const uint64_t spool_usual = UINT64_C(8) << 30;
enum { FIRST_LONG = 256 }; /* codes of options without a letter: FIRST_LONG + row */

static void make_tables(struct option longs[OPTION_ROWS_MOST], struct buf *letters)
{
	size_t n = 0;
	buf_putc(letters, ':');
	for (int i = 0; option_rows[i].take != NULL; i++) {
		if (option_rows[i].name)
			longs[n++] = (struct option){ option_rows[i].name, option_rows[i].argument ? required_argument : no_argument, NULL, FIRST_LONG + i };
		if (!option_rows[i].letter)
			continue;
		buf_putc(letters, option_rows[i].letter);
		if (option_rows[i].argument)
			buf_putc(letters, ':');
	}
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
}

static const struct option_row *row_of(int code)
{
	if (code >= FIRST_LONG)
		return &option_rows[code - FIRST_LONG];
	for (const struct option_row *row = option_rows; row->take != NULL; row++)
		if (code && row->letter == code)
			return row;
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
	if (o->output == OUTPUT_PCAPNG && (o->file_count > 1 || o->points.count > 0) && !o->join) {
		buf_puts(error, "--pcapng makes one capture of one; name only one.");
		return false;
	}
	bool of_one = o->output >= OUTPUT_LADDER && o->output <= OUTPUT_DETAIL;
	if ((of_one && o->file_count > 1 && !o->join) || (o->output == OUTPUT_DETAIL && o->points.count > 0)) {
		buf_printf(error, "the number of a %s belongs to one capture; name only one.", o->output == OUTPUT_DETAIL ? "frame" : "flow");
		return false;
	}
	return true;
}

bool command_line_read(int argc, char **argv, struct options *out, struct buf *error)
{
	*out = (struct options){ .snaplen = SOURCE_SNAPLEN, .buffer_kib = SOURCE_BUFFER_KIB, .spool = spool_usual };
	out->files = calloc((size_t)argc + 1, sizeof *out->files);
	out->words = calloc((size_t)argc + 1, sizeof *out->words);
	struct option_parse p = { .out = out, .error = error };
	struct option longs[OPTION_ROWS_MOST];
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

void command_line_help(struct buf *out)
{
	enum { COLUMN = 24, HALF_COLUMN = 16, HALF = 40 };
	buf_puts(out, "Usage: tcpwhy [OPTION]... FILE...\n"
	              "  or:  tcpwhy [OPTION]... -r FILE [BPF]  or  -i IFACE [BPF]\n"
	              "Show TCP connections, and say why each reset happened. Without a terminal and\n"
	              "without an output option: the text report. FILE - is standard input.\n");
	size_t line = out->len;
	for (int i = 0; option_rows[i].take != NULL; i++) {
		if (option_rows[i].help == NULL)
			continue;
		bool second = option_rows[i].half && out->len > line;
		while (second && !out->failed && out->len - line < HALF)
			buf_putc(out, ' ');
		help_label(out, &option_rows[i], option_rows[i].half ? HALF_COLUMN : COLUMN);
		buf_puts(out, option_rows[i].help);
		if (option_rows[i].half && !second && option_rows[i + 1].take != NULL)
			continue;
		buf_putc(out, '\n');
		line = out->len;
	}
	buf_puts(out, "Exit status: 0 read, 1 input not readable or damaged, 2 usage, 3 no permission\n"
	              "to capture, 4 see --fail-on. Manual: man tcpwhy. On the screen: ? for the keys.\n");
}

void command_line_list(struct buf *out)
{
	for (int i = 0; option_rows[i].take != NULL; i++) {
		if (option_rows[i].letter)
			buf_printf(out, "-%c", option_rows[i].letter);
		buf_printf(out, "\t%s%s\t%s\t%s\n", option_rows[i].name ? "--" : "", option_rows[i].name ? option_rows[i].name : "",
		           option_rows[i].argument ? option_rows[i].argument : "", option_rows[i].help ? option_rows[i].help : "");
	}
}
