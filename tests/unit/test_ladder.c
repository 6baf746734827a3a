/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_ladder: which rows a flow has, what is folded, what is said of each row, and the exports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "ladder/axis.h"
#include "ladder/export.h"
#include "ladder/ladder.h"
#include "lines.h"

static void put(FILE *out, const void *bytes, size_t n)
{
	assert_int_equal(fwrite(bytes, 1, n, out), n);
}

static void put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v);
}

/* One record of a capture of raw IP. The payload is zeros, cut off. */
static void put_segment(FILE *out, const struct segment *s)
{
	uint8_t ip[40] = { 0x45 };
	uint32_t head[4] = { (uint32_t)(s->time / 1000000000), (uint32_t)(s->time / 1000 % 1000000), sizeof ip, sizeof ip + s->len };
	put16(ip + 2, sizeof ip + s->len);
	put16(ip + 4, s->ip_id);
	ip[8] = s->ttl;
	ip[9] = 6;
	memcpy(ip + 12, s->src + 12, 4);
	memcpy(ip + 16, s->dst + 12, 4);
	put16(ip + 20, s->src_port);
	put16(ip + 22, s->dst_port);
	put32(ip + 24, s->seq);
	put32(ip + 28, s->ack);
	put16(ip + 32, 0x5000u | s->flags);
	put16(ip + 34, s->window);
	uint32_t sum = 0; /* pseudo header and segment; a RST's is verified where nothing is cut off */
	for (unsigned i = 12; i < 40; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	sum += 6 + 20 + s->len;
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 36, ~sum & 0xffff);
	put(out, head, sizeof head);
	put(out, ip, sizeof ip);
}

struct scene {
	char name[32];
	FILE *out;
	int64_t time;
	unsigned n;
	struct session *session;
};

static void scene_open(struct scene *c)
{
	static const struct {
		uint32_t magic;
		uint16_t version[2];
		uint32_t rest[4];
	} header = { 0xa1b2c3d4, { 2, 4 }, { 0, 0, 65535, 101 } };
	*c = (struct scene){ .name = "/tmp/tcpwhy-ladder-XXXXXX", .time = 1000000 * MS };
	int fd = mkstemp(c->name);
	assert_true(fd >= 0);
	c->out = fdopen(fd, "w");
	assert_non_null(c->out);
	put(c->out, &header, sizeof header);
}

static void scene_add(struct scene *c, const struct line *l)
{
	struct segment s = line_segment(l, c->n++, &c->time);
	put_segment(c->out, &s);
}

static void scene_read(struct scene *c)
{
	struct buf error = { 0 };
	assert_int_equal(fclose(c->out), 0);
	c->session = session_open(c->name, NULL, &error);
	if (c->session == NULL)
		fail_msg("%s", buf_text(&error));
	while (session_read(c->session, 1000000) == SESSION_MORE)
		;
	assert_string_equal(session_warning(c->session), "");
	assert_int_equal(session_packets(c->session), c->n);
	assert_int_equal(flow_table_count(session_flows(c->session)), 1);
	buf_free(&error);
}

static void scene_close(struct scene *c)
{
	session_close(c->session);
	unlink(c->name);
}

static const struct line opening[] = { { 'c', "S", 100, 0 }, { 's', "SA", 500, 101 }, { 'c', "A", 101, 501 } };

static void add_opening(struct scene *c)
{
	for (unsigned i = 0; i < 3; i++)
		scene_add(c, &opening[i]);
}

/* A request, an answer of n segments each acknowledged, a reset by the client. */
static void download(struct scene *c, unsigned n)
{
	scene_open(c);
	add_opening(c);
	scene_add(c, &(struct line){ 'c', "PA", 101, 501, 50 });
	for (unsigned i = 0; i < n; i++) {
		scene_add(c, &(struct line){ 's', "A", 501 + 100 * i, 151, 100 });
		scene_add(c, &(struct line){ 'c', "A", 151, 601 + 100 * i, 0 });
	}
	scene_add(c, &(struct line){ 'c', "RA", 151, 501 + 100 * n, 0 });
	scene_read(c);
}

static void check_order(const struct ladder *l)
{
	for (size_t i = 1; i < l->count; i++)
		assert_true(l->rows[i].ordinal >= l->rows[i - 1].ordinal + l->rows[i - 1].count);
}

