/* SPDX-License-Identifier: GPL-3.0-or-later
 * codec: zlib and libzstd behind one face. Either may be missing from the build. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "capture/codec.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

struct codec {
	enum codec_kind kind;
	bool boundary; /* no member or frame is open */
	bool over;     /* what follows the last gzip member is no gzip: padding, ignored */
#ifdef HAVE_ZLIB
	z_stream gzip;
#endif
#ifdef HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
};

bool codec_is_magic(const uint8_t magic[4], enum codec_kind *kind)
{
	static const uint8_t zstd[4] = { 0x28, 0xb5, 0x2f, 0xfd }; /* RFC 8878 3.1.1 */
	*kind = memcmp(magic, zstd, sizeof zstd) == 0 ? CODEC_ZSTD : CODEC_GZIP;
	return *kind == CODEC_ZSTD || (magic[0] == 0x1f && magic[1] == 0x8b); /* RFC 1952 2.3.1 */
}

bool codec_available(enum codec_kind kind)
{
#ifdef HAVE_ZLIB
	if (kind == CODEC_GZIP)
		return true;
#endif
#ifdef HAVE_ZSTD
	if (kind == CODEC_ZSTD)
		return true;
#endif
	return (void)kind, false;
}

void codec_version(enum codec_kind kind, struct buf *out)
{
#ifdef HAVE_ZLIB
	if (kind == CODEC_GZIP)
		buf_printf(out, "zlib %s", zlibVersion());
#endif
#ifdef HAVE_ZSTD
	if (kind == CODEC_ZSTD)
		buf_printf(out, "libzstd %s", ZSTD_versionString());
#endif
	if (!codec_available(kind))
		buf_puts(out, "not built in");
}

static bool codec_begin(struct codec *c)
{
#ifdef HAVE_ZLIB
	if (c->kind == CODEC_GZIP)
		return inflateInit2(&c->gzip, 16 + MAX_WBITS) == Z_OK; /* 16: a gzip header is demanded */
#endif
#ifdef HAVE_ZSTD
	if (c->kind == CODEC_ZSTD) {
		c->zstd = ZSTD_createDStream();
		/* A frame may ask for a window of gigabytes; the library's own default of 128 MiB is the most that is granted. */
		return c->zstd != NULL && !ZSTD_isError(ZSTD_initDStream(c->zstd));
	}
#endif
	return (void)c, false;
}

struct codec *codec_new(enum codec_kind kind)
{
	struct codec *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	c->kind = kind;
	if (!codec_begin(c)) {
		codec_free(c);
		return NULL;
	}
	return c;
}

void codec_free(struct codec *c)
{
	if (c == NULL)
		return;
#ifdef HAVE_ZLIB
	if (c->kind == CODEC_GZIP)
		inflateEnd(&c->gzip);
#endif
#ifdef HAVE_ZSTD
	if (c->kind == CODEC_ZSTD)
		ZSTD_freeDStream(c->zstd);
#endif
	free(c);
}

#ifdef HAVE_ZLIB
static const char *gzip_run(struct codec *c, const uint8_t *in, size_t in_size, size_t *used, uint8_t *out, size_t out_size, size_t *made)
{
	if (c->boundary && in_size > 0) {
		if (in[0] != 0x1f)
			c->over = true;
		else if (inflateReset(&c->gzip) != Z_OK)
			return "the gzip decoder could not be reset";
		c->boundary = false;
	}
	if (c->over) {
		*used = in_size;
		return NULL;
	}
	z_stream *z = &c->gzip;
	z->next_in = (Bytef *)(uintptr_t)in; /* zlib only reads it */
	z->avail_in = in_size > 1u << 30 ? 1u << 30 : (uInt)in_size;
	z->next_out = out;
	z->avail_out = out_size > 1u << 30 ? 1u << 30 : (uInt)out_size;
	int result = inflate(z, Z_NO_FLUSH);
	*used = (size_t)(z->next_in - in);
	*made = (size_t)(z->next_out - out);
	if (result == Z_STREAM_END)
		c->boundary = true;
	else if (result != Z_OK && result != Z_BUF_ERROR)
		return result == Z_MEM_ERROR ? "no memory for the gzip decoder" : "the gzip data is damaged";
	return NULL;
}
#endif

#ifdef HAVE_ZSTD
static const char *zstd_run(struct codec *c, const uint8_t *in, size_t in_size, size_t *used, uint8_t *out, size_t out_size, size_t *made)
{
	ZSTD_inBuffer from = { in, in_size, 0 };
	ZSTD_outBuffer to = { out, out_size, 0 };
	size_t result = ZSTD_decompressStream(c->zstd, &to, &from);
	*used = from.pos;
	*made = to.pos;
	if (ZSTD_isError(result))
		return "the zstd data is damaged, or wants more memory than is granted";
	if (*used > 0 || *made > 0) /* asked with nothing, the decoder tells what it wants of the next frame */
		c->boundary = result == 0;
	return NULL;
}
#endif

const char *codec_run(struct codec *c, const uint8_t *in, size_t in_size, size_t *used, uint8_t *out, size_t out_size, size_t *made)
{
	*used = *made = 0;
#ifdef HAVE_ZLIB
	if (c->kind == CODEC_GZIP)
		return gzip_run(c, in, in_size, used, out, out_size, made);
#endif
#ifdef HAVE_ZSTD
	if (c->kind == CODEC_ZSTD)
		return zstd_run(c, in, in_size, used, out, out_size, made);
#endif
	(void)c, (void)in, (void)in_size, (void)out, (void)out_size;
	return "this kind of compression is not built in";
}

bool codec_at_boundary(const struct codec *c)
{
	return c->boundary || c->over;
}
