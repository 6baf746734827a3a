/* SPDX-License-Identifier: GPL-3.0-or-later
 * main: from the command line to the screen or a report, and the exit status. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <locale.h>
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "about.h"
#include "command_line.h"
#include "complain.h"
#include "extract.h"
#include "fail_on.h"
#include "open.h"
#include "query/field.h"
#include "reading.h"
#include "report/report.h"
#include "session/session.h"
#include "ui/rc.h"
#include "ui/ui.h"
#include "util/text.h"
#include "vantage/vantage.h"

/* At the end of a report. That memory ran out was said already where a capture could not be read for want of it. */
static void tell(const struct captures *c, const struct buf *error)
{
	if (error->failed ? c->status == STATUS_OK : error->len > 0)
		complain(error);
}

/* A bad filter, with a caret under the place. */
static struct filter *make_filter(const struct options *o, int *status)
{
	struct buf error = { 0 };
	size_t offset = 0;
	const char *text = o->filter ? o->filter : "";
	struct filter *f = filter_compile(text, &error, &offset);
	if (f == NULL && error.failed) {
		complain(&error);
		*status = STATUS_INPUT;
	} else if (f == NULL) {
		struct buf before = { 0 };
		struct buf whole = { 0 };
		size_t n = strlen(text);
		text_add_printable(&before, text, offset < n ? offset : n);
		text_add_printable(&whole, text, n);
		fprintf(stderr, "tcpwhy: the filter makes no sense here: %s\n  %s\n  %*s^\n", buf_text(&error), buf_text(&whole),
		        (int)text_width(buf_text(&before), before.len), "");
		buf_free(&before);
		buf_free(&whole);
		*status = STATUS_USAGE;
	}
	buf_free(&error);
	return f;
}

static int show_causes(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < cause_count(); i++) {
		buf_printf(&out, "%-32s ", cause_id(cause_at(i)));
		cause_summary(cause_at(i), &out);
		buf_putc(&out, '\n');
	}
	return put_out(&out);
}

/* Names that a filter may ask for, with what may follow: a line of name, ":" for a text or "=" for a number, and help, tabs between them. */
static int show_list(const char *what)
{
	struct buf out = { 0 };
	if (strcmp(what, "options") == 0)
		command_line_list(&out);
	else
		for (size_t i = 0; field_at(i); i++)
			buf_printf(&out, "%s\t%s\t%s\n", field_at(i)->name, field_at(i)->values ? "=" : ":", field_at(i)->help);
	return put_out(&out);
}

static int explain_cause(const char *id)
{
	struct buf out = { 0 };
	const struct cause *cause = cause_find(id);
	if (cause == NULL) {
		buf_puts(&out, "there is no cause \"");
		text_add_printable(&out, id, strlen(id));
		buf_puts(&out, "\"; tcpwhy --causes lists those there are.");
		complain(&out);
		buf_free(&out);
		return STATUS_USAGE;
	}
	cause_describe(cause, &out);
	return put_out(&out);
}

static int report_points(struct captures *c, struct report *r)
{
	struct session *sessions[VANTAGE_MOST];
	struct buf error = { 0 };
	int status = STATUS_OK;
	size_t n = read_points(c, sessions, &error);
	struct vantage *v = vantage_new(sessions, n);
	if (v == NULL)
		buf_puts(&error, "out of memory");
	else
		report_vantage(r, v);
	for (size_t i = 0; v != NULL && i < n; i++)
		if (!report_capture(r, sessions[i], &error) || session_damaged(sessions[i]))
			status = STATUS_INPUT;
	if (v == NULL || !report_end(r, &error))
		status = STATUS_INPUT;
	if (error.len > 0 || error.failed)
		complain(&error);
	vantage_free(v);
	buf_free(&error);
	return status;
}

