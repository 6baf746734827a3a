/* SPDX-License-Identifier: GPL-3.0-or-later
 * app: recognises TLS, HTTP, HTTP/2, SSH, reply codes, goodbyes and errors at the beginning of a payload. */
#include "decode/app.h"

#include <string.h>

#include "decode/tls.h"
#include "util/buf.h"
#include "util/endian.h"
#include "util/text.h"

enum { LONGEST_LINE = 8192, MOST_HEADERS = 128 };

static bool starts(const uint8_t *p, size_t n, const char *text)
{
	size_t length = strlen(text);
	return n >= length && memcmp(p, text, length) == 0;
}

/* As starts(), whatever the case of ASCII letters; text is in lower case. */
static bool starts_in_any_case(const uint8_t *p, size_t n, const char *text)
{
	for (size_t i = 0; text[i] != '\0'; i++)
		if (i >= n || (p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]) != text[i])
			return false;
	return true;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the line at p without its CR and LF. */
static size_t line_length(const uint8_t *p, size_t n)
{
	size_t most = n < LONGEST_LINE ? n : LONGEST_LINE;
	const uint8_t *end = memchr(p, '\n', most);
	size_t length = end != NULL ? (size_t)(end - p) : most;
	return length > 0 && p[length - 1] == '\r' ? length - 1 : length;
}

