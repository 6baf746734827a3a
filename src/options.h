/* SPDX-License-Identifier: GPL-3.0-or-later
 * options: what the command line asks for. */
#ifndef TCPWHY_OPTIONS_H
#define TCPWHY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "option_points.h"
#include "util/buf.h"

/* What is to be written. AUTO: the screen on a terminal, else the text report. */
enum output { OUTPUT_AUTO, OUTPUT_REPORT, OUTPUT_JSON, OUTPUT_CSV, OUTPUT_PCAPNG, OUTPUT_LADDER, OUTPUT_MERMAID, OUTPUT_SVG,
              OUTPUT_GRAPH, OUTPUT_DETAIL, OUTPUT_INTERFACES, OUTPUT_CAUSES, OUTPUT_LIST, OUTPUT_EXPLAIN, OUTPUT_CONFIG, OUTPUT_HELP, OUTPUT_VERSION };

enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

enum { OPTIONS_MEMORY_LEAST = 128 * 1024 * 1024 }; /* two blocks of the table of flows and what belongs to them */

/* Exit statuses: report.md's contract, in tcpwhy(1). */
enum exit_status { STATUS_OK, STATUS_INPUT, STATUS_USAGE, STATUS_PERMISSION, STATUS_FOUND };

struct options {
	enum output output;
	enum colour_when colour;
	bool steps;             /* --steps: with --json */
	bool ascii;
	bool no_mouse;
	bool names;             /* -N */
	uint32_t flow;          /* of --ladder, --mermaid, --svg and --graph */
	bool unfold, to_scale;  /* after the number: of --ladder, --mermaid and --svg; of --ladder and --svg */
	uint64_t from, to;      /* of --graph: ns since the flow's first segment; to 0 = its end */
	uint64_t frame;         /* of --detail */
	const char *explain;    /* cause id of --explain */
	const char *list;       /* "options" or "fields", of --list */
	uint32_t shard, shards; /* --shard; shards 0 = all */
	const char *filter;     /* -e; NULL = none */
	const char *vantage;    /* NULL = each capture's own name */
	struct option_points points; /* of --vantage NAME=FILE */
	const char *fail_on;    /* cause ids between commas, or "any"; NULL = none */
	const char **files;     /* owned; the strings are argv's */
	size_t file_count;
	const char **words;     /* of the capture filter; owned likewise */
	size_t word_count;
	const char *filter_file; /* -F; NULL = none */
	const char *interface;  /* -i; NULL = none */
	const char *write;      /* -w; NULL = none */
	uint32_t snaplen;       /* bytes */
	uint32_t buffer_kib;
	uint64_t count;         /* packets; 0 = no limit */
	bool no_promiscuous;
	uint64_t memory;        /* bytes; 0 = not given */
	uint64_t spool;         /* bytes */
	bool join, follow;
};

void options_free(struct options *o);

/* Do they ask for the screen, and is there a terminal for it? */
bool options_screen(const struct options *o);

#endif
