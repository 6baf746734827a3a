/* SPDX-License-Identifier: GPL-3.0-or-later
 * scenario: captures written from a short text. The language is told in tests/scenario/README. The same text always gives the same
 * bytes. A scenario also holds what is expected of its resets; check.c compares. */
#ifndef TCPWHY_TESTS_SCENARIO_H
#define TCPWHY_TESTS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

enum { MAX_TOKENS = 48, MAX_FLOWS = 512, MAX_HOSTS = 64, MAX_INTERFACES = 8, MAX_HELD = 64, MAX_VLANS = 4, MAX_SEGMENTS = 4096, MAX_POINTS = 8,
       MAX_TRANSLATIONS = 2 };

/* How a host numbers its IPv4 packets. LINUX: a counter a connection, 0 in SYN/ACK and stateless resets. */
enum id_policy { ID_LINUX, ID_COUNTER, ID_ZERO, ID_RANDOM };

struct host {
	char *name;
	uint8_t addr[16];
	bool v6;
	uint8_t mac[6];
	uint8_t ttl, tos;
	enum id_policy id;
	uint32_t id_state;      /* the next of ID_COUNTER; the generator of ID_RANDOM */
	uint32_t window;        /* bytes */
	uint16_t mss;           /* 0 = no option */
	int ws;                 /* -1 = no option */
	bool ts, sack;
	uint32_t ts_base;       /* TSval at the scenario's start; 1 a millisecond */
	uint32_t label;         /* IPv6 flow label of connections */
};

/* Sequence numbers here are relative to the ISN of the side that sends them. */
struct block {
	uint32_t left, right;
};

struct end {
	struct host *host;
	uint16_t port;
	uint32_t isn;
	uint32_t snd_nxt, rcv_nxt;
	uint32_t ts_recent;
	uint16_t id_next;       /* of ID_LINUX */
	uint32_t window;        /* bytes; changed by window= on a segment */
	struct block held[MAX_HELD]; /* received out of order */
	size_t held_count;
	int last;               /* index in segments of the last one delivered to this end, -1 = none */
};

struct flow {
	char *name;
	struct end end[2];      /* client, server */
	bool ts, ws, sack;      /* as negotiated: both offer it */
	uint16_t vlan[MAX_VLANS];
	size_t vlan_count;
	uint32_t vni;           /* of the VXLAN that carries it; 0 = none */
};

/* A segment as sent, also when it was not captured. */
struct segment_record {
	char *name;             /* NULL = none */
	uint64_t frame;         /* 0 = not captured */
	uint64_t frames[MAX_POINTS]; /* at further points; of several the first */
	struct flow *flow;
	int from;               /* index into flow->end */
	uint16_t flags;
	uint32_t seq, ack;      /* raw */
	uint32_t seglen;
	struct buf payload;
	struct buf ip;          /* the IP packet */
};

/* What a device between makes of a host at a point: another address, another port (0 = the same); other sequence numbers. */
struct translation {
	const struct host *host;
	uint8_t addr[16];
	uint16_t port;
};
struct shift {
	const struct host *host;
	uint32_t by;
};

/* A packet captured at a further point. */
struct stored {
	int64_t time;           /* by that point's clock */
	size_t order;
	size_t segment;         /* index in the scenario's segments */
	struct buf ip;
	bool v6;
	uint8_t src_mac[6], dst_mac[6];
};

/* A place of capture. The first is that of the scenario's own file, whose times and TTLs the lines give. */
struct point {
	char *name;
	int64_t distance;       /* one way from the clients, ns */
	int hops;               /* likewise */
	int64_t clock;          /* ns ahead */
	double drift;
	int64_t from, until;    /* of capture, ns after the start; until -1 = the end */
	uint32_t largest;       /* bytes of payload; longer segments were cut on the way; 0 = as sent */
	struct translation nats[MAX_TRANSLATIONS];
	size_t nat_count;
	struct shift shifts[MAX_TRANSLATIONS];
	size_t shift_count;
	struct stored *stored;
	size_t stored_count;
	struct buf file;        /* the capture; of the first point: the scenario's */
};

struct interface {
	char *name;
	uint16_t link;          /* LINKTYPE_ */
	bool described;         /* pcapng: its block was written */
};

struct expectation {
	char *text;             /* the line without "expect" */
	bool absent;            /* expect-not */
	unsigned line;
};

