/* SPDX-License-Identifier: GPL-3.0-or-later
 * app: what the first bytes of a segment's payload say of the application protocol. No reassembly, no state: hints for explanations. */
#ifndef TCPWHY_DECODE_APP_H
#define TCPWHY_DECODE_APP_H

#include <stddef.h>
#include <stdint.h>

#include "decode/app_note.h"
#include "util/buf.h"

/* payload: captured bytes; n of them. Always fills *note. */
void app_classify(const uint8_t *payload, size_t n, struct app_note *note);

/* "ClientHello", "TLS alert: handshake failure (fatal)", "HTTP 413"… for a reader, static text or written to out. */
void app_describe(const struct app_note *note, struct buf *out);

#endif
