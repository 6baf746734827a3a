/* SPDX-License-Identifier: GPL-3.0-or-later
 * ui: the event loop: keyboard, signals, captures and timers, none of which ever waits for another. */
#include "ui/ui.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ui/filterline.h"
#include "ui/frame.h"
#include "ui/prompt.h"
#include "session/resolver.h"
#include "ui/views.h"
#include "util/clock.h"
#include "vantage/vantage.h"

enum { COUNT_MOST = 100000000, REPEATED_MOST = 2000000 };

#define MS INT64_C(1000000)

/* FRAME: 30 updates a second. TICK: counters and progress, four a second. REST: how long the cursor must stand still before the preview
 * follows it, so that going down a list over a slow line costs a few bytes a row. KEEP: so much may be missing in the file of -w when the
 * program is killed. */
static const int64_t slice = 4 * MS, frame = 33 * MS, tick = 250 * MS, rest = 120 * MS, refresh_pause = 1000 * MS, keep = 1000 * MS;

/* What all views do alike. */
static void general_action(struct ui *ui, struct view *v, enum action action)
{
	struct buf text = { 0 };

	switch (action) {
	case ACTION_BACK:
		ui_pop(ui);
		break;
	case ACTION_QUIT:
		ui->quit = true;
		break;
	case ACTION_HELP:
		frame_help(&ui->settings->keys, v->ops->scope, &text);
		ui_push(ui, pager_open(ui, "Help", &text));
		break;
	case ACTION_MOUSE:
		term_mouse(&ui->term, !ui->term.mouse);
		ui_message(ui, PAINT_STATUS, ui->term.mouse ? "the mouse is tcpwhy's" : "the mouse is your terminal's: select as you like");
		break;
	case ACTION_PAUSE:
		if (ui->paused || ui_capture(ui)->status != SESSION_END)
			ui->paused = !ui->paused;
		else
			ui_message(ui, PAINT_DIM, "nothing comes in any more that could be held back");
		break;
	case ACTION_REDRAW:
		term_redraw(&ui->term);
		break;
	case ACTION_SUSPEND:
		term_suspend(&ui->term);
		break;
	default:
		list_action(&v->list, action);
		break;
	}
}

static void do_action(struct ui *ui, enum action action, const char *key)
{
	struct view *v = ui->views[ui->depth - 1];

	if (!v->ops->action(v, action, key))
		general_action(ui, v, action);
}

/* Digits before a key say how often, or for G which row; where there are several captures they choose one of those. */
static bool take_digit(struct ui *ui, const struct view *v, const char *key)
{
	bool digit = key[0] >= '0' && key[0] <= '9' && key[1] == '\0';

	if (!digit || (key[0] == '0' && ui->count == 0) || (v->ops->scope == SCOPE_FLOWS && ui->capture_count > 1))
		return false;
	if (ui->count < COUNT_MOST)
		ui->count = ui->count * 10 + (size_t)(key[0] - '0');
	ui_message(ui, PAINT_STATUS, "%zu", ui->count);
	return true;
}

static void do_counted(struct ui *ui, enum action action, const char *key, size_t count)
{
	static const enum action repeated[] = {
		ACTION_UP, ACTION_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_HALF_UP, ACTION_HALF_DOWN, ACTION_LEFT, ACTION_RIGHT,
		ACTION_NEXT_RESET, ACTION_PREVIOUS_RESET, ACTION_NEXT_EVENT, ACTION_PREVIOUS_EVENT,
	};
	size_t times = 1, depth = ui->depth;

	if (action == ACTION_END && count > 0) {
		do_action(ui, ACTION_HOME, key);
		action = ACTION_DOWN;
		count--;
		times = 0;
	}
	for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++)
		if (repeated[i] == action && (count > 0 || times == 0))
			times = count < REPEATED_MOST ? count : REPEATED_MOST;
	for (size_t i = 0; i < times && ui->depth == depth; i++)
		do_action(ui, action, key);
}

