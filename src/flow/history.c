/* SPDX-License-Identifier: GPL-3.0-or-later
 * history: Zeek's history letters of a flow: upper case by the client, lower case by the server. */
#include "flow/history.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A letter is five bits: its place in here + 1, and 16 for the client's. */
static const char letters[] = "shadfrcgtwiq";
enum { PER_WORD = 12, CODE_BITS = 5, CLIENT = 16 };

static uint64_t code_of(char letter, bool client)
{
	unsigned at = 0;
	while (letters[at] != letter && letters[at] != '\0')
		at++;
	return at + 1 + (client ? CLIENT : 0);
}

/* Letters in a word: no code is 0. */
static unsigned word_length(uint64_t word)
{
	return word == 0 ? 0 : (63 - (unsigned)__builtin_clzll(word)) / CODE_BITS + 1;
}

static bool word_add(uint64_t *word, uint64_t code)
{
	unsigned length = word_length(*word);
	if (length == PER_WORD)
		return false;
	*word |= code << (length * CODE_BITS);
	return true;
}

static void letter_add(struct flow_table *t, struct flow *f, char letter, enum side from)
{
	uint64_t code = code_of(letter, from == SIDE_CLIENT);
	if (word_add(&f->history, code))
		return;
	struct extra *x = pool_extra(t, f);
	for (unsigned i = 0; x != NULL && i < HISTORY_MORE; i++)
		if (word_add(&x->history[i], code))
			return;
}

static void letter_once(struct flow_table *t, struct flow *f, char letter, enum side from, unsigned bit)
{
	uint8_t mask = (uint8_t)(from == SIDE_CLIENT ? bit : bit << 4);
	if ((f->history_bits & mask) != 0)
		return;
	f->history_bits |= mask;
	letter_add(t, f, letter, from);
}

bool history_has(const struct flow *f, char letter)
{
	uint64_t code = code_of((char)tolower((unsigned char)letter), isupper((unsigned char)letter) != 0);
	for (uint64_t word = f->history; word != 0; word >>= CODE_BITS)
		if ((word & 31) == code)
			return true;
	return false;
}

/* Zeek writes c, g, t, w at the first, tenth, hundredth… of them. */
static bool scaled(uint32_t n)
{
	for (; n >= 10 && n % 10 == 0; n /= 10)
		;
	return n == 1;
}

static void history_trouble(struct flow_table *t, struct flow *f, const struct segment *s, enum side from, uint32_t marks)
{
	const struct flow_detail *d = pool_detail(t, f, from);
	if ((marks & MARK_RETRANSMISSION) != 0 && s->len > 0 && scaled(d->retransmissions))
		letter_add(t, f, 't', from);
	if ((marks & MARK_ZERO_WINDOW) != 0 && scaled(d->zero_windows))
		letter_add(t, f, 'w', from);
	if ((marks & MARK_HOLE_BEFORE) != 0 && !history_has(f, from == SIDE_CLIENT ? 'G' : 'g'))
		letter_add(t, f, 'g', from);
}

void history_note(struct flow_table *t, struct flow *f, const struct segment *s, enum side from, uint32_t marks)
{
	unsigned kind = s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK);
	bool client = from == SIDE_CLIENT;
	enum { NOTEWORTHY = MARK_RETRANSMISSION | MARK_ZERO_WINDOW | MARK_HOLE_BEFORE | MARK_DUPLICATE };
	if (kind == TCP_ACK && (marks & NOTEWORTHY) == 0 && history_settled(f, s, from))
		return;
	if ((marks & MARK_DUPLICATE) != 0)
		return;
	if ((kind & TCP_RST) != 0 && s->checksum == CHECKSUM_BAD) {
		if (!history_has(f, client ? 'C' : 'c'))
			letter_add(t, f, 'c', from);
		return;
	}
	if ((kind & TCP_SYN) != 0 && (kind & (TCP_FIN | TCP_RST)) != 0)
		letter_once(t, f, 'q', from, ONCE_SYN_FIN);
	else if ((kind & TCP_FIN) != 0 && (kind & TCP_RST) != 0)
		letter_once(t, f, 'i', from, ONCE_FIN_RST);
	else if ((kind & TCP_SYN) != 0 && (marks & MARK_SYN_RETRANSMISSION) == 0)
		letter_add(t, f, (kind & TCP_ACK) != 0 ? 'h' : 's', from);
	if ((marks & (MARK_RETRANSMISSION | MARK_ZERO_WINDOW | MARK_HOLE_BEFORE)) != 0)
		history_trouble(t, f, s, from, marks);
	if (s->len > 0 && (kind & (TCP_SYN | TCP_RST)) == 0)
		letter_once(t, f, 'd', from, ONCE_DATA);
	else if (kind == TCP_ACK)
		letter_once(t, f, 'a', from, ONCE_ACK);
	/* The first FIN counts even where its number had passed, as that of a prober who never had it acknowledged. */
	if ((kind & (TCP_FIN | TCP_RST | TCP_SYN)) == TCP_FIN && ((marks & MARK_RETRANSMISSION) == 0 || !history_has(f, client ? 'F' : 'f')))
		letter_add(t, f, 'f', from);
	if ((kind & (TCP_FIN | TCP_RST | TCP_SYN)) == TCP_RST &&
	    (!history_has(f, client ? 'R' : 'r') || f->rst_seq[from] != s->seq))
		letter_add(t, f, 'r', from);
}

static size_t word_text(uint64_t word, char *out)
{
	size_t n = 0;
	for (; word != 0 && n < PER_WORD; word >>= CODE_BITS) {
		unsigned at = (unsigned)(word & 15) - 1;
		char letter = at < sizeof letters - 1 ? letters[at] : '?';
		out[n++] = (word & CLIENT) != 0 ? (char)toupper((unsigned char)letter) : letter;
	}
	return n;
}

const char *history_text(const struct flow_table *t, const struct flow *f)
{
	size_t n = word_text(f->history, t->history_text);
	for (unsigned i = 0; f->extra != 0 && i < HISTORY_MORE; i++)
		n += word_text(t->extras[f->extra].history[i], t->history_text + n);
	t->history_text[n] = '\0';
	return t->history_text;
}
