/* SPDX-License-Identifier: GPL-3.0-or-later
 * program: what the system says of the program on the screen. */
#include "screen.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

unsigned long terminal_cpu_us(const struct terminal *t)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(t->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (unsigned long)used.tv_sec * 1000000 + (unsigned long)used.tv_nsec / 1000;
}

void terminal_status(const struct terminal *t, const char *field, struct buf *out)
{
	struct buf path = { 0 }, text = { 0 };

	buf_printf(&path, "/proc/%d/status", (int)t->pid);
	file_read(buf_text(&path), &text);
	const char *at = strstr(buf_text(&text), field);
	if (at != NULL) {
		at += strlen(field);
		at += strspn(at, " \t");
		buf_add(out, at, strcspn(at, "\n"));
	}
	buf_free(&path);
	buf_free(&text);
}

unsigned long terminal_wakeups(const struct terminal *t)
{
	struct buf value = { 0 };

	terminal_status(t, "\nvoluntary_ctxt_switches:", &value);
	unsigned long times = strtoul(buf_text(&value), NULL, 10);
	buf_free(&value);
	return times;
}
