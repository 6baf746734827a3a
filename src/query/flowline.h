/* SPDX-License-Identifier: GPL-3.0-or-later
 * flowline: a flow as a line of columns: what each cell says, how wide it is, how rows are ordered by it. The list on the screen, the
 * filter and the text report share this table. Cells are made by own number formatting: a filter makes a million lines at a time. */
#ifndef TCPWHY_QUERY_FLOWLINE_H
#define TCPWHY_QUERY_FLOWLINE_H

#include "session/session.h"

enum flow_time { FLOW_TIME_RELATIVE, FLOW_TIME_ABSOLUTE, FLOW_TIME_DELTA, FLOW_TIME_COUNT };

/* A flow and how to show it. Fill session (or table alone), time, utf8 once; flow_view_set() moves it to a flow. */
struct flow_view {
	struct session *session;            /* asked for the brief verdict; NULL: only `brief` is known */
	const struct flow_table *table;     /* NULL: no host, history and details */
	const struct flow *flow;
	uint32_t number;
	const struct verdict_brief *brief;  /* of this flow when brief_known: use flow_view_brief() */
	bool brief_known;
	bool utf8;                          /* else ASCII */
	enum flow_time time;
	int64_t origin;                     /* ns since 1970: relative times count from here */
	int64_t previous;                   /* first segment of the flow before it, for FLOW_TIME_DELTA */
};

/* Points the view at flow `number` of its table; previous becomes the start of the flow before it by number. */
void flow_view_set(struct flow_view *v, uint32_t number);

/* The verdict on the primary reset in short, NULL when there is none; asked of the session at the first call for a flow. */
const struct verdict_brief *flow_view_brief(struct flow_view *v);

enum flow_column_id {
	COLUMN_NUMBER, COLUMN_START, COLUMN_DURATION, COLUMN_CLIENT, COLUMN_SERVER, COLUMN_HOST, COLUMN_STATE, COLUMN_FLAGS,
	COLUMN_SEGMENTS, COLUMN_BYTES, COLUMN_RETRANSMISSIONS, COLUMN_RTT, COLUMN_RESETS, COLUMN_CAUSE, COLUMN_COUNT
};

struct flow_column {
	const char *id;
	const char *header;
	uint8_t width;            /* columns it wants on the screen */
	uint8_t rank;             /* 0 = always shown; the higher, the sooner it is left out for want of room */
	bool right;               /* aligned to the right */
	uint8_t key_words;        /* how many 64-bit words its sort key has */
	char *(*put)(struct flow_view *v, char *at);                 /* writes the cell, at most FLOW_CELL_MOST bytes; NULL: the host */
	uint64_t (*key)(struct flow_view *v, unsigned word);         /* word 0 is the most significant */
};

enum { FLOW_CELL_MOST = 80, FLOW_NAME_MOST = 72 /* bytes of an end's name that a cell has room for */ };

const struct flow_column *flow_column(enum flow_column_id id);
const struct flow_column *flow_column_find(const char *id, enum flow_column_id *found); /* NULL when there is none */

/* Appends one cell: printable, never padded, empty where there is nothing to say. */
void flow_cell(struct flow_view *v, enum flow_column_id id, struct buf *out);

/* The whole line, cells separated by two spaces, empty cells left out: what a bare filter term is matched with. Appends. */
void flow_line(struct flow_view *v, struct buf *out);

/* Appends two spaces and address and port of an end whose cell shows a name instead, which is to be found by both. */
void flow_unnamed(struct flow_view *v, enum side side, struct buf *out);

/* Short forms for cells: "12.4k", "1.2ms", decimal. All append. */
void cell_number(struct buf *out, uint64_t value);
void cell_bytes(struct buf *out, uint64_t bytes);
void cell_duration(struct buf *out, int64_t ns);
/* Seconds with six decimals: "12.345678". */
void cell_seconds(struct buf *out, int64_t ns);
/* Local time of day with six decimals: "18:02:11.123456". */
void cell_clock(struct buf *out, int64_t ns);
void cell_endpoint(struct buf *out, const uint8_t address[16], uint16_t port);

uint64_t flow_retransmissions(const struct flow_view *v);

#endif
