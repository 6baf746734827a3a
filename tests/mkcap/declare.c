/* SPDX-License-Identifier: GPL-3.0-or-later
 * declare: hosts, flows, the file's form, expectations: every statement that makes no packet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scenario.h"

/* Well-mixed 32 bits out of a text and a number: initial sequence numbers and the like that look drawn by lot but never change. */
static uint32_t mix(const char *text, uint32_t salt)
{
	uint32_t h = 2166136261u ^ salt * 2654435761u;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	h *= 0xc2b2ae35u;
	return h ^ h >> 16;
}

static char *copy(const char *text)
{
	return strdup(text);
}

struct host *scenario_host(const struct scenario *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->host_count; i++)
		if (strlen(s->hosts[i]->name) == n && memcmp(s->hosts[i]->name, name, n) == 0)
			return s->hosts[i];
	return NULL;
}

struct flow *scenario_flow(const struct scenario *s, const char *name, size_t n)
{
	for (size_t i = s->flow_count; i > 0; i--)
		if (strlen(s->flows[i - 1]->name) == n && memcmp(s->flows[i - 1]->name, name, n) == 0)
			return s->flows[i - 1];
	return NULL;
}

/* ipid=linux | counter:N | zero | random:SEED */
static bool set_ipid(struct host *h, const char *value)
{
	static const char *const words[] = { "linux", "counter", "zero", "random" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		uint64_t number = mix(h->name, 7);
		if (strncmp(value, words[i], n) != 0 || (value[n] != '\0' && value[n] != ':'))
			continue;
		if (value[n] == ':' && !parse_unsigned(value + n + 1, UINT32_MAX, &number))
			return false;
		h->id = (enum id_policy)i;
		h->id_state = (uint32_t)number;
		return true;
	}
	return false;
}

/* "on" (base by lot), "off" or the TSval at the start. */
static bool set_ts(struct host *h, const char *value)
{
	uint64_t base = mix(h->name, 11);
	h->ts = strcmp(value, "off") != 0;
	if (h->ts && strcmp(value, "on") != 0 && !parse_unsigned(value, UINT32_MAX, &base))
		return false;
	h->ts_base = (uint32_t)base;
	return true;
}

static bool host_key(struct scenario *s, struct host *h, const struct token *t)
{
	uint64_t v = 0;
	const char *value;
	bool good = true;
	if ((value = token_value(t, "mac")))
		good = parse_mac(value, h->mac);
	else if ((value = token_value(t, "ttl")) && (good = parse_unsigned(value, 255, &v)))
		h->ttl = (uint8_t)v;
	else if (!value && (value = token_value(t, "tos")) && (good = parse_unsigned(value, 255, &v)))
		h->tos = (uint8_t)v;
	else if (!value && (value = token_value(t, "win")) && (good = parse_unsigned(value, UINT32_MAX, &v)))
		h->window = (uint32_t)v;
	else if (!value && (value = token_value(t, "mss")) && (good = parse_unsigned(value, 65535, &v)))
		h->mss = (uint16_t)v;
	else if (!value && (value = token_value(t, "label")) && (good = parse_unsigned(value, 0xfffff, &v)))
		h->label = (uint32_t)v;
	else if (!value && (value = token_value(t, "ws"))) {
		good = strcmp(value, "off") == 0 || parse_unsigned(value, 255, &v);
		h->ws = strcmp(value, "off") == 0 ? -1 : (int)v;
	} else if (!value && (value = token_value(t, "ts")))
		good = set_ts(h, value);
	else if (!value && (value = token_value(t, "sack")))
		h->sack = strcmp(value, "off") != 0;
	else if (!value && (value = token_value(t, "ipid")))
		good = set_ipid(h, value);
	if (!value || !good)
		return scenario_fail(s, "a host has no \"%s\"", t->text);
	return true;
}

