/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_settings: settings by name, keys and colours, the configuration file, files written whole or not at all; doc/keys.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ui/rc.h"
#include "util/file.h"

static char folder[] = "/tmp/tcpwhy-settings-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	struct buf command = { 0 };

	(void)state;
	buf_printf(&command, "rm -rf %s", folder);
	int status = system(buf_text(&command));
	buf_free(&command);
	return status;
}

static const char *in_folder(struct buf *name, const char *what)
{
	buf_clear(name);
	buf_printf(name, "%s/%s", folder, what);
	return buf_text(name);
}

static void test_set(void **state)
{
	static const struct { const char *name, *value, *says; } cases[] = {
		{ "mouse", "no", NULL }, { "mouse", "maybe", "mouse is one of yes, no" }, { "sort", "cause", NULL }, { "sort", "size", "sort is one of number," },
		{ "columns", "server cause", NULL }, { "columns", "", "at least one" }, { "columns", "server server", "server is there twice" },
		{ "columns", "server size", "size is no column" }, { "nothing", "1", "no setting nothing" }, { "key.quit", "Q ^X", NULL },
		{ "key.nothing", "x", "no action nothing" }, { "key.mark", "", NULL }, { "colour.bad", "red/208 bold underline", NULL },
		{ "colour.bad", "reddish", "neither a colour" }, { "colour.bad", "256", "neither a colour" }, { "colour.none", "red", "no part of the screen" },
	};
	struct settings s;

	(void)state;
	settings_init(&s);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf error = { 0 };
		bool good = settings_set(&s, cases[i].name, cases[i].value, &error);
		if (good != (cases[i].says == NULL) || (!good && strstr(buf_text(&error), cases[i].says) == NULL))
			fail_msg("%s = %s: %s", cases[i].name, cases[i].value, buf_text(&error));
		buf_free(&error);
	}
	assert_int_equal(s.column_count, 2);
	assert_int_equal(s.columns[0], COLUMN_SERVER);
	assert_int_equal(s.scheme.roles[PAINT_BAD].light, 208);
	assert_int_equal(s.scheme.roles[PAINT_BAD].attributes, ATTRIBUTE_BOLD | ATTRIBUTE_UNDERLINE);
	assert_int_equal(key_action(&s.keys, "^X", SCOPE_FLOWS), ACTION_QUIT);
	assert_int_equal(key_action(&s.keys, "^C", SCOPE_FLOWS), ACTION_NONE);
	assert_int_equal(key_action(&s.keys, "Space", SCOPE_FLOWS), ACTION_NONE);
	settings_free(&s);
}

/* No key may mean two things on a screen, in the table as in what a user makes of it. */
static void test_clash(void **state)
{
	struct settings s;
	struct buf error = { 0 };

	(void)state;
	settings_init(&s);
	for (unsigned a = 1; a < ACTION_COUNT; a++) {
		struct buf name = { 0 };
		for (const char *at = key_row((enum action)a)->name; *at != '\0'; at++)
			buf_putc(&name, *at == '_' ? '-' : (char)(*at - 'A' + 'a'));
		assert_true(keymap_set(&s.keys, buf_text(&name), key_row((enum action)a)->keys, &error));
		buf_free(&name);
	}
	if (!keymap_check(&s.keys, &error))
		fail_msg("%s", buf_text(&error));
	assert_true(keymap_set(&s.keys, "mark", "/", &error));
	assert_false(keymap_check(&s.keys, &error));
	assert_non_null(strstr(buf_text(&error), "the key / is given to both filter and mark"));
	settings_free(&s);
	buf_free(&error);
}

static void test_dump(void **state)
{
	struct settings s, again;
	struct buf first = { 0 }, second = { 0 }, name = { 0 }, error = { 0 };

	(void)state;
	settings_init(&s);
	assert_true(settings_set(&s, "columns", "cause server number", &error));
	assert_true(settings_set(&s, "colour.warn", "17/default dim", &error));
	assert_true(settings_set(&s, "time", "absolute", &error));
	settings_dump(&s, &first);
	assert_int_equal(file_put(in_folder(&name, "dump"), false, buf_text(&first), first.len, &error), FILE_DONE);
	settings_init(&again);
	if (!rc_read(buf_text(&name), &again, &error))
		fail_msg("%s", buf_text(&error));
	settings_dump(&again, &second);
	assert_string_equal(buf_text(&second), buf_text(&first));
	settings_free(&s);
	settings_free(&again);
	buf_free(&first);
	buf_free(&second);
	buf_free(&name);
	buf_free(&error);
}

static void test_read_errors(void **state)
{
	static const char text[] = "# comment\nmouse = no\n\nnonsense\n  panel=perhaps\nsort = bytes\r\n";
	struct settings s;
	struct buf name = { 0 }, error = { 0 };

	(void)state;
	settings_init(&s);
	assert_true(rc_read(in_folder(&name, "absent/config"), &s, &error));
	assert_int_equal(file_put(in_folder(&name, "errors"), false, text, sizeof text - 1, &error), FILE_DONE);
	assert_false(rc_read(buf_text(&name), &s, &error));
	assert_non_null(strstr(buf_text(&error), "errors:4: a line is NAME = VALUE"));
	assert_non_null(strstr(buf_text(&error), "errors:5: panel is one of"));
	assert_int_equal(s.choice[CHOICE_MOUSE], 1);
	assert_int_equal(s.choice[CHOICE_SORT], COLUMN_BYTES);
	settings_free(&s);
	buf_free(&name);
	buf_free(&error);
}