static uint16_t three_digits(const uint8_t *p)
{
	return (uint16_t)((p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0'));
}

static void set_line(struct app_note *note, const uint8_t *p, size_t n)
{
	note->line = (const char *)p;
	note->line_length = line_length(p, n);
}

/* The value of a header line after its name. */
static void header_value(const uint8_t *line, size_t n, size_t name, const uint8_t **value, size_t *length)
{
	size_t begin = name;
	while (begin < n && (line[begin] == ' ' || line[begin] == '\t'))
		begin++;
	while (n > begin && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	*value = line + begin;
	*length = n - begin;
}

static uint64_t decimal(const uint8_t *p, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n && is_digit(p[i]); i++) {
		if (value > (UINT64_MAX - 9) / 10)
			return UINT64_MAX;
		value = value * 10 + (uint64_t)(p[i] - '0');
	}
	return value;
}

static void take_header(struct app_note *note, const uint8_t *line, size_t n)
{
	const uint8_t *value;
	size_t length;
	if (starts_in_any_case(line, n, "host:")) {
		header_value(line, n, 5, &value, &length);
		if (length > 0 && note->kind == APP_HTTP_REQUEST) {
			note->name = (const char *)value;
			note->name_length = length;
		}
	} else if (starts_in_any_case(line, n, "content-length:")) {
		header_value(line, n, 15, &value, &length);
		note->http_length = decimal(value, length);
		note->http_has_body |= note->http_length > 0;
	} else if (starts_in_any_case(line, n, "transfer-encoding:")) {
		header_value(line, n, 18, &value, &length);
		note->http_has_body |= starts_in_any_case(value, length, "chunked");
	} else if (starts_in_any_case(line, n, "expect:")) {
		header_value(line, n, 7, &value, &length);
		note->http_has_body |= starts_in_any_case(value, length, "100-continue");
	}
}

static void take_headers(struct app_note *note, const uint8_t *p, size_t n)
{
	for (int i = 0; i < MOST_HEADERS && n > 0; i++) {
		size_t most = n < LONGEST_LINE ? n : LONGEST_LINE;
		const uint8_t *end = memchr(p, '\n', most);
		size_t length = line_length(p, n);
		if (i > 0 && length == 0)
			return; /* the empty line before the body */
		if (i > 0)
			take_header(note, p, length);
		if (end == NULL)
			return;
		n -= (size_t)(end + 1 - p);
		p = end + 1;
	}
}

static bool classify_http(const uint8_t *p, size_t n, struct app_note *note)
{
	static const char *const methods[] = { "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "TRACE ",
	                                       "PROPFIND ", "REPORT ", "M-SEARCH " };
	if (starts(p, n, "HTTP/1.") && n >= 12 && p[8] == ' ' && is_digit(p[9]) && is_digit(p[10]) && is_digit(p[11])) {
		note->kind = APP_HTTP_RESPONSE;
		note->status = three_digits(p + 9);
	}
	bool capitals = n >= 4 && p[0] >= 'A' && p[0] <= 'Z' && (p[1] == '-' || (p[1] >= 'A' && p[1] <= 'Z')); /* spares most payloads the table */
	for (size_t i = 0; capitals && i < sizeof methods / sizeof methods[0] && note->kind == APP_NONE; i++)
		if (starts(p, n, methods[i]))
			note->kind = APP_HTTP_REQUEST;
	if (note->kind == APP_NONE)
		return false;
	set_line(note, p, n);
	take_headers(note, p, n);
	return true;
}

/* RFC 9113: the preface, or frames of which one is GOAWAY. Without the preface nothing says that these are HTTP/2 frames: the whole payload
 * has to be made of frames of known types, and GOAWAY has stream 0 and at least 8 bytes. */
static bool classify_http2(const uint8_t *p, size_t n, struct app_note *note)
{
	enum { GOAWAY = 7, LAST_TYPE = 9, HEAD = 9 };
	if (starts(p, n, "PRI * HTTP/2.0\r\n")) {
		note->kind = APP_HTTP2_PREFACE;
		set_line(note, p, n);
		return true;
	}
	bool goaway = false;
	for (int frames = 0; frames < 64 && n >= HEAD; frames++) {
		size_t length = get_be24(p);
		bool stream_0 = (p[5] & 0x7f) == 0 && p[6] == 0 && p[7] == 0 && p[8] == 0;
		if (p[3] > LAST_TYPE || length > n - HEAD)
			return false;
		goaway |= p[3] == GOAWAY && stream_0 && length >= 8 && length < 1024;
		p += HEAD + length;
		n -= HEAD + length;
	}
	if (goaway && n == 0)
		note->kind = APP_HTTP2_GOAWAY;
	return goaway && n == 0;
}

static bool is_goodbye(const uint8_t *p, size_t n)
{
	static const char *const goodbyes[] = { "quit", "bye", "logout", "exit", "* bye", "+ok bye", "+ok logging out", "+ok sayonara" };
	if (n == 0 || memchr("qQbBlLeE*+", p[0], 10) == NULL) /* how they begin: spares most payloads the table */
		return false;
	for (size_t i = 0; i < sizeof goodbyes / sizeof goodbyes[0]; i++) {
		size_t length = strlen(goodbyes[i]);
		if (starts_in_any_case(p, n, goodbyes[i]) && n > length && (p[length] == '\r' || p[length] == '\n' || p[length] == ' '))
			return true;
	}
	return false;
}

/* IMAP puts a tag before the command: "a1 LOGOUT". */
static bool is_tagged_logout(const uint8_t *p, size_t n)
{
	size_t begin = 0;
	while (begin < n && begin < 16 && p[begin] > ' ' && p[begin] < 0x7f)
		begin++;
	if (begin >= n || p[begin] != ' ' || n - begin <= 1)
		return false;
	begin++;
	return starts_in_any_case(p + begin, n - begin, "logout") && n - begin > 6 && p[begin + 6] == '\r';
}

/* PostgreSQL's ErrorResponse: 'E', length, then fields, the severity first. */
static bool is_postgres_error(const uint8_t *p, size_t n)
{
	enum { HEAD = 5 };
	return n > HEAD + 1 && p[0] == 'E' && get_be32(p + 1) == n - 1 && p[HEAD] == 'S';
}

/* MySQL's ERR packet: length (little-endian, 24 bits), number, 0xff, code. */
static bool is_mysql_error(const uint8_t *p, size_t n)
{
	enum { HEAD = 4, CODE = 3 };
	return n > HEAD + CODE && p[HEAD] == 0xff && (size_t)(p[0] | p[1] << 8 | p[2] << 16) == n - HEAD;
}

/* How servers say in plain words that they will not serve: Redis and POP3, memcached, OpenSSH. */
static bool classify_error(const uint8_t *p, size_t n, struct app_note *note)
{
	static const char *const errors[] = { "-ERR", "-NOAUTH", "-DENIED", "ERROR\r\n", "CLIENT_ERROR ", "SERVER_ERROR ",
		                              "Exceeded MaxStartups", "Not allowed at this time", "Invalid SSH identification", "Protocol mismatch." };
	size_t words = is_postgres_error(p, n) ? 5 : is_mysql_error(p, n) ? 7 : 0;
	bool found = words != 0;
	for (size_t i = 0; !found && i < sizeof errors / sizeof errors[0]; i++)
		found = starts(p, n, errors[i]);
	if (!found)
		return false;
	note->kind = APP_ERROR_LINE;
	set_line(note, p + words, n - words);
	return true;
}

static bool classify_line(const uint8_t *p, size_t n, struct app_note *note)
{
	if (starts(p, n, "SSH-")) {
		note->kind = APP_SSH_BANNER;
		set_line(note, p, n);
		return true;
	}
	if (n >= 4 && p[0] >= '1' && p[0] <= '5' && is_digit(p[1]) && is_digit(p[2]) && (p[3] == ' ' || p[3] == '-')) {
		note->kind = APP_SMTP_REPLY;
		note->status = three_digits(p);
		set_line(note, p, n);
		return true;
	}
	if (n <= 256 && (is_goodbye(p, n) || is_tagged_logout(p, n))) {
		note->kind = APP_GOODBYE;
		set_line(note, p, n);
		return true;
	}
	return false;
}

void app_classify(const uint8_t *payload, size_t n, struct app_note *note)
{
	*note = (struct app_note){ .alert_level = 255, .alert_code = 255 };
	if (payload == NULL || n == 0)
		return;
	if (!tls_classify(payload, n, note) && !classify_http(payload, n, note) && !classify_http2(payload, n, note) &&
	    !classify_line(payload, n, note))
		classify_error(payload, n, note);
}

static void add_line(const struct app_note *note, struct buf *out, const char *before)
{
	enum { SHOWN = 80 };
	buf_puts(out, before);
	if (note->line != NULL && note->line_length > 0) {
		buf_puts(out, ": ");
		text_add_printable(out, note->line, note->line_length < SHOWN ? note->line_length : SHOWN);
	}
}

static void add_name(const struct app_note *note, struct buf *out, const char *before)
{
	buf_puts(out, before);
	if (note->name != NULL) {
		buf_puts(out, " for ");
		text_add_printable(out, note->name, note->name_length);
	}
}

void app_describe(const struct app_note *note, struct buf *out)
{
	static const char *const names[] = {
		[APP_TLS_SERVER_HELLO] = "TLS ServerHello", [APP_TLS_HANDSHAKE] = "TLS handshake", [APP_TLS_DATA] = "TLS data",
		[APP_TLS_CHANGE_CIPHER] = "TLS ChangeCipherSpec", [APP_HTTP_REQUEST] = "HTTP request", [APP_HTTP2_PREFACE] = "HTTP/2 preface",
		[APP_HTTP2_GOAWAY] = "HTTP/2 GOAWAY", [APP_SMTP_REPLY] = "reply", [APP_SSH_BANNER] = "SSH banner", [APP_GOODBYE] = "goodbye",
		[APP_ERROR_LINE] = "error",
	};
	if (note->kind == APP_NONE)
		return;
	if (note->kind == APP_TLS_CLIENT_HELLO)
		add_name(note, out, "TLS ClientHello");
	else if (note->kind == APP_TLS_ALERT)
		tls_describe_alert(note, out);
	else if (note->kind == APP_HTTP_RESPONSE)
		buf_printf(out, "HTTP %u", note->status);
	else
		add_line(note, out, names[note->kind]);
}