/* Reads and reports each capture; memory is given back before the next. */
static int report_all(struct captures *c, struct report *r)
{
	struct buf error = { 0 };
	int status = STATUS_OK;
	for (size_t i = 0; i < c->count; i++) {
		struct session *s = captures_start(c, i);
		if (s == NULL)
			continue;
		bool good = reading_run(s, r, &error);
		if (c->resolver != NULL)
			reading_names(s, c->resolver);
		good = good && report_capture(r, s, &error);
		if (!good || session_damaged(s))
			status = STATUS_INPUT;
		captures_close_one(c, i);
	}
	if (!report_end(r, &error))
		status = STATUS_INPUT;
	tell(c, &error);
	buf_free(&error);
	return status;
}

static int run_report(const struct options *o, struct captures *c, struct filter *filter)
{
	struct report_options ro = {
		.format = o->output == OUTPUT_JSON ? REPORT_JSON : o->output == OUTPUT_CSV ? REPORT_CSV : REPORT_TEXT,
		.steps = o->steps,
		.utf8 = is_utf8(o),
		.filter = filter_empty(filter) ? NULL : filter,
		.shard = o->shard,
		.shards = o->shards,
	};
	struct report *r = report_new(stdout, &ro);
	if (r == NULL)
		tell(c, &(struct buf){ .failed = true });
	int status = r == NULL ? STATUS_INPUT : o->points.count > 0 ? report_points(c, r) : report_all(c, r);
	status = c->status != STATUS_OK ? c->status : status;
	if (r && status == STATUS_OK && fail_on_found(r, o->fail_on))
		status = STATUS_FOUND;
	report_free(r);
	return status;
}

/* What came to pass while the screen was up. */
static void tell_warnings(const struct captures *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct session *s = c->sessions[i];
		if (s == NULL || *session_warning(s) == '\0')
			continue;
		struct buf warning = { 0 };
		text_add_printable(&warning, session_name(s), strlen(session_name(s)));
		buf_printf(&warning, ": %s", session_warning(s));
		complain(&warning);
		buf_free(&warning);
	}
}

/* When a screen has gone that showed what cannot be looked at again: how much came, what was lost, where it is. */
static void tell_outcome(const struct options *o, struct session *s)
{
	struct source_counts counts = { 0 };
	struct buf text = { 0 };
	if (!session_live(s) && o->write == NULL)
		return;
	session_counts(s, &counts);
	text_add_printable(&text, session_name(s), strlen(session_name(s)));
	buf_printf(&text, ": %llu packets", (unsigned long long)session_packets(s));
	if (session_live(s))
		buf_printf(&text, ", %llu dropped by the kernel", (unsigned long long)counts.dropped_kernel + counts.dropped_interface);
	if (o->write != NULL) {
		buf_puts(&text, "; kept in ");
		text_add_printable(&text, o->write, strlen(o->write));
	}
	fprintf(stderr, "tcpwhy: %s\n", buf_text(&text));
	buf_free(&text);
}

/* The user's settings, and over them what the command line says. False: some of the file makes no sense, as was told. */
static bool read_settings(const struct options *o, struct settings *settings)
{
	struct buf name = { 0 }, error = { 0 };
	settings_init(settings);
	bool good = !rc_name(&name) || rc_read(buf_text(&name), settings, &error);
	if (!good)
		complain(&error);
	if (o->colour != COLOUR_AUTO)
		settings_set(settings, "colours", o->colour == COLOUR_ALWAYS ? "always" : "never", &error);
	if (o->ascii)
		settings_set(settings, "characters", "ascii", &error);
	if (o->no_mouse)
		settings_set(settings, "mouse", "no", &error);
	buf_free(&name);
	buf_free(&error);
	return good;
}

static int dump_config(const struct options *o)
{
	struct settings settings;
	struct buf out = { 0 };
	bool good = read_settings(o, &settings);
	settings_dump(&settings, &out);
	settings_free(&settings);
	int status = put_out(&out);
	return good ? status : STATUS_USAGE;
}

