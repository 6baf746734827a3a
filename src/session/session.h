/* SPDX-License-Identifier: GPL-3.0-or-later
 * session: one capture being worked on: its source, its flow table, what could not be decoded, and the way back from a flow to its
 * packets and to the verdicts on its resets. main.c, the report and the screen use this and nothing to the left of it. */
#ifndef TCPWHY_SESSION_SESSION_H
#define TCPWHY_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/source.h"
#include "decode/decode.h"
#include "explain/verdict.h"
#include "flow/table.h"

struct session;
struct kernel;

enum session_status {
	SESSION_MORE,   /* there is more to read now */
	SESSION_WAIT,   /* nothing at the moment: poll session_fd() */
	SESSION_END     /* all read; session_warning() tells of a cut or damaged input */
};

struct session_options {
	struct source_options source; /* spool: needed for everything but a pure count */
	const char *vantage;          /* NULL or the name given with --vantage */
	uint64_t memory;              /* bytes that flows may take before the oldest are let go; 0 = no limit */
	struct kernel *kernel;        /* witness of a live capture: the session's from now on, even if it cannot be opened; NULL = none */
};

/* Opens a capture without reading of it yet, as source_open(). */
struct session *session_open_source(const struct session_options *options, enum source_refusal *refusal, struct buf *error);

/* Reads its beginning, as source_start(): false when it is no capture, the session is to be closed then. Before that nothing else is to
 * be called. */
bool session_start(struct session *s, struct buf *error);

/* Both for one file; name: file name or "-". */
struct session *session_open(const char *name, const char *vantage, struct buf *error);
void session_close(struct session *s);

/* Reads packets for about budget_ns (0 = until the end). */
enum session_status session_read(struct session *s, int64_t budget_ns);
int session_fd(const struct session *s);
int session_timeout(const struct session *s); /* ms to poll at most; -1 = no limit */

/* No more is to be read (a live capture, a pipe): what is here is all there is. */
void session_stop(struct session *s);

/* The same for a capture that goes on: its warning says so, and it counts as truncated. */
void session_stop_early(struct session *s);

/* Who knows what captures taken elsewhere tell of a flow (explain/witness.h): asked for each verdict from now on; NULL as answer: nothing.
 * witness NULL: nobody; else it must outlive the session. What was kept of verdicts is forgotten. */
struct witness;
struct session_witness {
	const struct witness *(*tell)(void *context, struct session *s, uint32_t flow);
	/* Afterwards: may change what was found. False: out of memory. */
	bool (*review)(void *context, struct session *s, uint32_t flow, bool brief, struct findings *f);
};
void session_call_witness(struct session *s, const struct session_witness *witness, void *context);
/* The context of this witness, NULL when it is not the one that is asked. */
void *session_witness_context(const struct session *s, const struct session_witness *witness);

/* Called by session_read() before it lets flows go: those with numbers below flow_table_evicts_before(), but for some that live; or packets
 * (flows is false): those of flows of which session_packets_go() says so. */
typedef void session_letting_go(void *context, struct session *s, bool flows);
void session_watch(struct session *s, session_letting_go *watch, void *context);

/* Has the flow packets that are about to go; that are gone? */
bool session_packets_go(const struct session *s, const struct flow *f);
bool session_packets_gone(const struct session *s, const struct flow *f);

/* A capture that comes in as it happens: an interface. What its kernel dropped, and packets a second over the last second or so. */
bool session_live(const struct session *s);
void session_counts(struct session *s, struct source_counts *counts);
uint64_t session_rate(const struct session *s);
/* Bytes that its flows take, and may (0 = without a limit); that packets which come only once take on disk. */
uint64_t session_memory(const struct session *s);
uint64_t session_memory_limit(const struct session *s);
uint64_t session_spooled(const struct session *s);

/* The time of the capture now, ns since 1970: of its latest packet, and for an interface or a file that grows what passed since. */
int64_t session_clock(const struct session *s);

/* Makes what was taken so far readable to others in the file of -w. */
void session_flush(struct session *s);
void session_progress(const struct session *s, uint64_t *done, uint64_t *total);

/* Names instead of addresses: those that the capture itself tells (pcapng), and those of the resolver, which stays the caller's. */
struct resolver;
void session_set_resolver(struct session *s, struct resolver *resolver);
/* A name of the address (16 bytes, IPv4 mapped), printable; NULL: none, not known yet, or no resolver set. Valid until more is read. */
const char *session_host_name(struct session *s, const uint8_t address[16]);
/* Asks for the names of both ends of a flow. False: one is still open. */
bool session_want_names(struct session *s, const struct flow *f);

const char *session_name(const struct session *s);     /* as given */
const char *session_vantage(const struct session *s);  /* vantage, else the name */
const char *session_warning(const struct session *s);  /* "" or a sentence */
bool session_truncated(const struct session *s);       /* a cut last packet: a warning */
bool session_damaged(const struct session *s);         /* exit status 1 */
uint64_t session_packets(const struct session *s);
uint64_t session_undecoded(const struct session *s, enum decode_reason reason);
const struct flow_table *session_flows(const struct session *s);

/* Reads a flow's packets again, in capture order, through the same decoder and a fresh tracker. before: both ends' state before the
 * segment, after: after it. Stops when the visitor returns false. False when a packet could not be read again. */
typedef bool session_visit(void *context, const struct packet *packet, const struct segment *segment, enum side from, uint32_t marks,
                           const struct tracker *before, const struct tracker *after);
bool session_walk(struct session *s, uint32_t flow, session_visit *visit, void *context);

/* Reads a packet again by its place (log_cursor.offset) as it was captured, number excepted; it is valid until the next call. False: it
 * cannot be read any more. */
bool session_packet(struct session *s, uint64_t offset, struct packet *packet);
/* Where the fragments stand that were put together with the packet at offset, which is not among them. */
void session_fragments(const struct session *s, uint64_t offset, const uint64_t **places, size_t *count);
/* Name of an interface of the capture (packet.interface), printable, NULL where it has none. */
const char *session_interface_name(const struct session *s, size_t interface);

/* For who must not be held up: does beforehand, for about budget_ns, what the first verdict after many new flows would have to. True: there
 * is more to do. Verdicts may be asked for meanwhile. Nothing is done as long as there is no reset. */
bool session_get_ready(struct session *s, int64_t budget_ns);

/* The verdicts on all resets of a flow, in capture order. Recomputed at each call (a pure function of what was seen); free with
 * findings_free(). At most limit of them (0 = all). False: out of memory or the packets could not be read again. */
bool session_explain(struct session *s, uint32_t flow, size_t limit, struct findings *out);

/* The same without sentences, evidence and alternatives, for those who count: several times cheaper. */
bool session_judge(struct session *s, uint32_t flow, size_t limit, struct findings *out);

/* Live: has this machine's kernel said of the flow's segments so far all that it will? A verdict from before that is worth another look. */
bool session_settled(const struct session *s, uint32_t flow);

/* The primary reset's verdict in short, for lists; computed once and kept. NULL when the flow has no reset. */
const struct verdict_brief *session_brief(struct session *s, uint32_t flow);

#endif
