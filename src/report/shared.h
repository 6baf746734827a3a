/* SPDX-License-Identifier: GPL-3.0-or-later
 * shared: a report at work, and what its formats share: pending output, the filter, what is counted and noted. Internal to report/. */
#ifndef TCPWHY_REPORT_SHARED_H
#define TCPWHY_REPORT_SHARED_H

#include <stdio.h>

#include "explain/incident.h"
#include "query/flowline.h"
#include "report/counts.h"
#include "report/options.h"
#include "session/session.h"
#include "util/buf.h"

/* A flow of a capture that is still being read, until it has ended and was written. */
struct live_flow {
	uint32_t flow;
	uint32_t segments;      /* when it was written last; 0 = was not */
	uint32_t resets;        /* that were written */
};

struct vantage;

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
	struct vantage *vantage; /* the captures are of several places; NULL = each is alone */
	struct buf incidents;   /* lines that wait for the end of the report */
	bool write_failed;
	bool reread_failed;
};

/* Fills a report that is all zero. False: out of memory; release it nevertheless. */
bool report_init(struct report *r, FILE *out, const struct report_options *options);
void report_release(struct report *r);

/* Writes the pending output when there is enough of it, or at any rate with all. */
void report_flush(struct report *r, bool all);

/* Whether the flow is to be reported. */
bool report_wants(struct report *r, struct flow_view *view, uint32_t flow);

/* Where a cause stands in the catalogue; cause_count when it does not. */
size_t report_cause_index(const struct report *r, const struct cause *cause);

void report_count_reset(struct report *r, const struct verdict *v);

/* Notes a flow with resets for its capture's incidents. */
void report_note(struct report *r, uint32_t flow, const struct findings *found);

/* The incidents of the capture: *out is the caller's to free; returns how many. */
size_t report_incidents(struct report *r, struct session *s, struct incident **out);

#endif
