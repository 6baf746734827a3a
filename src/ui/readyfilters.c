/* SPDX-License-Identifier: GPL-3.0-or-later
 * readyfilters: ready filters to choose from, made of the selected flow where that is asked for. */
#include "ui/menu.h"
#include "ui/views.h"

static const struct { const char *label, *filter; } fixed[] = {
	{ "all flows", "" },
	{ "with resets", "resets>0" },
	{ "refused", "state=refused" },
	{ "reset by the client", "resets>0 sender=client" },
	{ "reset by the server", "resets>0 sender=server" },
	{ "reset by a middlebox", "resets>0 sender=middlebox" },
	{ "resets that are a problem", "resets>0 severity=problem" },
	{ "never answered", "state=unanswered" },
	{ "with retransmissions", "retransmissions>0" },
};

static void add_endpoint_choice(struct view *menu, const char *label, const char *field, const struct flow *f, enum side side, bool port)
{
	struct buf text = { 0 }, *filter = menu_add(menu, label);

	if (filter == NULL)
		return;
	cell_endpoint(&text, flow_address(f, side), flow_port(f, side));
	buf_printf(filter, "%s:^", field);
	if (!port)
		while (text.len > 0 && text.data[text.len - 1] != ':')
			text.data[--text.len] = '\0';
	filter_quote(filter, buf_text(&text));
	buf_puts(filter, port ? "$" : "");
	buf_free(&text);
}

static void add_choices_of_flow(struct view *menu, uint32_t flow)
{
	struct session *s = ui_capture(menu->ui)->session;
	const struct flow *f = flow_table_get(session_flows(s), flow);
	const struct verdict_brief *brief = f->rst > 0 ? session_brief(s, flow) : NULL;

	if (brief != NULL && brief->cause != NULL) {
		struct buf *filter = menu_add(menu, "same cause as the selected flow");
		if (filter != NULL)
			buf_printf(filter, "cause=%s", cause_id(brief->cause));
	}
	add_endpoint_choice(menu, "same service as the selected flow", "server", f, SIDE_SERVER, true);
	add_endpoint_choice(menu, "same client as the selected flow", "client", f, SIDE_CLIENT, false);
}

static void choose(struct ui *ui, size_t index, const char *text, uint32_t flow)
{
	(void)index, (void)flow;
	ui_show(ui, text);
}

static const struct menu_kind kind = { "Ready filters", "Show flows", choose };

struct view *ready_filters_open(struct ui *ui, uint32_t flow)
{
	struct view *menu = menu_open(ui, &kind, flow);

	for (size_t i = 0; menu != NULL && i < sizeof fixed / sizeof fixed[0]; i++)
		menu_add_text(menu, fixed[i].label, fixed[i].filter);
	if (menu != NULL && flow != FLOW_NONE)
		add_choices_of_flow(menu, flow);
	return menu;
}
