/* SPDX-License-Identifier: GPL-3.0-or-later
 * option_rows: what each option takes, and the table of them all. */
#include "option_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "query/field.h"
#include "util/text.h"

enum { SPOOL_LEAST = 16 * 1024 * 1024 };

static bool take_output(struct option_parse *p, const struct option_row *row, const char *argument)
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

static bool bad_value(struct option_parse *p, const struct option_row *row, const char *wants, const char *argument)
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

/* What may stand behind the number of a flow: "all", "scale"; of --graph "0.2-1.5". n bytes of text. */
static bool take_view(struct options *o, int output, const char *text, size_t n)
{
	size_t dash = 0, at;
	if (output != OUTPUT_GRAPH) {
		bool all = n == strlen("all") && strncmp(text, "all", n) == 0;
		bool scale = output != OUTPUT_MERMAID && n == strlen("scale") && strncmp(text, "scale", n) == 0;
		o->unfold |= all;
		o->to_scale |= scale;
		return all || scale;
	}
	while (dash < n && text[dash] != '-')
		dash++;
	return dash < n && field_parse_number(text, dash, UNIT_TIME, &o->from, &at) &&
	       field_parse_number(text + dash + 1, n - dash - 1, UNIT_TIME, &o->to, &at) && o->from < o->to;
}

/* "3", "3,all", "3,all,scale", "3,0.2-1.5". */
static bool take_flow(struct option_parse *p, const struct option_row *row, const char *argument)
{
	static const char plain[] = "the number of a flow, as --report and --json give it";
	size_t digits = strcspn(argument, ",");
	char number[24] = "";
	uint64_t flow;
	if (digits < sizeof number)
		memcpy(number, argument, digits);
	if (!read_number(number, UINT32_MAX - 1, &flow))
		return bad_value(p, row, plain, argument);
	for (const char *at = argument + digits; *at == ',';) {
		size_t n = strcspn(++at, ",");
		if (!take_view(p->out, row->value, at, n))
			return bad_value(p, row, row->value == OUTPUT_GRAPH ? "behind the flow's number a part of its time, as in 3,0.2-1.5" :
				row->value != OUTPUT_MERMAID ? "behind the flow's number all (nothing folded) or scale (rows as far apart as their times), as in 3,all" :
				"behind the flow's number nothing or all (nothing folded), as in 3,all", argument);
		at += n;
	}
	p->out->flow = (uint32_t)flow;
	return take_output(p, row, argument);
}

static bool take_frame(struct option_parse *p, const struct option_row *row, const char *argument)
{
	if (!read_number(argument, UINT64_MAX, &p->out->frame) || p->out->frame == 0)
		return bad_value(p, row, "the number of a frame from 1, as --ladder and --report give it", argument);
	return take_output(p, row, argument);
}

static bool take_explain(struct option_parse *p, const struct option_row *row, const char *argument)
{
	p->out->explain = argument;
	return take_output(p, row, argument);
}

static bool take_file(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->read = true;
	p->out->files[p->out->file_count++] = argument;
	return true;
}

static bool take_interface(struct option_parse *p, const struct option_row *row, const char *argument)
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

static bool take_filter_file(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->filter_file = argument;
	return true;
}

static bool take_write(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->write = argument;
	return true;
}

static bool take_snaplen(struct option_parse *p, const struct option_row *row, const char *argument)
{
	uint64_t number;
	if (!read_number(argument, SOURCE_SNAPLEN, &number))
		return bad_value(p, row, "a number of bytes up to 262144", argument);
	p->out->snaplen = number ? (uint32_t)number : SOURCE_SNAPLEN; /* 0: all, as tcpdump takes it */
	return true;
}

static bool take_buffer(struct option_parse *p, const struct option_row *row, const char *argument)
{
	uint64_t number;
	if (!read_number(argument, 2 * 1024 * 1024 - 1, &number) || number == 0)
		return bad_value(p, row, "a number of KiB from 1 to 2097151", argument);
	p->out->buffer_kib = (uint32_t)number;
	return true;
}

