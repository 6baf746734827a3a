/* SPDX-License-Identifier: GPL-3.0-or-later
 * tcpopt: TCP options by name, laid out and padded as Linux does. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

static void pad(struct buf *out)
{
	while (out->len % 4)
		add8(out, 1);
}

static void put_ts(struct buf *out, const struct option_values *v)
{
	add8(out, 8);
	add8(out, 10);
	add32(out, v->tsval);
	add32(out, v->tsecr);
}

/* sack:L-R+L-R, raw sequence numbers */
static bool put_sack(struct buf *out, const char *value)
{
	struct buf blocks = { 0 };
	bool good = *value != '\0';
	while (good && *value) {
		char *end;
		add32(&blocks, (uint32_t)strtoul(value, &end, 10));
		good = *end == '-' && end[1] >= '0' && end[1] <= '9';
		if (good)
			add32(&blocks, (uint32_t)strtoul(end + 1, &end, 10));
		value = end + (*end == '+');
		good = good && (*end == '+' || *end == '\0');
	}
	add8(out, 5);
	add8(out, (unsigned)blocks.len + 2);
	buf_add(out, blocks.data, blocks.len);
	buf_free(&blocks);
	return good;
}

/* MPTCP (RFC 8684). mpcapable (SYN), mpjoin:TOKEN (SYN), mprst:REASON (transient flag clear), mpfastclose */
static bool put_mptcp(struct buf *out, const char *name, uint64_t value)
{
	if (strcmp(name, "mpcapable") == 0) {
		add32(out, 0x1e040181);
	} else if (strcmp(name, "mpjoin") == 0) {
		add32(out, 0x1e0c1001);
		add32(out, (uint32_t)value);
		add32(out, 0x5eed5eed);
	} else if (strcmp(name, "mprst") == 0) {
		add32(out, 0x1e048000 | (uint32_t)value);
	} else if (strcmp(name, "mpfastclose") == 0) {
		add32(out, 0x1e0c7000);
		add32(out, 0x0badcafe);
		add32(out, 0x0badf00d);
	} else {
		return false;
	}
	return true;
}

static bool put_option(const char *name, const char *value, const struct option_values *v, struct buf *out)
{
	uint64_t number = 0;
	if (strcmp(name, "hex") == 0)
		return parse_bytes(value, out);
	if (strcmp(name, "sack") == 0)
		return put_sack(out, value);
	if (*value && !parse_unsigned(value, UINT32_MAX, &number))
		return false;
	if (strcmp(name, "mss") == 0) {
		add16(out, 0x0204);
		add16(out, *value ? (unsigned)number : v->host->mss);
	} else if (strcmp(name, "ws") == 0) {
		add16(out, 0x0303);
		add8(out, *value ? (unsigned)number : (unsigned)v->host->ws);
	} else if (strcmp(name, "sackok") == 0) {
		add16(out, 0x0402);
	} else if (strcmp(name, "ts") == 0) {
		put_ts(out, v);
	} else if (strcmp(name, "nop") == 0) {
		add8(out, 1);
	} else if (strcmp(name, "tfo") == 0) {
		add16(out, *value ? 0x220a : 0x2202);
		if (*value) {
			add32(out, (uint32_t)number);
			add32(out, ~(uint32_t)number);
		}
	} else {
		return put_mptcp(out, name, number);
	}
	return true;
}

bool tcp_options_add(struct scenario *s, const char *list, const struct option_values *values, struct buf *out)
{
	size_t begin = out->len;
	struct buf name = { 0 }, value = { 0 };
	bool good = true;
	while (*list && good && strcmp(list, "none") != 0) {
		size_t n = strcspn(list, ",");
		size_t at = strcspn(list, ":,");
		buf_clear(&name);
		buf_clear(&value);
		buf_add(&name, list, at);
		if (at < n)
			buf_add(&value, list + at + 1, n - at - 1);
		good = put_option(buf_text(&name), buf_text(&value), values, out);
		list += n + (list[n] == ',');
	}
	pad(out);
	if (!good)
		scenario_fail(s, "there is no TCP option \"%s:%s\"", buf_text(&name), buf_text(&value));
	else if (out->len - begin > 40)
		good = scenario_fail(s, "TCP options of more than 40 bytes");
	buf_free(&name);
	buf_free(&value);
	return good;
}
