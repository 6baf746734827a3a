/* SPDX-License-Identifier: GPL-3.0-or-later
 * evidence: the facts measured for one reset. Internal to explain/. */
#ifndef TCPWHY_EXPLAIN_EVIDENCE_H
#define TCPWHY_EXPLAIN_EVIDENCE_H

#include "explain/cause.h"
#include "explain/context.h"
#include "explain/trace_item.h"
#include "flow/seq.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NO_ITEM SIZE_MAX

enum { HOPS_TTLS = 8 };

/* What one end's own packets look like in this flow (and, where the flow has too few, in its other flows). RSTs left out. */
struct side_profile {
	uint8_t ttl[HOPS_TTLS];         /* distinct TTLs seen */
	unsigned ttl_count;
	unsigned packets;               /* on which that rests */
	bool ttl_elsewhere;             /* taken from other flows of the host */
	uint8_t syn_ttl;                /* of its SYN or SYN/ACK, 0 = none */
	uint16_t syn_window;            /* of the same */
	uint8_t mac[6], to_mac[6];
	bool have_mac;
	bool df_always, df_never;
	bool ip_id_counts;              /* non-zero IP IDs */
	bool label_set;                 /* a non-zero IPv6 flow label */
	bool only_raw_syn;              /* sent nothing but SYNs made by hand: their TTL tells nothing of the host's own packets */
	bool ts_used;                   /* timestamps negotiated */
	int64_t rtt;                    /* least time between a segment to it and its answer, ns; 0 = not known */
	int64_t rtt_elsewhere;          /* handshake RTT of its other flows, ns; 0 = not known */
	uint32_t payload_segments;
	uint64_t payload_bytes;
	size_t first_payload;           /* item, or NO_ITEM */
	bool seen;
};

/* Flows near this one in time: those that share its server's address and port, and those of the host at each side. */
struct vicinity {
	struct near service;
	struct near host[2];
};

enum { KERNEL_SPARE = 128 };

/* Two states of a socket as one value of a fact: at that moment, and just before (0 = not known). */
#define KERNEL_STATES(at, before) ((int64_t)((at) | (before) << 8))

/* All that is measured once for a flow. */
struct scene {
	const struct trace *trace;
	const struct explain_context *context;
	const struct flow *flow;
	struct side_profile side[2];
	bool one_way;
	bool flags_only;                /* a filter let only SYN, FIN and RST through: data and acknowledgments were sent, but not captured */
	bool doubled;                   /* other packets of the flow were captured twice */
	bool checksums_good;            /* most checksums that could be verified are right */
	const struct vicinity *vicinity;
	uint32_t *consumed;             /* by item: 1 + item of the RST that it triggered, 0 = none */
	const struct kernel_record **kernel; /* by item: what the kernel told of this reset; NULL = it tells nothing of any */
	const struct kernel_record *kernel_spare[KERNEL_SPARE]; /* told of resets that are not in the capture, or not where they should be */
	size_t kernel_spare_count;
	bool kernel_joined;             /* all of them were looked at */
};

enum { FACT_STATES = (FACT_COUNT + 7) / 8 * 8 };

/* One reset's measured facts. state: 1 holds, -1 known not to hold, 0 not known. */
struct evidence {
	const struct scene *scene;
	size_t index;                   /* item of the reset */
	const struct trace_item *rst;
	enum side r, p;
	size_t trigger;                 /* item, or NO_ITEM */
	bool trigger_forward;           /* FWD-IPS: the trigger bears the same direction as the reset */
	bool numbers_only;              /* taken for a live socket's by its numbers alone (window 0, no timestamps in the flow) */
	enum form form;
	enum role role;
	size_t earlier;                 /* item of the reset that this one follows from, or NO_ITEM */
	enum effect effect;
	const struct kernel_record *kernel;  /* this machine's kernel sent it, or NULL */
	const struct kernel_word *word;      /* what its reason means, or NULL */
	bool kernel_end;                     /* … and it has or had the connection's socket, and does not only own R's address */
	int64_t gap;                    /* the pause that matters for the texts, ns */
	int64_t count;                  /* likewise the number */
	int8_t state[FACT_STATES];
	/* of the facts that hold; the rest of this is not cleared */
	uint64_t frame[FACT_COUNT];
	int64_t a[FACT_COUNT], b[FACT_COUNT];
};

static inline bool holds(const struct evidence *e, enum fact fact) { return e->state[fact] > 0; }

static inline void fact_set(struct evidence *e, enum fact fact, uint64_t frame, int64_t a, int64_t b)
{
	e->state[fact] = 1;
	e->frame[fact] = frame;
	e->a[fact] = a;
	e->b[fact] = b;
}

