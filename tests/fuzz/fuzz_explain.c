/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_explain: any conversation through session, verdicts and every output: verdicts say only what they may, NDJSON is valid, no text holds
 * a control character. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json_line.h"
#include "ladder/export.h"
#include "plain.h"
#include "report/report.h"
#include "stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Verdicts go as they are into comments of saved captures. */
static void check_sentence(const char *text)
{
	CHECK(text != NULL && plain_until(text, strlen(text), "") == strlen(text));
}

static void check_verdict(const struct verdict *v, uint64_t packets)
{
	CHECK(v->cause != NULL && v->frame >= 1 && v->frame <= packets && v->trigger <= packets && v->trigger != v->frame);
	CHECK(v->evidence_count <= VERDICT_EVIDENCE && v->alternative_count <= VERDICT_ALTERNATIVES && v->headline[0] != '\0');
	check_sentence(v->headline);
	for (size_t i = 0; i < v->check_count; i++)
		check_sentence(v->checks[i]);
	for (size_t i = 0; i < v->evidence_count; i++) {
		CHECK(v->evidence[i].frame <= packets && v->evidence[i].text[0] != '\0' && v->evidence[i].fact != NULL);
		check_sentence(v->evidence[i].text);
	}
	for (size_t i = 0; i < v->alternative_count; i++)
		CHECK(v->alternatives[i].cause != NULL && v->alternatives[i].cause != v->cause);
}

static void check_text(const struct buf *text, const char *allowed)
{
	CHECK(!text->failed && plain_until(buf_text(text), text->len, allowed) == text->len);
}

/* The brief verdict of lists, the counted one and the whole one must be one and the same. */
static void check_flow(struct session *s, uint32_t flow)
{
	const struct flow *f = flow_table_get(session_flows(s), flow);
	struct findings found = { 0 }, judged = { 0 };
	CHECK(session_explain(s, flow, 0, &found) && session_judge(s, flow, 0, &judged));
	CHECK(found.count == f->rst && judged.count == found.count);
	for (size_t i = 0; i < found.count; i++) {
		check_verdict(&found.items[i], session_packets(s));
		CHECK(judged.items[i].cause == found.items[i].cause && judged.items[i].confidence == found.items[i].confidence);
	}
	const struct verdict *primary = findings_primary(&found);
	const struct verdict_brief *brief = session_brief(s, flow);
	CHECK((primary == NULL) == (brief == NULL) && (brief == NULL || (brief->cause == primary->cause && brief->frame == primary->frame)));
	findings_free(&found);
	findings_free(&judged);
}

static void check_ladder(struct session *s, uint32_t flow)
{
	struct buf out = { 0 };
	CHECK(ladder_export_text(s, flow, NULL, true, &out) && ladder_export_mermaid(s, flow, NULL, &out) &&
	      ladder_export_svg(s, flow, NULL, &out) &&
	      ladder_export_svg(s, flow, &(struct ladder_options){ .unfold_all = true, .to_scale = true }, &out));
	check_text(&out, "\n");
	buf_free(&out);
}

static void check_json(const char *text, size_t n)
{
	for (size_t at = 0, line; at < n; at += line + 1) {
		struct json_line read;
		struct buf why = { 0 };
		line = strcspn(text + at, "\n");
		if (!json_line_read(text + at, line, &read, &why)) {
			fprintf(stderr, "%s\n%.*s\n", buf_text(&why), (int)line, text + at);
			abort();
		}
		json_line_free(&read);
		buf_free(&why);
	}
}

static void check_report(struct session *s, enum report_format format)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	const struct report_options options = { .format = format, .steps = true, .utf8 = true };
	struct report *r = report_new(out, &options);
	struct buf error = { 0 };
	CHECK(r != NULL && report_capture(r, s, &error) && report_end(r, &error) && error.len == 0);
	report_free(r);
	fclose(out);
	CHECK(plain_until(text, n, format == REPORT_CSV ? "\r\n" : "\n") == n);
	if (format == REPORT_JSON)
		check_json(text, n);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf capture = { 0 }, error = { 0 };
	char name[40];
	stream_capture(data, size, &capture);
	int fd = stream_file(capture.data, capture.len, name);
	struct session *s = session_open(name, NULL, &error);
	CHECK(s != NULL && session_read(s, 0) == SESSION_END && !session_damaged(s));
	for (uint32_t i = 0; i < flow_table_count(session_flows(s)); i++)
		check_flow(s, i);
	if (flow_table_count(session_flows(s)) > 0)
		check_ladder(s, 0);
	check_report(s, REPORT_JSON);
	check_report(s, REPORT_TEXT);
	check_report(s, REPORT_CSV);
	session_close(s);
	close(fd);
	buf_free(&capture);
	buf_free(&error);
	return 0;
}