static void take_key(struct ui *ui, const char *key)
{
	struct view *v = ui->views[ui->depth - 1];

	buf_clear(&ui->message);
	ui->dirty = true;
	ui->rested = false;
	ui->rest_at = clock_ns() + rest;
	if (ui->prompt.active) {
		prompt_key(ui, key);
		return;
	}
	if (ui->line.active) {
		filterline_key(ui, key);
		return;
	}
	if (take_digit(ui, v, key))
		return;
	enum action action = key_action(&ui->settings->keys, key, v->ops->scope);
	size_t count = ui->count;
	ui->count = 0;
	if (action != ACTION_NONE)
		do_counted(ui, action, key, count);
	else
		ui_message(ui, PAINT_DIM, "%s does nothing here; ? shows the keys", key);
}

static void take_mouse(struct ui *ui, const struct term_mouse *mouse)
{
	struct view *v = ui->views[ui->depth - 1];

	ui->dirty = true;
	ui->rested = false;
	ui->rest_at = clock_ns() + rest;
	if (ui->line.active || ui->prompt.active)
		return;
	buf_clear(&ui->message);
	if (mouse->button != BUTTON_CLICK) {
		for (int i = 0; i < 3; i++)
			do_action(ui, mouse->button == BUTTON_UP ? ACTION_UP : ACTION_DOWN, "");
	} else if (v->ops->click != NULL && v->ops->click(v, mouse->y, mouse->x))
		do_action(ui, ACTION_OPEN, "Enter");
}

/* All keys that are there are taken before anything is drawn: 60 queued Downs are one frame. */
static void take_keys(struct ui *ui)
{
	struct buf name = { 0 };
	struct term_mouse mouse;

	while (!ui->quit) {
		enum term_event event = term_next(&ui->term, &name, &mouse);
		if (event == TERM_NOTHING)
			break;
		if (event == TERM_KEY)
			take_key(ui, buf_text(&name));
		else
			take_mouse(ui, &mouse);
	}
	buf_free(&name);
}

static void take_signals(struct ui *ui)
{
	for (int signo; (signo = term_signal(&ui->term)) != 0;) {
		switch (signo) {
		case SIGWINCH:
			term_resize(&ui->term);
			break;
		case SIGTSTP:
			term_suspend(&ui->term);
			break;
		case SIGCONT:
			term_redraw(&ui->term);
			break;
		case SIGINT:
			ui->quit = true;
			break;
		case SIGHUP:
			ui->term.lost = true;
			break;
		default:
			ui->quit = true;
			ui->exit_status = 128 + signo;
			break;
		}
		ui->dirty = true;
	}
}

/* Captures of the same traffic, all read: from now on each is told of by all. */
static void put_together(struct ui *ui)
{
	struct session *sessions[VANTAGE_MOST];

	for (size_t i = 0; i < ui->capture_count; i++) {
		if (ui->captures[i].status != SESSION_END)
			return;
		sessions[i] = ui->captures[i].session;
	}
	ui->together = false;
	ui->vantage = vantage_new(sessions, ui->capture_count);
	if (ui->vantage == NULL) {
		ui_message(ui, PAINT_ERROR, "out of memory: the captures stay apart");
		return;
	}
	for (size_t i = 0; i < ui->capture_count; i++)
		flowset_refresh(ui->captures[i].set);
	ui_message(ui, PAINT_STATUS, "put together: %u of %u connections at %s are found at %s", vantage_paired(ui->vantage, 0, 1),
	           flow_table_count(session_flows(sessions[0])), vantage_name(ui->vantage, 0), vantage_name(ui->vantage, 1));
	ui->dirty = true;
}