/* SIMPLE: pcapng of simple packet blocks, which have no time. */
enum file_format { FORMAT_PCAP, FORMAT_PCAP_NS, FORMAT_PCAP_BE, FORMAT_PCAPNG, FORMAT_SIMPLE };

struct scenario {
	char *title;            /* the first comment line */
	const char *path;       /* of the file being read */
	struct buf model;       /* lines of the scenario that it is like, with its changes, not taken yet */
	struct buf *error;
	unsigned line;
	enum file_format format;
	uint32_t snaplen;       /* 0 = unlimited */
	int64_t start, now;     /* ns since 1970 */
	uint64_t frames;
	uint32_t truncate;      /* bytes to cut off the end of the file */
	struct interface interfaces[MAX_INTERFACES];
	size_t interface_count;
	struct host *hosts[MAX_HOSTS];
	size_t host_count;
	struct flow *flows[MAX_FLOWS];
	size_t flow_count;
	struct flow *current;
	const struct host *vantage; /* where the capture was taken: its own frames are outgoing, others are padded; NULL = on the way */
	struct point points[MAX_POINTS];
	size_t point_count;     /* 0: the capture's place has no name */
	struct segment_record *segments;
	size_t segment_count;
	struct expectation *expectations;
	size_t expectation_count;
	struct buf file;        /* the capture */
};

struct token {
	char *text;             /* with escapes resolved */
	size_t length;          /* may hold NUL bytes */
	bool quoted;            /* was a string of its own */
};

/* Reads a scenario and makes its capture. NULL: what is wrong, with the line, is appended to error. */
struct scenario *scenario_load(const char *path, struct buf *error);
void scenario_free(struct scenario *s);

/* The frame number of a segment that was given a name; 0 when there is none. */
uint64_t scenario_frame(const struct scenario *s, const char *name);
/* The same at a point, by its index. */
uint64_t scenario_frame_at(const struct scenario *s, const char *name, size_t point);

/* --- between the parts --- */

