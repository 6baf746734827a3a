/* SPDX-License-Identifier: GPL-3.0-or-later
 * source_types: how a source is opened, what it answers, and what is known of its interfaces. */
#ifndef TCPWHY_CAPTURE_SOURCE_TYPES_H
#define TCPWHY_CAPTURE_SOURCE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source_status {
	SOURCE_PACKET,  /* *packet is filled */
	SOURCE_WAIT,    /* nothing at the moment (pipe, live): poll source_fd() */
	SOURCE_END,     /* whole input used */
	SOURCE_CUT,     /* input ended inside its last record: a warning, see source_message() */
	SOURCE_DAMAGED  /* damaged at a byte that source_message() names; everything before it was delivered */
};

/* What to open, and how. */
struct source_options {
	const char *const *names;  /* files; "-" is standard input. Several are one capture: in order of their first packets */
	size_t name_count;         /* 0: an interface */
	const char *interface;
	const char *bpf;           /* capture filter in libpcap's language; NULL = every packet */
	bool spool;                /* keep what cannot be read twice, for store_read(); else such a source has no store */
	bool follow;               /* the one file may still grow, and be replaced by another of its name */
	bool promiscuous;          /* this and the next: live only */
	uint32_t snaplen;          /* bytes, 1 to SOURCE_SNAPLEN */
	uint32_t buffer_kib;       /* of the kernel */
	uint64_t count;            /* packets after which it ends; 0 = no limit */
	int write_fd;              /* of the file write_name, taken over: packets of an interface or a pipe go there and are read again from
	                              there. -1 = none */
	const char *write_name;
	uint64_t spool_limit;      /* bytes of the spool of an interface or a pipe: the oldest packets are let go; 0 = no limit */
};

enum { SOURCE_SNAPLEN = 256 * 1024, SOURCE_BUFFER_KIB = 64 * 1024 };

enum source_refusal { SOURCE_REFUSED_INPUT, SOURCE_REFUSED_USAGE, SOURCE_REFUSED_PERMISSION };

/* What the kernel counted of an interface; all 0 for others. */
struct source_counts {
	uint64_t received;          /* packets that passed the filter, as the kernel counts */
	uint64_t dropped_kernel;    /* of these, for want of room in the buffer */
	uint64_t dropped_interface; /* by the interface or its driver, before any filter */
};

/* An interface of a capture: name and comment where the file has them (printable, NULL where not). */
struct source_interface {
	const char *name;
	const char *description;
	uint16_t link_type;
	uint32_t snaplen;
};

#endif
