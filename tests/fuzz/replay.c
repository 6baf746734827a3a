/* SPDX-License-Identifier: GPL-3.0-or-later
 * replay: runs a fuzz target over files, or all files of directories: what libFuzzer's own main does when it is given files. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "util/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *name)
{
	static uint8_t data[1 << 20];
	FILE *f = fopen(name, "rb");
	if (f == NULL) {
		perror(name);
		return 1;
	}
	size_t size = fread(data, 1, sizeof data, f);
	fclose(f);
	/* An allocation of exactly this size, so that a checker sees every read past the end. */
	uint8_t *copy = malloc(size != 0 ? size : 1);
	if (copy == NULL)
		return 1;
	for (size_t i = 0; i < size; i++)
		copy[i] = data[i];
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 0;
}

static int replay_directory(const char *name)
{
	DIR *directory = opendir(name);
	if (directory == NULL) {
		perror(name);
		return 1;
	}
	int failed = 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		struct buf path = { 0 };
		struct stat status;
		buf_printf(&path, "%s/%s", name, entry->d_name);
		if (stat(buf_text(&path), &status) == 0 && S_ISREG(status.st_mode))
			failed |= replay_file(buf_text(&path));
		buf_free(&path);
	}
	closedir(directory);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;
	for (int i = 1; i < argc; i++) {
		struct stat status;
		failed |= stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode) ? replay_directory(argv[i]) : replay_file(argv[i]);
	}
	return failed;
}
