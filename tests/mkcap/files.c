/* SPDX-License-Identifier: GPL-3.0-or-later
 * files: a scenario's captures as temporary files, and the arguments that have tcpwhy read them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario.h"

static bool save(const struct buf *capture, struct buf *name)
{
	buf_puts(name, "/tmp/tcpwhy-check-XXXXXX");
	int fd = name->failed ? -1 : mkstemp(name->data);
	bool good = fd >= 0 && write(fd, capture->data, capture->len) == (ssize_t)capture->len;
	if (fd >= 0)
		close(fd);
	return good;
}

bool scenario_save(const struct scenario *s, struct scenario_files *out)
{
	bool good = true;
	*out = (struct scenario_files){ .count = s->point_count > 1 ? s->point_count : 1 };
	for (size_t i = 0, n = 0; i < out->count; i++) {
		good = save(i == 0 ? &s->file : &s->points[i].file, &out->names[i]) && good;
		if (s->point_count > 1) {
			buf_printf(&out->places[i], "--vantage=%s=%s", s->points[i].name, buf_text(&out->names[i]));
			out->arguments[n++] = (char *)buf_text(&out->places[i]);
		} else {
			out->arguments[n++] = (char *)buf_text(&out->names[i]);
		}
	}
	return good;
}

void scenario_unlink(struct scenario_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		unlink(buf_text(&f->names[i]));
		buf_free(&f->names[i]);
		buf_free(&f->places[i]);
	}
}
