/* SPDX-License-Identifier: GPL-3.0-or-later
 * save: flows as a capture of their own. */
#include "report/save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/pcapng_write.h"
#include "util/clock.h"
#include "util/text.h"

enum { EXPLAINED_MOST = 1000 /* resets of a flow that get a comment */, LOOK_AT_CLOCK = 64 };

/* One flow being merged with the others. */
struct stream {
	uint32_t flow;
	struct log_cursor at;
};

struct comment {
	uint64_t frame;
	char *text;
};

struct saving {
	struct session *session;
	struct file file;
	bool replace;
	struct pcapng_writer writer;
	uint32_t *flows;
	size_t flow_count, prepared;
	struct stream *heap;       /* the flow whose next packet came first is at its top */
	size_t heap_count;
	struct comment *comments;
	size_t comment_count, comment_room;
	uint64_t packets, written, missing;
	int failure;               /* errno: out of memory, or the file cannot be written; 0 = none */
};

static void saving_free(struct saving *w)
{
	for (size_t i = 0; i < w->comment_count; i++)
		free(w->comments[i].text);
	free(w->comments);
	free(w->flows);
	free(w->heap);
	pcapng_writer_end(&w->writer);
	free(w);
}

/* NULL: out of memory. */
static struct saving *saving_new(struct session *s, const uint32_t *flows, size_t n)
{
	struct saving *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->session = s;
	w->flow_count = n;
	w->flows = reallocarray(NULL, n + 1, sizeof *w->flows);
	w->heap = reallocarray(NULL, n + 1, sizeof *w->heap);
	if (w->flows == NULL || w->heap == NULL) {
		saving_free(w);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		w->flows[i] = flows[i];
	return w;
}

struct saving *saving_begin(struct session *s, const uint32_t *flows, size_t n, const char *name, bool replace, enum file_outcome *outcome,
                            struct buf *error)
{
	struct saving *w = saving_new(s, flows, n);

	*outcome = FILE_FAILED;
	if (w == NULL) {
		buf_puts(error, "out of memory");
		return NULL;
	}
	w->replace = replace;
	*outcome = file_create(&w->file, name, replace, error);
	if (*outcome == FILE_DONE) {
		pcapng_writer_begin(&w->writer, w->file.stream);
		return w;
	}
	saving_free(w);
	return NULL;
}

struct saving *saving_begin_stream(struct session *s, const uint32_t *flows, size_t n, FILE *out)
{
	struct saving *w = saving_new(s, flows, n);

	if (w != NULL)
		pcapng_writer_begin(&w->writer, out);
	return w;
}

static void sift_up(struct stream *heap, size_t i)
{
	for (; i > 0 && heap[i].at.frame < heap[(i - 1) / 2].at.frame; i = (i - 1) / 2) {
		struct stream swap = heap[i];
		heap[i] = heap[(i - 1) / 2];
		heap[(i - 1) / 2] = swap;
	}
}

static void sift_down(struct stream *heap, size_t n)
{
	for (size_t i = 0, least;; i = least) {
		least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++)
			if (heap[child].at.frame < heap[least].at.frame)
				least = child;
		if (least == i)
			return;
		struct stream swap = heap[i];
		heap[i] = heap[least];
		heap[least] = swap;
	}
}

/* What has just failed set errno. */
static void fail(struct saving *w)
{
	w->failure = errno != 0 ? errno : EIO;
}

/* "HEADLINE\ncause (confidence), sent by the server, killed the connection", and the evidence. */
static char *comment_text(const struct verdict *v)
{
	struct buf text = { 0 };

	buf_printf(&text, "tcpwhy: %s\n%s (%s), %s, sent by: %s, effect: %s", v->headline, cause_id(v->cause), confidence_name(v->confidence),
	           role_name(v->role), emitter_name(v->emitter), effect_name(v->effect));
	for (size_t i = 0; i < v->evidence_count; i++) {
		buf_printf(&text, "\n%c %s", v->evidence[i].weakens ? '-' : '+', v->evidence[i].text);
		if (v->evidence[i].frame > 0)
			buf_printf(&text, " [frame %llu of the whole capture]", (unsigned long long)v->evidence[i].frame);
	}
	return text.failed ? NULL : text.data;
}

static bool add_comments(struct saving *w, uint32_t flow)
{
	struct findings findings;

	if (!session_explain(w->session, flow, EXPLAINED_MOST, &findings))
		return true; /* the packets are saved all the same */
	if (w->comment_count + findings.count > w->comment_room) {
		size_t room = (w->comment_count + findings.count) * 2;
		struct comment *comments = reallocarray(w->comments, room, sizeof *comments);
		if (comments == NULL) {
			findings_free(&findings);
			return false;
		}
		w->comments = comments;
		w->comment_room = room;
	}
	bool good = true;
	for (size_t i = 0; good && i < findings.count; i++)
		if (findings.items[i].cause != NULL) {
			char *text = comment_text(&findings.items[i]);
			good = text != NULL;
			if (good)
				w->comments[w->comment_count++] = (struct comment){ findings.items[i].frame, text };
		}
	findings_free(&findings);
	return good;
}

