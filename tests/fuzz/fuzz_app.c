/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_app: any payload: what is found in it must lie inside it. */
#include <stdint.h>
#include <stdlib.h>

#include "decode/app.h"
#include "util/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(const uint8_t *data, size_t size, const char *part, size_t length)
{
	if (part == NULL)
		return;
	const uint8_t *p = (const uint8_t *)part;
	if (p < data || p > data + size || length > (size_t)(data + size - p))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct app_note note;
	struct buf out = { 0 };
	app_classify(data, size, &note);
	inside(data, size, note.name, note.name_length);
	inside(data, size, note.line, note.line_length);
	app_describe(&note, &out);
	for (size_t i = 0; i < out.len; i++)
		if ((unsigned char)out.data[i] < 0x20)
			abort();
	buf_free(&out);
	return 0;
}
