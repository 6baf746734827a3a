/* SPDX-License-Identifier: GPL-3.0-or-later
 * fail_on: ids between commas, each looked up in the catalogue. */
#include "fail_on.h"

#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "util/text.h"

bool fail_on_check(const char *list)
{
	for (const char *at = list; at && *at;) {
		size_t n = strcspn(at, ",");
		struct buf id = { 0 };
		buf_add(&id, at, n);
		bool known = strcmp(buf_text(&id), "any") == 0 || cause_find(buf_text(&id));
		if (id.failed) {
			complain(&id);
		} else if (!known) {
			struct buf error = { 0 };
			buf_puts(&error, "--fail-on: there is no cause \"");
			text_add_printable(&error, buf_text(&id), id.len);
			buf_puts(&error, "\"; tcpwhy --causes lists those there are.");
			complain(&error);
			buf_free(&error);
		}
		buf_free(&id);
		if (!known)
			return false;
		at += n + (at[n] == ',');
	}
	return true;
}

bool fail_on_found(const struct report *r, const char *list)
{
	bool found = false;
	for (const char *at = list; at && *at && !found;) {
		size_t n = strcspn(at, ",");
		struct buf id = { 0 };
		buf_add(&id, at, n);
		found = report_resets(r, strcmp(buf_text(&id), "any") == 0 ? NULL : cause_find(buf_text(&id))) > 0;
		buf_free(&id);
		at += n + (at[n] == ',');
	}
	return found;
}
