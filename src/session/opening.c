/* SPDX-License-Identifier: GPL-3.0-or-later
 * opening: a session's beginning and end. */
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"
#include "session/session.h"
#include "session/session_internal.h"
#include "session/verdicts.h"

/* How the capture is called: the file as given, with the number of others; the interface. NULL: out of memory. */
static char *make_name(const struct source_options *o)
{
	struct buf name = { 0 };
	buf_puts(&name, o->name_count == 0 ? o->interface : o->names[0]);
	if (o->name_count > 1)
		buf_printf(&name, " and %zu more", o->name_count - 1);
	if (name.failed)
		buf_free(&name);
	return name.data;
}

struct session *session_open_source(const struct session_options *o, enum source_refusal *refusal, struct buf *error)
{
	struct session *s = calloc(1, sizeof *s);
	*refusal = SOURCE_REFUSED_INPUT;
	if (s == NULL) {
		kernel_close(o->kernel);
		buf_puts(error, "memory ran out");
		return NULL;
	}
	s->name = make_name(&o->source);
	s->vantage = o->vantage != NULL ? strdup(o->vantage) : NULL;
	s->memory = o->memory;
	s->kernel = o->kernel;
	if (s->kernel != NULL)
		buf_puts(&s->warning, kernel_note(s->kernel));
	s->grows = o->source.name_count == 0 || o->source.follow;
	if (s->name == NULL || (o->vantage != NULL && s->vantage == NULL))
		buf_puts(error, "memory ran out");
	else
		s->source = source_open(&o->source, refusal, error);
	if (s->source == NULL) {
		session_close(s);
		return NULL;
	}
	return s;
}

struct session *session_open(const char *name, const char *vantage, struct buf *error)
{
	enum source_refusal refusal;
	const struct session_options options = { .source = { .names = &name, .name_count = 1, .spool = true, .write_fd = -1 },
		                                 .vantage = vantage };
	struct session *s = session_open_source(&options, &refusal, error);
	if (s != NULL && !session_start(s, error)) {
		session_close(s);
		return NULL;
	}
	return s;
}

void session_close(struct session *s)
{
	if (s == NULL)
		return;
	verdict_cache_free(s->verdicts);
	if (s->source != NULL)
		source_close(s->source);
	kernel_close(s->kernel);
	fragments_free(s->fragments);
	fragments_free(s->scratch);
	flow_table_free(s->flows);
	hostnames_free(&s->own_names);
	buf_free(&s->warning);
	free(s->vantage);
	free(s->name);
	free(s);
}