static void test_write(void **state)
{
	static const char before[] = "# mine\n sort=bytes\nkey.quit = Q\n# panel = no\n";
	static const char after[] = "# mine\nsort = rtt\nkey.quit = Q\n# panel = no\npanel = yes\n";
	const struct rc_line lines[] = { { "panel", "yes" }, { "sort", "rtt" } };
	struct buf name = { 0 }, target = { 0 }, error = { 0 }, text = { 0 };

	(void)state;
	assert_true(rc_write(in_folder(&name, "new/folder/config"), lines, 2, &error));
	assert_true(file_get(buf_text(&name), 1000, &text));
	assert_string_equal(buf_text(&text), "panel = yes\nsort = rtt\n");
	/* Through a link, which stays one. */
	assert_int_equal(file_put(in_folder(&target, "real"), false, before, sizeof before - 1, &error), FILE_DONE);
	assert_int_equal(symlink(buf_text(&target), in_folder(&name, "link")), 0);
	assert_true(rc_write(buf_text(&name), lines, 2, &error));
	buf_clear(&text);
	assert_true(file_get(buf_text(&target), 1000, &text));
	assert_string_equal(buf_text(&text), after);
	struct stat st;
	assert_int_equal(lstat(buf_text(&name), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	buf_free(&name);
	buf_free(&target);
	buf_free(&error);
	buf_free(&text);
}

static void test_file(void **state)
{
	struct buf name = { 0 }, error = { 0 }, text = { 0 };
	struct file f;

	(void)state;
	in_folder(&name, "file");
	assert_int_equal(file_create(&f, buf_text(&name), false, &error), FILE_DONE);
	assert_int_equal(access(buf_text(&name), F_OK), -1);
	fputs("one", f.stream);
	file_drop(&f);
	assert_int_equal(access(buf_text(&name), F_OK), -1);
	/* Somebody else makes a file of that name meanwhile: it is not lost. */
	assert_int_equal(file_create(&f, buf_text(&name), false, &error), FILE_DONE);
	assert_int_equal(file_put(buf_text(&name), false, "two", 3, &error), FILE_DONE);
	assert_int_equal(file_commit(&f, false, &error), FILE_EXISTS);
	assert_int_equal(file_put(buf_text(&name), false, "three", 5, &error), FILE_EXISTS);
	assert_true(file_get(buf_text(&name), 10, &text));
	assert_string_equal(buf_text(&text), "two");
	assert_int_equal(file_put(buf_text(&name), true, "four", 4, &error), FILE_DONE);
	assert_false(file_get(buf_text(&name), 3, &text));
	assert_string_equal(buf_text(&error), "");
	assert_int_equal(file_put(folder, true, "five", 4, &error), FILE_FAILED);
	assert_non_null(strstr(buf_text(&error), "it is a directory"));
	buf_free(&name);
	buf_free(&error);
	buf_free(&text);
}

/* doc/keys.md says what the table says; UPDATE=1 writes it. */
static void test_keys_document(void **state)
{
	struct buf text = { 0 }, found = { 0 }, name = { 0 }, error = { 0 };
	const char *source = getenv("TOP_SRCDIR"), *update = getenv("UPDATE");
	unsigned scope;

	(void)state;
	buf_puts(&text, "# Keys\n\nWritten from the key table of src/ui/keys.h: `UPDATE=1 tests/unit/test_settings`.\n");
	for (size_t i = 0; key_scope_name(i, &scope) != NULL; i++) {
		buf_printf(&text, "\n## %s\n\n| keys | what they do |\n|---|---|\n", key_scope_name(i, &scope));
		for (unsigned a = 1; a < ACTION_COUNT; a++)
			if (key_row((enum action)a)->scopes != SCOPE_ALL && (key_row((enum action)a)->scopes & scope) != 0)
				buf_printf(&text, "| `%s` | %s |\n", key_row((enum action)a)->keys, key_row((enum action)a)->help);
	}
	buf_puts(&text, "\n## Everywhere\n\n| keys | what they do |\n|---|---|\n");
	for (unsigned a = 1; a < ACTION_COUNT; a++)
		if (key_row((enum action)a)->scopes == SCOPE_ALL)
			buf_printf(&text, "| `%s` | %s |\n", key_row((enum action)a)->keys, key_row((enum action)a)->help);
	buf_printf(&name, "%s/doc/keys.md", source != NULL ? source : ".");
	if (update != NULL && *update == '1')
		assert_int_equal(file_put(buf_text(&name), true, buf_text(&text), text.len, &error), FILE_DONE);
	assert_true(file_get(buf_text(&name), 1 << 20, &found));
	assert_string_equal(buf_text(&found), buf_text(&text));
	buf_free(&text);
	buf_free(&found);
	buf_free(&name);
	buf_free(&error);
}

/* The help is read at 80x24: no line of it is cut there. It begins with the keys of the screen that asked. */
static void test_help_fits(void **state)
{
	static const struct keymap defaults = { 0 };
	struct buf text = { 0 };

	(void)state;
	key_help(&defaults, SCOPE_GRAPH, &text);
	assert_int_equal(strncmp(buf_text(&text), "Graph\n", 6), 0);
	for (const char *at = buf_text(&text); *at != '\0';) {
		size_t n = strcspn(at, "\n");
		if (n > 78)
			fail_msg("too long: %.*s", (int)n, at);
		at += n + (at[n] == '\n');
	}
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set), cmocka_unit_test(test_clash), cmocka_unit_test(test_dump), cmocka_unit_test(test_read_errors),
		cmocka_unit_test(test_write), cmocka_unit_test(test_file), cmocka_unit_test(test_keys_document),
		cmocka_unit_test(test_help_fits),
	};

	return cmocka_run_group_tests_name("settings", tests, make_folder, remove_folder);
}