/* Appends "line N: …" to the error; always returns false. */
bool scenario_fail(struct scenario *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct host *scenario_host(const struct scenario *s, const char *name, size_t n);
struct flow *scenario_flow(const struct scenario *s, const char *name, size_t n);

/* parse.c: values. All return false without a message. */
bool parse_unsigned(const char *text, uint64_t max, uint64_t *value);  /* decimal or 0x */
bool parse_duration(const char *text, int64_t *ns);                    /* "20ms", "1.5s", "3" = seconds */
bool parse_address(const char *text, uint8_t addr[16], bool *v6);
bool parse_mac(const char *text, uint8_t mac[6]);
bool parse_bytes(const char *text, struct buf *out);                   /* hexadecimal */
int parse_line(char *line, struct token tokens[MAX_TOKENS]);           /* number of tokens; -1: too many, or a string without end */
void free_tokens(struct token *tokens, int n);
/* The value of token "key=value" when it has this key, else NULL. */
const char *token_value(const struct token *t, const char *key);

/* like.c: "like FILE", "change OLD NEW" and "drop OLD"; *known is false when the line is none of them. */
bool like_line(struct scenario *s, const struct token *tokens, int n, bool *known);

/* declare.c: every statement that is not a packet. *known is false when the word is not one of its own. */
bool declare(struct scenario *s, struct token *tokens, int n, bool *known);

/* A segment to send, as a line asks for it. */
struct request {
	struct flow *flow;
	int from;               /* index into flow->end */
	uint16_t flags;
	uint32_t seq, ack;      /* raw */
	int32_t window;         /* as in the header; -1 = by the state */
	int ttl, tos, df;       /* -1 = the host's */
	int64_t id, label;      /* -1 = the host's */
	unsigned urgent;
	const char *options;    /* NULL = as negotiated */
	const char *more_options; /* beside those; NULL = none */
	struct buf ip_options;  /* of IPv4, padded */
	int64_t tsval, tsecr;   /* -1 = by the clock, by the state */
	struct buf payload;
	bool stateless;         /* a reset as a host without the connection makes it */
	bool bad_checksum;
	bool partial_checksum;  /* of the pseudo header alone, as a host leaves it to its network card */
	int data_offset;        /* in the header, words of four bytes; -1 = as it is */
	int64_t ip_length;      /* in the IP header; -1 = as it is */
	const char *extensions; /* IPv6 extension headers, "hbh+dst"; NULL = none */
	const char *fragments;  /* IPv4: offsets at which the payload is cut, "8+16"; NULL = whole */
	bool captured, delivered;
	unsigned points;        /* where it is captured, a bit each */
	const uint8_t *src_mac, *dst_mac;
	uint8_t mac[2][6];      /* what they may point to */
	uint16_t vlan[MAX_VLANS];
	size_t vlan_count;
	unsigned interface;
	const char *name, *comment;
	int64_t duplicate;      /* captured again after so many ns; -1 = no */
	int duplicate_ttl;      /* -1 = the same */
	unsigned duplicate_interface;
};

/* segment.c: lines that make packets. */
bool segment_line(struct scenario *s, struct token *tokens, int n);

/* emit.c: sends one segment: packet, capture, and the state of both ends. */
bool emit_segment(struct scenario *s, struct request *r);
/* An ICMP error of the router `from` that quotes so many bytes behind the IP header of a segment sent before. */
bool emit_icmp(struct scenario *s, const struct segment_record *quoted, const uint8_t from[16], unsigned type, unsigned code,
               uint32_t rest, size_t bytes, unsigned ttl);

/* segment.c: a segment by its name or frame number; NULL when there is none. */
struct segment_record *scenario_segment(const struct scenario *s, const char *name);

/* payload.c: takes a token that describes payload; *taken is false when it does not. */
bool payload_token(struct scenario *s, const struct token *t, struct buf *payload, bool *taken);

/* tcpopt.c: options of a segment by name, "mss:1460,ts,hex:0102". */
struct option_values {
	uint32_t tsval, tsecr;
	const struct host *host;
};
bool tcp_options_add(struct scenario *s, const char *list, const struct option_values *values, struct buf *out);

/* wrap.c: what becomes of an IP packet, and what a frame is put into. False: with a message. */
bool wrap_extensions(struct scenario *s, struct buf *ip, const char *list);
bool wrap_length(struct scenario *s, struct buf *ip, unsigned length);
/* The IPv4 fragment from *at of the payload up to the next of the offsets in *cuts ("8+16") or the end, which is when *cuts becomes NULL. */
bool wrap_fragment(struct scenario *s, const struct buf *ip, size_t *at, const char **cuts, struct buf *piece);
/* VXLAN (RFC 7348) between two tunnel ends of its own, over IPv4 and UDP. */
void wrap_vxlan(const struct buf *frame, uint32_t vni, struct buf *ip);

/* write.c: wraps an IP packet and appends the frame to the file. */
struct frame {
	const struct buf *ip;
	bool v6;
	const uint8_t *src_mac, *dst_mac;
	const uint16_t *vlan;
	size_t vlan_count;
	uint32_t vni;           /* in a VXLAN over an Ethernet of its own; 0 = not */
	unsigned interface;
	unsigned packet_type;   /* of SLL and SLL2: 0 to us, 4 from us */
	bool padded;            /* Ethernet: to 60 bytes */
	const char *comment;    /* pcapng, NULL = none */
	const struct buf *raw;  /* a whole frame as it is, instead of ip */
};
bool frame_write(struct scenario *s, const struct frame *f);
/* A block of pcapng that names an address; false: with a message. */
bool name_write(struct scenario *s, const uint8_t addr[16], bool v6, const char *name);

/* files.c: the captures as temporary files, and what tcpwhy is to be called with: count arguments. */
struct scenario_files {
	struct buf names[MAX_POINTS], places[MAX_POINTS];
	char *arguments[MAX_POINTS];
	size_t count;
};
bool scenario_save(const struct scenario *s, struct scenario_files *out); /* false: could not be written; unlink in any case */
void scenario_unlink(struct scenario_files *f);

/* points.c: further places of capture. */
bool declare_point(struct scenario *s, struct token *t, int n);
struct point *scenario_point(const struct scenario *s, const char *name, size_t n);
bool point_list(struct scenario *s, const char *text, unsigned *points); /* "a,b" as bits */
bool points_add(struct scenario *s, const struct request *r, const struct buf *ip); /* a packet that was sent, as the first point has it */
bool points_write(struct scenario *s);                                   /* all files but the first */
void points_free(struct scenario *s);

/* emit.c: the checksums of IP header and TCP segment, as the request wants them. */
void packet_checksums(struct buf *ip, const struct request *r);

/* emit.c: writes the checksum of an IPv4 header without options. */
void ip_checksum(struct buf *ip);

void put16(struct buf *b, size_t at, unsigned v); /* over what is there, network order */
void add8(struct buf *b, unsigned v);
void add16(struct buf *b, unsigned v);  /* network order */
void add32(struct buf *b, uint32_t v);

#endif
