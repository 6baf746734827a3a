/* SPDX-License-Identifier: GPL-3.0-or-later
 * parse: words and values of a scenario line. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* One character of a string, after its backslash; *text moves on. */
static char escape(const char **text)
{
	static const char from[] = "rnt0\\\"", to[] = "\r\n\t\0\\\"";
	char c = *(*text)++;
	const char *at = c ? strchr(from, c) : NULL;
	if (at)
		return to[at - from];
	if (c == 'x' && hex_digit((*text)[0]) >= 0 && hex_digit((*text)[1]) >= 0) {
		int value = hex_digit((*text)[0]) * 16 + hex_digit((*text)[1]);
		*text += 2;
		return (char)value;
	}
	return c;
}

/* Reads one word: up to a space outside quotes. False: a string without end. */
static bool read_word(const char **line, struct token *t)
{
	struct buf word = { 0 };
	const char *c = *line;
	bool inside = false;
	t->quoted = *c == '"';
	while (*c && (inside || !strchr(" \t\r\n", *c))) {
		if (*c == '"') {
			inside = !inside;
			c++;
		} else if (inside && *c == '\\' && c[1]) {
			c++;
			buf_putc(&word, escape(&c));
		} else {
			buf_putc(&word, *c++);
		}
	}
	*line = c;
	t->length = word.len;
	t->text = word.data ? word.data : calloc(1, 1);
	return !inside;
}

int parse_line(char *line, struct token tokens[MAX_TOKENS])
{
	int n = 0;
	const char *c = line;
	for (;;) {
		c += strspn(c, " \t\r\n");
		if (*c == '\0' || *c == '#')
			return n;
		if (n == MAX_TOKENS)
			break;
		if (!read_word(&c, &tokens[n++]))
			break;
	}
	free_tokens(tokens, n);
	return -1;
}

void free_tokens(struct token *tokens, int n)
{
	for (int i = 0; i < n; i++)
		free(tokens[i].text);
}

const char *token_value(const struct token *t, const char *key)
{
	size_t n = strlen(key);
	if (t->quoted || strncmp(t->text, key, n) != 0 || t->text[n] != '=')
		return NULL;
	return t->text + n + 1;
}

bool parse_unsigned(const char *text, uint64_t max, uint64_t *value)
{
	char *end = NULL;
	if (*text < '0' || *text > '9')
		return false;
	unsigned long long v = strtoull(text, &end, 0);
	*value = v;
	return *end == '\0' && v <= max;
}

bool parse_duration(const char *text, int64_t *ns)
{
	static const struct { const char *unit; int64_t ns; } units[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "", 1000000000 },
		{ "m", 60000000000 }, { "h", 3600000000000 }, { "d", 86400000000000 },
	};
	int64_t whole = 0, fraction = 0, scale = 1;
	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9' && whole < 1000000000000; text++)
		whole = whole * 10 + (*text - '0');
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9' && scale < 1000000000; text++, scale *= 10)
			fraction = fraction * 10 + (*text - '0');
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(text, units[i].unit) == 0) {
			*ns = whole * units[i].ns + fraction * units[i].ns / scale;
			return true;
		}
	return false;
}

bool parse_address(const char *text, uint8_t addr[16], bool *v6)
{
	memset(addr, 0, 16);
	*v6 = strchr(text, ':') != NULL;
	if (*v6)
		return inet_pton(AF_INET6, text, addr) == 1;
	addr[10] = addr[11] = 0xff;
	return inet_pton(AF_INET, text, addr + 12) == 1;
}

bool parse_bytes(const char *text, struct buf *out)
{
	for (; *text; text += 2) {
		if (hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0)
			return false;
		buf_putc(out, (char)(hex_digit(text[0]) * 16 + hex_digit(text[1])));
	}
	return true;
}

bool parse_mac(const char *text, uint8_t mac[6])
{
	for (int i = 0; i < 6; i++, text += 2) {
		if (i && *text++ != ':')
			return false;
		if (hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0)
			return false;
		mac[i] = (uint8_t)(hex_digit(text[0]) * 16 + hex_digit(text[1]));
	}
	return *text == '\0';
}
