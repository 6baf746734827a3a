/* SPDX-License-Identifier: GPL-3.0-or-later
 * incident: resets of one cause at one service, or from one client, close in time are one finding and not a thousand. */
#ifndef TCPWHY_EXPLAIN_INCIDENT_H
#define TCPWHY_EXPLAIN_INCIDENT_H

#include "explain/verdict.h"
#include "flow/table.h"
#include "util/buf.h"

struct incident {
	int64_t first, last;            /* ns since 1970: of its resets */
	const struct cause *cause;
	uint32_t example;               /* a flow of it: its server or client is what all share */
	bool by_service;                /* they share server address and port, else the client's address */
	bool one_client;                /* … and the client's address as well */
	uint32_t flows;
	uint64_t resets;
};

/* One reset flow as incidents are made of: its primary reset's cause and time. */
struct incident_entry {
	uint32_t flow;
	int64_t time;
	const struct cause *cause;
	uint64_t resets;
};

/* Finds incidents among n entries in any order: at least three flows, none more than a minute after the one before.
 * *out is allocated, the caller frees it; returns their number, SIZE_MAX when memory is out. */
size_t incidents_find(const struct flow_table *table, const struct incident_entry *entries, size_t n, struct incident **out);

/* One sentence: "14 connections to 10.0.0.2:443 within 2.1 s: refused-closed-port". */
void incident_headline(const struct flow_table *table, const struct incident *incident, struct buf *out);

#endif