static inline void fact_deny(struct evidence *e, enum fact fact)
{
	if (e->state[fact] == 0)
		e->state[fact] = -1;
}

static inline void fact_put(struct evidence *e, enum fact fact, bool is, uint64_t frame, int64_t a, int64_t b)
{
	if (is)
		fact_set(e, fact, frame, a, b);
	else
		fact_deny(e, fact);
}

static inline const struct trace_item *item_at(const struct evidence *e, size_t index) { return &e->scene->trace->items[index]; }
static inline uint64_t frame_at(const struct evidence *e, size_t index) { return item_at(e, index)->segment.frame; }

/* What is known of the resets before this one in the flow, filled by explain.c as it goes. */
struct earlier_rst {
	size_t index;
	enum side from;
	enum role role;
	enum effect effect;
	enum form form;
	enum emitter emitter;
	enum mechanism mechanism;
	enum confidence mechanism_confidence;
	enum confidence confidence;
	bool third_party;
	bool two_answers;               /* two hosts answered: the other one is still there */
	uint64_t challenge;             /* frame of the challenge ACK that it drew, 0 = none */
	const struct cause *cause;
};

/* The last few and the first few are enough: a storm of resets stays cheap. */
enum { EARLIER_KEPT = 64 };
struct earlier {
	struct earlier_rst rst[EARLIER_KEPT];
	size_t count;                   /* kept; the oldest stays, the newest replaces the one before it when full */
};

/* measure_kernel.c: which of the kernel's records is of which reset of the flow; scene->kernel is to be freed. False: out of memory. */
bool measure_kernel_scene(struct scene *scene);

/* Measuring, in this order: each may use what those before it found. */
void measure_scene(struct scene *scene);                     /* profile.c */
void measure_packet(struct evidence *e);                     /* measure_packet.c: form, options, payload */
void measure_trigger(struct evidence *e);                    /* measure_trigger.c: what it answers */
void measure_trigger_foreign(struct evidence *e);            /* … again, once its origin tells that R's socket did not make it */
bool last_tsval(const struct evidence *e, uint32_t *tsval);   /* … R's last TSval before the reset; false when there is none */
void measure_origin(struct evidence *e);                     /* measure_origin.c: who can have made it */
void measure_setup(struct evidence *e);                      /* measure_setup.c: the handshake */
void measure_history(struct evidence *e);                    /* measure_history.c: data, FINs, silence */
void measure_timers(struct evidence *e);                     /* measure_timers.c: keepalives, retransmissions, windows */
void measure_after(struct evidence *e);                      /* measure_after.c: what came after, effect */
void measure_burst(struct evidence *e);                      /* measure_burst.c: other resets close in time */
void measure_neighbours(struct evidence *e);                 /* measure_neighbours.c: other flows */
void measure_icmp(struct evidence *e);                       /* measure_icmp.c: ICMP errors that quote the flow */
void measure_witness(struct evidence *e);                    /* measure_witness.c: captures of other places */
void measure_kernel(struct evidence *e);                     /* measure_kernel.c: what this machine's kernel says */
void measure_third_party(struct evidence *e);                /* measure_origin.c: the sum of it */

/* roles.c: what this reset is among those of its flow (catalogue 3.9); sets role, earlier and the facts that say so. */
void decide_role(struct evidence *e, const struct earlier *earlier);
/* effect.c: what it did to its receiver (3.6). */
void decide_effect(struct evidence *e, const struct earlier *earlier);

/* engine.c: the scores of all causes and the verdict's bare bones: cause, confidences, mechanism, emitter, alternatives, evidence. */
struct verdict;
struct texts;
/* Do these facts pass all gates of one row (NEEDS and BARS), and if so with which score? */
bool cause_admitted(const struct evidence *e, const struct cause *c, int *score);
void decide_verdict(const struct evidence *e, const struct earlier *earlier, struct verdict *v);

/* declared.c: the cause that the reset's own words or codes point to, NULL when it says nothing that is known. */
const struct cause *declared_cause(const struct evidence *e);
const char *netscaler_reason(int64_t window); /* NULL: no such code */

/* render.c: all sentences of a verdict; false: out of memory. */
bool render_verdict(const struct evidence *e, struct verdict *v, struct texts *texts);

/* Hops from the nearest usual initial TTL (32, 64, 128, 255). */
unsigned hops_of(uint8_t ttl);
/* Distance of ttl from the nearest of the profile's: 0 = same, negative = nearer, positive = farther; false when nothing to compare. */
bool hops_compare(const struct side_profile *profile, uint8_t ttl, int *difference, uint8_t *nearest);

#endif
