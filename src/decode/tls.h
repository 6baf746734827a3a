/* SPDX-License-Identifier: GPL-3.0-or-later
 * tls: records, hellos and alerts at the beginning of a payload (RFC 8446, RFC 5246). */
#ifndef TCPWHY_DECODE_TLS_H
#define TCPWHY_DECODE_TLS_H

#include "decode/app_note.h"
#include "util/buf.h"

/* Fills *note and returns true when the payload begins with a TLS record. */
bool tls_classify(const uint8_t *payload, size_t n, struct app_note *note);

/* The same as tls_maybe_alert for a payload of `length` bytes whose end was not captured, by the head of its record. */
bool tls_is_cut_alert(const struct app_note *note, size_t length);

/* "TLS alert: handshake failure (fatal)", "TLS alert (encrypted)". */
void tls_describe_alert(const struct app_note *note, struct buf *out);

#endif