static bool take_count(struct option_parse *p, const struct option_row *row, const char *argument)
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

static bool take_memory(struct option_parse *p, const struct option_row *row, const char *argument)
{
	return read_size(argument, OPTIONS_MEMORY_LEAST, &p->out->memory) || bad_value(p, row, "a size of 128M or more, such as 2G", argument);
}

static bool take_spool(struct option_parse *p, const struct option_row *row, const char *argument)
{
	return read_size(argument, SPOOL_LEAST, &p->out->spool) || bad_value(p, row, "a size of 16M or more, such as 2G", argument);
}

static bool take_no_promiscuous(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->no_promiscuous = true;
	return true;
}

static bool take_join(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->join = true;
	return true;
}

static bool take_follow(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->follow = true;
	return true;
}

/* "0/4": the first of four. */
static bool take_shard(struct option_parse *p, const struct option_row *row, const char *argument)
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

static bool take_list(struct option_parse *p, const struct option_row *row, const char *argument)
{
	if (strcmp(argument, "options") != 0 && strcmp(argument, "fields") != 0)
		return bad_value(p, row, "options or fields", argument);
	p->out->list = argument;
	return take_output(p, row, argument);
}

static bool take_filter(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->filter = argument;
	return true;
}

static bool take_vantage(struct option_parse *p, const struct option_row *row, const char *argument)
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

static bool take_fail_on(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row;
	p->out->fail_on = argument;
	return true;
}

static bool take_colour(struct option_parse *p, const struct option_row *row, const char *argument)
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

static bool take_steps(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->steps = true;
	return true;
}

static bool take_ascii(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->ascii = true;
	return true;
}

static bool take_no_mouse(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)row, (void)argument;
	p->out->no_mouse = true;
	return true;
}

/* -N, and -n for the fingers of tcpdump's users. */
static bool take_names(struct option_parse *p, const struct option_row *row, const char *argument)
{
	(void)argument;
	p->out->names = row->letter == 'N';
	return true;
}

const struct option_row option_rows[] = {
	{ 'r', "read", "FILE", "read this capture; words after it are a capture filter", take_file, 0, false },
	{ 'e', "filter", "FILTER", "only flows that match, as typed after / on the screen", take_filter, 0, false },
	{ 0, "fail-on", "CAUSES", "exit 4 when a reset has one of these causes (a,b or any)", take_fail_on, 0, false },
	{ 0, "vantage", "NAME", "place of capture; NAME=FILE for each of several together", take_vantage, 0, false },
	{ 0, "report", NULL, "text, for a ticket", take_output, OUTPUT_REPORT, true },
	{ 0, "json", NULL, "JSON, for programs", take_output, OUTPUT_JSON, true },
	{ 0, "csv", NULL, "for a spreadsheet", take_output, OUTPUT_CSV, true },
	{ 0, "pcapng", NULL, "flows as a capture", take_output, OUTPUT_PCAPNG, true },
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
	{ 0, "list", "WHAT", NULL /* for programs that complete words */, take_list, OUTPUT_LIST, true },
	{ 0, "causes", NULL, "list the causes known", take_output, OUTPUT_CAUSES, true },
	{ 0, "ascii", NULL, "ASCII characters only", take_ascii, 0, true },
	{ 0, "no-mouse", NULL, "leave the mouse alone", take_no_mouse, 0, true },
	{ 'N', "names", NULL, "names of hosts (-n: no)", take_names, 0, true },
	{ 'n', NULL, NULL, NULL, take_names, 0, true },
	{ 0, "dump-config", NULL, "the settings as a file", take_output, OUTPUT_CONFIG, true },
	{ 'h', "help", NULL, "show this help", take_output, OUTPUT_HELP, true },
	{ 'V', "version", NULL, "show the version", take_output, OUTPUT_VERSION, true },
	{ 0, NULL, NULL, NULL, NULL, 0, false },
};
_Static_assert(sizeof option_rows / sizeof *option_rows <= OPTION_ROWS_MOST, "options.c makes room for so many");
