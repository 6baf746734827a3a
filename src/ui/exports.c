/* SPDX-License-Identifier: GPL-3.0-or-later
 * exports: what is on the screen as files: flows as a capture, the ladder as text or picture, verdicts, the report. */
#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "ladder/export.h"
#include "report/report.h"
#include "ui/menu.h"
#include "ui/preview.h"
#include "ui/prompt.h"
#include "ui/views.h"
#include "ui/why.h"
#include "util/text.h"

/* A report is written in one go: beyond this many flows that would hold up the keys for too long. */
enum { REPORTED_MOST = 100000 };

/* --- flows as a capture --- */

struct chosen_flows {
	size_t capture, count;
	uint32_t flows[];
};

static enum file_outcome accept_flows(struct ui *ui, void *context, const char *name, bool replace, struct buf *error)
{
	const struct chosen_flows *chosen = context;
	enum file_outcome outcome;

	ui->saving = saving_begin(ui->captures[chosen->capture].session, chosen->flows, chosen->count, name, replace, &outcome, error);
	return outcome;
}

void ui_save(struct ui *ui, const uint32_t *flows, size_t n)
{
	static const struct prompt_use use = { accept_flows, free };
	struct chosen_flows *chosen = malloc(sizeof *chosen + n * sizeof chosen->flows[0]);

	if (ui->saving != NULL) {
		ui_message(ui, PAINT_DIM, "another file is still being written");
		free(chosen);
		return;
	}
	if (chosen == NULL) {
		ui_message(ui, PAINT_ERROR, "out of memory");
		return;
	}
	chosen->capture = ui->capture;
	chosen->count = n;
	memcpy(chosen->flows, flows, n * sizeof chosen->flows[0]);
	prompt_open(ui, n == 1 ? "Save this flow as:" : "Save these flows as:", n == 1 ? "-flow.pcapng" : "-flows.pcapng", &use, chosen);
}

/* --- texts and pictures --- */

static bool make_text(struct ui *ui, uint32_t flow, struct buf *out)
{
	return ladder_export_text(ui_capture(ui)->session, flow, NULL, ui->screen.utf8, out);
}

static bool make_mermaid(struct ui *ui, uint32_t flow, struct buf *out)
{
	return ladder_export_mermaid(ui_capture(ui)->session, flow, NULL, out);
}

static bool make_svg(struct ui *ui, uint32_t flow, struct buf *out)
{
	return ladder_export_svg(ui_capture(ui)->session, flow, NULL, out);
}

static bool make_svg_to_scale(struct ui *ui, uint32_t flow, struct buf *out)
{
	return ladder_export_svg(ui_capture(ui)->session, flow, &(struct ladder_options){ .to_scale = true }, out);
}

static bool make_verdict(struct ui *ui, uint32_t flow, struct buf *out)
{
	preview_text(ui, flow, out);
	return true;
}

static const struct {
	const char *label, *about, *ending;
	bool (*make)(struct ui *ui, uint32_t flow, struct buf *out); /* NULL: a report */
	enum report_format format;
} kinds[] = {
	{ "ladder as text", "as --ladder writes it", "-ladder.txt", make_text, REPORT_TEXT },
	{ "ladder as a Mermaid diagram", "for Markdown: tickets, wikis", "-ladder.mmd", make_mermaid, REPORT_TEXT },
	{ "ladder as a picture (SVG)", "for browsers and word processors", "-ladder.svg", make_svg, REPORT_TEXT },
	{ "the same, times to scale", "rows as far apart as their times", "-ladder.svg", make_svg_to_scale, REPORT_TEXT },
	{ "why this flow was reset", "the verdict with its evidence", "-why.txt", make_verdict, REPORT_TEXT },
	{ "report of the flows shown", "as --report -e FILTER writes it", "-report.txt", NULL, REPORT_TEXT },
	{ "report of the flows shown, as JSON", "as --json -e FILTER writes it", "-report.json", NULL, REPORT_JSON },
};

struct chosen_export {
	size_t capture, kind;
	uint32_t flow;
};

static bool write_report(struct ui *ui, size_t kind, struct file *file, struct buf *error)
{
	struct report_options options = { .format = kinds[kind].format, .utf8 = ui->screen.utf8 };
	size_t offset;

	options.filter = filter_compile(buf_text(&ui->filter), error, &offset);
	struct report *r = options.filter != NULL ? report_new(file->stream, &options) : NULL;
	/* Packets that cannot be read again are told of in the report's stead: the rest of it stands. */
	bool good = r != NULL && report_capture(r, ui_capture(ui)->session, error);
	good = r != NULL && report_end(r, error) && good;
	report_free(r);
	filter_free(options.filter);
	return good;
}

