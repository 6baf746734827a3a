/* SPDX-License-Identifier: GPL-3.0-or-later
 * bpf: capture filters in tcpdump's language, compiled by libpcap for each link type that comes by, and link types as libpcap counts
 * them on this host. */
#ifndef TCPWHY_CAPTURE_BPF_H
#define TCPWHY_CAPTURE_BPF_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "util/buf.h"

/* The DLT_ number of a LINKTYPE_ number, and the other way round: most are the same. */
int bpf_dlt(uint16_t link_type);
uint16_t bpf_link_type(int dlt);

/* Appends why libpcap will not take the expression, the expression itself, and a caret under the word where it breaks. why: libpcap's. */
void bpf_complain(const char *expression, int dlt, const char *why, struct buf *error);

struct bpf;

/* NULL: the expression fits no link type, told in *error with a caret; or out of memory. */
struct bpf *bpf_new(const char *expression, struct buf *error);
void bpf_free(struct bpf *b);

/* Does the packet pass? Where the expression makes no sense on the packet's link type it does not, and that is appended to *message
 * once for each such link type. */
bool bpf_passes(struct bpf *b, const struct packet *packet, struct buf *message);

#endif
