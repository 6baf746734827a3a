/* SPDX-License-Identifier: GPL-3.0-or-later
 * format: the kernel's own description of a trace event (events/GROUP/NAME/format in tracefs, and header_page): where each field stands
 * and what its numbers are called. Layouts differ between kernels; nothing else may be taken for granted. */
#ifndef TCPWHY_KERNEL_FORMAT_H
#define TCPWHY_KERNEL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

enum { FORMAT_FIELDS = 40, FORMAT_SYMBOLS = 512, FORMAT_NAME = 48 };

struct format_field {
	char name[FORMAT_NAME];
	uint16_t offset, size;  /* bytes in the event; size 0: no such field */
};

struct format {
	uint16_t id;            /* common_type of its events; 0 in header_page */
	struct format_field fields[FORMAT_FIELDS];
	size_t field_count;
	struct buf names;       /* of the field `reason`, each ended by NUL */
	struct {
		uint32_t value, at;
	} symbols[FORMAT_SYMBOLS];
	size_t symbol_count;
};

/* Reads n bytes of text; what is not understood is left out. False: no field at all. Free with format_free() in any case. */
bool format_parse(const char *text, size_t n, struct format *out);
void format_free(struct format *f);

/* Size 0 when there is no such field. */
struct format_field format_field(const struct format *f, const char *name);

/* What a value of the field `reason` is called; NULL: not known. */
const char *format_symbol(const struct format *f, uint32_t value);
/* The value that is called so. False: there is none. */
bool format_value(const struct format *f, const char *name, uint32_t *value);

/* The field's number, in this machine's byte order. False: it does not lie in the n bytes of the event, or is none of 1, 2, 4, 8 bytes. */
bool format_number(const struct format_field *field, const uint8_t *event, size_t n, uint64_t *value);

#endif
