/* SPDX-License-Identifier: GPL-3.0-or-later
 * look: what stands on the screen: its text and its colours. */
#include "screen.h"

#include <vterm.h>

void terminal_row(const struct terminal *t, int row, struct buf *out)
{
	struct buf line = { 0 };
	size_t used = 0;

	for (int x = 0; t->cells != NULL && x < t->columns;) {
		VTermScreenCell cell;
		VTermPos at = { .row = row, .col = x };
		if (!vterm_screen_get_cell(t->cells, at, &cell))
			break;
		if (cell.chars[0] == 0)
			buf_putc(&line, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++) {
			uint32_t c = cell.chars[i];
			if (c < 0x80)
				buf_putc(&line, (char)c);
			else if (c < 0x800)
				buf_printf(&line, "%c%c", (char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)));
			else if (c < 0x10000)
				buf_printf(&line, "%c%c%c", (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)));
			else
				buf_printf(&line, "%c%c%c%c", (char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3f)), (char)(0x80 | (c >> 6 & 0x3f)),
				           (char)(0x80 | (c & 0x3f)));
			if (c != ' ')
				used = line.len;
		}
		x += cell.width > 0 ? cell.width : 1;
	}
	buf_add(out, buf_text(&line), used);
	buf_free(&line);
}

void terminal_text(const struct terminal *t, struct buf *out)
{
	for (int row = 0; t->cells != NULL && row < t->rows; row++) {
		terminal_row(t, row, out);
		buf_putc(out, '\n');
	}
}

int terminal_colour(struct terminal *t, int row, int column)
{
	VTermScreenCell cell;
	VTermPos at = { .row = row - 1, .col = column - 1 };

	if (!vterm_screen_get_cell(t->cells, at, &cell) || !VTERM_COLOR_IS_INDEXED(&cell.fg) || VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
		return -1;
	return cell.fg.indexed.idx;
}

static char paint_of(const VTermScreenCell *cell)
{
	static const char plain[] = "01234567", bold[] = "abcdefgh";

	if (cell->attrs.reverse)
		return '%';
	if (VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) || !VTERM_COLOR_IS_INDEXED(&cell->fg))
		return cell->attrs.bold ? '*' : cell->attrs.underline ? '_' : '.';
	return cell->fg.indexed.idx >= 8 ? '#' : (cell->attrs.bold ? bold : plain)[cell->fg.indexed.idx];
}

void terminal_paints(struct terminal *t, struct buf *out)
{
	for (int y = 0; y < t->rows; y++) {
		size_t spaces = 0;
		for (int x = 0; x < t->columns; x++) {
			VTermScreenCell cell;
			VTermPos at = { .row = y, .col = x };
			bool empty = !vterm_screen_get_cell(t->cells, at, &cell) || cell.chars[0] == 0 || cell.chars[0] == ' ';
			for (; !empty && spaces > 0; spaces--)
				buf_putc(out, ' ');
			if (empty)
				spaces++;
			else
				buf_putc(out, paint_of(&cell));
		}
		buf_putc(out, '\n');
	}
}

bool terminal_colourless(struct terminal *t)
{
	for (int y = 0; y < t->rows; y++)
		for (int x = 0; x < t->columns; x++) {
			VTermScreenCell cell;
			VTermPos at = { .row = y, .col = x };
			if (vterm_screen_get_cell(t->cells, at, &cell) && (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)))
				return false;
		}
	return true;
}
