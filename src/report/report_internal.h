/* SPDX-License-Identifier: GPL-3.0-or-later
 * report_internal: what the formats of a report share. */
#ifndef TCPWHY_REPORT_REPORT_INTERNAL_H
#define TCPWHY_REPORT_REPORT_INTERNAL_H

#include "explain/incident.h"
#include "report/report.h"

/* What is counted over one capture, and over all. */
struct counts {
	uint64_t captures, packets, segments, flows, resets;
	uint64_t undecoded[REASON_COUNT];
	uint64_t states[FLOW_STATE_COUNT];
	uint64_t *causes;       /* cause_count() of them, in the order of the catalogue; owned */
	uint64_t evicted;       /* flows let go */
	uint64_t dropped;       /* of interfaces: by kernel and interface */
	bool truncated, live;
};

/* A flow of a capture that is still being read, until it has ended and was written. */
struct live_flow {
	uint32_t flow;
	uint32_t segments;      /* when it was written last; 0 = was not */
	uint32_t resets;        /* that were written */
};

struct cause_place {
	const struct cause *cause;
	size_t index;
};

struct report {
	FILE *out;
	struct report_options options;
	struct buf text;        /* pending output */
	struct buf scratch;     /* for a text that is needed for a moment */
	struct cause_place *places; /* cause_count of them, by address: where a cause stands in counts */
	size_t cause_count;
	struct counts capture;  /* the one being reported */
	struct counts total;    /* all before it */
	struct incident_entry *reset_flows; /* of the capture being reported */
	size_t reset_flow_count, reset_flow_room;
	struct live_flow *live; /* in order of flow number */
	size_t live_count, live_room;
	uint32_t live_next;     /* the first flow that is not among them yet */
	bool letting_go;        /* the flow that is being written ends with the memory for it */
	bool meanwhile;         /* flows were written before the capture's end */
	struct buf incidents;   /* lines that wait for the end of the report */
	bool write_failed;
	bool reread_failed;
};

/* Writes the pending output when there is enough of it, or at any rate with all. */
void report_flush(struct report *r, bool all);

/* Whether the flow is to be reported. */
bool report_wants(const struct report *r, struct flow_view *view, uint32_t flow);

/* Where a cause stands in the catalogue; cause_count when it does not. */
size_t report_cause_index(const struct report *r, const struct cause *cause);

void counts_flow(struct counts *c, const struct flow *f);
void report_count_reset(struct report *r, const struct verdict *v);

/* Cause rows with a count, most first: fills order (cause_count() places) with indices; returns how many. */
size_t counts_rank(const struct counts *c, size_t *order);

/* The verdict on the primary reset among a flow's findings; NULL when there is none. */
const struct verdict *findings_primary(const struct findings *found);

/* Notes a flow with resets for its capture's incidents. */
void report_note(struct report *r, uint32_t flow, const struct findings *found);

/* The incidents of the capture: *out is the caller's to free; returns how many. */
size_t report_incidents(struct report *r, struct session *s, struct incident **out);

/* The lines of one flow, if the filter lets it pass; written: what was written of it before (zero: nothing), brought up to date. */
void report_json_flow(struct report *r, struct session *s, struct flow_view *view, struct live_flow *written);

/* The incidents among the flows noted so far, for the end of the report. Later ones are none of theirs. */
void report_json_incidents(struct report *r, struct session *s);

/* Writes flows of r->live: those that are due, those that are about to be let go, or all; none that was written as it stands. */
enum live_flows { LIVE_DUE, LIVE_LET_GO, LIVE_ALL };
void report_live_flows(struct report *r, struct session *s, enum live_flows which);

/* One capture in each format; explained further in their files. */
void report_json_capture(struct report *r, struct session *s);
void report_json_summary(struct report *r);
void report_csv_titles(struct report *r);
void report_csv_capture(struct report *r, struct session *s);
void report_text_capture(struct report *r, struct session *s);

#endif