static void test_folding(void **state)
{
	(void)state;
	struct scene c;
	struct ladder l;
	download(&c, 50);
	assert_true(ladder_build(c.session, 0, NULL, &l));
	check_order(&l);
	assert_int_equal(l.count, 8); /* S, SA, A, request, first of the answer, fold, last before the reset, reset */
	assert_int_equal(l.rows[5].kind, LADDER_FOLD);
	assert_int_equal(l.rows[5].count, 98);
	assert_int_equal(l.rows[5].fold_bytes[SIDE_SERVER], 4900);
	assert_int_equal(l.rows[5].fold_segments[SIDE_SERVER], 49);
	assert_int_equal(l.rows[5].fold_segments[SIDE_CLIENT], 49);
	assert_int_equal(l.rows[6].frame, c.n - 1);
	assert_true(l.rows[7].marks & MARK_RST_EXACT);
	assert_int_equal(l.rows[7].seq, 51);
	assert_int_equal(l.rows[7].ack, 5001);
	assert_int_equal(l.rows[7].state_before[SIDE_SERVER], TCP_ESTABLISHED);
	assert_int_equal(l.rows[7].state_after[SIDE_SERVER], TCP_CLOSED);
	assert_false(l.cut);
	uint32_t run = l.rows[5].ordinal;
	ladder_free(&l);

	assert_true(ladder_build(c.session, 0, &(struct ladder_options){ .unfolded = &run, .unfolded_count = 1 }, &l));
	check_order(&l);
	assert_int_equal(l.count, c.n);
	assert_true(l.rows[10].foldable);
	assert_false(l.rows[0].foldable);
	ladder_free(&l);
	assert_true(ladder_build(c.session, 0, &(struct ladder_options){ .unfold_all = true }, &l));
	assert_int_equal(l.count, c.n);
	ladder_free(&l);
	assert_false(ladder_build(c.session, 1, NULL, &l));
	scene_close(&c);
}

/* Two plain segments are no run; a probe series is folded but for its beginning and what comes right before the reset. */
static void test_short_runs_and_probes(void **state)
{
	(void)state;
	struct scene c;
	struct ladder l;
	download(&c, 2);
	assert_true(ladder_build(c.session, 0, NULL, &l));
	check_order(&l);
	for (size_t i = 0; i < l.count; i++)
		assert_true(l.rows[i].kind == LADDER_SEGMENT || l.rows[i].count >= 2);
	ladder_free(&l);
	scene_close(&c);

	scene_open(&c);
	add_opening(&c);
	scene_add(&c, &(struct line){ 'c', "PA", 101, 501, 50 });
	scene_add(&c, &(struct line){ 's', "A", 501, 151, 0 });
	for (unsigned i = 0; i < 30; i++)
		scene_add(&c, &(struct line){ 'c', "A", 150, 501, 0, .after_ms = 75000 });
	scene_add(&c, &(struct line){ 'c', "RA", 151, 501, 0, .after_ms = 75000 });
	scene_read(&c);
	assert_true(ladder_build(c.session, 0, NULL, &l));
	check_order(&l);
	assert_int_equal(l.count, 10);
	assert_true(l.rows[5].marks & MARK_KEEPALIVE);
	assert_int_equal(l.rows[7].kind, LADDER_FOLD);
	assert_int_equal(l.rows[7].count, 27);
	assert_int_equal(l.rows[8].kind, LADDER_SEGMENT);
	ladder_free(&l);
	scene_close(&c);
}

/* Longer than the bound: the beginning, later resets, the end. */
static void test_cut(void **state)
{
	(void)state;
	struct scene c;
	struct ladder l;
	enum { N = 15000 };
	scene_open(&c);
	add_opening(&c);
	for (unsigned i = 0; i < 2 * N; i++) {
		scene_add(&c, &(struct line){ 's', i == N * 3 / 2 ? "R" : "A", i == N * 3 / 2 ? 1 : 501 + i * 10, 101, i == N * 3 / 2 ? 0 : 10 });
	}
	scene_add(&c, &(struct line){ 'c', "RA", 101, 501 + 20 * N, 0 });
	scene_read(&c);
	assert_true(ladder_build(c.session, 0, &(struct ladder_options){ .unfold_all = true }, &l));
	check_order(&l);
	assert_true(l.cut);
	assert_true(l.count <= LADDER_ROWS);
	unsigned resets = 0;
	for (size_t i = 0; i < l.count; i++)
		resets += (l.rows[i].flags & TCP_RST) != 0;
	assert_int_equal(resets, 2);
	assert_int_equal(l.rows[l.count - 1].frame, c.n);
	assert_int_equal(l.rows[0].frame, 1);
	ladder_free(&l);
	assert_true(ladder_build(c.session, 0, NULL, &l));
	assert_false(l.cut);
	assert_true(l.count < 20);
	ladder_free(&l);
	scene_close(&c);
}