static bool declare_host(struct scenario *s, struct token *t, int n)
{
	struct host *h = calloc(1, sizeof *h);
	if (h == NULL || n < 3 || s->host_count == MAX_HOSTS || scenario_host(s, t[1].text, strlen(t[1].text))) {
		free(h);
		return scenario_fail(s, "host NAME ADDRESS [key=value]..., each name once, at most %d", MAX_HOSTS);
	}
	size_t index = s->host_count;
	h->name = copy(t[1].text);
	s->hosts[s->host_count++] = h;
	if (!parse_address(t[2].text, h->addr, &h->v6))
		return scenario_fail(s, "\"%s\" is no address", t[2].text);
	memcpy(h->mac, (const uint8_t[]){ 2, 0, 0, 0, 0, (uint8_t)(index + 1) }, 6);
	h->ttl = 64;
	h->window = 64240;
	h->mss = h->v6 ? 1440 : 1460;
	h->ws = 7;
	h->sack = true;
	h->label = h->v6 ? (mix(h->name, 3) & 0xfffff) | 1 : 0;
	set_ts(h, "on");
	set_ipid(h, "linux");
	for (int i = 3; i < n; i++)
		if (!host_key(s, h, &t[i]))
			return false;
	return true;
}

/* set HOST key=value...: from here on. */
static bool declare_set(struct scenario *s, struct token *t, int n)
{
	struct host *h = n > 2 ? scenario_host(s, t[1].text, strlen(t[1].text)) : NULL;
	if (h == NULL)
		return scenario_fail(s, "set HOST key=value... wants a host declared before");
	for (int i = 2; i < n; i++)
		if (!host_key(s, h, &t[i]))
			return false;
	return true;
}

static bool flow_end(struct scenario *s, struct end *e, const char *text)
{
	const char *colon = strrchr(text, ':');
	uint64_t port;
	e->host = colon ? scenario_host(s, text, (size_t)(colon - text)) : NULL;
	if (e->host == NULL || !parse_unsigned(colon + 1, 65535, &port))
		return scenario_fail(s, "\"%s\" is no HOST:PORT of a declared host", text);
	e->port = (uint16_t)port;
	e->window = e->host->window;
	e->last = -1;
	return true;
}

/* "1,2" into up to max numbers. */
static bool number_list(const char *text, uint64_t limit, uint64_t *out, size_t max, size_t *count)
{
	struct buf word = { 0 };
	bool good = true;
	*count = 0;
	while (good) {
		size_t n = strcspn(text, ",");
		buf_clear(&word);
		buf_add(&word, text, n);
		good = *count < max && parse_unsigned(buf_text(&word), limit, &out[*count]);
		*count += good;
		if (text[n] == '\0')
			break;
		text += n + 1;
	}
	buf_free(&word);
	return good;
}

static bool flow_key(struct scenario *s, struct flow *f, const struct token *t)
{
	uint64_t v[MAX_VLANS];
	size_t n = 0;
	const char *value;
	if ((value = token_value(t, "isn"))) {
		if (!number_list(value, UINT32_MAX, v, 2, &n) || n != 2)
			return scenario_fail(s, "isn=CLIENT,SERVER");
		f->end[0].isn = (uint32_t)v[0];
		f->end[1].isn = (uint32_t)v[1];
	} else if ((value = token_value(t, "vlan"))) {
		if (!number_list(value, 4095, v, MAX_VLANS, &n))
			return scenario_fail(s, "vlan=ID[,ID]..., at most %d", MAX_VLANS);
		f->vlan_count = n;
		for (size_t i = 0; i < n; i++)
			f->vlan[i] = (uint16_t)v[i];
	} else if ((value = token_value(t, "vni"))) {
		if (!number_list(value, 0xffffff, v, 1, &n) || v[0] == 0)
			return scenario_fail(s, "vni=NUMBER, from 1");
		f->vni = (uint32_t)v[0];
	} else if (strcmp(t->text, "mid") == 0) {
		for (int i = 0; i < 2; i++)
			f->end[i].snd_nxt = f->end[i].rcv_nxt = 1;
	} else {
		return scenario_fail(s, "a flow has no \"%s\"", t->text);
	}
	return true;
}

