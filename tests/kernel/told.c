/* SPDX-License-Identifier: GPL-3.0-or-later
 * told: the verdicts on a capture's resets when a kernel had told something. Live this comes from tracepoints; here from a text, so that
 * what is made of it can be tested with any packets and without root.
 *
 *   told CAPTURE TEXT     for each reset a line: frame emitter mechanism mechanism-confidence cause confidence effect reason-or-"-"
 *                         facts,…
 *   told CAPTURE TEXT said  and below it the evidence and the headline in words
 *
 * TEXT has a word a line; times are seconds from the first packet:
 *   since T, until T                the time that is known of (0 and the end else)
 *   lost T T                        events were lost between
 *   own ADDRESS, forwards, partly   of the machine; its kernel does not tell all resets
 *   dropped T                       its packet filter dropped a packet
 *   sent T HERE THERE STATE REASON [PID [COMM]]   reset; state by Linux' number; ends as ADDRESS/PORT
 *   took T HERE THERE, repeated T HERE THERE
 *   state T HERE THERE OLD NEW                a socket's state */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/context.h"
#include "explain/explain.h"
#include "explain/trace.h"
#include "kernel/journal.h"
#include "session/session.h"

enum { WORDS = 8 };

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "told: %s\n", what);
	exit(2);
}

static int64_t time_of(const char *word, int64_t start)
{
	return start + (int64_t)(strtod(word, NULL) * 1e9);
}

static void read_address(const char *word, uint8_t out[16])
{
	struct in_addr v4;
	memset(out, 0, 16);
	if (inet_pton(AF_INET, word, &v4) == 1) {
		if (v4.s_addr == 0)
			return;
		out[10] = out[11] = 0xff;
		memcpy(out + 12, &v4, 4);
	} else if (inet_pton(AF_INET6, word, out) != 1) {
		fail(word);
	}
}

static void read_end(char *word, struct kernel_record *record, int end)
{
	char *slash = strchr(word, '/');
	if (slash == NULL)
		fail(word);
	*slash = '\0';
	read_address(word, record->address[end]);
	record->port[end] = (uint16_t)atoi(slash + 1);
}

static void add_record(struct kernel_journal *j, enum kernel_event event, char *words[WORDS], size_t n, int64_t start)
{
	struct kernel_record record = { .event = (uint8_t)event, .time = time_of(words[1], start) };
	if (event != KERNEL_DROPPED) {
		read_end(words[2], &record, KERNEL_HERE);
		read_end(words[3], &record, KERNEL_THERE);
	}
	if (event == KERNEL_SENT_RESET) {
		record.state = (uint8_t)atoi(words[4]);
		record.reason = strcmp(words[5], "-") != 0 ? kernel_journal_number(j, words[5]) : 0;
		record.pid = n > 6 ? (uint32_t)atoi(words[6]) : 0;
		if (record.pid != 0)
			snprintf(record.comm, sizeof record.comm, "%s", n > 7 ? words[7] : "daemon");
	} else if (event == KERNEL_STATE) {
		record.old_state = (uint8_t)atoi(words[4]);
		record.state = (uint8_t)atoi(words[5]);
	}
	kernel_journal_add(j, &record);
}

struct told {
	struct kernel_scope scope;
	double since, until;
};

static size_t split(char *line, char *words[WORDS])
{
	size_t n = 0;
	for (char *word = strtok(line, " \n"); word != NULL && n < WORDS; word = strtok(NULL, " \n"))
		words[n++] = word;
	return n;
}

/* First what the machine is, then (with a journal) what it told. */
static void read_line(char *words[WORDS], size_t n, struct told *told, struct kernel_journal *j, int64_t start)
{
	static const struct {
		const char *word;
		enum kernel_event event;
		size_t words;
	} records[] = { { "dropped", KERNEL_DROPPED, 2 }, { "sent", KERNEL_SENT_RESET, 6 }, { "took", KERNEL_TOOK_RESET, 4 },
		        { "repeated", KERNEL_REPEATED, 4 }, { "state", KERNEL_STATE, 6 } };
	told->scope.forwards |= strcmp(words[0], "forwards") == 0;
	if (strcmp(words[0], "partly") == 0)
		told->scope.all_resets = false;
	else if (strcmp(words[0], "since") == 0 && n > 1)
		told->since = atof(words[1]);
	else if (strcmp(words[0], "until") == 0 && n > 1)
		told->until = atof(words[1]);
	if (j == NULL)
		return;
	if (strcmp(words[0], "lost") == 0 && n > 2)
		kernel_journal_lost(j, time_of(words[1], start), time_of(words[2], start));
	if (strcmp(words[0], "own") == 0 && n > 1) {
		uint8_t address[1][16];
		read_address(words[1], address[0]);
		kernel_journal_addresses(j, (const uint8_t (*)[16])address, 1);
	}
	for (size_t i = 0; i < sizeof records / sizeof *records; i++)
		if (strcmp(words[0], records[i].word) == 0 && n >= records[i].words)
			add_record(j, records[i].event, words, n, start);
}

