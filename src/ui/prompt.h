/* SPDX-License-Identifier: GPL-3.0-or-later
 * prompt: asking for the name of a file to write. What exists is replaced only when Enter is pressed a second time. */
#ifndef TCPWHY_UI_PROMPT_H
#define TCPWHY_UI_PROMPT_H

#include "util/file.h"
#include "ui/view.h"

/* Whom the answer goes to. */
struct prompt_use {
	/* Takes the name. FILE_DONE: the prompt closes. FILE_EXISTS: it asks. FILE_FAILED: it says error and stays. */
	enum file_outcome (*accept)(struct ui *ui, void *context, const char *name, bool replace, struct buf *error);
	void (*drop)(void *context); /* frees it: after FILE_DONE and when the prompt is left */
};

/* Opens the prompt with the file name of the present capture, its ending replaced by `ending`. label stays the caller's (static). Takes
 * context over. */
void prompt_open(struct ui *ui, const char *label, const char *ending, const struct prompt_use *use, void *context);

/* Takes a key by name while the prompt is open. */
void prompt_key(struct ui *ui, const char *key);

/* Draws it into rows y and y + 1. */
void prompt_draw(struct ui *ui, int y);

/* Leaves it, when it is open. */
void prompt_close(struct ui *ui);
void prompt_free(struct ui *ui);

#endif
