/* SPDX-License-Identifier: GPL-3.0-or-later
 * scheme: how each role looks, by names. */
#include <stdlib.h>
#include <string.h>

#include "ui/draw.h"
#include "util/text.h"

enum { OWN = -1, BLACK = 0, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, COLOUR_MOST = 255 };

/* Roles that are told apart without colour are so by a letter or a word beside them as well. */
static const struct {
	const char *name;
	short dark, light;
	unsigned attributes;
} defaults[PAINT_COUNT] = {
	[PAINT_NORMAL] = { "normal", OWN, OWN, 0 },
	[PAINT_TITLE] = { "title", OWN, OWN, ATTRIBUTE_BOLD },
	[PAINT_STATUS] = { "status", CYAN, BLUE, 0 },
	[PAINT_KEY] = { "key", OWN, OWN, ATTRIBUTE_BOLD },
	[PAINT_LABEL] = { "label", CYAN, BLUE, 0 },
	[PAINT_HEADER] = { "header", OWN, OWN, ATTRIBUTE_UNDERLINE },
	[PAINT_MARKER] = { "marker", OWN, OWN, ATTRIBUTE_BOLD },
	[PAINT_STRONG] = { "strong", OWN, OWN, ATTRIBUTE_BOLD },
	[PAINT_DIM] = { "dim", CYAN, BLUE, 0 },
	[PAINT_GOOD] = { "good", GREEN, GREEN, 0 },
	[PAINT_WARN] = { "warn", YELLOW, MAGENTA, 0 },
	[PAINT_BAD] = { "bad", RED, RED, ATTRIBUTE_BOLD },
	[PAINT_CLIENT] = { "client", GREEN, BLUE, 0 },
	[PAINT_SERVER] = { "server", YELLOW, MAGENTA, 0 },
	[PAINT_ERROR] = { "error", RED, RED, ATTRIBUTE_BOLD },
};

static const char *const colours[] = { "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white" };
static const struct { const char *name; unsigned bit; } attributes[] = {
	{ "bold", ATTRIBUTE_BOLD }, { "underline", ATTRIBUTE_UNDERLINE }, { "reverse", ATTRIBUTE_REVERSE }, { "dim", ATTRIBUTE_DIM },
};

void scheme_init(struct scheme *scheme)
{
	for (unsigned i = 0; i < PAINT_COUNT; i++) {
		scheme->roles[i].dark = defaults[i].dark;
		scheme->roles[i].light = defaults[i].light;
		scheme->roles[i].attributes = defaults[i].attributes;
	}
}

static bool parse_colour(const char *text, size_t n, short *colour)
{
	struct buf word = { 0 };
	char *end;
	bool good = false;

	buf_add(&word, text, n);
	if (strcmp(buf_text(&word), "default") == 0) {
		*colour = OWN;
		good = true;
	}
	for (short i = 0; !good && i <= WHITE; i++)
		if (strcmp(buf_text(&word), colours[i]) == 0) {
			*colour = i;
			good = true;
		}
	if (!good && n > 0 && text[0] >= '0' && text[0] <= '9') {
		long number = strtol(buf_text(&word), &end, 10);
		good = *end == '\0' && number <= COLOUR_MOST;
		*colour = good ? (short)number : OWN;
	}
	buf_free(&word);
	return good;
}

static bool parse_attribute(const char *text, size_t n, unsigned *bits)
{
	for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
		if (strlen(attributes[i].name) == n && memcmp(attributes[i].name, text, n) == 0) {
			*bits |= attributes[i].bit;
			return true;
		}
	return false;
}

/* One word of a value: COLOUR, COLOUR/COLOUR or an attribute. */
static bool parse_word(const char *word, size_t n, short *dark, short *light, unsigned *bits)
{
	const char *slash = memchr(word, '/', n);
	size_t first = slash != NULL ? (size_t)(slash - word) : n;

	if (parse_attribute(word, n, bits))
		return true;
	if (!parse_colour(word, first, dark))
		return false;
	*light = *dark;
	return slash == NULL || parse_colour(slash + 1, n - first - 1, light);
}

bool scheme_set(struct scheme *scheme, const char *role, const char *value, struct buf *error)
{
	unsigned i = 0, bits = 0;
	short dark = OWN, light = OWN;

	while (i < PAINT_COUNT && strcmp(defaults[i].name, role) != 0)
		i++;
	if (i == PAINT_COUNT) {
		buf_puts(error, "there is no part of the screen called ");
		text_add_printable(error, role, strlen(role));
		buf_puts(error, "; tcpwhy --dump-config shows those there are");
		return false;
	}
	for (value += strspn(value, " \t"); *value != '\0'; value += strspn(value, " \t")) {
		size_t n = strcspn(value, " \t");
		if (!parse_word(value, n, &dark, &light, &bits)) {
			text_add_printable(error, value, n);
			buf_puts(error, " is neither a colour (red, red/blue, 0 to 255, default) nor bold, underline, reverse, dim");
			return false;
		}
		value += n;
	}
	scheme->roles[i].dark = dark;
	scheme->roles[i].light = light;
	scheme->roles[i].attributes = bits;
	return true;
}

static void add_colour(struct buf *out, short colour)
{
	if (colour == OWN)
		buf_puts(out, "default");
	else if (colour <= WHITE)
		buf_puts(out, colours[colour]);
	else
		text_add_number(out, (uint64_t)colour);
}

void scheme_dump(const struct scheme *scheme, struct buf *out)
{
	for (unsigned i = 0; i < PAINT_COUNT; i++) {
		buf_printf(out, "colour.%s = ", defaults[i].name);
		add_colour(out, scheme->roles[i].dark);
		if (scheme->roles[i].light != scheme->roles[i].dark) {
			buf_putc(out, '/');
			add_colour(out, scheme->roles[i].light);
		}
		for (size_t k = 0; k < sizeof attributes / sizeof attributes[0]; k++)
			if ((scheme->roles[i].attributes & attributes[k].bit) != 0)
				buf_printf(out, " %s", attributes[k].name);
		buf_putc(out, '\n');
	}
}
