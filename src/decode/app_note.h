/* SPDX-License-Identifier: GPL-3.0-or-later
 * app_note: what was recognised in a payload. */
#ifndef TCPWHY_DECODE_APP_NOTE_H
#define TCPWHY_DECODE_APP_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum app_kind {
	APP_NONE,               /* empty, or nothing recognised */
	APP_TLS_CLIENT_HELLO, APP_TLS_SERVER_HELLO, APP_TLS_HANDSHAKE, APP_TLS_ALERT, APP_TLS_DATA, APP_TLS_CHANGE_CIPHER,
	APP_HTTP_REQUEST, APP_HTTP_RESPONSE, APP_HTTP2_PREFACE, APP_HTTP2_GOAWAY,
	APP_SMTP_REPLY,         /* also FTP, POP3: three digits and a space or dash */
	APP_SSH_BANNER, APP_GOODBYE /* a short QUIT, LOGOUT, BYE line */, APP_ERROR_LINE /* a server's error in plain words: app.c */
};

struct app_note {
	uint8_t kind;           /* enum app_kind */
	uint8_t alert_level, alert_code; /* APP_TLS_ALERT in clear (level 1 warning, 2 fatal); 255 when encrypted */
	uint8_t tls_records;    /* complete TLS records seen in this payload, at most 255 */
	uint16_t status;        /* HTTP status or SMTP-like reply code */
	uint16_t tls_last_type, tls_last_length; /* content type and length field of the last record that begins here; 0 = none */
	bool tls_maybe_alert;   /* one record: type 21, or type 23 with length 19 (an alert of TLS 1.3), and nothing else in this segment */
	bool http_has_body;     /* a request whose Content-Length or chunked coding announces a body, or Expect: 100-continue */
	uint64_t http_length;   /* Content-Length where given, else 0 */
	const char *name;       /* SNI or Host header, inside payload, not NUL-terminated, not sanitised; NULL when none */
	size_t name_length;
	const char *line;       /* first line of a text protocol (request line, status line, reply), inside payload; NULL when none */
	size_t line_length;
};

#endif