static int by_frame(const void *a, const void *b)
{
	uint64_t x = ((const struct comment *)a)->frame, y = ((const struct comment *)b)->frame;

	return (x > y) - (x < y);
}

/* A flow's comments, and its first packet into the heap. */
static void prepare(struct saving *w)
{
	const struct flow_table *table = session_flows(w->session);
	struct stream stream = { .flow = w->flows[w->prepared++] };
	const struct flow *f = flow_table_get(table, stream.flow);

	if (f == NULL)
		return;
	if (f->rst > 0 && !add_comments(w, stream.flow))
		w->failure = ENOMEM;
	w->packets += f->log.count;
	if (flow_table_log_next(table, f, &stream.at)) {
		w->heap[w->heap_count] = stream;
		sift_up(w->heap, w->heap_count++);
	}
	if (w->prepared == w->flow_count && w->comment_count > 0)
		qsort(w->comments, w->comment_count, sizeof *w->comments, by_frame);
}

static const char *comment_of(const struct saving *w, uint64_t frame)
{
	struct comment key = { .frame = frame };
	const struct comment *found = w->comment_count > 0 ?
		bsearch(&key, w->comments, w->comment_count, sizeof key, by_frame) : NULL;

	return found != NULL ? found->text : NULL;
}

static void write_at(struct saving *w, uint64_t offset, const char *comment)
{
	struct packet packet;

	if (!session_packet(w->session, offset, &packet)) {
		w->missing++;
		return;
	}
	if (!pcapng_write_packet(&w->writer, &packet, session_interface_name(w->session, packet.interface), comment))
		fail(w);
	w->written++;
}

static void write_next(struct saving *w)
{
	const struct flow_table *table = session_flows(w->session);
	struct stream *top = &w->heap[0];
	const uint64_t *places;
	size_t count;

	session_fragments(w->session, top->at.offset, &places, &count);
	for (size_t i = 0; i < count; i++)
		write_at(w, places[i], NULL);
	write_at(w, top->at.offset, comment_of(w, top->at.frame));
	if (!flow_table_log_next(table, flow_table_get(table, top->flow), &top->at))
		w->heap[0] = w->heap[--w->heap_count];
	sift_down(w->heap, w->heap_count);
}

bool saving_step(struct saving *w, int64_t budget_ns)
{
	int64_t until = clock_ns() + budget_ns;

	for (unsigned i = 1; w->failure == 0 && (w->prepared < w->flow_count || w->heap_count > 0); i++) {
		bool preparing = w->prepared < w->flow_count;
		(preparing ? prepare : write_next)(w);
		if ((preparing || i % LOOK_AT_CLOCK == 0) && clock_ns() >= until)
			return true;
	}
	return false;
}

unsigned saving_percent(const struct saving *w)
{
	if (w->prepared < w->flow_count)
		return (unsigned)(w->prepared * 50 / w->flow_count);
	return w->packets == 0 ? 100 : w->written >= w->packets ? 99 : (unsigned)(50 + w->written * 50 / w->packets);
}

/* All packets are in the stream: puts the file in its place. */
static enum file_outcome finish(struct saving *w, struct buf *told)
{
	if (w->file.name != NULL)
		return file_commit(&w->file, w->replace, told);
	if (fflush(w->writer.out) == 0 && !ferror(w->writer.out))
		return FILE_DONE;
	buf_printf(told, "standard output: %s", strerror(errno));
	return FILE_FAILED;
}

bool saving_end(struct saving *w, struct buf *told)
{
	bool whole = w->failure == 0 && w->prepared == w->flow_count && w->heap_count == 0;
	const char *to = w->file.name != NULL ? w->file.name : "standard output";
	struct buf name = { 0 };
	enum file_outcome outcome = FILE_FAILED;

	text_add_printable(&name, to, strlen(to));
	if (whole)
		outcome = finish(w, told);
	else {
		buf_printf(told, "%s was not written: %s", buf_text(&name), w->failure != 0 ? strerror(w->failure) : "given up");
		file_drop(&w->file);
	}
	if (outcome == FILE_EXISTS)
		buf_printf(told, "%s was not written: a file of that name came into being meanwhile", buf_text(&name));
	if (outcome == FILE_DONE)
		buf_printf(told, "%s: %llu packets of %zu flow%s, %zu with a verdict", buf_text(&name), (unsigned long long)w->written, w->flow_count,
		           w->flow_count == 1 ? "" : "s", w->comment_count);
	if (outcome == FILE_DONE && w->missing > 0)
		buf_printf(told, "; %llu could not be read again", (unsigned long long)w->missing);
	buf_free(&name);
	saving_free(w);
	return outcome == FILE_DONE;
}