static void read_text(FILE *in, struct told *told, struct kernel_journal *j, int64_t start)
{
	char line[512], *words[WORDS];
	rewind(in);
	while (fgets(line, sizeof line, in) != NULL) {
		size_t n = split(line, words);
		if (n > 0)
			read_line(words, n, told, j, start);
	}
}

static bool add(void *context, const struct packet *packet, const struct segment *segment, enum side from, uint32_t marks,
                const struct tracker *before, const struct tracker *after)
{
	(void)packet;
	return trace_add(context, segment, from, marks, before, after);
}

static void print(const struct verdict *v, bool said)
{
	printf("%llu %s %s %s %s %s %s %s ", (unsigned long long)v->frame, emitter_name(v->emitter), mechanism_name(v->mechanism),
	       confidence_name(v->mechanism_confidence), cause_id(v->cause), confidence_name(v->confidence), effect_name(v->effect),
	       v->kernel_reason != NULL ? v->kernel_reason : "-");
	for (size_t i = 0; i < v->evidence_count; i++)
		printf("%s%s", i > 0 ? "," : "", v->evidence[i].fact);
	putchar('\n');
	for (size_t i = 0; i < v->alternative_count; i++)
		printf("%llu or %s\n", (unsigned long long)v->frame, cause_id(v->alternatives[i].cause));
	for (size_t i = 0; i < v->unknown_count; i++)
		printf("%llu unknown: %s\n", (unsigned long long)v->frame, v->unknowns[i]);
	for (size_t i = 0; i < v->check_count; i++)
		printf("%llu check: %s\n", (unsigned long long)v->frame, v->checks[i]);
	for (size_t i = 0; said && i < v->evidence_count; i++)
		puts(v->evidence[i].text);
	if (said)
		puts(v->headline);
}

static void explain(struct session *s, struct kernel_journal *j, bool said)
{
	const struct flow_table *table = session_flows(s);
	struct neighbours *neighbours = neighbours_new(table);
	struct trace *trace = trace_new();
	if (neighbours == NULL || trace == NULL || !neighbours_update(neighbours))
		fail("out of memory");
	for (uint32_t flow = 0; flow < flow_table_count(table); flow++) {
		struct explain_context context = { .table = table, .neighbours = neighbours, .kernel = j, .flow = flow, .complete = true };
		struct findings found;
		trace_clear(trace);
		if (!session_walk(s, flow, add, trace) || !explain_trace(trace, &context, 0, &found))
			fail("out of memory");
		for (size_t i = 0; i < found.count; i++)
			print(&found.items[i], said);
		findings_free(&found);
	}
	trace_free(trace);
	neighbours_free(neighbours);
}

int main(int argc, char **argv)
{
	struct buf error = { 0 };
	struct told told = { .scope = { .all_resets = true, .drops = true }, .since = -10, .until = 1e6 };
	bool said = argc == 4 && strcmp(argv[3], "said") == 0;
	FILE *in = argc == 3 || said ? fopen(argv[2], "r") : NULL;
	struct session *s = in != NULL ? session_open(argv[1], NULL, &error) : NULL;
	if (s == NULL)
		fail(in == NULL ? "usage: told CAPTURE TEXT [said]" : buf_text(&error));
	while (session_read(s, 0) != SESSION_END)
		;
	int64_t start = INT64_MAX;
	for (uint32_t flow = 0; flow < flow_table_count(session_flows(s)); flow++) {
		int64_t first = flow_table_get(session_flows(s), flow)->first;
		start = first < start ? first : start;
	}
	read_text(in, &told, NULL, start);
	struct kernel_journal *j = kernel_journal_new(start + (int64_t)(told.since * 1e9), &told.scope);
	if (j == NULL)
		fail("out of memory");
	read_text(in, &told, j, start);
	kernel_journal_until(j, start + (int64_t)(told.until * 1e9));
	explain(s, j, said);
	kernel_journal_free(j);
	session_close(s);
	fclose(in);
	buf_free(&error);
	return 0;
}