static bool declare_flow(struct scenario *s, struct token *t, int n)
{
	struct flow *f = calloc(1, sizeof *f);
	if (f == NULL || n < 4 || s->flow_count == MAX_FLOWS) {
		free(f);
		return scenario_fail(s, "flow NAME CLIENT:PORT SERVER:PORT [isn=A,B] [vlan=ID] [vni=ID] [mid], at most %d", MAX_FLOWS);
	}
	f->name = copy(t[1].text);
	s->flows[s->flow_count++] = f;
	s->current = f;
	for (int i = 0; i < 2; i++) {
		if (!flow_end(s, &f->end[i], t[2 + i].text))
			return false;
		f->end[i].isn = mix(f->name, (uint32_t)(s->flow_count * 2) + (uint32_t)i);
		f->end[i].id_next = (uint16_t)(mix(f->name, (uint32_t)(s->flow_count * 2) + 1000u + (uint32_t)i) | 1);
	}
	const struct host *c = f->end[0].host, *v = f->end[1].host;
	f->ts = c->ts && v->ts;
	f->ws = c->ws >= 0 && v->ws >= 0;
	f->sack = c->sack && v->sack;
	for (int i = 4; i < n; i++)
		if (!flow_key(s, f, &t[i]))
			return false;
	return true;
}

static bool link_type(const char *name, uint16_t *type)
{
	static const struct { const char *name; uint16_t type; } links[] = {
		{ "ethernet", 1 }, { "raw", 101 }, { "sll", 113 }, { "sll2", 276 }, { "null", 0 }, { "loop", 108 },
	};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (strcmp(name, links[i].name) == 0) {
			*type = links[i].type;
			return true;
		}
	return false;
}

static bool declare_link(struct scenario *s, struct token *t, int n)
{
	if (n != 2 || !link_type(t[1].text, &s->interfaces[0].link))
		return scenario_fail(s, "link ethernet|raw|sll|sll2|null|loop");
	return true;
}

/* interface NAME [LINK]: the first one names the one that is there. */
static bool declare_interface(struct scenario *s, struct token *t, int n)
{
	struct interface *i = &s->interfaces[0];
	if (s->interfaces[0].name)
		i = s->interface_count < MAX_INTERFACES ? &s->interfaces[s->interface_count++] : NULL;
	if (i == NULL || n < 2 || n > 3)
		return scenario_fail(s, "interface NAME [LINK], at most %d", MAX_INTERFACES);
	i->name = copy(t[1].text);
	i->link = s->interfaces[0].link;
	if (n == 3 && !link_type(t[2].text, &i->link))
		return scenario_fail(s, "there is no link \"%s\"", t[2].text);
	return true;
}

static bool declare_format(struct scenario *s, struct token *t, int n)
{
	static const char *const words[] = { "pcap", "pcap-ns", "pcap-be", "pcapng", "pcapng-simple" };
	for (size_t i = 0; n == 2 && i < sizeof words / sizeof *words; i++)
		if (strcmp(t[1].text, words[i]) == 0) {
			s->format = (enum file_format)i;
			return true;
		}
	return scenario_fail(s, "format pcap|pcap-ns|pcap-be|pcapng|pcapng-simple");
}

