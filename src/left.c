/* SPDX-License-Identifier: GPL-3.0-or-later
 * left: one line. */
#include "left.h"

#include <string.h>
#include <time.h>

#include "capture/spool_folder.h"
#include "complain.h"
#include "query/flowline.h"
#include "util/text.h"

static bool is_known(const struct spool_folder *f, const char *const *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(files[i], f->path.data, f->path.len) == 0)
			return true;
	return false;
}

/* "12.3M of eth0, until 2026-11-21 06:15:02" */
static void add_what(const struct spool_left *left, struct buf *out)
{
	const time_t time = (time_t)left->time;
	char until[32];
	struct tm parts;
	cell_bytes(out, left->bytes);
	buf_puts(out, left->count > 1 ? ", the latest of " : " of ");
	if (strcmp(left->head.source, "-") == 0)
		buf_puts(out, "a pipe");
	else
		text_add_printable(out, left->head.source, strlen(left->head.source));
	if (localtime_r(&time, &parts) != NULL && strftime(until, sizeof until, "%Y-%m-%d %H:%M:%S", &parts) > 0)
		buf_printf(out, ", until %s", until);
}

static void say(const struct spool_folder *f, const struct spool_left *left, struct buf *out)
{
	if (left->count > 1)
		buf_printf(out, "%zu killed runs left packets: ", left->count);
	else
		buf_puts(out, "a killed run left packets: ");
	add_what(left, out);
	buf_puts(out, ". tcpwhy ");
	text_add_printable(out, buf_text(&f->path), f->path.len);
	buf_puts(out, "/");
	if (left->count > 1)
		buf_puts(out, SPOOL_PREFIX "* reads them; remove them when done");
	else {
		text_add_printable(out, buf_text(&left->name), left->name.len);
		buf_puts(out, " reads them; remove it when done");
	}
}

void left_tell(const char *const *files, size_t count, struct buf *out)
{
	struct spool_folder f;
	struct spool_left left;
	struct buf note = { 0 }; /* whoever is to write there is told */
	if (spool_folder_enter(&f, false, &note) && !is_known(&f, files, count)) {
		spool_folder_look(&f, &left);
		if (left.count > 0) {
			say(&f, &left, out);
			complain(out);
		}
		spool_left_free(&left);
	}
	spool_folder_leave(&f);
	buf_free(&note);
}