/* FINs that cross: the rows between are those of an end that had not got the other's yet. */
static void test_crossing_fins(void **state)
{
	(void)state;
	static const struct line lines[] = {
		{ 'c', "FA", 101, 501 }, { 's', "FA", 501, 101 }, { 'c', "A", 102, 502 }, { 's', "A", 502, 102 },
	};
	static const uint8_t server[] = { TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_TIME_WAIT, TCP_TIME_WAIT };
	struct scene c;
	struct ladder l;
	scene_open(&c);
	add_opening(&c);
	for (unsigned i = 0; i < 4; i++)
		scene_add(&c, &lines[i]);
	scene_read(&c);
	assert_true(ladder_build(c.session, 0, NULL, &l));
	assert_int_equal(l.count, 7);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(l.rows[3 + i].state_after[SIDE_SERVER], server[i]);
	ladder_free(&l);
	scene_close(&c);
}

static void test_sentences_and_exports(void **state)
{
	(void)state;
	static const char *const said[] = {
		"SYN: the client asks to open a connection to port 80", "SYN, ACK: the server accepts", "ACK of the SYN, ACK",
		"The client sends 50 bytes", "The server sends 100 bytes", "segments folded", "ACK: the client has everything before byte 401",
		"RST, ACK from the client's address: it has exactly the number that the server expects",
	};
	struct scene c;
	struct ladder l;
	struct buf text = { 0 };
	download(&c, 4);
	assert_true(ladder_build(c.session, 0, NULL, &l));
	assert_int_equal(l.count, 8);
	for (unsigned i = 0; i < 8; i++) {
		buf_clear(&text);
		ladder_explain_row(&l.rows[i], &text);
		if (strstr(buf_text(&text), said[i]) == NULL)
			fail_msg("row %u says \"%s\", not \"%s\"", i, buf_text(&text), said[i]);
		assert_int_equal(buf_text(&text)[text.len - 1], '.');
	}
	ladder_free(&l);
	buf_clear(&text);
	assert_true(ladder_export_text(c.session, 0, NULL, false, &text));
	assert_non_null(strstr(buf_text(&text), "client 10.0.0.1:40000   server 10.0.0.2:80"));
	assert_non_null(strstr(buf_text(&text), "SYN, ACK"));
	for (size_t i = 0; i < text.len; i++)
		assert_true((unsigned char)text.data[i] < 128);
	buf_clear(&text);
	assert_true(ladder_export_mermaid(c.session, 0, NULL, &text));
	assert_int_equal(strncmp(buf_text(&text), "sequenceDiagram\n", 16), 0);
	assert_non_null(strstr(buf_text(&text), "C-xS: RST, ACK"));
	assert_null(strchr(buf_text(&text), ';'));
	assert_false(ladder_export_text(c.session, 9, NULL, true, &text));
	buf_free(&text);
	scene_close(&c);
}

/* Times in ms; unit and lines before each row as they must come out. */
static void check_axis(const int64_t *ms, size_t n, int zoom, int64_t unit_us, const size_t *lines)
{
	struct ladder_row *rows = calloc(n, sizeof *rows);
	size_t count = n, at = 0;
	int64_t unit = 0;

	assert_non_null(rows);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct ladder_row){ .ordinal = (uint32_t)i, .count = 1, .time = ms[i] * MS };
	assert_true(axis_space_out(&rows, &count, zoom, &unit));
	assert_int_equal(unit, unit_us * 1000);
	for (size_t i = 0; i < n; i++) {
		size_t empty = 0;
		int64_t broken = 0;
		for (; at < count && rows[at].kind == LADDER_GAP; at++, empty++) {
			assert_int_equal(rows[at].ordinal, i);
			broken += rows[at].broken;
		}
		assert_int_equal(empty, lines[i]);
		/* What is not to scale says how long it is, once. */
		int64_t gap = i > 0 && ms[i] > ms[i - 1] ? (ms[i] - ms[i - 1]) * MS : 0;
		assert_int_equal(broken, gap / unit > (int64_t)lines[i] ? gap : 0);
		assert_int_equal(rows[at++].ordinal, i);
	}
	assert_int_equal(at, count);
	free(rows);
}

static void test_axis(void **state)
{
	(void)state;
	static const int64_t ms[] = { 0, 10, 11, 25, 24, 1000, 1002 };
	check_axis(ms, 7, 0, 2000, (size_t[]){ 0, 5, 0, 7, 0, 8, 1 });
	check_axis(ms, 7, 1, 1000, (size_t[]){ 0, 8, 1, 8, 0, 8, 2 });
	check_axis(ms, 7, -1, 5000, (size_t[]){ 0, 2, 0, 2, 0, 8, 0 });
	check_axis(ms, 1, 0, 1, (size_t[]){ 0 });
	check_axis((int64_t[]){ 0, 0, 0 }, 3, 1000, 1, (size_t[]){ 0, 0, 0 });
	struct ladder_row *none = NULL;
	size_t count = 0;
	int64_t unit;
	assert_true(axis_space_out(&none, &count, 0, &unit));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folding), cmocka_unit_test(test_short_runs_and_probes), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_crossing_fins), cmocka_unit_test(test_sentences_and_exports), cmocka_unit_test(test_axis),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