static bool declare_start(struct scenario *s, struct token *t, int n)
{
	struct tm tm = { 0 };
	const char *end = n == 2 ? strptime(t[1].text, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;
	if (end == NULL || *end)
		return scenario_fail(s, "start YYYY-MM-DDTHH:MM:SSZ");
	/* Not by timegm(): where time_t has 32 bits it ends in 2038. Days since 1970 in the Gregorian calendar, years beginning in March. */
	int64_t month = (tm.tm_mon + 10) % 12, year = tm.tm_year + 1900 - (tm.tm_mon < 2);
	int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + tm.tm_mday - 719469;
	s->start = s->now = (((days * 24 + tm.tm_hour) * 60 + tm.tm_min) * 60 + tm.tm_sec) * INT64_C(1000000000);
	return true;
}

static bool declare_vantage(struct scenario *s, struct token *t, int n)
{
	s->vantage = n == 2 ? scenario_host(s, t[1].text, strlen(t[1].text)) : NULL;
	return s->vantage || scenario_fail(s, "vantage HOST, declared before");
}

static bool declare_number(struct scenario *s, struct token *t, int n, uint32_t *to)
{
	uint64_t v;
	if (n != 2 || !parse_unsigned(t[1].text, 1u << 20, &v))
		return scenario_fail(s, "%s NUMBER", t[0].text);
	*to = (uint32_t)v;
	return true;
}

/* key=value as it may stand in a line again: a value that holds spaces in quotes. */
static void add_word(struct buf *out, const char *word)
{
	bool quoted = strchr(word, ' ') != NULL;
	size_t key = strcspn(word, "=");
	buf_add(out, word, key + (word[key] != '\0'));
	buf_puts(out, quoted ? "\"" : "");
	for (const char *c = word + key + (word[key] != '\0'); *c; c++) {
		if (quoted && (*c == '"' || *c == '\\'))
			buf_putc(out, '\\');
		buf_putc(out, *c);
	}
	buf_puts(out, quoted ? "\"" : "");
}

static bool declare_name(struct scenario *s, struct token *t, int n)
{
	uint8_t addr[16];
	bool v6;
	if (n != 3 || !parse_address(t[1].text, addr, &v6))
		return scenario_fail(s, "named ADDRESS NAME");
	return name_write(s, addr, v6, t[2].text);
}

static bool declare_expectation(struct scenario *s, struct token *t, int n)
{
	struct expectation *e = realloc(s->expectations, (s->expectation_count + 1) * sizeof *e);
	struct buf text = { 0 };
	if (e == NULL)
		return scenario_fail(s, "out of memory");
	s->expectations = e;
	for (int i = 1; i < n; i++) {
		buf_puts(&text, i > 1 ? " " : "");
		add_word(&text, t[i].text);
	}
	s->expectations[s->expectation_count++] = (struct expectation){ copy(buf_text(&text)), strcmp(t[0].text, "expect-not") == 0, s->line };
	buf_free(&text);
	return true;
}

bool declare(struct scenario *s, struct token *t, int n, bool *known)
{
	const char *word = t[0].text;
	*known = true;
	if (strcmp(word, "host") == 0)
		return declare_host(s, t, n);
	if (strcmp(word, "set") == 0)
		return declare_set(s, t, n);
	if (strcmp(word, "flow") == 0)
		return declare_flow(s, t, n);
	if (strcmp(word, "point") == 0)
		return declare_point(s, t, n);
	if (strcmp(word, "link") == 0)
		return declare_link(s, t, n);
	if (strcmp(word, "interface") == 0)
		return declare_interface(s, t, n);
	if (strcmp(word, "format") == 0)
		return declare_format(s, t, n);
	if (strcmp(word, "start") == 0)
		return declare_start(s, t, n);
	if (strcmp(word, "vantage") == 0)
		return declare_vantage(s, t, n);
	if (strcmp(word, "named") == 0)
		return declare_name(s, t, n);
	if (strcmp(word, "snaplen") == 0)
		return declare_number(s, t, n, &s->snaplen);
	if (strcmp(word, "truncate") == 0)
		return declare_number(s, t, n, &s->truncate);
	if (strcmp(word, "expect") == 0 || strcmp(word, "expect-not") == 0)
		return declare_expectation(s, t, n);
	*known = false;
	return true;
}
