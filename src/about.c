/* SPDX-License-Identifier: GPL-3.0-or-later
 * about: a table of what a bug report must tell; each folder answers for its own library. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "about.h"

#include "capture/codec.h"
#include "capture/privilege.h"
#include "capture/source.h"
#include "kernel/kernel.h"
#include "query/regex.h"
#include "report/ids.h"
#include "ui/term.h"

static void add_gzip(struct buf *out) { codec_version(CODEC_GZIP, out); }
static void add_zstd(struct buf *out) { codec_version(CODEC_ZSTD, out); }

static const struct { const char *what; void (*add)(struct buf *out); } rows[] = {
	{ "capture", source_library },
	{ "gzip", add_gzip },
	{ "zstd", add_zstd },
	{ "filters", regex_library },
	{ "screen", term_library },
	{ "SHA-1", ids_library },
	{ "sandbox", privilege_sandbox },
	{ "tracing", kernel_tracing },
};

void about_version(struct buf *out)
{
	buf_puts(out, PACKAGE_STRING "\nLicense GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\n"
	              "This is free software; there is NO WARRANTY, to the extent permitted by law.\n\n");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_printf(out, "%-9s", rows[i].what);
		rows[i].add(out);
		buf_putc(out, '\n');
	}
}