static int run_screen(const struct options *o, struct captures *c)
{
	struct session **sessions = calloc(c->count + 1, sizeof *sessions);
	struct buf error = { 0 };
	size_t n = 0;
	for (size_t i = 0; sessions && i < c->count; i++)
		if ((sessions[n] = captures_start(c, i)) != NULL)
			n++;
	struct settings settings;
	struct ui_options uo = { .settings = &settings, .filter = o->filter, .notice = buf_text(&c->left),
		                 .together = o->points.count > 1 && n > 1, .resolver = c->resolver };
	int status = c->status;
	if (!read_settings(o, &settings))
		fputs("tcpwhy: the rest of the settings holds.\n", stderr);
	if (n) {
		int ui_status = ui_run(sessions, n, &uo, &error);
		if (ui_status)
			status = ui_status;
	}
	if (error.len > 0 || error.failed)
		complain(&error);
	for (size_t i = 0; i < n; i++) {
		if (status == STATUS_OK)
			status = input_status(sessions[i]);
		tell_outcome(o, sessions[i]);
	}
	tell_warnings(c);
	buf_free(&error);
	settings_free(&settings);
	free(sessions);
	return status;
}

static int list_interfaces(void)
{
	struct buf out = { 0 }, error = { 0 };
	bool good = source_list(&out, &error);
	if (!good)
		complain(&error);
	int status = put_out(&out);
	buf_free(&error);
	return good ? status : STATUS_INPUT;
}

static int run_captures(const struct options *o, struct filter *filter)
{
	struct captures c;
	int status;
	if (!captures_open(o, &c))
		status = c.status;
	else if (o->output == OUTPUT_PCAPNG)
		status = extract_capture(&c, filter);
	else if (o->output == OUTPUT_DETAIL)
		status = extract_frame(o, &c);
	else if (o->output >= OUTPUT_LADDER && o->output <= OUTPUT_GRAPH)
		status = extract_flow(o, &c);
	else if (options_screen(o))
		status = run_screen(o, &c);
	else
		status = run_report(o, &c, filter);
	captures_close(&c);
	return status;
}

static int run(const struct options *o)
{
	struct buf out = { 0 };
	if (o->output == OUTPUT_HELP) {
		command_line_help(&out);
		return put_out(&out);
	}
	if (o->output == OUTPUT_VERSION) {
		about_version(&out);
		return put_out(&out);
	}
	if (o->output == OUTPUT_INTERFACES)
		return list_interfaces();
	if (o->output == OUTPUT_CONFIG)
		return dump_config(o);
	if (o->output == OUTPUT_CAUSES)
		return show_causes();
	if (o->output == OUTPUT_LIST)
		return show_list(o->list);
	if (o->output == OUTPUT_EXPLAIN)
		return explain_cause(o->explain);
	if (!fail_on_check(o->fail_on))
		return STATUS_USAGE;
	int status = STATUS_OK;
	struct filter *filter = make_filter(o, &status);
	if (filter == NULL)
		return status;
	status = run_captures(o, filter);
	filter_free(filter);
	return status;
}

/* glibc keeps freed blocks for itself once it has seen large ones, and the blocks of flows that are let go lie scattered among what is
 * newer: three times --memory was taken. Large ones always go back to the system. */
static void return_memory(void)
{
#ifdef M_MMAP_THRESHOLD
	enum { LARGE = 1 << 20 };
	(void)mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

/* Of a call without arguments: what there is to choose from. */
static void tell_usage(void)
{
	struct buf interfaces = { 0 }, error = { 0 };
	fputs("Usage: tcpwhy [OPTION]... FILE...   (tcpwhy --help tells more)\n", stderr);
	if (source_list(&interfaces, &error) && interfaces.len)
		fprintf(stderr, "Interfaces for -i:\n%s", buf_text(&interfaces));
	buf_free(&interfaces);
	buf_free(&error);
}

int main(int argc, char **argv)
{
	struct options options;
	struct buf error = { 0 };
	int status = STATUS_USAGE;
	return_memory();
	setlocale(LC_CTYPE, "");
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk, and said */
	if (command_line_read(argc, argv, &options, &error)) {
		status = run(&options);
	} else {
		complain(&error);
		if (argc < 2)
			tell_usage();
	}
	options_free(&options);
	buf_free(&error);
	return status;
}
