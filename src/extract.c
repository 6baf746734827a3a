/* SPDX-License-Identifier: GPL-3.0-or-later
 * extract: what is written of one flow, of one frame, of the flows that match. */
#include "extract.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complain.h"
#include "ladder/export.h"
#include "ladder/segment.h"
#include "reading.h"
#include "report/save.h"
#include "vantage/vantage.h"

int put_out(struct buf *text)
{
	bool good = !text->failed && fwrite(buf_text(text), 1, text->len, stdout) == text->len && fflush(stdout) == 0;
	if (!good && text->failed)
		complain(text);
	else if (!good)
		perror("tcpwhy: standard output");
	buf_free(text);
	return good ? STATUS_OK : STATUS_INPUT;
}

bool is_utf8(const struct options *o)
{
	return !o->ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int input_status(const struct session *s)
{
	return session_damaged(s) ? STATUS_INPUT : STATUS_OK;
}

size_t read_points(struct captures *c, struct session **sessions, struct buf *error)
{
	size_t n = 0;
	for (size_t i = 0; i < c->count; i++) {
		struct session *s = captures_start(c, i);
		if (s != NULL && reading_run(s, NULL, error))
			sessions[n++] = s;
	}
	return n;
}

/* That a file could not be opened was told then. Frees error. */
static int nothing_read(struct buf *error)
{
	if (error->len > 0 || error->failed)
		complain(error);
	buf_free(error);
	return STATUS_INPUT;
}

/* False: not all of it could be read again. */
static bool export_flow(const struct options *o, struct session *s, struct buf *out)
{
	const struct ladder_options options = { .unfold_all = o->unfold, .to_scale = o->to_scale };
	switch (o->output) {
	case OUTPUT_MERMAID:
		return ladder_export_mermaid(s, o->flow, &options, out);
	case OUTPUT_SVG:
		return ladder_export_svg(s, o->flow, &options, out);
	case OUTPUT_GRAPH:
		return ladder_export_graph(s, o->flow, o->from, o->to, is_utf8(o), out);
	default:
		return ladder_export_text(s, o->flow, &options, is_utf8(o), out);
	}
}

static int unreadable(void)
{
	fputs("tcpwhy: the packets of the flow could not be read a second time (was the file changed meanwhile?), or memory ran out.\n", stderr);
	return STATUS_INPUT;
}

int extract_flow(const struct options *o, struct captures *c)
{
	struct buf out = { 0 };
	struct session *sessions[VANTAGE_MOST] = { NULL };
	size_t n = read_points(c, sessions, &out);
	struct session *s = sessions[0];
	if (s == NULL)
		return nothing_read(&out);
	struct vantage *v = n > 1 ? vantage_new(sessions, n) : NULL;
	int status = input_status(s);
	bool there = o->flow < flow_table_count(session_flows(s));
	if (!there && status == STATUS_OK) {
		fprintf(stderr, "tcpwhy: there is no flow %lu: the capture has %lu, numbered from 0; --report and --json name them.\n",
		        (unsigned long)o->flow, (unsigned long)flow_table_count(session_flows(s)));
		status = STATUS_USAGE;
	} else if (there) {
		if (!export_flow(o, s, &out))
			status = unreadable();
		if (put_out(&out) != STATUS_OK)
			status = STATUS_INPUT;
	}
	vantage_free(v);
	buf_free(&out);
	return status;
}

int extract_capture(struct captures *c, struct filter *filter)
{
	struct buf told = { 0 };
	struct session *s = NULL;
	if (isatty(STDOUT_FILENO)) {
		fputs("tcpwhy: --pcapng writes a capture, which is no text: send it to a file, as with \">flows.pcapng\".\n", stderr);
		return STATUS_USAGE;
	}
	if (read_points(c, &s, &told) == 0)
		return nothing_read(&told);
	struct flow_view view = { .session = s, .table = session_flows(s) };
	uint32_t count = flow_table_count(view.table), first = flow_table_first(view.table);
	uint32_t *flows = reallocarray(NULL, (size_t)count + 1, sizeof *flows);
	size_t n = 0;
	for (uint32_t flow = first; flows && flow < count; flow++) {
		flow_view_set(&view, flow);
		if (filter_matches(filter, &view))
			flows[n++] = flow;
	}
	struct saving *saving = flows ? saving_begin_stream(s, flows, n, stdout) : NULL;
	while (saving && saving_step(saving, INT64_MAX / 2))
		continue;
	bool good = saving && saving_end(saving, &told);
	if (!saving)
		buf_puts(&told, "out of memory");
	if (!good || session_damaged(s))
		complain(&told);
	free(flows);
	buf_free(&told);
	return good ? input_status(s) : STATUS_INPUT;
}

int extract_frame(const struct options *o, struct captures *c)
{
	enum { BYTES_A_LINE = 16 };
	struct buf out = { 0 };
	struct session *s = NULL;
	if (read_points(c, &s, &out) == 0)
		return nothing_read(&out);
	int status = input_status(s);
	enum segment_found found = segment_of_frame(s, o->frame, BYTES_A_LINE, &out);
	if (found == SEGMENT_NONE && status == STATUS_OK) {
		fprintf(stderr, "tcpwhy: no flow has a segment in frame %llu of the capture's %llu; --ladder=FLOW names the frames of a flow.\n",
		        (unsigned long long)o->frame, (unsigned long long)session_packets(s));
		status = STATUS_USAGE;
	} else if (found == SEGMENT_UNREADABLE) {
		status = unreadable();
	}
	if (found == SEGMENT_READ && put_out(&out) != STATUS_OK)
		status = STATUS_INPUT;
	buf_free(&out);
	return status;
}