static bool write_file(struct ui *ui, const struct chosen_export *chosen, struct file *file, struct buf *error)
{
	struct buf text = { 0 };

	if (kinds[chosen->kind].make == NULL)
		return write_report(ui, chosen->kind, file, error);
	bool good = kinds[chosen->kind].make(ui, chosen->flow, &text) && !text.failed;
	if (good)
		fwrite(buf_text(&text), 1, text.len, file->stream);
	else
		buf_puts(error, "the packets of this flow cannot be read again");
	buf_free(&text);
	return good;
}

static enum file_outcome accept_export(struct ui *ui, void *context, const char *name, bool replace, struct buf *error)
{
	struct chosen_export *chosen = context;
	struct file file;
	struct buf shown = { 0 };

	ui->capture = chosen->capture;
	enum file_outcome outcome = file_create(&file, name, replace, error);
	if (outcome != FILE_DONE)
		return outcome;
	if (!write_file(ui, chosen, &file, error)) {
		file_drop(&file);
		return FILE_FAILED;
	}
	outcome = file_commit(&file, replace, error);
	text_add_printable(&shown, name, strlen(name));
	if (outcome == FILE_DONE)
		ui_message(ui, PAINT_GOOD, "written: %s", buf_text(&shown));
	buf_free(&shown);
	return outcome;
}

static bool can_report(struct ui *ui)
{
	const struct capture *c = ui_capture(ui);

	if (c->status != SESSION_END)
		ui_message(ui, PAINT_DIM, "a report is made of the whole capture: wait until it is loaded");
	else if (flow_table_count(session_flows(c->session)) > REPORTED_MOST)
		ui_message(ui, PAINT_DIM, "so many flows take a while: tcpwhy --report (or --json) -e FILTER FILE writes it without a screen");
	else
		return true;
	return false;
}

static void choose(struct ui *ui, size_t index, const char *text, uint32_t flow)
{
	static const struct prompt_use use = { accept_export, free };
	struct chosen_export *chosen = NULL;

	(void)text;
	if (kinds[index].make == NULL && !can_report(ui))
		return;
	chosen = malloc(sizeof *chosen);
	if (chosen == NULL) {
		ui_message(ui, PAINT_ERROR, "out of memory");
		return;
	}
	*chosen = (struct chosen_export){ ui->capture, index, flow };
	prompt_open(ui, "Write to:", kinds[index].ending, &use, chosen);
}

static const struct menu_kind kind = { "Export", "Write to a file", choose };

struct view *exports_open(struct ui *ui, uint32_t flow)
{
	struct view *menu = menu_open(ui, &kind, flow);

	for (size_t i = 0; menu != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
		menu_add_text(menu, kinds[i].label, kinds[i].about);
	return menu;
}

/* --- as text on the screen --- */

/* Whole sentences on a screen without scrolling sideways: broken where the screen ends. */
static void add_wrapped(struct buf *out, const char *text)
{
	while (*text != '\0') {
		size_t line = strcspn(text, "\n"), next;
		for (size_t n = line; n > 0; n -= next) {
			size_t length = draw_break(text, n, COLS - 2, &next);
			buf_add(out, text, length);
			buf_putc(out, '\n');
			text += next;
		}
		if (line == 0)
			buf_putc(out, '\n');
		text += *text == '\n';
	}
}

struct view *plain_open(struct ui *ui, uint32_t flow)
{
	struct session *s = ui_capture(ui)->session;
	struct findings findings = { 0 };
	struct buf text = { 0 }, whys = { 0 };

	if (!ladder_export_text(s, flow, NULL, ui->screen.utf8, &text))
		buf_puts(&text, "Not all packets of this flow can be read again.\n");
	if (session_explain(s, flow, 0, &findings))
		for (size_t i = 0; i < findings.count; i++) {
			buf_putc(&whys, '\n');
			why_text(&findings.items[i], &whys);
		}
	add_wrapped(&text, buf_text(&whys));
	buf_free(&whys);
	findings_free(&findings);
	struct view *pager = pager_open(ui, "Text", &text);
	buf_free(&text);
	return pager;
}