/* Reads a slice of each capture that has more. True: there is more to do now. */
static bool read_captures(struct ui *ui)
{
	bool more = false, open = false;
	uint64_t packets = 0;

	/* What is being saved walks the places of packets, which may not change under it. */
	if (ui->saving != NULL)
		return false;
	for (size_t i = 0; i < ui->capture_count; i++) {
		struct capture *c = &ui->captures[i];
		if (c->status != SESSION_END) {
			c->status = session_read(c->session, slice);
			more = more || c->status == SESSION_MORE;
			/* The last words: what the flows came to at the end, at once. */
			if (c->status == SESSION_END) {
				flowset_refresh(c->set);
				ui->dirty = true;
			}
		}
		more = session_get_ready(c->session, slice) || more;
		packets += session_packets(c->session);
		open = open || c->status != SESSION_END;
		ui->dirty_tick = ui->dirty_tick || session_live(c->session); /* the rate falls without packets */
	}
	if (ui->together)
		put_together(ui);
	if (open && packets != ui->flushed_packets && ui->flush_at == 0) {
		ui->flushed_packets = packets;
		ui->flush_at = clock_ns() + keep;
	}
	if (packets != ui->seen_packets && !ui->paused) {
		ui->seen_packets = packets;
		ui->dirty_tick = true;
		if (ui->refresh_at == 0)
			ui->refresh_at = clock_ns() + refresh_pause;
	}
	return more;
}

/* True: there is more to save. */
static bool save_on(struct ui *ui)
{
	struct buf told = { 0 };

	if (ui->saving == NULL)
		return false;
	ui->dirty_tick = true;
	if (saving_step(ui->saving, slice))
		return true;
	bool good = saving_end(ui->saving, &told);
	ui->saving = NULL;
	ui_message(ui, good ? PAINT_GOOD : PAINT_ERROR, "%s", buf_text(&told));
	buf_free(&told);
	return false;
}

static bool work(struct ui *ui)
{
	bool saving = save_on(ui), reading = read_captures(ui);
	bool more = saving || reading;

	for (size_t i = 0; i < ui->capture_count; i++) {
		struct capture *c = &ui->captures[i];
		if (!ui->paused && flowset_step(c->set, slice))
			more = true;
		if (flowset_changed(c->set) && i == ui->capture)
			*(c->status == SESSION_END ? &ui->dirty : &ui->dirty_tick) = true;
	}
	for (size_t i = 0; i < ui->depth; i++)
		if (ui->views[i]->ops->step != NULL && ui->views[i]->ops->step(ui->views[i], slice))
			more = true;
	return more;
}

static void run_timers(struct ui *ui, int64_t now)
{
	if (ui->rest_at != 0 && now >= ui->rest_at) {
		ui->rest_at = 0;
		ui->rested = true;
		ui->dirty = true;
	}
	if (ui->flush_at != 0 && now >= ui->flush_at) {
		ui->flush_at = 0;
		for (size_t i = 0; i < ui->capture_count; i++)
			session_flush(ui->captures[i].session);
	}
	if (ui->refresh_at != 0 && now >= ui->refresh_at) {
		ui->refresh_at = 0;
		for (size_t i = 0; i < ui->capture_count; i++)
			if (ui->captures[i].status != SESSION_END)
				flowset_refresh(ui->captures[i].set);
	}
}

/* When the next frame may be, 0 when none is wanted. */
static int64_t frame_due(const struct ui *ui)
{
	return ui->dirty ? ui->drawn + frame : ui->dirty_tick ? ui->drawn + tick : 0;
}

static void draw_when_due(struct ui *ui)
{
	int64_t due = frame_due(ui), now = clock_ns();

	if (due == 0 || now < due)
		return;
	ui->dirty = ui->dirty_tick = false;
	frame_draw(ui);
	term_refresh(&ui->term);
	ui->drawn = now;
}

/* Milliseconds that poll() may sleep: until the nearest timer, for ever when there is none. */
static int sleep_time(const struct ui *ui, bool busy)
{
	const int64_t times[] = { frame_due(ui), ui->rest_at, ui->refresh_at, ui->flush_at };
	int64_t now = clock_ns(), left = -1;

	if (busy)
		return 0;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		if (times[i] == 0)
			continue;
		int64_t until = times[i] > now ? (times[i] - now + MS - 1) / MS : 0;
		if (left < 0 || until < left)
			left = until;
	}
	for (size_t i = 0; i < ui->capture_count; i++) {
		int wait = ui->captures[i].status == SESSION_WAIT ? session_timeout(ui->captures[i].session) : -1;
		if (wait >= 0 && (left < 0 || wait < left))
			left = wait;
	}
	return (int)left;
}

static void wait_for_events(struct ui *ui, struct pollfd *fds, bool busy)
{
	nfds_t n = 3;

	fds[0] = (struct pollfd){ .fd = term_fd(&ui->term), .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = ui->term.signals, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = ui->resolver != NULL ? resolver_fd(ui->resolver) : -1, .events = POLLIN };
	for (size_t i = 0; i < ui->capture_count; i++) {
		int fd = ui->captures[i].status == SESSION_WAIT ? session_fd(ui->captures[i].session) : -1;
		fds[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	if (poll(fds, n, sleep_time(ui, busy)) < 0 && errno != EINTR)
		ui->term.lost = true;
	if ((fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
		ui->term.lost = true;
	take_signals(ui);
	if (ui->resolver != NULL && resolver_take(ui->resolver))
		ui->dirty_tick = true;
	ui->term.lost = ui->term.lost || ((fds[0].revents & POLLIN) != 0 && !term_has_input(&ui->term));
	take_keys(ui);
}

static bool begin(struct ui *ui, struct session **sessions, size_t count, const struct ui_options *options, struct buf *error)
{
	size_t offset;

	ui->captures = calloc(count, sizeof *ui->captures);
	for (size_t i = 0; ui->captures != NULL && i < count; i++) {
		ui->captures[i] = (struct capture){ .session = sessions[i], .set = flowset_new(sessions[i]), .selected = FLOW_NONE };
		ui->capture_count = i + 1;
		if (ui->captures[i].set == NULL)
			break;
	}
	if (ui->capture_count != count || ui->captures[count - 1].set == NULL) {
		buf_puts(error, "out of memory");
		ui->exit_status = 1;
		return false;
	}
	if (options->filter != NULL && !ui_set_filter(ui, options->filter, error, &offset)) {
		ui->exit_status = 2;
		return false;
	}
	if (!term_open(&ui->term, options->settings, &ui->screen, error)) {
		ui->exit_status = 1;
		return false;
	}
	return true;
}

static void end(struct ui *ui)
{
	struct buf told = { 0 };

	if (ui->saving != NULL)
		saving_end(ui->saving, &told);
	buf_free(&told);
	prompt_free(ui);
	while (ui->depth > 0)
		ui_pop(ui);
	vantage_free(ui->vantage);
	for (size_t i = 0; i < ui->capture_count; i++) {
		flowset_free(ui->captures[i].set);
		free(ui->captures[i].marks);
	}
	free(ui->captures);
	filterline_free(&ui->line);
	buf_free(&ui->filter);
	buf_free(&ui->message);
}

static void loop(struct ui *ui, struct pollfd *fds)
{
	while (!ui->quit && !ui->term.lost) {
		bool busy = work(ui);
		run_timers(ui, clock_ns());
		draw_when_due(ui);
		wait_for_events(ui, fds, busy);
	}
	if (ui->term.lost)
		ui->exit_status = 128 + SIGHUP;
}

int ui_run(struct session **sessions, size_t count, const struct ui_options *options, struct buf *error)
{
	struct ui ui = { .settings = options->settings, .resolver = options->resolver, .together = options->together, .rested = true, .dirty = true,
		         .begun = clock_ns() };
	struct pollfd *fds = calloc(count + 3, sizeof *fds);

	if (fds == NULL || !begin(&ui, sessions, count, options, error)) {
		end(&ui);
		free(fds);
		return ui.exit_status != 0 ? ui.exit_status : 1;
	}
	ui_apply_settings(&ui);
	ui_push(&ui, flows_open(&ui));
	if (options->notice != NULL)
		ui_message(&ui, PAINT_STATUS, "%s", options->notice);
	if (ui.depth > 0)
		loop(&ui, fds);
	term_close(&ui.term);
	end(&ui);
	free(fds);
	return ui.exit_status;
}
